import Calls
import Units

/// The card of a product that holds for a subject at one instant, and the span in which that stays so.
struct CardChoice {
  var card: RateCard?
  var reason: UnpricedReason?
  var from = Timestamp.earliest
  var until = Timestamp.latest

  init() {}

  /// Tiers that a card without a tier condition speaks for.
  private static let standardTiers: Set = ["", "default", "standard", "on_demand"]

  /// Whether it is a name of the standard tier.
  static func isStandard(_ tier: String) -> Bool { standardTiers.contains(tier) }

  /// Whether the card is meant for the tier in which the call was served: its own, or else the standard one.
  static func speaksForTier(_ card: RateCard, of subject: Subject) -> Bool {
    card.conditions.wanted["tier"] != nil || isStandard(subject.tier)
  }

  /// The card in force with the most conditions met, and until when no other answer is possible.
  init(from cards: [RateCard], for subject: Subject, at instant: Timestamp) {
    var anyApplies = false
    for card in cards {
      guard card.conditions.hold(of: subject), Self.speaksForTier(card, of: subject) else { continue }
      anyApplies = true
      var holds = card.isInForce(at: instant)
      if let window = card.conditions.window {
        let now = window.holds(at: instant)
        // Where the card is not in force anyway, its hours change nothing.
        if holds {
          from = max(from, now.from)
          until = min(until, now.until)
        }
        holds = holds && now.holds
      }
      if holds, self.card.map({ $0.conditions.count < card.conditions.count }) ?? true { self.card = card }
      for edge in [card.from, card.until].compactMap({ $0 }) {
        if edge <= instant { from = max(from, edge) }
        if edge > instant { until = min(until, edge) }
      }
    }
    if card == nil {
      let first = cards.map(\.from).min()
      reason = anyApplies && first.map { instant < $0 } ?? false ? .beforeFirstCard : .noCardInForce
    }
  }
}
