import Calls
import Units

/// What a price is multiplied by, exactly: a region's uplift, a contract's discount.
package struct Factor: Hashable, Sendable {
  /// As its file states it: `1.1`.
  package let text: String
  let numerator: Int128
  let denominator: Int128

  /// A factor that is believable: a tenth of a percent to a hundredfold.
  private static let least: Int128 = 1_000
  private static let most: Int128 = 100_000_000

  /// Reads a plain decimal of at most six places; nil when it is none, or is beyond what a price may be
  /// multiplied by.
  package init?(_ text: String) {
    guard let millionths = try? DecimalText.scaled(text, decimals: 6),
      (Self.least...Self.most).contains(millionths)
    else { return nil }
    let divisor = gcd(millionths, 1_000_000)
    self.text = text
    numerator = millionths / divisor
    denominator = 1_000_000 / divisor
  }

  /// An amount times this factor; nil when that is no whole number.
  func times(_ amount: Int128) -> Int128? {
    let (product, overflow) = amount.multipliedReportingOverflow(by: numerator)
    return overflow || product % denominator != 0 ? nil : product / denominator
  }
}

extension RateTable {
  /// The table with its rates multiplied, those of one unit or all; nil when 64 bits cannot hold it.
  func times(_ factor: Factor, _ unit: MeterUnit?) -> RateTable? {
    var table = self
    guard let lower = Int64(exactly: Int128(denominator) * factor.denominator), lower <= Self.denominatorMax
    else { return nil }
    table.denominator = lower
    for meter in Meter.allCases {
      let place = Int(meter.rawValue)
      let isLifted = unit.map { $0 == meter.unit } ?? true
      let product = Int128(numerators[place]) * (isLifted ? factor.numerator : factor.denominator)
      guard let upper = Int64(exactly: product) else { return nil }
      table.numerators[place] = upper
    }
    return table
  }
}
