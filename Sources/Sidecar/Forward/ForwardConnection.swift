import CSystem
import Calls
import Units

/// One sender of Fluent Forward: what has come of its messages, and what it has yet to be told.
final class ForwardConnection {
  let descriptor: Int32
  /// Names this connection as long as the daemon runs; descriptors come again.
  let token: UInt64
  /// The user at the other end; -1 when unknown.
  let uid: Int64
  /// Bytes that have come and are in no post yet.
  private(set) var input: ContiguousArray<UInt8> = []
  private var framing = MessageFraming()
  /// Posts that the reading thread has.
  var posts = 0
  /// A post that its user may not send yet, and when it may, by the steady clock.
  var held: (post: LinePost, until: Int64)?
  /// The other end has closed its side.
  var hasEnded = false
  /// Nothing is listened for on it.
  var isAside = false
  private var unsent: ArraySlice<UInt8> = []

  /// Why a sender is cut off.
  enum Fault: Error {
    /// No further message can be found in the bytes.
    case malformed
    /// A message has more records, or more bytes once unpacked, than are taken at once.
    case tooLarge

    var reason: String {
      switch self {
      case .malformed: "no message of Forward can be found in what it sent"
      case .tooLarge:
        "a message has more than \(ForwardLimits.records) records, or more than "
          + "\(ForwardLimits.messageBytes >> 20) MiB unpacked: let it send smaller chunks"
      }
    }
  }

  init(descriptor: Int32, token: UInt64) {
    self.descriptor = descriptor
    self.token = token
    uid = tb_peer_uid(descriptor)
  }

  /// Whether further bytes of it are wanted.
  var reads: Bool { !hasEnded && held == nil && posts < ForwardLimits.postsOfConnection }
  var wantsOutput: Bool { !unsent.isEmpty }

  func add(_ bytes: UnsafeBufferPointer<UInt8>) { input.append(contentsOf: bytes) }

  /// The whole messages that have come, as far as one post goes; nil where there is none.
  ///
  /// - Throws: ``Fault`` for bytes after which nothing more of the connection can be taken.
  func nextPost() throws(Fault) -> LinePost? {
    var records = ForwardRecords()
    var used = 0
    var fault: Fault?
    input.withUnsafeBufferPointer { bytes in
      while fault == nil, used < bytes.count, !records.isFull {
        let rest = UnsafeBufferPointer(rebasing: bytes[used...])
        do throws(MessagePack.Fault) {
          guard let length = try framing.length(in: rest) else { return }
          if records.add(UnsafeBufferPointer(rebasing: rest[..<length])) { used += length } else { fault = .tooLarge }
        } catch {
          fault = .malformed
        }
      }
    }
    input.removeFirst(used)
    // What came whole before it is booked; the fault is met again.
    if let fault, used == 0 { throw fault }
    return used > 0 ? records.post(of: self) : nil
  }

  /// Sends bytes, or keeps them until the kernel takes them; false when the sender must be cut off.
  func send(_ bytes: [UInt8]) -> Bool {
    unsent.append(contentsOf: bytes)
    return flush()
  }

  /// Sends what is unsent; false when the connection is of no more use.
  func flush() -> Bool {
    while !unsent.isEmpty {
      let sent = unsent.withUnsafeBytes { tb_send(descriptor, $0.baseAddress, $0.count) }
      guard sent > 0 else { return sent == -11 && unsent.count <= ForwardLimits.unsentBytes }
      unsent.removeFirst(sent)
    }
    unsent = []
    return true
  }
}

/// Messages on their way into one post: their lines, and what their sender is told when these are on disk.
struct ForwardRecords {
  private var lines = RecordLine()
  private var ranges: ContiguousArray<Range<Int32>> = []
  private var standIns: ContiguousArray<LinePump.StandIn> = []
  private var acknowledgements: [UInt8] = []

  var isFull: Bool { lines.bytes.count > ForwardLimits.postBytes }

  /// Adds a message's records; one that is none, or none that can be unpacked, is a line that will be refused.
  ///
  /// What has no id of its own is told by its chunk's name and its place in the chunk, so that a chunk that comes
  /// again is not booked again. A chunk whose records cannot be unpacked is acknowledged with the dead letter that it
  /// became: its sender would send the same bytes again for ever, and nothing behind them.
  /// False for a message that is larger than is taken at once, of which nothing is kept.
  mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let before = (bytes: lines.bytes.count, records: ranges.count, acknowledgements: acknowledgements.count)
    do throws(ForwardMessage.Fault) {
      let message = try ForwardMessage(bytes)
      // A map of one: "ack" and the chunk's name as it came.
      if let chunk = message.chunk { acknowledgements += [0x81, 0xa3, 0x61, 0x63, 0x6b] + chunk }
      if !message.isOther { try addRecords(of: message) }
    } catch {
      if error == .tooLarge {
        lines.removeAll(behind: before.bytes)
        ranges.removeLast(ranges.count - before.records)
        standIns.removeLast(standIns.count - before.records)
        acknowledgements.removeLast(acknowledgements.count - before.acknowledgements)
        return false
      }
      add(lines.add(raw: bytes), LinePump.StandIn())
    }
    return true
  }

  private mutating func addRecords(of message: ForwardMessage) throws(ForwardMessage.Fault) {
    var place: UInt64 = 0
    try message.forEach { time, record in
      var standIn = LinePump.StandIn(at: time)
      if message.isNamed, let chunk = message.chunk {
        standIn.key = Digest64.of(UnsafeRawBufferPointer(chunk), seed: place &+ 1)
      }
      place += 1
      add(lines.add(record), standIn)
    }
  }

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
