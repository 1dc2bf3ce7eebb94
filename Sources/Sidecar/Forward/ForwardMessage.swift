import Units

/// A message of Fluent's Forward protocol, in any of its modes: records with their times, and the chunk's name.
///
/// Source: github.com/fluent/fluentd/wiki/Forward-Protocol-Specification-v1; records with metadata beside their
/// time, and signals that are no logs, as Fluent Bit 2 and later send them.
struct ForwardMessage {
  typealias Bytes = MessagePack.Bytes

  /// Its records, one behind the other: `[time, record]` in each mode but the first, where they stand in the message.
  private enum Records {
    case one(time: MessagePack.Head, record: Bytes)
    case listed(Bytes)
    case packed(Bytes, isGzip: Bool)
  }

  private let records: Records
  /// The name that its sender wants acknowledged, as it came; nil where it wants none.
  let chunk: Bytes?
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

  /// - Throws: `malformed` for whatever is no message of the protocol.
  init(_ message: Bytes) throws(Fault) {
    do throws(MessagePack.Fault) {
      var reader = MessagePack(message)
      guard case .list(let count) = try reader.head(), (2...4).contains(count),
        case .text = try reader.head()
      else { throw .malformed }
      let second = reader.place
      switch try reader.head() {
      case .list where count <= 3:
        reader.place = second
        let entries = try reader.skip()
        let options = try Options(&reader, count == 3)
        records = .listed(entries)
        (chunk, isNamed, isOther) = (options.chunk, options.isNamed, options.isOther)
      case .text(let entries) where count <= 3, .binary(let entries) where count <= 3:
        let options = try Options(&reader, count == 3)
        records = .packed(entries, isGzip: options.isGzip)
        (chunk, isNamed, isOther) = (options.chunk, options.isNamed, options.isOther)
      case let time where count >= 3:
        let record = try reader.skip()
        let options = try Options(&reader, count == 4)
        records = .one(time: time, record: record)
        (chunk, isNamed, isOther) = (options.chunk, options.isNamed, options.isOther)
      default: throw .malformed
      }
    } catch {
      throw .malformed
    }
  }

  /// What the map behind the records says.
  private struct Options {
    var chunk: Bytes?
    var isNamed = false
    var isGzip = false
    var isOther = false

    init(_ reader: inout MessagePack, _ isThere: Bool) throws(MessagePack.Fault) {
      guard isThere else { return }
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
            chunk = Bytes(rebasing: reader.bytes[start..<reader.place])
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

  /// Gives each record to `body` with its time, which is nil where none is stated; what is no entry comes whole.
  ///
  /// - Throws: `badPack`, `tooLarge`, or `malformed` where the last one is torn.
  func forEach(_ body: (Timestamp?, Bytes) -> Void) throws(Fault) {
    switch records {
    case .one(let time, let record): body(Self.time(time), record)
    case .listed(let list):
      var reader = MessagePack(list)
      do throws(MessagePack.Fault) { _ = try reader.head() } catch { throw .malformed }
      try Self.entries(&reader, body)
    case .packed(let entries, false):
      var reader = MessagePack(entries)
      try Self.entries(&reader, body)
    case .packed(let entries, true):
      let unpacked = PostedBody(isPacked: true, bytesMax: ForwardLimits.messageBytes)
      let whole: (bytes: ContiguousArray<UInt8>, count: Int)
      do throws(HTTPRefusal) {
        var rest = entries
        repeat {
          rest = Bytes(rebasing: rest[(try unpacked.add(rest))...])
        } while unpacked.isUnpacking || !rest.isEmpty
        whole = try unpacked.whole()
      } catch { throw error.status == 413 ? .tooLarge : .badPack }
      try whole.bytes.withUnsafeBufferPointer { (bytes) throws(Fault) in
        var reader = MessagePack(Bytes(rebasing: bytes[..<whole.count]))
        try Self.entries(&reader, body)
      }
    }
  }

  private static func entries(
    _ reader: inout MessagePack, _ body: (Timestamp?, Bytes) -> Void
  ) throws(Fault) {
    var count = 0
    while !reader.isAtEnd {
      count += 1
      guard count <= ForwardLimits.records else { throw .tooLarge }
      do throws(MessagePack.Fault) { try entry(&reader, body) } catch { throw .malformed }
    }
  }

  private static func entry(
    _ reader: inout MessagePack, _ body: (Timestamp?, Bytes) -> Void
  ) throws(MessagePack.Fault) {
    let whole = try reader.skip()
    var entry = MessagePack(whole)
    guard case .list(2) = try entry.head() else { return body(nil, whole) }
    let start = entry.place
    var time = try entry.head()
    if case .list(let parts) = time, parts > 0 {
      // Fluent Bit puts metadata beside the time.
      time = try entry.head()
      entry.place = start
      _ = try entry.skip()
    }
    body(Self.time(time), try entry.skip())
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
