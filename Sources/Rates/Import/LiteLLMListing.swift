import Calls
import Units

/// LiteLLM's `model_prices_and_context_window.json`: models by key, each with prices in USD for one
/// token, image, second, character, page or query, as floating-point numbers.
///
/// Nought fills places there whose price is nothing, unknown or does not apply, and is never taken.
/// Prices with a tier's ending become that tier's card; where one has a threshold, its other prices
/// stay those of the tier.
/// Source: the map and litellm_core_utils/llm_cost_calc of version 1.109.1, read 2026-11-21.
extension ListingReader {
  /// Issuers whose threshold itself is dear already.
  private static let inclusive: Set = ["xai"]

  mutating func readLiteLLM(_ tree: JSONTree) throws(ListingFault) {
    guard let models = tree.members else { throw shapeFault(tree, "it is no object of models") }
    guard models.contains(where: { $0.value["litellm_provider"] != nil }) else {
      throw shapeFault(tree, "no model has a 'litellm_provider'")
    }
    // One model's sizes and qualities stand under keys of their own.
    var products: [ListedProduct] = []
    var places: [String: Int] = [:]
    for model in models where model.name != "sample_spec" {
      listing.models += 1
      guard let product = liteLLMProduct(model) else { continue }
      let key = product.issuer + "\n" + product.model
      if let place = places[key], products[place].isBySize != product.isBySize {
        // A call with tokens and a size would find the size's card, which prices no token.
        leaveOut(
          Place(issuer: product.issuer, model: product.model, line: product.line),
          "prices by size beside others of the model")
        if !product.isBySize { products[place] = product }
      } else if let place = places[key],
        Set(products[place].cards.map(\.when)).isDisjoint(with: product.cards.map(\.when))
      {
        products[place].cards += product.cards
      } else {
        places[key] = places[key] ?? products.count
        products.append(product)
      }
    }
    for product in products { add(product) }
  }

  private mutating func liteLLMProduct(_ model: JSONTree.Member) -> ListedProduct? {
    var place = Place(issuer: "litellm", model: model.name, line: model.line)
    guard let provider = model.value["litellm_provider"]?.string else {
      fault(place, .missing("litellm_provider"))
      return nil
    }
    let name = LiteLLMName(key: model.name, provider: provider)
    place.issuer = name.issuer
    let isRouter = name.issuer == "openrouter"
    let (route, runner) = isRouter ? ("openrouter", RateBook.anyProvider) : ("direct", name.issuer)
    note(route: route, issuer: name.issuer, provider: runner, model: name.model)
    let cards: [ListedCard]?
    if let tiers = model.value["tiered_pricing"]?.elements {
      cards = liteLLMTiered(tiers, model.value, name, place)
    } else {
      cards = liteLLMCards(model.value, name, place)
    }
    guard var cards else { return nil }
    for place in cards.indices { cards[place].when.merge(name.when) { own, _ in own } }
    guard cards.contains(where: \.asksMoney) else {
      leaveOut(place, "models without a price above nought")
      return nil
    }
    return ListedProduct(
      route: route, issuer: name.issuer, provider: runner, model: name.model, cards: cards, line: model.line)
  }

  // MARK: - Tiers, thresholds and resolutions

  /// A card for each tier and resolution; nil when a fault leaves none.
  private mutating func liteLLMCards(
    _ tree: JSONTree, _ name: LiteLLMName, _ place: Place
  ) -> [ListedCard]? {
    guard let stated = liteLLMRates(tree, name, place) else { return nil }
    var cards: [ListedCard] = []
    for when in Set(stated.map(\.when)).sorted(by: { Conditions($0).text < Conditions($1).text }) {
      let rows = stated.filter { $0.when == when }
      var card = ListedCard(when: when)
      for row in rows where row.over == 0 { card.rates[row.meter] = row.rate }
      if card.rates.isEmpty {
        leaveOut(place, "prices for long prompts without one for short ones")
        continue
      }
      for over in Set(rows.map(\.over)).sorted() where over > 0 {
        var rates = card.bands.last?.rates ?? card.rates
        for row in rows where row.over == over { rates[row.meter] = row.rate }
        let edge = Self.inclusive.contains(name.issuer) ? over - 1 : over
        card.bands.append(ListedCard.Band(over: edge, rates: rates))
      }
      cards.append(card)
    }
    guard let windowed = tree["off_peak_pricing"] else { return cards }
    guard windows else {
      leaveOut(place, "models whose price depends on the hour")
      return nil
    }
    guard let base = cards.first(where: { $0.when.isEmpty }),
      let offPeak = liteLLMOffPeak(windowed, base, name, place)
    else { return nil }
    if cards.count > 1 { leaveOut(place, "prices of tiers beside prices by the hour") }
    // What a tier costs in those hours is nowhere said.
    return [base] + offPeak
  }

  /// A price of a model that a meter counts.
  struct StatedRate {
    let meter: Meter
    let rate: ListedRate
    let over: Int64
    let when: [String: String]
  }

  /// Every price of a model that a meter counts; nil when one is beyond belief.
  mutating func liteLLMRates(
    _ tree: JSONTree, _ name: LiteLLMName, _ place: Place
  ) -> [StatedRate]? {
    let mode = tree["mode"]?.string ?? ""
    let keepsLong =
      ["openai", "azure"].contains(name.issuer)
      || tree["cache_creation_input_token_cost_above_12hr"] != nil
    var stated: [StatedRate] = []
    for member in tree.members ?? [] where LiteLLMKey.isPrice(member.name) {
      if ["tiered_pricing", "off_peak_pricing"].contains(member.name) { continue }
      if member.name == "search_context_cost_per_query" {
        guard let rate = liteLLMSearches(member.value, place) else { continue }
        stated.append(StatedRate(meter: .searches, rate: rate, over: 0, when: [:]))
        continue
      }
      let key = LiteLLMKey(member.name)
      let zero = literal(member.value).flatMap { DecimalLiteral($0) }?.isZero ?? false
      guard let meter = key.meter(mode: mode, keepsLong: keepsLong) else {
        if zero { continue }
        // A name of which only the mode is wrong is known as well.
        let isKnown =
          LiteLLMKey.others.contains(member.name) || LiteLLMKey.others.contains(key.base)
          || ["image_generation", "audio_transcription", "audio_speech", "rerank", "video_generation"]
            .contains { key.meter(mode: $0, keepsLong: keepsLong) != nil }
        if isKnown { leaveOut(place, "prices named \(key.base)") } else { unknownKey(member.name, place) }
        continue
      }
      if zero { continue }
      let power = meter == .megapixels ? -6 : 0
      let read = rate(member.value, of: meter, power: power, named: member.name, place)
      guard read.isSound else { return nil }
      guard let rate = read.rate else { continue }
      var when: [String: String] = [:]
      if !key.tier.isEmpty { when["tier"] = key.tier }
      if !key.resolution.isEmpty { when["resolution"] = key.resolution }
      if let other = stated.first(where: { $0.meter == meter && $0.over == key.over && $0.when == when }),
        other.rate != rate
      {
        leaveOut(place, "models with two prices for one meter")
        return nil
      }
      stated.append(StatedRate(meter: meter, rate: rate, over: key.over, when: when))
    }
    let meters = Set(stated.map(\.meter))
    if meters.isSuperset(of: [.images, .megapixels]) {
      // Two ways to the same price, of which a card would ask both.
      leaveOut(place, "models priced by the image and by the pixel")
      return nil
    }
    return stated
  }

  /// The price of a search, where it does not depend on how much is searched.
  private mutating func liteLLMSearches(_ tree: JSONTree, _ place: Place) -> ListedRate? {
    let figures = (tree.members ?? []).compactMap { literal($0.value).flatMap { DecimalLiteral($0) } }
    guard let first = figures.first, !first.isZero else { return nil }
    guard Set(figures).count == 1 else {
      leaveOut(place, "prices of a search by its size")
      return nil
    }
    return Self.listed(first, .searches)
  }
}

extension ListedProduct {
  /// Whether all its prices are for a size or a quality.
  fileprivate var isBySize: Bool {
    cards.allSatisfy { $0.when["size"] != nil || $0.when["quality"] != nil }
  }
}
