/// A number as a JSON text writes it, held exactly: `coefficient` × 10^`exponent`.
///
/// For figures that others state with exponents (`1.5e-07`), which ``DecimalText`` refuses on
/// purpose. Nothing is rounded unless ``rounded(digits:decimals:)`` is asked for.
package struct DecimalLiteral: Hashable, Sendable {
  /// Without zeros at its end; 0 for nought.
  package let coefficient: Int128
  package let exponent: Int

  /// Digits that are read at most, so that products stay within `Int128`.
  package static let digitsMax = 28
  /// Exponents beyond are no price of anything.
  package static let exponentMax = 40

  package init(coefficient: Int128, exponent: Int) {
    var (coefficient, exponent) = (coefficient, coefficient == 0 ? 0 : exponent)
    while coefficient != 0, coefficient % 10 == 0 {
      coefficient /= 10
      exponent += 1
    }
    self.coefficient = coefficient
    self.exponent = exponent
  }

  /// Reads digits with at most one minus, point and exponent, as RFC 8259 has them; nil for all else.
  package init?(_ text: String) {
    var bytes = Array(text.utf8)[...]
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative { bytes.removeFirst() }
    func digits() -> ArraySlice<UInt8> { bytes.prefix { (48...57).contains($0) } }
    let whole = digits()
    bytes = bytes.dropFirst(whole.count)
    guard !whole.isEmpty, whole.count == 1 || whole.first != 48 else { return nil }
    var fraction: ArraySlice<UInt8> = []
    if bytes.first == UInt8(ascii: ".") {
      bytes = bytes.dropFirst()
      fraction = digits()
      bytes = bytes.dropFirst(fraction.count)
      guard !fraction.isEmpty else { return nil }
    }
    var power = 0
    if bytes.first == UInt8(ascii: "e") || bytes.first == UInt8(ascii: "E") {
      bytes = bytes.dropFirst()
      let sign = bytes.first.flatMap { $0 == UInt8(ascii: "-") ? -1 : $0 == UInt8(ascii: "+") ? 1 : nil }
      if sign != nil { bytes = bytes.dropFirst() }
      let written = digits()
      bytes = bytes.dropFirst(written.count)
      guard (1...4).contains(written.count) else { return nil }
      power = written.reduce(0) { $0 * 10 + Int($1 - 48) } * (sign ?? 1)
    }
    guard bytes.isEmpty else { return nil }
    let all = (whole + fraction).drop { $0 == 48 }
    let zeros = all.reversed().prefix { $0 == 48 }.count
    guard all.count - zeros <= Self.digitsMax else { return nil }
    let value = all.dropLast(zeros).reduce(Int128(0)) { $0 * 10 + Int128($1 - 48) }
    let exponent = power - fraction.count + zeros
    guard value == 0 || abs(exponent) <= Self.exponentMax else { return nil }
    self.init(coefficient: isNegative ? -value : value, exponent: exponent)
  }

  package var isZero: Bool { coefficient == 0 }

  /// How many digits the number has from its first to its last that is not zero.
  package var digits: Int { coefficient == 0 ? 0 : String(coefficient.magnitude).utf8.count }

  /// The number times 10^`power`.
  package func shifted(_ power: Int) -> DecimalLiteral {
    DecimalLiteral(coefficient: coefficient, exponent: exponent + power)
  }

  package static func * (a: DecimalLiteral, b: Int) -> DecimalLiteral {
    DecimalLiteral(coefficient: a.coefficient * Int128(b), exponent: a.exponent)
  }

  /// The nearest number of at most so many digits and so many decimals; ties go to the even one.
  package func rounded(digits: Int, decimals: Int) -> DecimalLiteral {
    let excess = max(self.digits - digits, -exponent - decimals)
    guard excess > 0 else { return self }
    guard excess <= 37 else { return DecimalLiteral(coefficient: 0, exponent: 0) }
    let quotient = Rounding.halfEven.divide(coefficient, by: DecimalText.powerOfTen(excess))
    return DecimalLiteral(coefficient: quotient, exponent: exponent + excess)
  }

  /// The whole number that this is × 10^`decimals`, or nil when it is none, or too large.
  package func scaled(decimals: Int) -> Int128? {
    let power = exponent + decimals
    guard power >= 0 else { return coefficient == 0 ? 0 : nil }
    guard power <= 37 else { return coefficient == 0 ? 0 : nil }
    let (value, overflow) = coefficient.multipliedReportingOverflow(by: DecimalText.powerOfTen(power))
    return overflow ? nil : value
  }
}

extension DecimalLiteral: CustomStringConvertible {
  /// Without an exponent: `0.00000015`, `12`.
  package var description: String {
    let digits = String(coefficient.magnitude)
    let sign = coefficient < 0 ? "-" : ""
    if exponent >= 0 { return sign + digits + String(repeating: "0", count: exponent) }
    let point = digits.utf8.count + exponent
    if point > 0 { return sign + digits.prefix(point) + "." + digits.suffix(-exponent) }
    return sign + "0." + String(repeating: "0", count: -point) + digits
  }
}
