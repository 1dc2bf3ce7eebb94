import Calls
import Units

/// All rate cards, and the one in force for a call.
package struct RateBook: Sendable {
  package let products: [ProductKey: Product]
  /// Other names of issuers and providers: `fal-ai` for `fal`.
  package let canonicalNames: [String: String]
  /// Issuers that list each model directly, by canonical name; for calls that name no provider.
  private let sellers: [String: Set<String>]
  /// Where the book was read from, for messages.
  package let origin: String

  /// Whose price for what: the key that cards are found by.
  ///
  /// Names are canonical.
  package struct ProductKey: Hashable, Sendable {
    package let route: String
    package let issuer: String
    package let provider: String
    package let model: String
  }

  /// What one issuer sells under one model name, through time.
  package struct Product: Sendable {
    package let key: ProductKey
    /// The provider's own name for a routed model, where it is another.
    package let directModel: String
    /// By conditions, then by `from`.
    package let cards: [RateCard]
  }

  package init(
    products: [ProductKey: Product], canonicalNames: [String: String], origin: String
  ) {
    self.products = products
    self.canonicalNames = canonicalNames
    self.origin = origin
    var sellers: [String: Set<String>] = [:]
    for key in products.keys where key.route == "direct" {
      sellers[key.model, default: []].insert(key.issuer)
    }
    self.sellers = sellers
  }

  package static let empty = RateBook(products: [:], canonicalNames: [:], origin: "no files")

  /// The provider of routed products that cost the same whoever runs them.
  package static let anyProvider = "*"

  /// The name the book knows a company by.
  package func canonical(_ name: String) -> String { canonicalNames[name] ?? name }

  /// `subject` with route, provider and issuer filled in where the line left them out.
  ///
  /// A provider that is not stated is taken from the model when exactly one issuer sells it
  /// directly; `inferred` tells so. An issuer follows from the route.
  package func completed(_ subject: Subject) -> (subject: Subject, inferred: Bool) {
    var subject = subject
    var inferred = false
    if subject.route.isEmpty { subject.route = "direct" }
    if subject.provider.isEmpty, subject.route == "direct" {
      if !subject.issuer.isEmpty {
        subject.provider = subject.issuer
      } else if let only = sellers[subject.model], only.count == 1, let seller = only.first {
        subject.provider = seller
        inferred = true
      }
    }
    if subject.issuer.isEmpty {
      subject.issuer = subject.route == "direct" ? subject.provider : subject.route
    }
    return (subject, inferred)
  }

  /// The cards for a completed subject at one instant.
  package func resolve(_ subject: Subject, at instant: Timestamp) -> Resolution {
    let issuer = canonical(subject.issuer)
    let provider = canonical(subject.provider)
    guard !subject.model.isEmpty else { return .unpriced(.noModel) }
    guard !provider.isEmpty || subject.route != "direct" else { return .unpriced(.noProvider) }
    // A provider's own key at a router: the router carries the call, the provider bills it.
    let ownKey = subject.route != "direct" && issuer != canonical(subject.route)
    let router = ownKey ? canonical(subject.route) : issuer
    let routed =
      products[
        ProductKey(route: subject.route, issuer: router, provider: provider, model: subject.model)]
      ?? products[
        ProductKey(
          route: subject.route, issuer: router, provider: Self.anyProvider, model: subject.model)]
    let directModel = routed?.directModel ?? subject.model
    let direct =
      products[
        ProductKey(route: "direct", issuer: provider, provider: provider, model: directModel)]
      ?? products[
        ProductKey(route: "direct", issuer: provider, provider: provider, model: subject.model)]
    guard let product = subject.route == "direct" || ownKey ? direct : routed else {
      let known = products.keys.contains {
        $0.route == (ownKey ? "direct" : subject.route) && $0.provider == provider
      }
      if provider.isEmpty { return .unpriced(.noProvider) }
      return .unpriced(known ? .unknownModel : .unknownProvider)
    }
    let choice = Self.choose(from: product.cards, for: subject, at: instant)
    guard let card = choice.card else {
      return Resolution(
        card: nil, direct: nil, reason: choice.reason, from: choice.from, until: choice.until)
    }
    guard subject.route != "direct", !ownKey else {
      return Resolution(card: card, direct: nil, reason: nil, from: choice.from, until: choice.until)
    }
    let counterpart = Self.choose(from: direct?.cards ?? [], for: subject, at: instant)
    return Resolution(
      card: card, direct: counterpart.card, reason: nil,
      from: max(choice.from, counterpart.from), until: min(choice.until, counterpart.until))
  }

  /// What ``resolve(_:at:)`` found, and the span of instants in which the answer stays the same.
  package struct Resolution: Sendable {
    package let card: RateCard?
    /// The provider's direct card, for a call that was routed; nil when there is none.
    package let direct: RateCard?
    package let reason: UnpricedReason?
    package let from: Timestamp
    package let until: Timestamp

    package static func unpriced(_ reason: UnpricedReason) -> Resolution {
      Resolution(card: nil, direct: nil, reason: reason, from: .earliest, until: .latest)
    }
  }

  private struct Choice {
    var card: RateCard?
    var reason: UnpricedReason?
    var from = Timestamp.earliest
    var until = Timestamp.latest
  }

  /// Tiers that a card without a tier condition speaks for.
  package static let standardTiers: Set = ["", "default", "standard", "on_demand"]

  /// The card in force with the most conditions met, and until when no other answer is possible.
  private static func choose(
    from cards: [RateCard], for subject: Subject, at instant: Timestamp
  ) -> Choice {
    var choice = Choice()
    var anyApplies = false
    for card in cards {
      let wantsTier = card.conditions.wanted["tier"] != nil
      guard card.conditions.hold(of: subject),
        wantsTier || standardTiers.contains(subject.tier)
      else { continue }
      anyApplies = true
      let inForce = card.from <= instant && (card.until.map { instant < $0 } ?? true)
      if inForce {
        if choice.card.map({ $0.conditions.wanted.count < card.conditions.wanted.count }) ?? true {
          choice.card = card
        }
      }
      for edge in [card.from, card.until].compactMap({ $0 }) {
        if edge <= instant { choice.from = max(choice.from, edge) }
        if edge > instant { choice.until = min(choice.until, edge) }
      }
    }
    if choice.card == nil {
      let first = cards.map(\.from).min()
      choice.reason =
        anyApplies && first.map { instant < $0 } ?? false ? .beforeFirstCard : .noCardInForce
    }
    return choice
  }
}

extension Timestamp {
  package static let earliest = Timestamp(microseconds: .min)
  package static let latest = Timestamp(microseconds: .max)
}
