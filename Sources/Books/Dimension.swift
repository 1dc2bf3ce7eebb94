import Calls
import Rates

/// All that calls booked alike have in common: who, what, and under which cards.
///
/// A rollup row is a dimension in an hour. Because the cards are part of it, quantities × rates
/// give the exact, unrounded sum of the row at any later time.
package struct Dimension: Sendable {
  package let subject: Subject
  /// The provider was not stated and was taken from the model's only seller.
  package let providerInferred: Bool
  /// The card the issuer bills by; nil when the calls are unpriced.
  package let card: RateCard?
  /// The provider's direct card, for routed calls; nil when there is none to compare with.
  package let direct: RateCard?
  /// Why there is no card.
  package let reason: UnpricedReason?
  /// The context band of `card` that the calls pay: 0 for the base, then as in ``RateCard/bands``.
  package let band: Int

  package init(
    subject: Subject, providerInferred: Bool, card: RateCard?, direct: RateCard?,
    reason: UnpricedReason?, band: Int
  ) {
    self.subject = subject
    self.providerInferred = providerInferred
    self.card = card
    self.direct = direct
    self.reason = reason
    self.band = band
  }

  /// Whether the calls went through a router that bills them.
  ///
  /// Under a provider's own key the router carries a call that the provider bills at its direct
  /// price: that is direct, whatever its route.
  package var isRouted: Bool { subject.route != "direct" && card?.route != "direct" }

  /// Whether routed and direct can be compared: true for every call that is not routed.
  package var marginKnown: Bool { !isRouted || direct != nil }
}
