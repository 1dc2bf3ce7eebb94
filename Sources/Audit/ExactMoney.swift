import Units

/// A sum of money before rounding: a fraction of 1e-15 USD.
package struct ExactMoney: Hashable, Sendable {
  /// 1e-15 USD × ``denominator``.
  package let numerator: Int128
  package let denominator: Int64

  package init(_ numerator: Int128, over denominator: Int64) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// Decimals that are written of a fraction without an end, such as a third.
  private static let endlessDecimals = 21
  /// No fraction that ends is longer: 15 decimals, and a denominator of at most 1e9 adds 30.
  private static let decimalsMax = 45

  /// The sum in dollars, every digit of it: `0.0012345675`.
  ///
  /// `ends` is false when the decimals go on for ever and were cut.
  package var decimal: (text: String, ends: Bool) {
    let divisor = Int128(denominator) * DecimalText.powerOfTen(15)
    let magnitude = numerator < 0 ? -numerator : numerator
    let whole = magnitude / divisor
    var rest = magnitude % divisor
    var digits = ""
    while rest != 0, digits.utf8.count < Self.decimalsMax {
      let (digit, remainder) = (rest * 10).quotientAndRemainder(dividingBy: divisor)
      digits += "\(digit)"
      rest = remainder
    }
    let ends = rest == 0
    if !ends { digits = String(digits.prefix(Self.endlessDecimals)) }
    let sign = numerator < 0 ? "-" : ""
    return (sign + "\(whole)" + (digits.isEmpty ? "" : "." + digits), ends)
  }

  /// As ``decimal``, with an ellipsis behind decimals that were cut.
  package var text: String {
    let (text, ends) = decimal
    return ends ? text : text + "…"
  }
}
