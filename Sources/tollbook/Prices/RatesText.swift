import Calls
import Rates
import Units

extension RateBook {
  /// Every card once, list prices and contracts, under its own model's name, by issuer, provider, model,
  /// conditions and day.
  var listed: [RateCard] {
    Self.sorted(
      [products, contracts].flatMap { all in
        all.filter { key, product in product.cards.first?.model == key.model }.flatMap(\.value.cards)
      })
  }

  /// The cards of every product that goes by that name, a contract's behind the list prices.
  func cards(named model: String) -> [RateCard] {
    Self.sorted([products, contracts].flatMap { all in all.filter { $0.key.model == model }.flatMap(\.value.cards) })
  }

  /// What the issuers of these cards give away of their model's units.
  func allowances(for cards: [RateCard], named model: String) -> [Allowance] {
    let issuers = Set(cards.map(\.issuer)).sorted()
    return issuers.flatMap { allowances(of: $0) }.filter { allowance in
      allowance.models.isEmpty || allowance.models.contains(model)
        || cards.contains { canonical($0.issuer) == allowance.issuer && allowance.models.contains($0.model) }
    }
  }

  private static func sorted(_ cards: [RateCard]) -> [RateCard] {
    cards.sorted { a, b in
      for (one, other) in [
        (a.issuer, b.issuer), (a.route, b.route), (a.provider, b.provider), (a.model, b.model),
        (a.conditions.text, b.conditions.text), (a.contract ?? "", b.contract ?? ""),
      ] where one != other {
        return one < other
      }
      return a.from < b.from
    }
  }
}

extension Allowance {
  /// The allowance for people: what is free, how often, since when, by which source.
  var line: String {
    let clock = zone == .utc ? "" : " by the clocks of \(zone.name)"
    return "free at \(issuer): \(words) a \(every.rawValue)\(clock), \(name)\n"
      + "  from \(from)" + (until.map { " up to \($0)" } ?? "") + (tier.map { ", when tier=\($0)" } ?? "") + "\n"
      + "  source \(source), read \(readOn)\n"
  }
}

extension RateCard {
  func mentions(_ text: String) -> Bool {
    let wanted = text.lowercased()
    return [issuer, route, provider, model].contains { $0.lowercased().contains(wanted) }
  }

  /// The card as the ledger would keep it: the stated rates in words.
  private var stored: StoredCard? { try? StoredCard(text: text) }

  /// Conditions and contract in one line: `tier=flex, by contract acme-2026`; `-` for neither.
  var occasion: String {
    let parts = [conditions.text, contract.map { "by contract \($0)" } ?? ""].filter { !$0.isEmpty }
    return parts.isEmpty ? "-" : parts.joined(separator: ", ")
  }

  /// The base rates in one line: `input 0.15, output 0.6 per 1M tokens`, and what they are multiplied by.
  var summary: String {
    guard let stored, let table = stored.tables.first else { return "" }
    var byUnit: [(unit: String, rates: [String])] = []
    for (meter, words) in table.words.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      guard let split = words.firstRange(of: " USD per ") else { continue }
      let rate = "\(meter.name) \(words[..<split.lowerBound])"
      let unit = String(words[split.upperBound...])
      if let place = byUnit.firstIndex(where: { $0.unit == unit }) {
        byUnit[place].rates.append(rate)
      } else {
        byUnit.append((unit, [rate]))
      }
    }
    return byUnit.map { "\($0.rates.joined(separator: ", ")) per \($0.unit)" }
      .joined(separator: "; ") + stored.factors.map { "; × \($0.times) for \($0.reason)" }.joined()
  }

  /// The card for people: who sells it, since when, at what rates, by which source.
  func text(_ paint: Paint) -> String {
    let way = route == "direct" ? "direct" : "\(provider) through \(route)"
    var text = paint.bold("\(model), billed by \(issuer)") + " (\(way))\n"
    text += "  from \(from.day)" + (until.map { " up to \($0.day)" } ?? "")
    text += conditions.text.isEmpty ? "\n" : ", when \(conditions.text)\n"
    for table in stored?.tables ?? [] {
      if table.over > 0 {
        text += "  for prompts of over \(NumberText.grouped(table.over)) tokens\n"
      }
      if table.words.isEmpty {
        text += "  no price is known\n"
        continue
      }
      var rates = TextTable([.text("  meter"), .text("rate")])
      for (meter, words) in table.words.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        rates.add(["  \(meter.name)", words])
      }
      for (meter, lender) in table.rates.standIns.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        rates.add(["  \(meter.name)", "as \(lender.name)"])
      }
      text += rates.text(paint)
    }
    for factor in stored?.factors ?? [] { text += "  all of it × \(factor.times), for \(factor.reason)\n" }
    for rule in stored?.rules ?? [] { text += "  \(rule)\n" }
    if let contract { text += "  by contract \(contract)\n" }
    if tariff.billsSuccessOnly { text += "  bills successful calls only\n" }
    return text + "  rounds \(tariff.rounding.rawValue) to the nanodollar\n"
      + "  source \(source), read \(readOn)\n  file \(place), digest \(digest.prefix(12))\n"
  }

  /// Cards as `rates list --json` and `rates show --json` promise them; docs/cli.md names each member.
  static func json(_ cards: [RateCard], _ allowances: [Allowance]? = nil) -> String {
    JSONText.object(
      [("cards", JSONText.array(cards.map(\.json)))]
        + (allowances.map { [("allowances", JSONText.array($0.map(\.json)))] } ?? []))
  }

  private var json: String {
    let tables = (stored?.tables ?? []).map { table in
      JSONText.object([
        ("over", "\(table.over)"),
        (
          "rates",
          JSONText.object(
            table.words.sorted { $0.key.rawValue < $1.key.rawValue }
              .map { ($0.key.name, JSONText.quoted($0.value)) })
        ),
      ])
    }
    return JSONText.object([
      ("issuer", JSONText.quoted(issuer)), ("route", JSONText.quoted(route)),
      ("provider", JSONText.quoted(provider)), ("model", JSONText.quoted(model)),
      ("when", JSONText.quoted(conditions.text)), ("from", JSONText.quoted("\(from.day)")),
      ("until", JSONText.optional(until.map { "\($0.day)" })), ("tables", JSONText.array(tables)),
      (
        "factors",
        JSONText.array(
          (stored?.factors ?? []).map {
            JSONText.object([("times", JSONText.quoted($0.times)), ("for", JSONText.quoted($0.reason))])
          })
      ),
      ("rules", JSONText.array((stored?.rules ?? []).map(JSONText.quoted))),
      ("contract", JSONText.optional(contract)), ("rounding", JSONText.quoted(tariff.rounding.rawValue)),
      ("bills", JSONText.quoted(tariff.billsSuccessOnly ? "success" : "usage")),
      ("source", JSONText.quoted(source)), ("read_on", JSONText.quoted("\(readOn)")),
      ("file", JSONText.quoted(file)), ("digest", JSONText.quoted(digest)),
    ])
  }
}
