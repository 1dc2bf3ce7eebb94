import Units

/// A message of Fluent's Forward protocol, in any of its modes: records with their times, and the chunk's name.
///
/// Source: github.com/fluent/fluentd/wiki/Forward-Protocol-Specification-v1; records with metadata beside their
/// time, and signals that are no logs, as Fluent Bit 2 and later send them.
struct ForwardMessage {
  typealias Bytes = MessagePack.Bytes

  /// Its records, one behind the other: `[time, record]` in each mode but the first, where they stand in the message.
  enum Records {
    case one(time: Timestamp?, record: Range<Int>)
    case listed(Range<Int>)
    case packed(Range<Int>, isGzip: Bool)
  }

  /// Where in the message they lie.
  let records: Records
  /// The name that its sender wants acknowledged, as it came; nil where it wants none.
  let chunk: [UInt8]?
  /// The chunk's name is its own for good, so that it tells one that comes again.
  let isNamed: Bool
  /// It tells of metrics or traces in a form of Fluent Bit's own.
  let isOther: Bool

  enum Fault: Error {
    /// It is no such message.
    case malformed
    /// It is packed and is not.
    case badPack
    /// It has more records, or more bytes once unpacked, than are taken at once.
    case tooLarge
  }

  /// Reads what stands around the records; `parts` are the places of the message's values, where these are known.
  ///
  /// - Throws: `malformed` for whatever is no message of the protocol.
  init(_ message: Bytes, parts: [Int] = []) throws(Fault) {
    do throws(MessagePack.Fault) {
      var reader = MessagePack(message)
      guard case .list(let count) = try reader.head(), (2...4).contains(count), case .text = try reader.head()
      else { throw .malformed }
      /// Passes over a value that has another behind it, or none.
      func skip(_ number: Int, _ reader: inout MessagePack) throws(MessagePack.Fault) -> Range<Int> {
        let start = reader.place
        if parts.count == count {
          reader.place = number + 1 < count ? parts[number + 1] : message.count
        } else {
          _ = try reader.skip()
        }
        return start..<reader.place
      }
      let second = reader.place
      let options: Options
      switch try reader.head() {
      case .list where count <= 3:
        reader.place = second
        records = .listed(try skip(1, &reader))
        options = try Options(&reader, count == 3)
      case .text(let entries) where count <= 3, .binary(let entries) where count <= 3:
        let end = reader.place
        options = try Options(&reader, count == 3)
        records = .packed(end - entries.count..<end, isGzip: options.isGzip)
      case let time where count >= 3:
        // Of a time that is no time only the head has been read.
        if time.inner > 0 { throw .malformed }
        records = .one(time: Self.time(time), record: try skip(2, &reader))
        options = try Options(&reader, count == 4)
      default: throw .malformed
      }
      (chunk, isNamed, isOther) = (options.chunk, options.isNamed, options.isOther)
    } catch {
      throw .malformed
    }
  }

  /// What the map behind the records says.
  private struct Options {
    var chunk: [UInt8]?
    var isNamed = false
    var isGzip = false
    var isOther = false

    init(_ reader: inout MessagePack, _ isThere: Bool) throws(MessagePack.Fault) {
      guard isThere else { return }
      guard reader.bytes.count - reader.place <= ForwardLimits.optionBytes else { throw .malformed }
      switch try reader.head() {
      case .null: return
      case .map(let count):
        for _ in 0..<count {
          guard case .text(let name) = try reader.head() else { throw .malformed }
          let start = reader.place
          let value = try reader.head()
          switch (String(decoding: name, as: UTF8.self), value) {
          case ("chunk", .text(let words)), ("chunk", .binary(let words)):
            guard words.count <= ForwardLimits.chunkBytes else { throw .malformed }
            isNamed = words.count >= ForwardLimits.ownChunkBytes
            chunk = Array(reader.bytes[start..<reader.place])
          case ("compressed", .text(let kind)): isGzip = kind.elementsEqual("gzip".utf8)
          case ("fluent_signal", .unsigned(let signal)): isOther = signal != 0
          default:
            reader.place = start
            _ = try reader.skip()
          }
        }
      default: throw .malformed
      }
    }
  }

  /// An entry's record, and its time, which is nil where none is stated; what is no entry is its own record.
  ///
  /// - Throws: `malformed` where it is no MessagePack.
  static func entry(_ whole: Bytes) throws(MessagePack.Fault) -> (time: Timestamp?, record: Bytes) {
    var entry = MessagePack(whole)
    guard case .list(2) = try entry.head() else { return (nil, whole) }
    let start = entry.place
    var time = try entry.head()
    if case .list(let parts) = time, parts > 0 {
      // Fluent Bit puts metadata beside the time.
      time = try entry.head()
      entry.place = start
      _ = try entry.skip()
    }
    return (Self.time(time), try entry.skip())
  }

  /// Whole seconds, or EventTime: seconds and nanoseconds of 32 bits each; what is below a microsecond is cut off.
  private static func time(_ head: MessagePack.Head) -> Timestamp? {
    var microseconds: UInt64 = 0
    switch head {
    case .unsigned(let seconds) where seconds < 1 << 32: microseconds = seconds * 1_000_000
    case .other(type: 0, let bytes) where bytes.count == 8:
      let parts = bytes.reduce(0) { UInt64($0) << 8 | UInt64($1) }
      microseconds = (parts >> 32) * 1_000_000 + (parts & 0xffff_ffff) / 1000
    default: return nil
    }
    // A clock that was never set says nothing.
    guard (946_684_800_000_000..<4_102_444_800_000_000).contains(microseconds) else { return nil }
    return Timestamp(microseconds: Int64(microseconds))
  }
}
