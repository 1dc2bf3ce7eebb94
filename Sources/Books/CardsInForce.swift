import Calls
import Rates
import Units

/// The cards that hold for a subject at an instant, and what a call comes to under them.
package struct CardsInForce: Sendable {
  /// The card the issuer bills by; nil where there is none.
  package let card: RateCard?
  /// The provider's own card, for a routed call.
  package let direct: RateCard?
  /// Why there is no card; says nothing where there is one.
  package let reason: UnpricedReason

  package init(_ resolution: RateBook.Resolution) {
    card = resolution.card
    direct = resolution.direct
    reason = resolution.reason ?? .noCardInForce
  }

  /// What a call costs, and what it would have cost directly, where the two can be compared.
  @inline(__always)
  package func charges(_ call: Call) -> (charge: Charge, base: Charge?) {
    let charge = card?.charge(call) ?? withoutCard(call)
    guard let direct, case .exact = charge.state else { return (charge, nil) }
    // What the router does not bill because it failed, it does not make cheaper either.
    let isUnbilled = call.outcome == .error && charge.amount == .zero
    let counterpart = isUnbilled ? Charge.nothing : direct.charge(call)
    if case .exact = counterpart.state { return (charge, counterpart) }
    return (charge, nil)
  }

  /// A call that failed without usage costs nothing, whether or not there is a card for it.
  private func withoutCard(_ call: Call) -> Charge {
    if call.outcome == .error, call.usage.isEmpty { return .nothing }
    return .unpriced(call.flags.contains(.contradictory) ? .contradictoryUsage : reason)
  }
}
