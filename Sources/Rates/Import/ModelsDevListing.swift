import Calls
import Units

/// `https://models.dev/api.json`: providers by id, each with `models` by id, each with a `cost` in
/// USD per million tokens.
///
/// `cost.tiers` has the exact thresholds; `context_over_200k` is an old field that may also stand
/// for a higher one, and is read only where there are no tiers.
/// Source: packages/core/src/schema.ts and generate.ts at commit f3fc6922, read 2026-11-21.
extension ListingReader {
  private static let modelsDevMeters: [String: Meter] = [
    "input": .input, "output": .output, "reasoning": .reasoning, "cache_read": .cacheRead,
    "cache_write": .cacheWrite5m, "input_audio": .inputAudio, "output_audio": .outputAudio,
  ]
  /// Routers of which models.dev has one price a model, whoever runs it: at Hugging Face the price
  /// of the fastest provider, which is not what a call costs.
  private static let modelsDevRouters: Set = ["huggingface"]

  mutating func readModelsDev(_ tree: JSONTree) throws(ListingFault) {
    guard let providers = tree.members else { throw shapeFault(tree, "it is no object of providers") }
    for provider in providers {
      guard let models = provider.value["models"]?.members else {
        throw shapeFault(provider.value, "'\(provider.name)' has no 'models'")
      }
      for model in models {
        listing.models += 1
        readModelsDev(model, issuer: provider.name)
      }
    }
  }

  private mutating func readModelsDev(_ model: JSONTree.Member, issuer: String) {
    let place = Place(issuer: issuer, model: model.name, line: model.line)
    if Self.modelsDevRouters.contains(issuer) {
      return leaveOut(place, "models of a router, with one price whoever runs them")
    }
    let isRouter = issuer == "openrouter"
    let (route, runner) = isRouter ? ("openrouter", RateBook.anyProvider) : ("direct", issuer)
    note(route: route, issuer: issuer, provider: runner, model: model.name)
    guard let cost = model.value["cost"], cost.members != nil else {
      return leaveOut(place, "models without a price")
    }
    guard let base = modelsDevRates(cost, issuer, place) else { return }
    var bands: [(over: Int64, rates: [Meter: ListedRate])] = []
    if let tiers = cost["tiers"]?.elements {
      for tier in tiers {
        guard let size = tier["tier"]?["size"].flatMap(literal).flatMap({ Int64($0) }), size > 0,
          tier["tier"]?["type"]?.string ?? "context" == "context"
        else { return fault(place, .badBand("a tier has no size in prompt tokens")) }
        guard let rates = modelsDevRates(tier, issuer, place) else { return }
        bands.append((size, base.merging(rates) { $1 }))
      }
    } else if let over = cost["context_over_200k"], over.members != nil {
      guard let rates = modelsDevRates(over, issuer, place) else { return }
      bands.append((200_000, base.merging(rates) { $1 }))
    }
    bands.sort { $0.over < $1.over }
    guard Set(bands.map(\.over)).count == bands.count else {
      return fault(place, .badBand("two tiers have one size"))
    }
    if model.value["experimental"]?["modes"] != nil { leaveOut(place, "prices of experimental modes") }
    let card = ListedCard(
      rates: base, bands: bands.map { ListedCard.Band(over: $0.over, rates: $0.rates) })
    guard card.asksMoney else {
      return leaveOut(place, "models that cost nothing: part of a plan, or not known")
    }
    add(
      ListedProduct(
        route: route, issuer: issuer, provider: runner, model: model.name, cards: [card], line: model.line))
  }

  private mutating func modelsDevRates(
    _ tree: JSONTree, _ issuer: String, _ place: Place
  ) -> [Meter: ListedRate]? {
    var rates: [Meter: ListedRate] = [:]
    for member in tree.members ?? [] {
      if ["tiers", "tier", "context_over_200k"].contains(member.name) { continue }
      guard var meter = Self.modelsDevMeters[member.name] else {
        unknownKey(member.name, place)
        continue
      }
      // OpenAI keeps what is written for half an hour, Anthropic for five minutes.
      if meter == .cacheWrite5m, issuer == "openai" { meter = .cacheWrite30m }
      let read = rate(member.value, of: meter, power: 6, named: member.name, place)
      guard read.isSound else { return nil }
      rates[meter] = read.rate
    }
    return rates
  }
}
