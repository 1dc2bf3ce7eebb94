import Calls
import Units

/// `https://openrouter.ai/api/v1/models`: `pricing` with USD per token, image or request, as
/// decimals in quotes; `-1` where the price depends on what the call is routed to.
///
/// `prompt` and `completion` of `"0"` are free. Elsewhere `"0"` fills the place of a price that is
/// not asked, and means nothing.
/// Source: openrouter.ai/docs, "Pricing" and "PricingOverride", read 2026-11-21.
extension ListingReader {
  private static let openRouterMeters: [String: Meter] = [
    "prompt": .input, "completion": .output, "input_cache_read": .cacheRead,
    "input_cache_write": .cacheWrite5m, "input_cache_write_1h": .cacheWrite1h,
    "internal_reasoning": .reasoning, "audio": .inputAudio, "audio_output": .outputAudio,
    "image_token": .inputImage, "image_output": .outputImage, "request": .requests,
    "web_search": .searches,
  ]
  /// Prices of things that no meter counts as OpenRouter does.
  private static let openRouterOthers: Set = [
    "image", "input_audio_cache", "discount", "video", "overrides",
  ]
  private static let openRouterConditions: Set = [
    "min_prompt_tokens", "utc_start", "utc_end", "utc_days",
  ]

  mutating func readOpenRouter(_ tree: JSONTree) throws(ListingFault) {
    guard let models = tree["data"]?.elements else {
      throw shapeFault(tree, "it has no list 'data'")
    }
    for model in models {
      guard let name = model["id"]?.string, let pricing = model["pricing"], pricing.members != nil
      else { throw shapeFault(model, "a model lacks 'id' or 'pricing'") }
      listing.models += 1
      let place = Place(issuer: "openrouter", model: name, line: model.line)
      note(route: "openrouter", issuer: "openrouter", provider: RateBook.anyProvider, model: name)
      guard let rates = openRouterRates(pricing, place) else { continue }
      guard rates[.input] != nil || rates[.output] != nil else {
        leaveOut(place, "models without a price for tokens")
        continue
      }
      let card = ListedCard(rates: rates)
      guard let cards = openRouterOverrides(pricing["overrides"], of: card, place) else { continue }
      add(
        ListedProduct(
          route: "openrouter", issuer: "openrouter", provider: RateBook.anyProvider, model: name,
          cards: cards, line: model.line))
    }
  }

  /// The rates of a `pricing` object or of an override; nil when it has none to take.
  private mutating func openRouterRates(_ tree: JSONTree, _ place: Place) -> [Meter: ListedRate]? {
    var rates: [Meter: ListedRate] = [:]
    if tree["discount"].flatMap(literal).flatMap({ DecimalLiteral($0) })?.isZero == false {
      leaveOut(place, "models with a discount for now")
      return nil
    }
    for member in tree.members ?? [] {
      guard let meter = Self.openRouterMeters[member.name] else {
        if Self.openRouterConditions.contains(member.name) || member.name == "overrides" { continue }
        if let figure = literal(member.value).flatMap({ DecimalLiteral($0) }), figure.isZero { continue }
        if Self.openRouterOthers.contains(member.name) {
          leaveOut(place, "prices named \(member.name)")
        } else {
          unknownKey(member.name, place)
        }
        continue
      }
      if let text = literal(member.value), DecimalLiteral(text).map({ $0.coefficient < 0 }) == true {
        leaveOut(place, "models whose price depends on the model that is chosen")
        return nil
      }
      let read = rate(member.value, of: meter, power: 0, named: member.name, place)
      guard read.isSound else { return nil }
      if meter != .input, meter != .output, read.rate?.dollars.isZero == true { continue }
      rates[meter] = read.rate
    }
    return rates
  }

  /// The card with its overrides as bands, or as cards of their own where hours decide.
  private mutating func openRouterOverrides(
    _ tree: JSONTree?, of base: ListedCard, _ place: Place
  ) -> [ListedCard]? {
    var bands: [(over: Int64, rates: [Meter: ListedRate])] = []
    var timed: [ListedCard] = []
    for override in tree?.elements ?? [] {
      let known = Set(Self.openRouterMeters.keys).union(Self.openRouterOthers)
        .union(Self.openRouterConditions)
      if let other = override.members?.first(where: { !known.contains($0.name) }) {
        fault(place, .unknownKey(other.name))
        return nil
      }
      guard let changed = openRouterRates(override, place) else { return nil }
      let threshold = override["min_prompt_tokens"].flatMap(literal).flatMap { Int64($0) }
      let isTimed = ["utc_start", "utc_end", "utc_days"].contains { override[$0] != nil }
      switch (threshold, isTimed) {
      case (.some(let least), false) where least > 1:
        // Later entries win, key by key; a price that an entry does not name stays as it was.
        guard bands.last.map({ $0.over < least - 1 }) ?? true else {
          fault(place, .badBand("a later override is for shorter prompts"))
          return nil
        }
        bands.append((least - 1, (bands.last?.rates ?? base.rates).merging(changed) { $1 }))
      case (nil, true):
        guard windows else {
          leaveOut(place, "models whose price depends on the hour")
          return nil
        }
        guard let window = openRouterWindow(override) else {
          fault(place, .badWindow("utc_start and utc_end"))
          return nil
        }
        timed.append(
          ListedCard(when: window.conditions, rates: base.rates.merging(changed) { $1 }))
      default:
        fault(place, .badBand("an override has neither a least prompt nor hours, or both"))
        return nil
      }
    }
    guard timed.isEmpty || bands.isEmpty else {
      fault(place, .badBand("overrides are for hours and for long prompts both"))
      return nil
    }
    var card = base
    card.bands = bands.map { ListedCard.Band(over: $0.over, rates: $0.rates) }
    return [card] + timed
  }

  /// `utc_start` and `utc_end` are 1630 for half past four; `utc_days` are names.
  private func openRouterWindow(_ tree: JSONTree) -> PriceWindow? {
    func minutes(_ name: String) -> Int?? {
      guard let member = tree[name] else { return .some(nil) }
      guard let clock = literal(member).flatMap({ Int($0) }), (0...2400).contains(clock), clock % 100 < 60
      else { return nil }
      return .some(clock / 100 * 60 + clock % 100)
    }
    guard let start = minutes("utc_start"), let end = minutes("utc_end") else { return nil }
    let hours = PriceWindow.hours(from: (start ?? 0) % 1440, to: (end ?? 0) % 1440)
    guard let names = tree["utc_days"] else { return PriceWindow(hours: hours, weekdays: nil) }
    let days = (names.elements ?? []).compactMap { $0.string.flatMap(PriceWindow.weekday) }
    let weekdays = PriceWindow.weekdays(days)
    guard weekdays.isSound, days.count == names.elements?.count else { return nil }
    return PriceWindow(hours: hours, weekdays: weekdays.text)
  }
}
