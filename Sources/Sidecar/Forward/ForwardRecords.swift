import Calls
import Units

/// Messages on their way into one post: their lines, and what their sender is told when these are on disk.
struct ForwardRecords {
  private var lines = RecordLine()
  private var ranges: ContiguousArray<Range<Int32>> = []
  private var standIns: ContiguousArray<LinePump.StandIn> = []
  private var acknowledgements: [UInt8] = []

  /// How much of each there is.
  struct Mark {
    fileprivate let bytes, records, acknowledgements: Int
  }

  var isFull: Bool { lines.bytes.count > ForwardLimits.postBytes }
  var isEmpty: Bool { ranges.isEmpty && acknowledgements.isEmpty }

  var mark: Mark {
    Mark(bytes: lines.bytes.count, records: ranges.count, acknowledgements: acknowledgements.count)
  }

  /// Takes back what was added since.
  mutating func removeAll(behind mark: Mark) {
    lines.removeAll(behind: mark.bytes)
    ranges.removeLast(ranges.count - mark.records)
    standIns.removeLast(standIns.count - mark.records)
    acknowledgements.removeLast(acknowledgements.count - mark.acknowledgements)
  }

  /// Has the chunk acknowledged with what is in the post: a map of one, "ack" and the chunk's name as it came.
  mutating func acknowledge(_ chunk: [UInt8]) { acknowledgements += [0x81, 0xa3, 0x61, 0x63, 0x6b] + chunk }

  /// Adds a message's record.
  ///
  /// What has no id of its own is told by its chunk's name and its place in the chunk, so that a chunk that comes
  /// again is not booked again.
  mutating func add(_ record: MessagePack.Bytes, at time: Timestamp?, of message: ForwardMessage, place: UInt64) {
    var standIn = LinePump.StandIn(at: time)
    if message.isNamed, let chunk = message.chunk {
      standIn.key = chunk.withUnsafeBytes { Digest64.of($0, seed: place &+ 1) }
    }
    add(lines.add(record), standIn)
  }

  /// Adds what is no record, as a line that will be refused.
  mutating func add(raw bytes: MessagePack.Bytes) { add(lines.add(raw: bytes), LinePump.StandIn()) }

  private mutating func add(_ range: Range<Int>, _ standIn: LinePump.StandIn) {
    ranges.append(Int32(range.lowerBound)..<Int32(range.upperBound))
    standIns.append(standIn)
  }

  mutating func post(of connection: ForwardConnection) -> LinePost {
    lines.end()
    return LinePost(
      connection: connection.token, uid: connection.uid, body: lines.bytes, lines: ranges, standIns: standIns,
      acknowledgements: acknowledgements)
  }
}
