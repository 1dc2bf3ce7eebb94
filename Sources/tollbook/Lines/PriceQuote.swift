import Audit
import Calls
import Rates
import Units

/// What one line costs, step by step.
struct PriceQuote {
  let state: String
  private let reason: String?
  private let explanation: String?
  private let cost: Amount?
  private let exact: ExactMoney
  private let missing: [String]
  private let lines: [(meter: String, quantity: String, rate: ExactMoney, amount: ExactMoney)]
  private let card: RateCard?
  private let direct: Amount?
  /// How the card was found; nil when nobody asked.
  private let search: SearchText?

  init(refused: Refusal) {
    self.init(noCall: "invalid", reason: refused.rawValue, explanation: refused.explanation)
  }

  /// A line that tells of no call, and needs no mending.
  init(ignored: Ignored) {
    self.init(noCall: "ignored", reason: ignored.rawValue, explanation: ignored.explanation)
  }

  private init(noCall state: String, reason: String, explanation: String) {
    self.state = state
    self.reason = reason
    self.explanation = explanation
    cost = nil
    exact = ExactMoney(0, over: 1)
    missing = []
    lines = []
    card = nil
    direct = nil
    search = nil
  }

  init(_ call: Call, of stated: Subject, _ rates: RateBook, explain: Bool) {
    var call = call
    let (subject, inferred) = rates.completed(stated)
    search = explain ? SearchText(subject, inferred: inferred, at: call.at, rates) : nil
    let found = rates.resolve(subject, at: call.at)
    card = found.card
    if let usage = found.card?.billedUsage(of: call) { call.usage = usage }
    let charge =
      found.card?.charge(call)
      ?? (call.outcome == .error && call.usage.isEmpty
        ? .nothing : .unpriced(found.reason ?? .noCardInForce))
    switch charge.state {
    case .exact:
      state = "exact"
      reason = nil
      explanation = nil
      missing = []
    case .partial(let bits):
      state = "partial"
      let names = Meter.allCases.filter { bits & (1 << UInt32($0.rawValue)) != 0 }.map(\.name)
      let unsure = call.flags.contains(.cacheLifetimeUnknown) ? "cache_lifetime_unknown" : "unknown_usage"
      missing = names.isEmpty ? [unsure] : names
      reason = nil
      explanation = "The amount covers all but \(missing.joined(separator: ", "))."
    case .unpriced(.contradictoryUsage):
      state = "invalid"
      missing = []
      reason = UnpricedReason.contradictoryUsage.name
      explanation = UnpricedReason.contradictoryUsage.explanation
    case .unpriced(let why):
      state = "unpriced"
      missing = []
      reason = why.name
      explanation = why.explanation
    }
    if case .unpriced = charge.state { cost = nil } else { cost = charge.amount }
    exact = ExactMoney(charge.exact, over: charge.denominator)
    lines = Self.steps(call, card: found.card, of: charge)
    direct = found.direct.flatMap { card in
      let counterpart = card.charge(call)
      if case .exact = counterpart.state { return counterpart.amount }
      return nil
    }
  }

  private static func steps(
    _ call: Call, card: RateCard?, of charge: Charge
  ) -> [(meter: String, quantity: String, rate: ExactMoney, amount: ExactMoney)] {
    guard let card, charge.exact != 0 else { return [] }
    let table = card.tariff.table(promptTokens: call.usage.promptTokens)
    var usage = card.tariff.rules?.billed(call.usage) ?? call.usage
    if table.has(.requests), !usage.has(.requests) { usage[.requests] = 1 }
    return usage.stated.compactMap { meter, quantity in
      guard let rate = table.rate(of: meter) else { return nil }
      let parts = Int128(meter.unit.parts)
      return (
        meter.name, DecimalText.plain(Int128(quantity), decimals: meter.unit.decimals),
        ExactMoney(Int128(rate.numerator) * parts, over: rate.denominator),
        ExactMoney(Int128(quantity) * Int128(rate.numerator), over: rate.denominator)
      )
    }
  }

  /// The quote as `price --json` promises it; docs/cli.md names each member.
  var json: String {
    JSONText.object(
      [
        ("state", JSONText.quoted(state)), ("cost", JSONText.optional(cost?.description)),
        ("exact", JSONText.quoted(exact.decimal.text)), ("exact_ends", "\(exact.decimal.ends)"),
        ("missing", JSONText.array(missing.map(JSONText.quoted))),
        ("reason", JSONText.optional(reason)),
        (
          "lines",
          JSONText.array(
            lines.map { line in
              JSONText.object([
                ("meter", JSONText.quoted(line.meter)), ("quantity", JSONText.quoted(line.quantity)),
                ("rate", JSONText.quoted(line.rate.decimal.text)),
                ("amount", JSONText.quoted(line.amount.decimal.text)),
              ])
            })
        ), ("direct", JSONText.optional(direct?.description)),
        (
          "card",
          card.map { card in
            JSONText.object([
              ("file", JSONText.quoted(card.file)), ("from", JSONText.quoted("\(card.from.day)")),
              ("digest", JSONText.quoted(card.digest)),
            ])
          } ?? "null"
        ),
      ] + (search.map { [("search", $0.json)] } ?? []))
  }

  func text(_ paint: Paint) -> String {
    var text = paint.bold(cost.map { "\($0) USD" } ?? "no amount") + "  \(state)"
    if let explanation { text += "\n  \(explanation)" }
    if let search { text += search.text }
    for line in lines {
      text += "\n  \(line.meter)  \(line.quantity) × \(line.rate.text) = \(line.amount.text)"
    }
    if cost != nil, !lines.isEmpty { text += "\n  exact sum \(exact.text)" }
    if let card {
      text += "\n  card \(card.place), from \(card.from.day), rounded \(card.tariff.rounding.rawValue)"
    }
    if let direct { text += "\n  direct \(direct) USD" }
    return text
  }
}
