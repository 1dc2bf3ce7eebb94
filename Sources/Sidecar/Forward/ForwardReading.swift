import CSystem

/// A message whose records come to lines, a slice at a time.
struct ForwardReading {
  typealias Bytes = MessagePack.Bytes

  private let message: ForwardMessage?
  private let length: Int
  /// What it had in the post before its first record.
  private let before: ForwardRecords.Mark
  /// Packed records: as far as they are unpacked, and where the rest lies in the message.
  private var unpacking: (body: PostedBody, rest: Range<Int>)?
  /// Records that were unpacked, with the bytes behind them.
  private var unpacked: (bytes: ContiguousArray<UInt8>, count: Int)?
  private var framing: ValueFraming?
  private var count = 0

  /// Begins with a message that has come whole.
  init(_ bytes: Bytes, parts: [Int], into records: inout ForwardRecords) {
    length = bytes.count
    before = records.mark
    message = try? ForwardMessage(bytes, parts: parts)
    guard let message else { return }
    if let chunk = message.chunk { records.acknowledge(chunk) }
    if case .packed(let rest, true) = message.records, !message.isOther {
      unpacking = (PostedBody(isPacked: true, bytesMax: ForwardLimits.messageBytes, sliceBytes: Self.sliceBytes), rest)
    }
  }

  private static let sliceBytes = ForwardLimits.sliceBytes

  /// Goes on by a slice, from which what was done is taken off; true when the message is done.
  ///
  /// One that is none, or whose records cannot be unpacked, is a line that will be refused: its sender would send the
  /// same bytes again for ever, and nothing behind them. So it is acknowledged with the dead letter that it became.
  ///
  /// - Throws: ``ForwardConnection/Fault`` `tooLarge`, and nothing of the message is kept.
  mutating func goOn(
    with bytes: Bytes, into records: inout ForwardRecords, slice: inout Int
  ) throws(ForwardConnection.Fault) -> Bool {
    do throws(ForwardMessage.Fault) {
      return try read(bytes, &records, &slice)
    } catch {
      if error == .tooLarge {
        records.removeAll(behind: before)
        throw .tooLarge
      }
      slice -= length
      records.add(raw: bytes)
      return true
    }
  }

  private mutating func read(
    _ bytes: Bytes, _ records: inout ForwardRecords, _ slice: inout Int
  ) throws(ForwardMessage.Fault) -> Bool {
    guard let message else { throw .malformed }
    if message.isOther {
      slice -= 1
      return true
    }
    if unpacking != nil, try !unpack(bytes, &slice) { return false }
    switch message.records {
    case .one(let time, let record):
      slice -= record.count
      records.add(Bytes(rebasing: bytes[record]), at: time, of: message, place: 0)
      return true
    case .listed(let list): return try entries(of: Bytes(rebasing: bytes[list]), isListed: true, &records, &slice)
    case .packed(let entries, false):
      return try self.entries(of: Bytes(rebasing: bytes[entries]), isListed: false, &records, &slice)
    case .packed(_, true):
      guard let (whole, count) = unpacked else { throw .badPack }
      return try whole.withUnsafeBufferPointer { (bytes) throws(ForwardMessage.Fault) in
        try entries(of: Bytes(rebasing: bytes[..<count]), isListed: false, &records, &slice)
      }
    }
  }

  /// Unpacks a slice; true when all is unpacked.
  private mutating func unpack(_ bytes: Bytes, _ slice: inout Int) throws(ForwardMessage.Fault) -> Bool {
    guard case (let body, var rest)? = unpacking else { return true }
    do throws(HTTPRefusal) {
      let before = body.bytes.count
      let used = try body.add(Bytes(rebasing: bytes[rest.prefix(Self.sliceBytes)]))
      rest.removeFirst(used)
      slice -= max(used, body.bytes.count - before)
      unpacking = (body, rest)
      guard !body.isUnpacking, rest.isEmpty else { return false }
      unpacked = try body.whole()
    } catch { throw error.status == 413 ? .tooLarge : .badPack }
    unpacking = nil
    return slice > 0
  }

  /// Adds the entries that end within the slice; true behind the last of them.
  private mutating func entries(
    of bytes: Bytes, isListed: Bool, _ records: inout ForwardRecords, _ slice: inout Int
  ) throws(ForwardMessage.Fault) -> Bool {
    guard let message else { throw .malformed }
    do throws(MessagePack.Fault) {
      if framing == nil {
        var reader = MessagePack(bytes)
        if isListed { _ = try reader.head() }
        framing = ValueFraming(from: reader.place)
      }
      guard var framing else { return true }
      defer { self.framing = framing }
      while framing.start < bytes.count {
        guard let entry = try framing.next(in: bytes, slice: &slice) else { return false }
        guard count < ForwardLimits.records else { break }
        if framing.values > ForwardLimits.recordValues {
          records.add(raw: entry)
        } else {
          let (time, record) = try ForwardMessage.entry(entry)
          records.add(record, at: time, of: message, place: UInt64(count))
        }
        count += 1
        framing.goOn()
      }
      if framing.start < bytes.count { count += 1 }
    } catch { throw .malformed }
    guard count <= ForwardLimits.records else { throw .tooLarge }
    return true
  }
}
