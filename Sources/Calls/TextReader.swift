import CScan

/// Turns a slice of a line into the bytes of its text, with every escape undone.
enum TextReader {
  /// Appends the text to `buffer` and returns its length in bytes.
  ///
  /// Up to 15 bytes behind the text are read and written too.
  ///
  /// - Throws: `badText` for control characters and halves of surrogate pairs, `textTooLong`.
  @inline(__always)
  static func append(
    _ bytes: UnsafeBufferPointer<UInt8>, _ kind: Slice.Kind, to buffer: UnsafeMutablePointer<UInt8>,
    limit: Int
  ) throws(Refusal) -> Int {
    guard kind == .escapedText else {
      guard bytes.count <= limit else { throw .textTooLong }
      guard let source = bytes.baseAddress else { return 0 }
      tb_copy_loosely(buffer, source, bytes.count)
      return bytes.count
    }
    return try unescape(bytes, to: buffer, limit: limit)
  }

  /// The whole text with its escapes undone, control characters too: JSON within a text has them.
  ///
  /// `buffer` takes as many bytes as the text has. Nil for a broken escape.
  static func unescapeLoosely(
    _ bytes: UnsafeBufferPointer<UInt8>, to buffer: UnsafeMutablePointer<UInt8>
  ) -> Int? {
    var place = 0
    var length = 0
    while place < bytes.count {
      guard bytes[place] == UInt8(ascii: "\\") else {
        buffer[length] = bytes[place]
        length += 1
        place += 1
        continue
      }
      guard place + 1 < bytes.count else { return nil }
      let escape = bytes[place + 1]
      place += 2
      switch escape {
      case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"): buffer[length] = UInt8(ascii: " ")
      case UInt8(ascii: "u"):
        guard let scalar = try? scalar(bytes, &place) else { return nil }
        for unit in String(scalar).utf8 {
          buffer[length] = unit
          length += 1
        }
        continue
      default: buffer[length] = escape
      }
      length += 1
    }
    return length
  }

  private static func unescape(
    _ bytes: UnsafeBufferPointer<UInt8>, to buffer: UnsafeMutablePointer<UInt8>, limit: Int
  ) throws(Refusal) -> Int {
    var place = 0
    var length = 0
    while place < bytes.count {
      guard length + 4 <= limit + 4 else { throw .textTooLong }
      let byte = bytes[place]
      guard byte == UInt8(ascii: "\\") else {
        buffer[length] = byte
        length += 1
        place += 1
        continue
      }
      let escape = bytes[place + 1]
      place += 2
      switch escape {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
        buffer[length] = escape
        length += 1
      case UInt8(ascii: "u"):
        let scalar = try scalar(bytes, &place)
        for unit in String(scalar).utf8 {
          buffer[length] = unit
          length += 1
        }
      default: throw .badText
      }
    }
    guard length <= limit else { throw .textTooLong }
    return length
  }

  /// The character of `\u` digits at `place`, of one escape or a surrogate pair.
  private static func scalar(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int
  ) throws(Refusal) -> Unicode.Scalar {
    func unit(_ start: Int) -> UInt32? {
      guard start + 4 <= bytes.count else { return nil }
      var code: UInt32 = 0
      for digit in start..<start + 4 {
        guard let value = hexValue(bytes[digit]) else { return nil }
        code = code << 4 | value
      }
      return code
    }
    guard var code = unit(place) else { throw .badText }
    place += 4
    if (0xd800..<0xdc00).contains(code) {
      guard place + 6 <= bytes.count, bytes[place] == UInt8(ascii: "\\"),
        bytes[place + 1] == UInt8(ascii: "u"), let low = unit(place + 2),
        (0xdc00..<0xe000).contains(low)
      else { throw .badText }
      code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
      place += 6
    }
    guard code >= 0x20, code != 0x7f, let scalar = Unicode.Scalar(code) else { throw .badText }
    return scalar
  }
}
