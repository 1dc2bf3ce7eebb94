import Calls
import Rates
import Units

/// How a usage comes to its amount under a card, step by step.
package struct Reckoning: Sendable {
  package let lines: [Line]
  /// Used meters that the card has no rate for.
  package let missing: [Meter]
  package let exact: ExactMoney
  package let rounding: Rounding
  package let amount: Amount
  /// What the rates were multiplied by, and why.
  package let factors: [(times: String, reason: String)]
  /// What the issuer makes of quantities before it bills them, in words.
  package let rules: [String]
  /// Prompt tokens over which the rates hold; 0 for the base rates.
  package let band: Int64

  /// One meter: quantity × rate.
  package struct Line: Hashable, Sendable {
    package let meter: Meter
    /// In the meter's unit, as plain decimal: `1200`, `2.5`.
    package let quantity: String
    /// The rate in its file's words.
    package let rate: String
    /// The meter whose rate is paid, where the card has none for this one.
    package let borrowed: Meter?
    package let amount: ExactMoney
  }

  /// Works out what `usage` costs under `card`.
  ///
  /// A failed call under a card that bills successes only has no lines and costs nothing.
  package init(_ usage: Usage, outcome: Outcome, card: StoredCard) {
    let charge = card.charge(usage, outcome: outcome)
    let table = card.table(promptTokens: usage.promptTokens)
    var lines: [Line] = []
    var missing: [Meter] = []
    let free = outcome == .error && (card.billsSuccessOnly || usage.isEmpty)
    var used = card.tariff.rules?.billed(usage) ?? usage
    if table.rates.has(.requests), !usage.has(.requests) { used[.requests] = 1 }
    for (meter, quantity) in free ? [] : used.stated where quantity != 0 {
      guard table.rates.has(meter), let rate = table.rate(of: meter) else {
        missing.append(meter)
        continue
      }
      let femtos = Int128(quantity) * Int128(table.rates.numerators[Int(meter.rawValue)])
      lines.append(
        Line(
          meter: meter,
          quantity: DecimalText.plain(Int128(quantity), decimals: meter.unit.decimals),
          rate: rate.words, borrowed: rate.borrowed,
          amount: ExactMoney(femtos, over: table.rates.denominator)))
    }
    self.lines = lines
    self.missing = missing
    exact = ExactMoney(charge.exact, over: charge.denominator)
    rounding = card.rounding
    amount = charge.amount
    factors = card.factors
    rules = card.rules
    band = table.over
  }
}

/// Whether a booked amount is what its card says.
package enum Recomputation: Hashable, Sendable {
  case agrees
  case differs(booked: Amount, reckoned: Amount)
  /// Nothing was booked, so there is nothing to compare.
  case notPriced

  /// Compares what a chain of rows of one call booked with what its card makes of their usage.
  ///
  /// The rows come in order, from the call's first to the one in question.
  package static func of(
    _ rows: some BidirectionalCollection<CallRecord>, card: (CallRecord) -> StoredCard?
  ) -> Recomputation {
    guard let last = rows.last, last.cost != nil, let card = card(last) else { return .notPriced }
    var usage = Usage()
    var booked: Int64 = 0
    for row in rows {
      for (meter, quantity) in row.usage.stated { usage[meter] += quantity }
      booked += row.cost?.nanos ?? 0
    }
    return judge(card.billed(usage, of: last), outcome: last.outcome, booked: booked, card: card)
  }

  /// Compares what was booked for a usage with what the card makes of it.
  package static func judge(
    _ usage: Usage, outcome: Outcome, booked: Int64, card: StoredCard
  ) -> Recomputation {
    let charge = card.charge(usage, outcome: outcome)
    if charge.amount.nanos == booked { return .agrees }
    // The row does not tell a meter that was stated as nought from one that was not stated.
    if case .unpriced = charge.state { return .notPriced }
    // So a failed call that stated noughts pays a rate per request, where one without usage does not.
    if outcome == .error, usage.isEmpty {
      let noughts = card.table(promptTokens: 0).rates.charge(usage, rounding: card.rounding)
      if noughts.amount.nanos == booked { return .agrees }
    }
    return .differs(booked: Amount(nanos: booked), reckoned: charge.amount)
  }
}
