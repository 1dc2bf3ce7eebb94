import Units

/// Money as a view of now shows it: rounded for reading, never for booking.
enum TopMoney {
  /// Ten thousandths of a dollar, rounded half to even: `1,234.5678`; what would be nought and is not says so.
  static func fine(_ nanos: Int64) -> String {
    if nanos > 0, nanos <= 50_000 { return "<0.0001" }
    return NumberText.grouped(DecimalText.fixed(Rounding.halfEven.divide(Int128(nanos), by: 100_000), decimals: 4))
  }

  /// Dollars and cents, rounded half to even; below a dollar as ``fine(_:)``.
  static func plain(_ nanos: Int64) -> String {
    if nanos > 0, nanos <= 50_000 { return "<$0.0001" }
    if nanos != 0, nanos.magnitude < 1_000_000_000 { return "$" + fine(nanos) }
    return "$"
      + NumberText.grouped(DecimalText.fixed(Rounding.halfEven.divide(Int128(nanos), by: 10_000_000), decimals: 2))
  }

  /// One amount in tenths of another: `1.2x`; nil where that is nought.
  static func ratio(_ amount: Int64, to other: Int64) -> String? {
    guard other > 0 else { return nil }
    return NumberText.grouped(
      DecimalText.fixed(Rounding.halfEven.divide(Int128(amount) * 10, by: Int128(other)), decimals: 1))
      + "x"
  }

  /// A part of a whole in percent, rounded half to even; nil where that is nought.
  static func percent(_ part: Int64, of whole: Int64) -> String? {
    guard whole > 0 else { return nil }
    return "\(Rounding.halfEven.divide(Int128(part) * 100, by: Int128(whole)))"
  }
}
