import Calls
import Rates
import Testing
import Units

/// A source's document as its cards, a line each, so that a test reads like a price list.
enum Listing {
  static let today = Day(number: 20_778)  // 2026-11-21

  static func of(_ source: PriceSource, _ text: String, windows: Bool = false) throws -> PriceListing {
    try source.listing(of: text, today: today, windows: windows)
  }

  /// `issuer provider model tier=flex from 2026-01-01: input 1 per 1M tokens | over 200000: …`.
  static func cards(_ source: PriceSource, _ text: String, windows: Bool = false) throws -> [String] {
    let listing = try of(source, text, windows: windows)
    var lines = listing.products.flatMap { product in
      product.cards.map { card in
        var line = product.issuer
        if product.route != "direct" { line = "\(product.route): \(product.provider)" }
        line += " \(product.model)"
        if !card.when.isEmpty { line += " \(card.conditions.text)" }
        if let from = card.from { line += " from \(from)" }
        line += ": " + words(card.rates)
        return card.bands.reduce(line) { $0 + " | over \($1.over): " + words($1.rates) }
      }
    }
    lines += listing.faults.map { "fault \($0)" }
    lines += listing.leftOut.sorted { $0.key.what < $1.key.what }.map { "left out \($0.value) \($0.key.what)" }
    return lines
  }

  private static func words(_ rates: [Meter: ListedRate]) -> String {
    rates.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key.name) \($0.value.text)" }
      .joined(separator: ", ").replacing(" per 1M tokens", with: "")
  }
}
