import Calls
import Units

/// Reads a source's document into a ``PriceListing``; each source's shape is an extension.
///
/// What one price lacks costs that product only: faults are gathered, each with its place.
struct ListingReader {
  let source: PriceSource
  let today: Day
  /// Whether prices by the hour become cards.
  let windows: Bool
  var listing = PriceListing()
  private var told: Set<String> = []
  private var places: [String: Int] = [:]

  init(source: PriceSource, today: Day, windows: Bool) {
    self.source = source
    self.today = today
    self.windows = windows
  }

  /// Whose price is being read.
  struct Place {
    var issuer: String
    var model: String
    var line: Int
  }

  // MARK: - What is wrong, and what is left out

  mutating func fault(_ place: Place, _ kind: ImportFault.Kind) {
    listing.faults.append(
      ImportFault(line: place.line, issuer: place.issuer, model: place.model, kind))
  }

  /// A price that no meter is known for: told once an issuer, however many models have it.
  mutating func unknownKey(_ name: String, _ place: Place) {
    if told.insert(place.issuer + "\n" + name).inserted { fault(place, .unknownKey(name)) }
    leaveOut(place, "prices named \(name)")
  }

  mutating func leaveOut(_ place: Place, _ what: String) {
    let what = PriceListing.LeftOut(issuer: PlainText.of(place.issuer), what: PlainText.of(what))
    listing.leftOut[what, default: 0] += 1
  }

  func shapeFault(_ tree: JSONTree, _ what: String) -> ListingFault {
    ListingFault(source: source, line: tree.line, what: what)
  }

  // MARK: - Values

  /// The text of a number, or of a decimal in quotes; nil for `null`, and for what is neither.
  func literal(_ tree: JSONTree) -> String? {
    switch tree.value {
    case .number(let text), .string(let text): text
    default: nil
    }
  }

  /// The price of one unit of `meter`, from a figure that is for 10^`power` units.
  ///
  /// `null` is nil, as if the member were not there. A figure that is no number, that is negative or
  /// beyond belief is a fault, and false in `isSound`.
  mutating func rate(
    _ tree: JSONTree, of meter: Meter, power: Int, named name: String, _ place: Place
  ) -> (rate: ListedRate?, isSound: Bool) {
    if case .null = tree.value { return (nil, true) }
    guard let text = literal(tree), let figure = DecimalLiteral(text) else {
      fault(place, .notANumber(name, literal(tree) ?? "no number"))
      return (nil, false)
    }
    let dollars = figure.shifted(-power)
    if let kind = PlausibleSpan.fault(of: dollars, meter, named: name) {
      fault(place, kind)
      return (nil, false)
    }
    return (Self.listed(dollars, meter), true)
  }

  /// Digits that a figure can have before it is one that went through floating point.
  private static let digitsMax = 15

  /// The price of one unit in the words that price files use for its meter.
  ///
  /// More than 15 digits are the work of floating point (0.18000000000000002 is 0.18) and are
  /// rounded away, half to even. A price for a second that is a short one for a minute or an hour
  /// (3.3333333333333335e-05 is 0.002 a minute) is written as that.
  static func listed(_ dollars: DecimalLiteral, _ meter: Meter) -> ListedRate {
    func words(_ dollars: DecimalLiteral, _ power: Int) -> DecimalLiteral {
      dollars.shifted(power).rounded(digits: digitsMax, decimals: digitsMax)
    }
    switch meter.unit {
    case .token: return ListedRate(words(dollars, 6), per: "1M tokens")
    case .character: return ListedRate(words(dollars, 6), per: "1M characters")
    case .search: return ListedRate(words(dollars, 3), per: "1K searches")
    case .second:
      if dollars.digits >= 10, dollars.digits <= 20 {
        for (seconds, per) in [(60, "1 minute"), (3_600, "1 hour")] {
          let longer = (dollars * seconds).rounded(digits: 9, decimals: digitsMax)
          if longer.digits <= 5 { return ListedRate(longer, per: per) }
        }
      }
      return ListedRate(words(dollars, 0), per: "1 second")
    case .image, .megapixel, .page, .request, .credit:
      return ListedRate(words(dollars, 0), per: "1 \(meter.unit.rawValue)")
    }
  }

  // MARK: - Products

  /// Notes that a model is listed, whether or not its price can be taken.
  mutating func note(route: String = "direct", issuer: String, provider: String? = nil, model: String) {
    listing.names.insert(
      PriceListing.Name(route: route, issuer: issuer, provider: provider ?? issuer, model: model))
  }

  /// Bytes of a name at most; as the line allows.
  private static let nameBytesMax = 200

  /// Adds a product unless its names or its rates cannot be those of a card.
  mutating func add(_ product: ListedProduct) {
    let place = Place(issuer: product.issuer, model: product.model, line: product.line)
    for name in [product.issuer, product.provider, product.model] {
      guard !name.isEmpty, name.utf8.count <= Self.nameBytesMax, !name.hasPrefix(" "),
        !name.hasSuffix(" "), name.unicodeScalars.allSatisfy(PlainText.isPlain)
      else {
        return fault(
          place, .badName("a name is empty, longer than \(Self.nameBytesMax) bytes, or no plain text"))
      }
    }
    guard !product.cards.isEmpty else { return }
    var product = product
    product.cards = product.cards.endingWhereUnsaid(today: today)
    for card in product.cards.indices {
      guard let rates = Self.held(product.cards[card].rates) else { return fault(place, .tooFine) }
      product.cards[card].rates = rates
      for band in product.cards[card].bands.indices {
        guard let rates = Self.held(product.cards[card].bands[band].rates) else { return fault(place, .tooFine) }
        product.cards[card].bands[band].rates = rates
      }
    }
    if let (one, other) = product.cards.ambiguity { return fault(place, .ambiguous(one, other)) }
    let key = [product.route, product.issuer, product.provider, product.model].joined(separator: "\n")
    if let other = places[key] {
      // The same price under two spellings of one name is one product; two prices are neither.
      guard !Self.areEqual(listing.products[other].cards, product.cards) else { return }
      listing.products[other].cards = []
      return fault(place, .twoPrices)
    }
    places[key] = listing.products.count
    listing.products.append(product)
  }

  /// The rates as one table holds them; nil when none does.
  ///
  /// A price that goes on for ever, such as a twelfth of an hour's storage for a token, is held to 1e-15 USD a
  /// token where more digits do not fit beside the other rates.
  private static func held(_ rates: [Meter: ListedRate]) -> [Meter: ListedRate]? {
    func fits(_ rates: [Meter: ListedRate]) -> Bool {
      let exact = rates.compactMapValues(\.exact)
      return exact.count == rates.count && RateTable(exact) != nil
    }
    if fits(rates) { return rates }
    let rounded = rates.mapValues { rate in
      rate.per == "1M tokens" ? ListedRate(rate.dollars.rounded(digits: digitsMax, decimals: 9), per: rate.per) : rate
    }
    return fits(rounded) ? rounded : nil
  }

  private static func areEqual(_ a: [ListedCard], _ b: [ListedCard]) -> Bool {
    a.count == b.count
      && zip(a, b).allSatisfy { one, other in
        one.from == other.from && one.when == other.when && one.rates == other.rates
          && one.bands.map(\.over) == other.bands.map(\.over)
          && zip(one.bands, other.bands).allSatisfy { $0.rates == $1.rates }
      }
  }
}

extension [ListedCard] {
  /// The cards, those of tiers without a price for prompts from the standard card's first threshold on, where
  /// the list names none for the tier.
  ///
  /// A tier's price for short prompts is not that for long ones, and the standard one is not the tier's.
  fileprivate func endingWhereUnsaid(today: Day) -> [ListedCard] {
    map { card in
      guard card.when["tier"] != nil, card.bands.isEmpty else { return card }
      let rest = card.when.filter { $0.key != "tier" }
      let day = card.from ?? today
      let standard = last { $0.when == rest && $0.from ?? day <= day } ?? first { $0.when == rest }
      guard let band = standard?.bands.first else { return card }
      var ending = card
      ending.bands = [ListedCard.Band(over: band.over, rates: [:])]
      return ending
    }
  }

  /// Conditions of two cards that one call may meet, of which neither says more than the other.
  fileprivate var ambiguity: (String, String)? {
    for (place, one) in enumerated() where !one.when.isEmpty {
      for other in self[(place + 1)...] where !other.when.isEmpty && one.rates != other.rates {
        if one.conditions.contradict(other.conditions) { return (one.conditions.text, other.conditions.text) }
      }
    }
    return nil
  }
}

extension Conditions {
  /// Whether a call may meet both, and neither of them says more than the other.
  func contradict(_ other: Conditions) -> Bool {
    self != other && meets(other) && !implies(other) && !other.implies(self)
  }
}
