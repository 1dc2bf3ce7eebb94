import Calls
import Units

/// Every card that could have priced a call, and why it does or does not: the explanation of a choice.
package struct CardSearch: Sendable {
  /// Contract cards first, then by conditions and first day.
  package let candidates: [Candidate]
  /// The same of the provider's own cards, for a routed call.
  package let direct: [Candidate]

  package struct Candidate: Sendable {
    package let card: RateCard
    package let verdict: Verdict
  }

  /// Why a card holds for a call, or why not.
  package enum Verdict: Hashable, Sendable {
    case taken
    /// It holds, but another with more conditions does too.
    case lessSpecific
    /// It holds, but a contract is in force.
    case listPrice
    case notBegun
    case ended
    /// A condition that the call does not meet.
    case wants(String)
    /// It speaks for standard calls, and this one was served in a tier of its own.
    case otherTier(String)
    case outsideHours

    package var words: String {
      switch self {
      case .taken: "taken"
      case .lessSpecific: "holds, but another says more"
      case .listPrice: "holds, but a contract is in force"
      case .notBegun: "not yet in force"
      case .ended: "no longer in force"
      case .wants(let condition): "wants \(condition)"
      case .otherTier(let tier): "speaks for the standard tier, not for \(tier)"
      case .outsideHours: "outside its hours"
      }
    }
  }
}

extension RateBook {
  /// How the cards of a completed subject were chosen from at one instant; the choice is ``resolve(_:at:)``'s.
  package func search(_ subject: Subject, at instant: Timestamp) -> CardSearch {
    let found = offer(of: subject)
    let answer = resolve(subject, at: instant)
    return CardSearch(
      candidates: Self.candidates(of: found.billed, taken: answer.card, subject, instant),
      direct: Self.candidates(of: found.direct, taken: answer.direct, subject, instant))
  }

  private static func candidates(
    of offer: Offer?, taken: RateCard?, _ subject: Subject, _ instant: Timestamp
  ) -> [CardSearch.Candidate] {
    func order(_ cards: [RateCard]) -> [RateCard] {
      cards.sorted { ($0.conditions.text, $0.from) < ($1.conditions.text, $1.from) }
    }
    guard let offer else { return [] }
    return (order(offer.agreed) + order(offer.list)).map { card in
      let verdict =
        card === taken
        ? .taken
        : card.refusal(of: subject, at: instant)
          ?? (card.contract == nil && taken?.contract != nil ? .listPrice : .lessSpecific)
      return CardSearch.Candidate(card: card, verdict: verdict)
    }
  }
}

extension RateCard {
  /// The first thing that keeps the card from holding; nil when nothing does.
  fileprivate func refusal(of subject: Subject, at instant: Timestamp) -> CardSearch.Verdict? {
    let unmet = conditions.wanted.sorted { $0.key < $1.key }.first { condition in
      !Conditions([condition.key: condition.value]).hold(of: subject)
    }
    if let unmet { return .wants("\(unmet.key)=\(unmet.value)") }
    if !CardChoice.speaksForTier(self, of: subject) { return .otherTier(subject.tier) }
    if instant < from { return .notBegun }
    if let until, until <= instant { return .ended }
    if let window = conditions.window, !window.holds(at: instant).holds { return .outsideHours }
    return nil
  }
}
