import Calls
import Units

/// What importing a listing would change in a set of cards: nothing is written by making one.
package struct PriceReview: Sendable {
  package let source: PriceSource
  package let models: Int
  /// By issuer, then provider, model and conditions.
  package private(set) var entries: [Entry] = []
  package private(set) var faults: [ImportFault] = []
  /// Of the issuers that were looked at.
  package private(set) var leftOut: [PriceListing.LeftOut: Int] = [:]
  /// Issuers of the source that were not asked for.
  package private(set) var issuersPassedOver = 0

  /// One card of the source, or one of ours that the source does not list.
  package struct Entry: Sendable {
    package enum Kind: String, Sendable { case added, changed, unchanged, gone }

    package let kind: Kind
    /// Canonical names.
    package let key: RateBook.ProductKey
    /// The provider as the source writes it.
    package let provider: String
    package let when: [String: String]
    /// The first day; that of the old card for one that is gone.
    package let from: Day
    /// Nil for one that is gone.
    package let card: ListedCard?
    /// The card that it follows, or that is gone.
    package let old: RateCard?
    package let differences: [RateDifference]
    /// Why it is held back; empty when it is not, or was accepted.
    package var holds: [PriceHold]
    package let line: Int

    package var conditions: Conditions { card?.conditions ?? Conditions() }
  }

  /// What may be chosen of a review.
  package struct Choice: Sendable {
    /// Issuers by any of their names; nil for those that the set has, or all when it has none.
    package var issuers: [String]?
    package var allIssuers = false
    /// The first day of prices without a day of their own.
    package var from: Day
    package var today: Day
    /// Models whose holds are lifted, or `all`.
    package var accepted: Set<String> = []

    package init(from: Day, today: Day) {
      self.from = from
      self.today = today
    }
  }

  package init(of listing: PriceListing, from source: PriceSource, against book: RateBook, _ choice: Choice) {
    self.source = source
    models = listing.models
    var comparing = PriceComparison(book: book, choice: choice, source: source)
    func isWanted(_ issuer: String) -> Bool {
      // What is of no issuer concerns all.
      if choice.allIssuers || issuer.isEmpty || !source.isAggregator && choice.issuers == nil { return true }
      let name = comparing.issuer(issuer)
      if let issuers = choice.issuers { return issuers.contains { comparing.issuer($0) == name } }
      return comparing.owners.isEmpty || comparing.owners.contains(name)
    }
    var passed: Set<String> = []
    for product in listing.products where !product.cards.isEmpty {
      if isWanted(product.issuer) { comparing.add(product) } else { passed.insert(product.issuer) }
    }
    comparing.finish(all: listing.names.filter { isWanted($0.issuer) })
    entries = comparing.entries
    faults = listing.faults.filter { isWanted($0.issuer) } + comparing.faults
    leftOut = listing.leftOut.filter { isWanted($0.key.issuer) }
    issuersPassedOver = passed.count
  }

  package func count(_ kind: Entry.Kind) -> Int { entries.count { $0.kind == kind } }

  /// New cards that nothing holds back.
  package var writable: [Entry] {
    entries.filter { ($0.kind == .added || $0.kind == .changed) && $0.holds.isEmpty }
  }

  package var held: [Entry] { entries.filter { !$0.holds.isEmpty } }

  /// Whether anything stands in it beside what is unchanged.
  package var isEmpty: Bool { faults.isEmpty && entries.allSatisfy { $0.kind == .unchanged } }
}

/// One meter's rate before and after.
package struct RateDifference: Hashable, Sendable {
  package let meter: Meter
  /// The band it is of; 0 for the base.
  package let over: Int64
  /// In the files' words; nil where there was none.
  package let old: String?
  package let new: String?
  /// New by old in hundredths, half to even; nil where either is absent or nought.
  package let ratioHundredths: Int128?

  /// `×1.25`, `×0.50`; nil without a ratio.
  package var ratio: String? {
    ratioHundredths.map { "×" + DecimalText.fixed($0, decimals: 2) }
  }
}

/// Why a change is not written before somebody has accepted it.
package enum PriceHold: Hashable, Sendable {
  /// More than ten times dearer or cheaper.
  case factor(Meter)
  /// To nought or from it.
  case zero(Meter)
  /// What was billed by one unit is billed by another.
  case unit
  /// The source does not state a rate that the card in force has.
  case lost([Meter])
  /// The source has no prices for long prompts, where the card in force has.
  case bandLost(over: Int64)
  /// A cached token would cost more than a fresh one.
  case dearCache
  /// Another card of the model is held back: a model is taken whole.
  case another

  package var name: String {
    switch self {
    case .factor: "factor"
    case .zero: "zero"
    case .unit: "unit"
    case .lost: "lost"
    case .bandLost: "band_lost"
    case .dearCache: "dear_cache"
    case .another: "another"
    }
  }

  package var sentence: String {
    switch self {
    case .factor(let meter): "\(meter.name) changes by more than ten times"
    case .zero(let meter): "\(meter.name) goes to nought or comes from it"
    case .unit: "it is billed by another unit than before"
    case .lost(let meters):
      "the source does not state \(meters.map(\.name).joined(separator: ", ")), which the card in force does"
    case .dearCache: "a cached token would cost more than a fresh one"
    case .another: "another card of the model is held back"
    case .bandLost(let over): "the source has no price for prompts over \(over) tokens, the card in force has"
    }
  }
}
