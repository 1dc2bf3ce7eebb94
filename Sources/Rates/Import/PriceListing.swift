import Calls
import Units

/// What a source lists, in the terms of cards: products with their prices, and what could not be read.
package struct PriceListing: Sendable {
  /// Models of the document, with a price or without.
  package var models = 0
  package var products: [ListedProduct] = []
  /// Everything that is listed, also what bears no price that could be taken.
  package var names: Set<Name> = []
  package var faults: [ImportFault] = []
  /// What a card cannot say or a price does not tell, by its name, and how often it occurs.
  package var leftOut: [LeftOut: Int] = [:]

  /// Whose model is listed, as the source writes it.
  package struct Name: Hashable, Sendable {
    package let route: String
    package let issuer: String
    package let provider: String
    package let model: String
  }

  /// Something that is in the source and on purpose in no card.
  package struct LeftOut: Hashable, Sendable {
    /// The issuer as the source names it; empty for the whole source.
    package let issuer: String
    package let what: String
  }
}

/// One product as a source lists it.
package struct ListedProduct: Sendable {
  package let route: String
  /// Names as the source writes them.
  package let issuer: String
  package let provider: String
  package let model: String
  package var cards: [ListedCard]
  /// The line of the document.
  package let line: Int
}

/// A price as a source lists it, for one set of conditions from one day on.
package struct ListedCard: Sendable {
  /// The day in the source; nil when it states none.
  package var from: Day?
  package var when: [String: String]
  package var rates: [Meter: ListedRate]
  /// Meters priced as another; never of a source, only kept from the card before.
  package var sameAs: [Meter: Meter] = [:]
  /// By rising threshold; each with all its rates.
  package var bands: [Band] = []

  package struct Band: Sendable {
    package let over: Int64
    package var rates: [Meter: ListedRate]

    package init(over: Int64, rates: [Meter: ListedRate]) {
      self.over = over
      self.rates = rates
    }
  }

  package init(
    from: Day? = nil, when: [String: String] = [:], rates: [Meter: ListedRate] = [:],
    bands: [Band] = []
  ) {
    self.from = from
    self.when = when
    self.rates = rates
    self.bands = bands
  }

  /// `when` as the rate book holds it; hours are of UTC.
  package var conditions: Conditions {
    guard when["zone"] != nil else { return Conditions(when) }
    let clock = Set(["hours", "weekdays", "zone"])
    return Conditions(
      when.filter { !clock.contains($0.key) },
      window: TimeWindow(hours: when["hours"], weekdays: when["weekdays"], zone: .utc))
  }

  /// Whether a cached token costs more than a fresh one.
  var hasDearCache: Bool {
    ([rates] + bands.map(\.rates)).contains { rates in
      guard let read = rates[.cacheRead]?.exact, let input = rates[.input]?.exact else { return false }
      return Int128(read.numerator) * Int128(input.denominator)
        > Int128(input.numerator) * Int128(read.denominator)
    }
  }

  /// Whether any meter of it costs something.
  var asksMoney: Bool {
    rates.values.contains { !$0.dollars.isZero }
      || bands.contains { $0.rates.values.contains { !$0.dollars.isZero } }
  }
}

/// So many dollars for so much: `0.15` for `1M tokens`.
package struct ListedRate: Hashable, Sendable {
  package let dollars: DecimalLiteral
  package let per: String

  package init(_ dollars: DecimalLiteral, per: String) {
    self.dollars = dollars
    self.per = per
  }

  /// The exact fraction for a smallest part, as the rate book holds it.
  var exact: MeterRate? {
    guard let parts = RatePer(per)?.parts, let femtos = dollars.scaled(decimals: 15) else {
      return nil
    }
    return MeterRate(femtos: femtos, parts: Int128(parts))
  }

  package var text: String { "\(dollars) per \(per)" }
}
