import Calls
import Units

/// `https://router.huggingface.co/v1/models`: for each model its providers, each with
/// `pricing.input` and `pricing.output` in USD per million tokens, or without.
///
/// Source: huggingface/hub-docs, "Hub API", read 2026-08-21.
extension ListingReader {
  mutating func readHFRouter(_ tree: JSONTree) throws(ListingFault) {
    guard let models = tree["data"]?.elements else {
      throw shapeFault(tree, "it has no list 'data'")
    }
    for model in models {
      guard let name = model["id"]?.string, let providers = model["providers"]?.elements else {
        throw shapeFault(model, "a model lacks 'id' or 'providers'")
      }
      listing.models += 1
      for provider in providers { readHFRoute(provider, model: name) }
    }
  }

  private mutating func readHFRoute(_ tree: JSONTree, model: String) {
    var place = Place(issuer: "huggingface", model: model, line: tree.line)
    guard let provider = tree["provider"]?.string else { return fault(place, .missing("provider")) }
    place.model = "\(model) at \(provider)"
    note(route: "huggingface", issuer: "huggingface", provider: provider, model: model)
    guard let pricing = tree["pricing"], pricing.members != nil else {
      return leaveOut(place, "routes without a price, which is not a price of nought")
    }
    var card = ListedCard()
    for member in pricing.members ?? [] {
      let meter: Meter
      switch member.name {
      case "input": meter = .input
      case "output": meter = .output
      default:
        unknownKey(member.name, place)
        continue
      }
      let read = rate(member.value, of: meter, power: 6, named: member.name, place)
      guard read.isSound else { return }
      card.rates[meter] = read.rate
    }
    var isFree = false
    if case .bool(true) = tree["is_free"]?.value { isFree = true }
    if isFree, !card.asksMoney {
      return leaveOut(place, "routes that are free for now, which is not a price")
    }
    guard card.rates[.input] != nil, card.rates[.output] != nil else {
      return leaveOut(place, "routes with only one of input and output priced")
    }
    add(
      ListedProduct(
        route: "huggingface", issuer: "huggingface", provider: provider, model: model, cards: [card],
        line: tree.line))
  }
}
