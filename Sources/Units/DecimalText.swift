/// Decimal numbers between text and scaled integers, without a floating point in between.
package enum DecimalText {
  /// The integer `text × 10^decimals`.
  ///
  /// Takes plain decimals only: digits, at most one point, at most one leading minus. No exponent,
  /// no sign of currency, no grouping.
  ///
  /// - Throws: ``DecimalFault`` naming what is wrong with the text.
  package static func scaled(_ text: String, decimals: Int) throws(DecimalFault) -> Int128 {
    var value: Int128 = 0
    var fraction = -1
    var digits = 0
    var negative = false
    for (place, byte) in text.utf8.enumerated() {
      switch byte {
      case UInt8(ascii: "-") where place == 0: negative = true
      case UInt8(ascii: ".") where fraction < 0 && digits > 0: fraction = 0
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits += 1
        if fraction >= 0 { fraction += 1 }
        guard digits <= 30 else { throw .outOfRange(text) }
        if fraction > decimals {
          guard byte == UInt8(ascii: "0") else { throw .tooFine(text, decimals: decimals) }
          continue
        }
        value = value * 10 + Int128(byte - UInt8(ascii: "0"))
      default: throw .notDecimal(text)
      }
    }
    guard digits > 0, fraction != 0 else { throw .notDecimal(text) }
    let missing = decimals - min(max(fraction, 0), decimals)
    let (scaled, overflow) = value.multipliedReportingOverflow(by: powerOfTen(missing))
    guard !overflow else { throw .outOfRange(text) }
    return negative ? -scaled : scaled
  }

  /// `value / 10^decimals` with every decimal written: `fixed(72, decimals: 4)` is `0.0072`.
  package static func fixed(_ value: Int128, decimals: Int) -> String {
    let unit = powerOfTen(decimals)
    let magnitude = Int128(value.magnitude)
    let whole = String(magnitude / unit)
    let sign = value < 0 ? "-" : ""
    guard decimals > 0 else { return sign + whole }
    let fraction = String(magnitude % unit)
    return sign + whole + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
  }

  /// As ``fixed(_:decimals:)`` without the zeros at the end: `0.5`, `12`.
  package static func plain(_ value: Int128, decimals: Int) -> String {
    var text = fixed(value, decimals: decimals)
    guard decimals > 0 else { return text }
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// 10^`exponent`, for exponents of 0 to 37.
  package static func powerOfTen(_ exponent: Int) -> Int128 {
    precondition((0...37).contains(exponent), "a power of ten beyond Int128")
    var power: Int128 = 1
    for _ in 0..<exponent { power *= 10 }
    return power
  }
}

/// Why a text is no decimal number we can hold, and what to write instead.
package enum DecimalFault: Error, Hashable, Sendable, CustomStringConvertible {
  case notDecimal(String)
  case tooFine(String, decimals: Int)
  case outOfRange(String)

  package var description: String {
    switch self {
    case .notDecimal(let text):
      "'\(text.prefix(40))' is not a plain decimal. Write digits and a point, such as 0.0072."
    case .tooFine(let text, let decimals):
      "'\(text.prefix(40))' has more than \(decimals) decimals. Round it, or state it per a larger unit."
    case .outOfRange(let text):
      "'\(text.prefix(40))' is out of range. Write a number of at most 30 digits that fits its unit."
    }
  }
}
