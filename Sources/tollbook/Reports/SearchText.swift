import Calls
import Rates
import Units

/// How a call's card was found, for people and for scripts.
struct SearchText {
  private let subject: Subject
  private let inferred: Bool
  private let search: CardSearch
  private let instant: Timestamp

  init(_ subject: Subject, inferred: Bool, at instant: Timestamp, _ rates: RateBook) {
    self.subject = subject
    self.inferred = inferred
    self.instant = instant
    search = rates.search(subject, at: instant)
  }

  /// Lines of what the call is by its own words, then of each card that was looked at.
  var text: String {
    var text = "\n  at \(instant), route \(subject.route), issuer \(shown(subject.issuer))"
    text += ", provider \(shown(subject.provider))" + (inferred ? " (only it sells the model)" : "")
    text += ", model \(shown(subject.model))"
    for (name, value) in [("tier", subject.tier), ("region", subject.region), ("variant", subject.variant)]
    where !value.isEmpty {
      text += ", \(name) \(value)"
    }
    text += "\n" + lines(search.candidates, "cards looked at")
    if !search.direct.isEmpty { text += lines(search.direct, "the provider's own cards") }
    return String(text.dropLast())
  }

  private func shown(_ name: String) -> String { name.isEmpty ? "unknown" : name }

  private func lines(_ candidates: [CardSearch.Candidate], _ title: String) -> String {
    if candidates.isEmpty { return "  \(title): none\n" }
    var text = "  \(title):\n"
    for candidate in candidates {
      text += "    \(candidate.card.place), \(Self.span(candidate.card)): \(candidate.verdict.words)\n"
    }
    return text
  }

  private static func span(_ card: RateCard) -> String {
    var text = "from \(card.from.day)"
    if let until = card.until { text += " up to \(until.day)" }
    if !card.conditions.isEmpty { text += ", when \(card.conditions.text)" }
    if let contract = card.contract { text += ", contract \(contract)" }
    return text
  }

  var json: String {
    func list(_ candidates: [CardSearch.Candidate]) -> String {
      JSONText.array(
        candidates.map { candidate in
          let card = candidate.card
          return JSONText.object([
            ("place", JSONText.quoted(card.place)), ("from", JSONText.quoted("\(card.from.day)")),
            ("until", JSONText.optional(card.until.map { "\($0.day)" })),
            ("when", JSONText.quoted(card.conditions.text)), ("contract", JSONText.optional(card.contract)),
            ("digest", JSONText.quoted(card.digest)), ("verdict", JSONText.quoted(candidate.verdict.words)),
          ])
        })
    }
    return JSONText.object([
      ("at", JSONText.quoted("\(instant)")), ("route", JSONText.quoted(subject.route)),
      ("issuer", JSONText.quoted(subject.issuer)), ("provider", JSONText.quoted(subject.provider)),
      ("provider_inferred", inferred ? "true" : "false"), ("model", JSONText.quoted(subject.model)),
      ("tier", JSONText.quoted(subject.tier)), ("region", JSONText.quoted(subject.region)),
      ("variant", JSONText.quoted(subject.variant)), ("cards", list(search.candidates)),
      ("direct_cards", list(search.direct)),
    ])
  }
}
