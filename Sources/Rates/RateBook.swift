import Calls
import Units

/// All rate cards, and the one in force for a call.
package struct RateBook: Sendable {
  package let products: [ProductKey: Product]
  /// Negotiated prices: where one is in force, it holds before the list price.
  package let contracts: [ProductKey: Product]
  /// Other names of issuers and providers: `fal-ai` for `fal`.
  package let canonicalNames: [String: String]
  /// Issuers that list each model directly, by canonical name; for calls that name no provider.
  private let sellers: [String: Set<String>]
  /// Credits that plans include, and fees on buying credit.
  package let plans: [CreditPlan]
  package let fees: [TopUpFee]
  /// Units that issuers give away.
  package let allowances: [Allowance]
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
    products: [ProductKey: Product], contracts: [ProductKey: Product] = [:],
    canonicalNames: [String: String], origin: String, plans: [CreditPlan] = [], fees: [TopUpFee] = [],
    allowances: [Allowance] = []
  ) {
    self.plans = plans
    self.fees = fees
    self.allowances = allowances
    self.products = products
    self.contracts = contracts
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
    guard !subject.model.isEmpty else { return .unpriced(.noModel) }
    let found = offer(of: subject)
    guard !found.provider.isEmpty || subject.route != "direct" else { return .unpriced(.noProvider) }
    guard let offer = found.billed else {
      let route = found.isRouted ? subject.route : "direct"
      // Where a route asks one price whoever runs a model, it is the model that is not known.
      let known = products.keys.contains {
        $0.route == route && ($0.provider == found.provider || $0.provider == Self.anyProvider)
      }
      if found.provider.isEmpty, !known { return .unpriced(.noProvider) }
      return .unpriced(known ? .unknownModel : .unknownProvider)
    }
    let choice = offer.choose(for: subject, at: instant)
    guard let card = choice.card, found.isRouted else {
      return Resolution(
        card: choice.card, direct: nil, reason: choice.card == nil ? choice.reason : nil, from: choice.from,
        until: choice.until)
    }
    let counterpart = found.direct?.choose(for: subject, at: instant) ?? CardChoice()
    return Resolution(
      card: card, direct: counterpart.card, reason: nil,
      from: max(choice.from, counterpart.from), until: min(choice.until, counterpart.until))
  }

  /// Whose products a completed subject asks for.
  struct Offers {
    /// The provider's canonical name.
    let provider: String
    /// The route bills the call; otherwise the provider does.
    let isRouted: Bool
    /// What the call is billed by; nil when nobody prices it.
    let billed: Offer?
    /// The provider's own prices, for a routed call.
    let direct: Offer?
  }

  func offer(of subject: Subject) -> Offers {
    let issuer = canonical(subject.issuer)
    let provider = canonical(subject.provider)
    // A provider's own key at a router: the router carries the call, the provider bills it.
    let ownKey = subject.route != "direct" && issuer != canonical(subject.route)
    let router = ownKey ? canonical(subject.route) : issuer
    let routed =
      offer(subject.route, router, provider, subject.model)
      ?? offer(subject.route, router, Self.anyProvider, subject.model)
    // A name that stands for several models through time is its own product, not the model's.
    let direct =
      (subject.route == "direct"
        ? nil : offer("direct", provider, provider, routed?.directModel ?? subject.model))
      ?? offer("direct", provider, provider, subject.model)
    let isRouted = subject.route != "direct" && !ownKey
    return Offers(
      provider: provider, isRouted: isRouted, billed: isRouted ? routed : direct,
      direct: isRouted ? direct : nil)
  }

  /// List and contract prices of one product; nil when there are neither.
  private func offer(
    _ route: String, _ issuer: String, _ provider: String, _ model: String
  ) -> Offer? {
    let key = ProductKey(route: route, issuer: issuer, provider: provider, model: model)
    let list = products[key]
    let agreed = contracts[key]
    guard let directModel = agreed?.directModel ?? list?.directModel else { return nil }
    return Offer(directModel: directModel, list: list?.cards ?? [], agreed: agreed?.cards ?? [])
  }

  /// A product's list prices, and those agreed by contract, which hold before them.
  struct Offer {
    let directModel: String
    let list: [RateCard]
    let agreed: [RateCard]

    func choose(for subject: Subject, at instant: Timestamp) -> CardChoice {
      guard !agreed.isEmpty else { return CardChoice(from: list, for: subject, at: instant) }
      let contract = CardChoice(from: agreed, for: subject, at: instant)
      if contract.card != nil { return contract }
      var choice = CardChoice(from: list, for: subject, at: instant)
      choice.from = max(choice.from, contract.from)
      choice.until = min(choice.until, contract.until)
      return choice
    }
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
}

extension Timestamp {
  package static let earliest = Timestamp(microseconds: .min)
  package static let latest = Timestamp(microseconds: .max)
}
