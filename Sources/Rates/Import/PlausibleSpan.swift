import Calls
import Units

/// Between which prices a unit's price can be true.
///
/// What lies outside is a mistaken unit, not a price: per token taken for per million makes it a
/// million times too cheap, the other way round as much too dear. The upper bounds are those of the
/// price files (``RatePer/dollarsMax(_:)``); the lower ones are a tenth or less of the cheapest seen.
package enum PlausibleSpan {
  /// The lowest believable price of one unit other than nought, in dollars, and its words.
  static func least(_ unit: MeterUnit) -> (dollars: DecimalLiteral, text: String) {
    switch unit {
    case .token: (dollars(1, -10), "0.0001 USD per 1M tokens")
    case .character: (dollars(1, -9), "0.001 USD per 1M characters")
    case .second: (dollars(1, -7), "0.00036 USD per 1 hour")
    case .image, .megapixel, .page, .request, .search: (dollars(1, -6), "0.001 USD per 1K")
    case .credit: (dollars(1, -6), "0.000001 USD per 1 credit")
    }
  }

  /// The lowest believable price of a unit in a price file, in 1e-15 USD; nil where there is no telling.
  ///
  /// Tokens and characters are priced by the million, and a price for one of them is taken for that easily.
  static func leastFemtos(_ unit: MeterUnit) -> Int128? {
    unit == .token || unit == .character ? least(unit).dollars.scaled(decimals: 15) : nil
  }

  /// The highest believable price of a meter.
  static func most(_ meter: Meter) -> (dollars: Int128, per: Int128, text: String) {
    let bound = RatePer.dollarsMax(meter)
    return (
      bound.dollars, bound.per,
      "\(bound.dollars) USD per \(bound.per) \(meter.unit.rawValue)\(bound.per > 1 ? "s" : "")"
    )
  }

  private static func dollars(_ coefficient: Int128, _ exponent: Int) -> DecimalLiteral {
    DecimalLiteral(coefficient: coefficient, exponent: exponent)
  }

  /// What is wrong with `dollars` for one unit of `meter`; nil when nothing is, and for nought.
  static func fault(
    of dollars: DecimalLiteral, _ meter: Meter, named name: String
  ) -> ImportFault.Kind? {
    guard !dollars.isZero else { return nil }
    guard dollars.coefficient > 0 else { return .negative(name) }
    let words = "\(dollars) USD per 1 \(meter.unit.rawValue)"
    let most = most(meter)
    // 1e-30 USD is finer than any literal that is read; coefficients are compared at one exponent.
    let ceiling = DecimalLiteral(coefficient: most.dollars, exponent: 0)
    if isLess(ceiling, dollars, times: most.per) { return .dear(name, words, bound: most.text) }
    let least = least(meter.unit)
    if isLess(dollars, least.dollars, times: 1) { return .cheap(name, words, bound: least.text) }
    return nil
  }

  /// Whether `a` is less than `b` × `factor`; both are positive.
  private static func isLess(_ a: DecimalLiteral, _ b: DecimalLiteral, times factor: Int128) -> Bool {
    let b = DecimalLiteral(coefficient: b.coefficient * factor, exponent: b.exponent)
    let (x, y) = (a.digits + a.exponent, b.digits + b.exponent)
    guard x == y else { return x < y }
    let shared = min(a.exponent, b.exponent)
    // Both have as many places before the point, so that neither power of ten is large.
    return a.coefficient * DecimalText.powerOfTen(a.exponent - shared)
      < b.coefficient * DecimalText.powerOfTen(b.exponent - shared)
  }
}
