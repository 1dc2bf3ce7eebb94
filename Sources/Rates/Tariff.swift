import Calls
import Units

/// All of a card that decides an amount: rates, bands, rules and rounding.
package struct Tariff: Sendable {
  package let base: RateTable
  /// Tables for larger prompts, by rising threshold.
  ///
  /// The whole call pays the band's rates.
  package let bands: [Band]
  /// Nil where quantities are billed as they are used.
  package let rules: BillingRules?
  package let rounding: Rounding
  /// The issuer bills successful calls only.
  package let billsSuccessOnly: Bool

  package struct Band: Sendable {
    /// Prompt tokens strictly over this pay the band.
    package let over: Int64
    package let table: RateTable

    package init(over: Int64, table: RateTable) {
      self.over = over
      self.table = table
    }
  }

  package init(
    base: RateTable, bands: [Band], rules: BillingRules?, rounding: Rounding, billsSuccessOnly: Bool
  ) {
    self.base = base
    self.bands = bands
    self.rules = rules
    self.rounding = rounding
    self.billsSuccessOnly = billsSuccessOnly
  }

  /// Which band a prompt of that many tokens falls in: 0 for the base rates.
  package func band(promptTokens: Int64) -> Int { bands.count { promptTokens > $0.over } }

  /// The table for a prompt of that many tokens.
  package func table(promptTokens: Int64) -> RateTable {
    let band = band(promptTokens: promptTokens)
    return band == 0 ? base : bands[band - 1].table
  }

  /// What a call of that usage costs: the one place where outcome, band, rules and rounding meet.
  ///
  /// A call that failed without usage costs nothing; under an issuer that bills successes only, so
  /// does one with usage. A call that succeeded without usage is unpriced, never free.
  package func charge(_ usage: Usage, outcome: Outcome) -> Charge {
    if outcome == .error, billsSuccessOnly || usage.isEmpty { return .nothing }
    if usage.isEmpty, !base.has(.requests) { return .unpriced(.noUsage) }
    // The base table is charged where it stands: a copy of it would cost more than the charge.
    guard let rules else {
      return bands.isEmpty
        ? base.charge(usage, rounding: rounding)
        : table(promptTokens: usage.promptTokens).charge(usage, rounding: rounding)
    }
    return table(promptTokens: usage.promptTokens).charge(
      rules.billed(usage), rounding: rounding, atLeast: rules.minimumCharge)
  }

  /// The tariff with its rates multiplied, those of one unit or all; nil when 64 bits cannot hold it.
  ///
  /// The smallest charge is multiplied with all rates only.
  func times(_ factor: Factor, _ unit: MeterUnit?) -> Tariff? {
    guard let scaled = base.times(factor, unit) else { return nil }
    var scaledBands: [Band] = []
    for band in bands {
      guard let table = band.table.times(factor, unit) else { return nil }
      scaledBands.append(Band(over: band.over, table: table))
    }
    let least = rules.map { unit == nil ? factor.times($0.minimumCharge) : $0.minimumCharge } ?? 0
    guard let least else { return nil }
    return Tariff(
      base: scaled, bands: scaledBands,
      rules: rules.map { BillingRules(minimums: $0.minimums, steps: $0.steps, minimumCharge: least) },
      rounding: rounding, billsSuccessOnly: billsSuccessOnly)
  }
}
