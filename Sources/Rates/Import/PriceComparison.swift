import Calls
import Units

/// Sets products of a source beside the cards that are there, one by one.
struct PriceComparison {
  let book: RateBook
  let choice: PriceReview.Choice
  private(set) var entries: [PriceReview.Entry] = []
  private(set) var faults: [ImportFault] = []
  private var listed: [RateBook.ProductKey: ListedProduct] = [:]
  private var order: [(key: RateBook.ProductKey, product: ListedProduct)] = []

  private let source: PriceSource

  /// Issuers that have cards.
  let owners: Set<String>

  init(book: RateBook, choice: PriceReview.Choice, source: PriceSource) {
    owners = Set(book.products.keys.map(\.issuer))
    self.source = source
    self.book = book
    self.choice = choice
  }

  /// The name that the book knows an issuer by; sources write `-` and `_` alike.
  func issuer(_ name: String) -> String {
    let lower = name.lowercased()
    let dashed = lower.replacing("_", with: "-")
    for spelling in [name, lower, dashed] where book.canonical(spelling) != spelling {
      return book.canonical(spelling)
    }
    return owners.contains(dashed) ? dashed : lower
  }

  private func key(_ name: PriceListing.Name) -> RateBook.ProductKey {
    let owner = issuer(name.issuer)
    let provider = name.provider == name.issuer ? owner : book.canonical(name.provider)
    return RateBook.ProductKey(route: name.route, issuer: owner, provider: provider, model: name.model)
  }

  mutating func add(_ product: ListedProduct) {
    let key = key(
      PriceListing.Name(
        route: product.route, issuer: product.issuer, provider: product.provider, model: product.model))
    if listed.updateValue(product, forKey: key) == nil { order.append((key, product)) }
  }

  /// Compares all that was added, then names what is not among all that the source lists.
  mutating func finish(all names: some Sequence<PriceListing.Name>) {
    for (key, product) in order { compare(product, key) }
    nameGone(Set(names.map(key)))
    entries.sort { a, b in
      for (one, other) in [
        (a.key.issuer, b.key.issuer), (a.key.route, b.key.route), (a.key.provider, b.key.provider),
        (a.key.model, b.key.model), (a.conditions.text, b.conditions.text),
      ] where one != other {
        return one < other
      }
      return a.from < b.from
    }
  }

  // MARK: - One product

  private mutating func compare(_ product: ListedProduct, _ key: RateBook.ProductKey) {
    let held = book.products[key]
    let canonical = held?.cards.first?.model ?? key.model
    let isAlias = canonical != key.model
    let other = RateBook.ProductKey(
      route: key.route, issuer: key.issuer, provider: key.provider, model: canonical)
    // A name that stands for a model in a span of time only has that model's cards, cut to size.
    let isDated = isAlias && held?.cards.first !== book.products[other]?.cards.first
    var found: [PriceReview.Entry] = []
    for card in current(product.cards) {
      // What uplifts make of a card is not stated by anyone.
      let stated = (held?.cards ?? []).filter { $0.form.factors.isEmpty }
      guard let entry = compare(card, product, key, stated) else { continue }
      if isDated, entry.kind != .unchanged {
        fault(product, .aliasDiffers(canonical))
        break
      }
      if isAlias, entry.kind != .unchanged {
        // The other name's own listing decides; this one may only agree with it.
        if let named = listed[other] {
          let like = named.cards.filter { $0.when == card.when }
          if entry.kind == .changed, !like.contains(where: { Self.agree($0, card) }) {
            fault(product, .aliasDiffers(canonical))
          }
          continue
        }
      }
      found.append(entry)
    }
    // A product is taken whole or not at all.
    let isAccepted = choice.accepted.contains("all") || choice.accepted.contains(key.model)
    let isHeld = found.contains { !$0.holds.isEmpty }
    for var entry in found {
      if isAccepted {
        entry.holds = []
      } else if isHeld, entry.holds.isEmpty, entry.kind != .unchanged {
        entry.holds = [.another]
      }
      entries.append(entry)
    }
  }

  /// Whether two cards have the same rates wherever both have one.
  private static func agree(_ a: ListedCard, _ b: ListedCard) -> Bool {
    func agree(_ a: [Meter: ListedRate], _ b: [Meter: ListedRate]) -> Bool {
      a.allSatisfy { meter, rate in b[meter].map { $0.exact == rate.exact } ?? true }
    }
    return agree(a.rates, b.rates) && a.bands.map(\.over) == b.bands.map(\.over)
      && zip(a.bands, b.bands).allSatisfy { agree($0.rates, $1.rates) }
  }

  private mutating func fault(_ product: ListedProduct, _ kind: ImportFault.Kind) {
    faults.append(
      ImportFault(line: product.line, issuer: product.issuer, model: product.model, kind))
  }

  /// Of prices under the same conditions, the one in force today and those still to come.
  ///
  /// An earlier one of a source bears no day on which it ended that could be trusted more than ours.
  private func current(_ cards: [ListedCard]) -> [ListedCard] {
    cards.indices.filter { place in
      let day = cards[place].from ?? Day(number: 0)
      guard day <= choice.today else { return true }
      return !cards.indices.contains { other in
        let later = cards[other].from ?? Day(number: 0)
        return other != place && cards[other].when == cards[place].when && later <= choice.today
          && (later > day || later == day && other > place)
      }
    }.map { cards[$0] }
  }

  private mutating func compare(
    _ card: ListedCard, _ product: ListedProduct, _ key: RateBook.ProductKey, _ cards: [RateCard]
  ) -> PriceReview.Entry? {
    let conditions = card.conditions
    let same = cards.filter { $0.conditions == conditions }.sorted { $0.from < $1.from }
    let instant = max(card.from ?? choice.today, choice.today).start
    let old = same.last { $0.from <= instant && ($0.until.map { instant < $0 } ?? true) }
    var first = card.from ?? choice.from
    if let old, card.from != nil, first.start <= old.from, first <= choice.today { first = choice.from }
    // A card in force that is as special in another way would leave a call between both.
    let rival = cards.first {
      !$0.conditions.isEmpty && $0.isInForce(at: first.start) && conditions.contradict($0.conditions)
    }
    if !conditions.isEmpty, old == nil, let rival {
      fault(product, .ambiguous(conditions.text, rival.conditions.text))
      return nil
    }
    guard let old else {
      if same.contains(where: { $0.from == first.start }) {
        fault(product, .dayTaken("\(first)"))
        return nil
      }
      let zeros = Meter.allCases.filter { meter in
        ([card.rates] + card.bands.map(\.rates)).contains { $0[meter]?.dollars.isZero == true }
      }
      return PriceReview.Entry(
        kind: .added, key: key, provider: product.provider, when: card.when, from: first, card: card,
        old: nil, differences: [],
        holds: zeros.map { .zero($0) } + (card.hasDearCache ? [.dearCache] : []), line: product.line)
    }
    let contrast = CardContrast(old: old, new: card)
    guard !contrast.differences.isEmpty else {
      return PriceReview.Entry(
        kind: .unchanged, key: key, provider: product.provider, when: card.when, from: old.from.day,
        card: card, old: old, differences: [], holds: [], line: product.line)
    }
    if same.contains(where: { $0.from == first.start }) {
      fault(product, .dayTaken("\(first)"))
      return nil
    }
    if let end = old.until, first.start < end, !same.contains(where: { $0.from == end }) {
      fault(product, .ends("\(end.day)"))
      return nil
    }
    return PriceReview.Entry(
      kind: .changed, key: key, provider: product.provider, when: card.when, from: first,
      card: contrast.completed, old: old, differences: contrast.differences, holds: contrast.holds,
      line: product.line)
  }

  // MARK: - What is gone

  /// Names products in force whose issuer the source lists, and which it does not list by any name.
  private mutating func nameGone(_ mentioned: Set<RateBook.ProductKey>) {
    // What others list of a router need not be all of its providers.
    func scope(_ key: RateBook.ProductKey) -> String {
      let provider = source.isAggregator ? key.provider : ""
      return [key.route, key.issuer, provider].joined(separator: "\n")
    }
    let covered = Set(mentioned.map(scope))
    var names: [ObjectIdentifier: Bool] = [:]
    for (key, product) in book.products {
      guard let first = product.cards.first else { continue }
      let isListed = mentioned.contains(key)
      names[ObjectIdentifier(first)] = (names[ObjectIdentifier(first)] ?? false) || isListed
    }
    let now = choice.today.start
    for (key, product) in book.products where covered.contains(scope(key)) {
      guard let first = product.cards.first, first.model == key.model,
        names[ObjectIdentifier(first)] == false,
        let last = product.cards.last(where: {
          $0.from <= now && ($0.until.map { now < $0 } ?? true)
        })
      else { continue }
      entries.append(
        PriceReview.Entry(
          kind: .gone, key: key, provider: key.provider, when: [:], from: last.from.day, card: nil,
          old: last, differences: [], holds: [], line: 0))
    }
  }
}
