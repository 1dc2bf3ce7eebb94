import Units

/// Reads numbers of a line from their text, exactly or not at all.
enum CountText {
  /// A whole number, nought or more, from a JSON number or a text of digits.
  ///
  /// `10.0` and `1e3` are whole; `5.5` is not.
  ///
  /// - Throws: `negativeCount`, `fractionalCount`, `countTooLarge`, `badNumber`.
  @inline(__always)
  static func whole(_ bytes: UnsafeBufferPointer<UInt8>) throws(Refusal) -> Int64 {
    if bytes.count <= 15, !bytes.isEmpty {
      var value: Int64 = 0
      var plain = true
      for byte in bytes {
        let digit = byte &- 48
        if digit > 9 {
          plain = false
          break
        }
        value = value &* 10 &+ Int64(digit)
      }
      if plain, value <= Usage.quantityMax { return value }
    }
    return try parts(bytes, decimals: 0, fractionIsRounded: false)
  }

  /// The number × 10^`decimals`, nought or more.
  ///
  /// Finer digits are refused, or with `fractionIsRounded` rounded half to even: durations are
  /// measured, not counted.
  static func parts(
    _ bytes: UnsafeBufferPointer<UInt8>, decimals: Int, fractionIsRounded: Bool
  ) throws(Refusal) -> Int64 {
    let number = try Decimal(bytes)
    if number.negative, number.digits != 0 { throw .negativeCount }
    let exponent = number.exponent + decimals
    if number.digits == 0 { return 0 }
    if exponent >= 0 {
      guard exponent <= 18 else { throw .countTooLarge }
      let (value, overflow) = number.digits.multipliedReportingOverflow(
        by: DecimalText.powerOfTen(exponent))
      guard !overflow, value <= Int128(Usage.quantityMax) else { throw .countTooLarge }
      return Int64(value)
    }
    guard exponent >= -37 else {
      if fractionIsRounded { return 0 }
      throw .fractionalCount
    }
    let divisor = DecimalText.powerOfTen(-exponent)
    guard fractionIsRounded || number.digits % divisor == 0 else { throw .fractionalCount }
    let value = Rounding.halfEven.divide(number.digits, by: divisor)
    guard value <= Int128(Usage.quantityMax) else { throw .countTooLarge }
    return Int64(value)
  }

  /// A time: Unix seconds below 1e11, milliseconds below 1e14, else microseconds.
  ///
  /// - Throws: `badTime` outside 2000 to 2100.
  static func unixTime(_ bytes: UnsafeBufferPointer<UInt8>) throws(Refusal) -> Timestamp {
    if let usual = usualTime(bytes) { return usual }
    guard let number = try? Decimal(bytes), !number.negative else { throw .badTime }
    func scaled(_ decimals: Int) -> Int128? {
      let exponent = number.exponent + decimals
      if exponent >= 0 {
        guard exponent <= 18 else { return nil }
        let (value, overflow) = number.digits.multipliedReportingOverflow(
          by: DecimalText.powerOfTen(exponent))
        return overflow ? nil : value
      }
      guard exponent >= -37 else { return 0 }
      return number.digits / DecimalText.powerOfTen(-exponent)
    }
    guard let whole = scaled(0) else { throw .badTime }
    let decimals = whole < 100_000_000_000 ? 6 : whole < 100_000_000_000_000 ? 3 : 0
    guard let value = scaled(decimals), let microseconds = Int64(exactly: value) else { throw .badTime }
    return try sound(Timestamp(microseconds: microseconds))
  }

  /// Unix seconds of today's length, with up to six decimals: `1793000000.25`; nil for all others.
  private static func usualTime(_ bytes: UnsafeBufferPointer<UInt8>) -> Timestamp? {
    guard bytes.count >= 10, bytes.count <= 17 else { return nil }
    var value: Int64 = 0
    for place in 0..<10 {
      let digit = bytes[place] &- 48
      guard digit < 10 else { return nil }
      value = value &* 10 &+ Int64(digit)
    }
    var unit: Int64 = 1_000_000
    value &*= unit
    if bytes.count > 10 {
      guard bytes[10] == UInt8(ascii: "."), bytes.count > 11 else { return nil }
      for place in 11..<bytes.count {
        let digit = bytes[place] &- 48
        guard digit < 10 else { return nil }
        unit /= 10
        value &+= Int64(digit) &* unit
      }
    }
    return try? sound(Timestamp(microseconds: value))
  }

  /// RFC 3339 text, or a Unix time in quotes.
  static func time(_ bytes: UnsafeBufferPointer<UInt8>) throws(Refusal) -> Timestamp {
    if let instant = Timestamp.parse(bytes) { return try sound(instant) }
    return try unixTime(bytes)
  }

  /// 2000-01-01 up to 2100-01-01.
  private static func sound(_ instant: Timestamp) throws(Refusal) -> Timestamp {
    guard instant.microseconds >= 946_684_800_000_000, instant.microseconds < 4_102_444_800_000_000
    else { throw .badTime }
    return instant
  }

  /// A JSON number as digits × 10^exponent.
  struct Decimal {
    var negative = false
    var digits: Int128 = 0
    var exponent = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) throws(Refusal) {
      guard !bytes.isEmpty else { throw .badNumber }
      var fraction = false
      var counted = 0
      var place = 0
      if bytes[0] == UInt8(ascii: "-") {
        negative = true
        place = 1
      }
      while place < bytes.count {
        let byte = bytes[place]
        place += 1
        if byte &- 48 < 10 {
          counted += 1
          if digits > 9_999_999_999_999_999_999_999_999_999_999 { throw .countTooLarge }
          digits = digits * 10 + Int128(byte - 48)
          if fraction { exponent -= 1 }
        } else if byte == UInt8(ascii: "."), !fraction {
          fraction = true
        } else if byte | 0x20 == UInt8(ascii: "e"), counted > 0 {
          try readExponent(bytes, place)
          return
        } else {
          throw .badNumber
        }
      }
      guard counted > 0 else { throw .badNumber }
    }

    private mutating func readExponent(
      _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int
    ) throws(Refusal) {
      var place = start
      var minus = false
      if place < bytes.count, bytes[place] == 43 || bytes[place] == 45 {
        minus = bytes[place] == 45
        place += 1
      }
      guard place < bytes.count else { throw .badNumber }
      var power = 0
      while place < bytes.count {
        guard bytes[place] &- 48 < 10 else { throw .badNumber }
        power = min(power * 10 + Int(bytes[place] - 48), 10_000)
        place += 1
      }
      exponent += minus ? -power : power
    }
  }
}
