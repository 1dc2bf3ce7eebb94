import Calls
import Units

/// Prices in LiteLLM's map that stand in lists: by ranges of prompt tokens, and by hours.
extension ListingReader {
  /// `tiered_pricing`: ranges of prompt tokens, each up to and with its end.
  mutating func liteLLMTiered(
    _ tiers: [JSONTree], _ model: JSONTree, _ name: LiteLLMName, _ place: Place
  ) -> [ListedCard]? {
    var rows: [(over: Int64, rates: [Meter: ListedRate])] = []
    for tier in tiers {
      guard let start = tier["range"]?.elements?.first.flatMap(literal).flatMap({ DecimalLiteral($0) }),
        let over = start.scaled(decimals: 0).flatMap({ Int64(exactly: $0) }), over >= 0
      else {
        leaveOut(place, "prices by results or by other ranges than of tokens")
        return nil
      }
      let members = (model.members ?? []).filter { $0.name == "mode" } + (tier.members ?? [])
      guard let stated = liteLLMRates(JSONTree(value: .object(members), line: tier.line), name, place)
      else { return nil }
      var rates: [Meter: ListedRate] = [:]
      for row in stated where row.over == 0 && row.when.isEmpty { rates[row.meter] = row.rate }
      rows.append((over, rates))
    }
    rows.sort { $0.over < $1.over }
    guard let first = rows.first, first.over == 0, !first.rates.isEmpty,
      Set(rows.map(\.over)).count == rows.count
    else {
      fault(place, .badBand("the ranges do not begin at nought, or overlap"))
      return nil
    }
    let bands = rows.dropFirst().map { ListedCard.Band(over: $0.over, rates: $0.rates) }
    return [ListedCard(rates: first.rates, bands: bands)]
  }

  // MARK: - Hours

  /// `off_peak_pricing`: other prices in `hours_utc`, or in `windows` of hours and weekdays.
  mutating func liteLLMOffPeak(
    _ tree: JSONTree, _ base: ListedCard, _ name: LiteLLMName, _ place: Place
  ) -> [ListedCard]? {
    let prices = (tree.members ?? []).filter { LiteLLMKey.isPrice($0.name) }
    guard let stated = liteLLMRates(JSONTree(value: .object(prices), line: tree.line), name, place)
    else { return nil }
    var rates = base.rates
    for row in stated where row.over == 0 && row.when.isEmpty { rates[row.meter] = row.rate }
    var cards: [ListedCard] = []
    for window in tree["windows"]?.elements ?? [tree] {
      let hours = window["hours_utc"].map { $0.elements ?? [$0] } ?? []
      var weekdays: String?
      if let days = window["weekdays"]?.elements {
        let read = PriceWindow.weekdays(days.compactMap { literal($0).flatMap { Int($0) } })
        guard read.isSound else {
          fault(place, .badWindow("weekdays"))
          return nil
        }
        weekdays = read.text
      }
      for text in hours {
        guard let words = text.string, let span = PriceWindow.span(words) else {
          fault(place, .badWindow(text.string ?? "hours_utc"))
          return nil
        }
        let window = PriceWindow(
          hours: PriceWindow.hours(from: span.start, to: span.end), weekdays: weekdays)
        cards.append(ListedCard(when: window.conditions, rates: rates))
      }
    }
    guard !cards.isEmpty else {
      fault(place, .badWindow("off_peak_pricing"))
      return nil
    }
    return cards
  }
}
