/// Finds where a message ends whose bytes come little by little, a slice at a time; none of them is looked at twice.
struct MessageFraming {
  /// Bytes of the message that were looked at.
  private(set) var seen = 0
  /// Values that have yet to begin.
  private var unread = 1
  /// Where the message's own values begin, the first of them.
  private(set) var parts: [Int] = []
  private var partsLeft = 0
  /// The slice was used up before the end of what has come.
  private(set) var isCut = false

  /// Values of a message of the protocol.
  private static let partsMax = 4

  /// Whether nothing of a message has been looked at.
  var isFresh: Bool { seen == 0 }

  /// Bytes of the message at the beginning of `bytes`; nil when its end has not come, or lies behind the slice.
  ///
  /// ``parts`` are the message's until the next one is begun.
  ///
  /// - Throws: `malformed` for what is no MessagePack, or must be longer than a message may be.
  mutating func length(in bytes: MessagePack.Bytes, sliceBytes: Int = .max) throws(MessagePack.Fault) -> Int? {
    if isFresh { parts.removeAll(keepingCapacity: true) }
    isCut = false
    var reader = MessagePack(bytes, from: seen)
    let start = seen
    while unread > 0 {
      if seen - start >= sliceBytes {
        isCut = true
        return nil
      }
      let head: MessagePack.Head
      do throws(MessagePack.Fault) { head = try reader.head() } catch {
        guard error == .torn, bytes.count <= ForwardLimits.messageBytes else { throw .malformed }
        return nil
      }
      // A message is a list; lines of text that were sent here by mistake begin with a number.
      if isFresh {
        if head.inner == 0 { throw .malformed }
        partsLeft = head.inner
      } else if unread == partsLeft {
        partsLeft -= 1
        if parts.count < Self.partsMax { parts.append(seen) }
      }
      unread += head.inner - 1
      seen = reader.place
      guard seen + unread <= ForwardLimits.messageBytes else { throw .malformed }
    }
    defer { (seen, unread) = (0, 1) }
    return seen
  }
}

/// Finds where each of several values ends that stand one behind the other, a slice at a time.
struct ValueFraming {
  /// Where the value begins.
  private(set) var start: Int
  /// Bytes that were looked at.
  private(set) var seen: Int
  private var unread = 1
  /// Values within it, itself among them.
  private(set) var values = 0

  init(from start: Int) { (self.start, seen) = (start, start) }

  /// The next value's bytes; nil when its end lies behind the slice, of which as much is taken off.
  ///
  /// - Throws: `torn` or `malformed` for what is no whole value.
  mutating func next(in bytes: MessagePack.Bytes, slice: inout Int) throws(MessagePack.Fault) -> MessagePack.Bytes? {
    var reader = MessagePack(bytes, from: seen)
    while unread > 0 {
      guard slice > 0 else { return nil }
      unread += try reader.head().inner - 1
      values += 1
      slice -= reader.place - seen
      seen = reader.place
    }
    return MessagePack.Bytes(rebasing: bytes[start..<seen])
  }

  /// Goes on to the value behind.
  mutating func goOn() { (start, unread, values) = (seen, 1, 0) }
}
