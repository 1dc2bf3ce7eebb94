import Calls
import Units

/// The quantity that a stated rate is for: `1M tokens`, `1 hour`, `1K characters`.
struct RatePer: Hashable {
  let unit: MeterUnit
  /// Smallest parts of `unit` that the rate is for.
  let parts: Int64
  let text: String

  /// Reads a count, `K` or `M`, and a unit in the singular or plural; minutes and hours are seconds.
  init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count == 2, var digits = words.first, var name = words.last else { return nil }
    var factor: Int64 = 1
    if digits.hasSuffix("K") { factor = 1_000 } else if digits.hasSuffix("M") { factor = 1_000_000 }
    if factor > 1 { digits.removeLast() }
    guard let count = Int64(digits), (1...1_000_000).contains(count) else { return nil }
    if name.hasSuffix("s") { name.removeLast() }
    switch name {
    case "minute":
      unit = .second
      factor *= 60
    case "hour":
      unit = .second
      factor *= 3600
    case "searche": unit = .search
    default:
      guard let known = MeterUnit(rawValue: String(name)) else { return nil }
      unit = known
    }
    let (units, tooMany) = count.multipliedReportingOverflow(by: factor)
    let (parts, tooFine) = units.multipliedReportingOverflow(by: unit.parts)
    guard !tooMany, !tooFine else { return nil }
    self.parts = parts
    self.text = text
  }

  /// The dearest believable price of a meter, in whole dollars for so many units: three times the dearest seen.
  ///
  /// A rate beyond it is a mistaken unit (per token for per million, an hour's price for a second), not a price.
  static func dollarsMax(_ meter: Meter) -> (dollars: Int128, per: Int128) {
    switch meter {
    case .videoSeconds: (10, 1)
    case .audioSeconds, .computeSeconds: (360, 3600)
    default:
      switch meter.unit {
      case .token: (2_000, 1_000_000)
      case .image, .request, .search, .page, .megapixel, .second: (100, 1)
      case .character: (1, 10)
      case .credit: (10, 1)
      }
    }
  }
}
