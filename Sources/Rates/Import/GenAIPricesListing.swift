import Calls
import Units

/// The `data.json` that pydantic/genai-prices publishes: a list of providers, each with `models`,
/// each with `prices`, one object or a list of them under constraints.
///
/// Of a list the last price whose constraint holds is paid. A constraint is either a day on which
/// the price starts or hours of the day, never both: hours are taken to belong to the price that
/// stands before them, since they would else reach back for ever. `price_variants` replace single
/// prices where the request says so; those for tiers become cards.
/// Source: genai_prices/types.py of version 0.2.3, read 2026-11-21.
extension ListingReader {
  mutating func readGenAIPrices(_ tree: JSONTree) throws(ListingFault) {
    guard let providers = tree.elements else { throw shapeFault(tree, "it is no list of providers") }
    for provider in providers {
      guard let id = provider["id"]?.string, let models = provider["models"]?.elements else {
        throw shapeFault(provider, "a provider lacks 'id' or 'models'")
      }
      for model in models {
        guard let name = model["id"]?.string, let prices = model["prices"] else {
          throw shapeFault(model, "a model of \(id) lacks 'id' or 'prices'")
        }
        listing.models += 1
        readGenAIModel(model, prices, Place(issuer: id, model: name, line: model.line))
      }
    }
  }

  private mutating func readGenAIModel(_ model: JSONTree, _ prices: JSONTree, _ place: Place) {
    var (route, issuer, provider) = ("direct", place.issuer, place.issuer)
    if place.issuer.hasPrefix("huggingface_") {
      (route, issuer) = ("huggingface", "huggingface")
      provider = String(place.issuer.dropFirst("huggingface_".count))
    } else if place.issuer == "openrouter" {
      (route, provider) = ("openrouter", RateBook.anyProvider)
    }
    note(route: route, issuer: issuer, provider: provider, model: place.model)
    guard let standard = genAICards(prices, place), !standard.isEmpty else { return }
    guard let variants = genAIVariants(model["price_variants"], standard, place) else { return }
    var cards = standard + variants
    if standard.contains(where: { !$0.when.isEmpty }), !variants.isEmpty {
      // What a tier costs in those hours is nowhere said.
      leaveOut(place, "prices of tiers beside prices by the hour")
      cards = standard
    }
    guard cards.contains(where: \.asksMoney) else {
      return leaveOut(place, "models that cost nothing, or whose price is not known")
    }
    add(
      ListedProduct(
        route: route, issuer: issuer, provider: provider, model: place.model, cards: cards, line: place.line))
  }

  // MARK: - Constraints

  /// The cards of a `prices` value; nil when a fault leaves none.
  private mutating func genAICards(_ prices: JSONTree, _ place: Place) -> [ListedCard]? {
    guard let rows = prices.elements else {
      return genAIRates(prices, place).map { [$0] }
    }
    var cards: [ListedCard] = []
    var since: Day?
    for row in rows {
      guard let member = row["prices"], var card = genAIRates(member, place) else { return nil }
      if let constraint = row["constraint"], constraint.members != nil {
        if let text = constraint["start_date"]?.string {
          guard let day = Day(text) else {
            fault(place, .badDay(text))
            return nil
          }
          since = day
        } else {
          guard windows else {
            leaveOut(place, "models whose price depends on the hour")
            return nil
          }
          guard let start = constraint["start_time"]?.string, let end = constraint["end_time"]?.string,
            let from = PriceWindow.minutes(start[...]), let until = PriceWindow.minutes(end[...])
          else {
            fault(place, .badWindow("\(constraint.members?.map(\.name).joined(separator: ", ") ?? "")"))
            return nil
          }
          card.when = PriceWindow(hours: PriceWindow.hours(from: from, to: until), weekdays: nil).conditions
        }
      }
      card.from = since
      cards.append(card)
    }
    return cards
  }

  /// Tiers by the request's context, as genai-prices names it.
  private static func tier(_ when: JSONTree) -> String? {
    guard let members = when.members, members.count == 1, let member = members.first,
      let value = member.value.string
    else { return nil }
    switch member.name {
    case "processing": return value == "batch" ? "batch" : nil
    case "service_tier": return value
    default: return nil
    }
  }

  /// Cards for tiers: the price in force with the variant's own prices in its place.
  private mutating func genAIVariants(
    _ tree: JSONTree?, _ standard: [ListedCard], _ place: Place
  ) -> [ListedCard]? {
    var cards: [ListedCard] = []
    for variant in tree?.elements ?? [] {
      guard let when = variant["when"], let prices = variant["prices"] else {
        fault(place, .missing("when"))
        return nil
      }
      guard let tier = Self.tier(when) else {
        leaveOut(place, "prices under \(when.members?.map(\.name).joined(separator: ", ") ?? "a condition")")
        continue
      }
      var from: Day?
      if let constraint = variant["constraint"], constraint.members != nil {
        guard let text = constraint["start_date"]?.string, let day = Day(text) else {
          leaveOut(place, "prices of a tier that depend on the hour")
          continue
        }
        from = day
      }
      let day = from ?? today
      let base = standard.last { $0.when.isEmpty && ($0.from.map { $0 <= day } ?? true) } ?? standard[0]
      guard var card = genAIRates(prices, place, over: base) else { return nil }
      card.from = from
      // The tier that a card without one speaks for.
      if ["", "default", "standard", "on_demand"].contains(tier) {
        if card.rates != base.rates { leaveOut(place, "prices of the default tier beside the plain ones") }
        continue
      }
      card.when = ["tier": tier]
      cards.append(card)
    }
    return cards
  }

  // MARK: - Prices

  /// A `prices` object as a card without day or conditions, filled up from `base`.
  private mutating func genAIRates(
    _ tree: JSONTree, _ place: Place, over base: ListedCard? = nil
  ) -> ListedCard? {
    guard let members = tree.members else {
      fault(place, .notAnObject("'prices'"))
      return nil
    }
    var plain = base?.rates ?? [:]
    var tiered: [Meter: [(start: Int64, rate: ListedRate)]] = [:]
    for band in base?.bands ?? [] {
      for (meter, rate) in band.rates { tiered[meter, default: []].append((band.over, rate)) }
    }
    for member in members {
      guard let key = GenAIPriceKey(member.name, issuer: place.issuer) else {
        if GenAIPriceKey.known.contains(member.name) {
          leaveOut(place, "prices named \(member.name)")
        } else {
          unknownKey(member.name, place)
        }
        continue
      }
      let figure = member.value["base"] ?? member.value
      let read = genAIRate(figure, key, member.name, place)
      guard read.isSound else { return nil }
      plain[key.meter] = read.rate
      tiered[key.meter] = nil
      for tier in member.value["tiers"]?.elements ?? [] {
        guard let start = tier["start"].flatMap(literal).flatMap({ Int64($0) }), start > 0,
          let price = tier["price"]
        else {
          fault(place, .badBand("a tier lacks 'start' or 'price'"))
          return nil
        }
        let read = genAIRate(price, key, member.name, place)
        guard read.isSound, let rate = read.rate else { return nil }
        tiered[key.meter, default: []].append((start, rate))
      }
    }
    let starts = Set(tiered.values.flatMap { $0.map(\.start) }).sorted()
    let bands = starts.map { start in
      var rates = plain
      for (meter, tiers) in tiered {
        if let last = tiers.filter({ $0.start <= start }).max(by: { $0.start < $1.start }) {
          rates[meter] = last.rate
        }
      }
      return ListedCard.Band(over: start, rates: rates)
    }
    return ListedCard(rates: plain, bands: bands)
  }

  private mutating func genAIRate(
    _ tree: JSONTree, _ key: GenAIPriceKey, _ name: String, _ place: Place
  ) -> (rate: ListedRate?, isSound: Bool) {
    guard key.seconds > 1 else {
      return rate(tree, of: key.meter, power: key.power, named: name, place)
    }
    // A price for an hour is kept as one: it seldom has a finite price for a second.
    guard let text = literal(tree), let figure = DecimalLiteral(text), figure.coefficient >= 0 else {
      fault(place, .notANumber(name, literal(tree) ?? "no number"))
      return (nil, false)
    }
    guard figure.digits + figure.exponent <= 4 else {
      fault(place, .dear(name, "\(figure) USD per 1 hour", bound: "9999 USD per 1 hour"))
      return (nil, false)
    }
    return (ListedRate(figure.rounded(digits: 15, decimals: 15), per: "1 hour"), true)
  }
}
