/// Walks a protobuf message, field by field, without knowing its type.
enum ProtobufReader {
  /// A field's value as its wire type gives it.
  enum Value {
    case number(UInt64)
    case fixed(UInt64)
    case bytes(UnsafeBufferPointer<UInt8>)

    /// The bytes of a message within the message.
    var message: UnsafeBufferPointer<UInt8>? {
      if case .bytes(let bytes) = self { bytes } else { nil }
    }
  }

  /// Gives each field to `field`, which says whether to go on; false for bytes that are no message.
  static func walk(_ bytes: UnsafeBufferPointer<UInt8>, _ field: (Int, Value) -> Bool) -> Bool {
    var place = 0
    while place < bytes.count {
      guard let tag = number(bytes, &place), tag >> 3 > 0, tag >> 3 < 1 << 29 else { return false }
      let value: Value
      switch tag & 7 {
      case 0:
        guard let number = number(bytes, &place) else { return false }
        value = .number(number)
      case 1, 5:
        let length = tag & 7 == 1 ? 8 : 4
        guard bytes.count - place >= length else { return false }
        var fixed: UInt64 = 0
        for index in (0..<length).reversed() { fixed = fixed << 8 | UInt64(bytes[place + index]) }
        place += length
        value = .fixed(fixed)
      case 2:
        guard let length = number(bytes, &place), length <= UInt64(bytes.count - place) else { return false }
        value = .bytes(UnsafeBufferPointer(rebasing: bytes[place..<place + Int(length)]))
        place += Int(length)
      default: return false
      }
      guard field(Int(tag >> 3), value) else { return false }
    }
    return true
  }

  /// Seven bits a byte, the lowest first; at most ten bytes.
  private static func number(_ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int) -> UInt64? {
    var number: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard place < bytes.count else { return nil }
      let byte = bytes[place]
      place += 1
      if shift == 63, byte > 1 { return nil }
      number |= UInt64(byte & 127) << shift
      if byte < 128 { return number }
    }
    return nil
  }
}
