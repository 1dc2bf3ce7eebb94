import Units

/// A card as its file states it, before its end is known from its successor.
struct CardDraft {
  let line: Int
  let from: Day
  let until: Day?
  /// When it was written down: of two cards from one day the later recorded holds.
  let recordedOn: Day?
  let conditions: Conditions
  let base: RateTable
  let bands: [Tariff.Band]
  let rules: BillingRules?
  let canonicalRates: String
  let canonicalRules: String?
  let uplifts: [Uplift]
  let source: String?
  let readOn: Day?
}

extension [CardDraft] {
  /// By conditions and first day; a card that was corrected by one recorded later is left out.
  ///
  /// Calls already priced by it keep it: `tollbook reprice` moves them.
  var inForce: [CardDraft] {
    let sorted = self.sorted {
      ($0.conditions.text, $0.from, $0.recordedOn ?? .distantPast)
        < ($1.conditions.text, $1.from, $1.recordedOn ?? .distantPast)
    }
    return sorted.indices.filter { place in
      guard place + 1 < sorted.count else { return true }
      let (draft, next) = (sorted[place], sorted[place + 1])
      let isCorrected =
        next.conditions == draft.conditions && next.from == draft.from
        && next.recordedOn ?? .distantPast > draft.recordedOn ?? .distantPast
      return !isCorrected
    }.map { sorted[$0] }
  }
}

extension Day {
  fileprivate static let distantPast = Day(number: .min)
}
