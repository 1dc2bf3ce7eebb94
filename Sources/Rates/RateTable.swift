import Calls
import Units

/// The rate of every meter under one card, ready to multiply.
///
/// A rate is a whole number of 1e-15 USD for one smallest part of its meter (a token, a pixel, a
/// microsecond), divided by a denominator common to the table: an hourly price has no exact
/// decimal per microsecond, but it has an exact fraction.
package struct RateTable: Sendable {
  /// Numerators by ``Meter``'s raw value, in 1e-15 USD × `denominator` a part.
  package internal(set) var numerators: InlineArray<24, Int64>
  /// Bit `meter.rawValue` is set when the meter has a rate.
  package private(set) var priced: UInt32
  package internal(set) var denominator: Int64
  /// For meters priced as another: which one.
  package private(set) var standIns: [Meter: Meter]

  /// The largest denominator that a table's rates may share.
  static let denominatorMax: Int128 = 1_000_000_000

  /// 1e-15 USD in one nanodollar.
  package static let femtosPerNano: Int128 = 1_000_000

  /// Makes the table of `rates`, filling in what the contract says of absent ones.
  ///
  /// An absent cache read or 5-minute write costs what input costs, absent reasoning what output
  /// costs; other absent meters stay without a rate. A longer cache write never falls back on a
  /// shorter one: it is dearer wherever it is known.
  ///
  /// Returns nil when the rates cannot share a denominator within `Int64`.
  package init?(_ rates: [Meter: MeterRate], sameAs: [Meter: Meter] = [:]) {
    var all = rates
    var standIns = sameAs
    let defaults: [(Meter, Meter)] = [
      (.cacheRead, .input), (.cacheWrite5m, .input), (.cacheWrite30m, .input), (.reasoning, .output),
    ]
    for (absent, stands) in defaults where all[absent] == nil && standIns[absent] == nil {
      if rates[stands] != nil { standIns[absent] = stands }
    }
    for (meter, stands) in standIns { all[meter] = rates[stands] }
    var common: Int128 = 1
    for rate in all.values {
      common = common / gcd(common, Int128(rate.denominator)) * Int128(rate.denominator)
      guard common <= Self.denominatorMax else { return nil }
    }
    numerators = InlineArray(repeating: 0)
    priced = 0
    for (meter, rate) in all {
      let scaled = Int128(rate.numerator) * (common / Int128(rate.denominator))
      guard let numerator = Int64(exactly: scaled) else { return nil }
      numerators[Int(meter.rawValue)] = numerator
      priced |= 1 << UInt32(meter.rawValue)
    }
    denominator = Int64(common)
    self.standIns = standIns
  }

  package func has(_ meter: Meter) -> Bool { priced & (1 << UInt32(meter.rawValue)) != 0 }

  /// The rate of one meter, or nil when it has none.
  package func rate(of meter: Meter) -> MeterRate? {
    guard has(meter) else { return nil }
    return MeterRate(numerator: numerators[Int(meter.rawValue)], denominator: denominator)
  }
}

/// One meter's rate: a fraction of 1e-15 USD for one smallest part.
package struct MeterRate: Hashable, Sendable {
  package let numerator: Int64
  package let denominator: Int64

  /// Keeps the fraction in lowest terms.
  package init(numerator: Int64, denominator: Int64) {
    let divisor = Int64(gcd(Int128(numerator), Int128(denominator)))
    self.numerator = numerator / max(divisor, 1)
    self.denominator = denominator / max(divisor, 1)
  }

  /// The rate that `dollars` (1e-15 USD) for `parts` smallest parts makes; nil beyond `Int64`.
  package init?(femtos: Int128, parts: Int128) {
    let divisor = max(gcd(femtos, parts), 1)
    guard let numerator = Int64(exactly: femtos / divisor),
      let denominator = Int64(exactly: parts / divisor)
    else { return nil }
    self.numerator = numerator
    self.denominator = denominator
  }
}

/// The greatest common divisor of two numbers that are not negative; of 0 and n, n.
func gcd(_ a: Int128, _ b: Int128) -> Int128 {
  var (a, b) = (a, b)
  while b != 0 { (a, b) = (b, a % b) }
  return a
}
