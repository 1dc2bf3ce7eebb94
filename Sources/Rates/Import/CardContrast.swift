import Calls
import Units

/// A card in force beside what a source lists for the same product and conditions.
///
/// What the source does not state is no difference: it may not know. It is one more reason to look
/// twice when the card has to be written anew for another difference.
struct CardContrast {
  private(set) var differences: [RateDifference] = []
  private(set) var holds: [PriceHold] = []
  /// The listed card, with what the old one prices as another meter.
  private(set) var completed: ListedCard

  init(old: RateCard, new: ListedCard) {
    completed = new
    let listed = Self.table(new.rates)
    let thresholds = Set([0] + old.tariff.bands.map(\.over) + new.bands.map(\.over)).sorted()
    for over in thresholds {
      let rates = new.bands.last { $0.over <= over }?.rates ?? new.rates
      compare(old.tariff.table(promptTokens: over + 1), rates, over: over)
    }
    guard !differences.isEmpty else { return }
    let silent = Meter.allCases.filter {
      old.tariff.base.has($0) && !Self.isDefault($0, old.tariff.base) && new.rates[$0] == nil
    }
    // `=input` goes on meaning the input's rate, whatever that is now.
    let lost = silent.filter { old.tariff.base.standIns[$0].map { new.rates[$0] == nil } ?? true }
    if let listed, !Meter.allCases.contains(where: { old.tariff.base.has($0) && listed.has($0) }) {
      holds.append(.unit)
    } else if !lost.isEmpty {
      holds.append(.lost(lost))
    }
    if new.hasDearCache { holds.append(.dearCache) }
    for band in old.tariff.bands
    where band.table.priced != 0 && !new.bands.contains(where: { $0.over == band.over && !$0.rates.isEmpty }) {
      holds.append(.bandLost(over: band.over))
    }
    for meter in silent where !lost.contains(meter) {
      guard let lender = old.tariff.base.standIns[meter] else { continue }
      completed.sameAs[meter] = lender
    }
  }

  /// Whether a meter is priced as another by the contract, rather than by the card's word.
  private static func isDefault(_ meter: Meter, _ table: RateTable) -> Bool {
    switch (meter, table.standIns[meter]) {
    case (.cacheRead, .input), (.cacheWrite5m, .input), (.cacheWrite30m, .input), (.reasoning, .output): true
    default: false
    }
  }

  private static func table(_ rates: [Meter: ListedRate]) -> RateTable? {
    RateTable(rates.compactMapValues(\.exact))
  }

  private mutating func compare(_ old: RateTable, _ rates: [Meter: ListedRate], over: Int64) {
    for meter in Meter.allCases {
      guard let rate = rates[meter], let now = rate.exact else { continue }
      let was = old.rate(of: meter)
      guard was != now, !(was.map { Self.isRounded($0, to: rate) } ?? false) else { continue }
      let ratio = was.flatMap { Self.hundredths(of: now, by: $0) }
      differences.append(
        RateDifference(
          meter: meter, over: over, old: was.flatMap { Self.words($0, per: rate.per) }, new: rate.text,
          ratioHundredths: ratio))
      if (was?.numerator == 0) != (now.numerator == 0), was != nil || now.numerator == 0 {
        holds.append(.zero(meter))
      } else if let was, Self.exceedsTen(now, was) || Self.exceedsTen(was, now) {
        holds.append(.factor(meter))
      }
    }
  }

  /// Whether a source's figure is ours with fewer digits: 0.0000611 for 0.22 an hour.
  ///
  /// At least three digits, so that 0.15 does not pass for 0.2.
  private static func isRounded(_ exact: MeterRate, to rate: ListedRate) -> Bool {
    guard rate.dollars.digits >= 3, let parts = RatePer(rate.per)?.parts else { return false }
    let femtos = Rounding.halfEven.divide(
      Int128(exact.numerator) * Int128(parts), by: Int128(exact.denominator))
    let ours = DecimalLiteral(coefficient: femtos, exponent: -15)
    return ours.digits > rate.dollars.digits + 3
      && ours.rounded(digits: rate.dollars.digits, decimals: 15) == rate.dollars
  }

  private static func exceedsTen(_ a: MeterRate, _ b: MeterRate) -> Bool {
    Int128(a.numerator) * Int128(b.denominator) > 10 * Int128(b.numerator) * Int128(a.denominator)
  }

  private static func hundredths(of a: MeterRate, by b: MeterRate) -> Int128? {
    guard a.numerator > 0, b.numerator > 0 else { return nil }
    let (over, isTooLarge) = (100 * Int128(a.numerator)).multipliedReportingOverflow(by: Int128(b.denominator))
    guard !isTooLarge else { return nil }
    return Rounding.halfEven.divide(over, by: Int128(b.numerator) * Int128(a.denominator))
  }

  /// An old rate in the new one's unit, exact where that has an end, else to 15 decimals.
  private static func words(_ rate: MeterRate, per: String) -> String? {
    guard let parts = RatePer(per)?.parts else { return nil }
    let femtos = Rounding.halfEven.divide(
      Int128(rate.numerator) * Int128(parts), by: Int128(rate.denominator))
    return DecimalText.plain(femtos, decimals: 15) + " per \(per)"
  }
}
