import Calls
import Units

/// Reads the text of price files into a ``RateBook``, gathering every mistake.
///
/// The form is that of `pricing/README.md`. A file with a mistake adds nothing to the book, and a
/// book with a mistake is not used at all: callers keep the one they have.
package struct RateFileReader {
  /// SHA-256 of a text in hexadecimal, from the edge: the core links no library.
  package typealias Digest = @Sendable (String) -> String
  /// A zone by its IANA name, or nil when there is none.
  ///
  /// From the edge: the core asks no system.
  package typealias Zones = @Sendable (String) -> ZoneOffsets?

  package private(set) var faults: [RateFault] = []
  private var products: [RateBook.ProductKey: RateBook.Product] = [:]
  private var places: [String: String] = [:]
  private var names: [String: String] = [:]
  private var contracts: [RateBook.ProductKey: RateBook.Product] = [:]
  private var discounts: [Discount] = []
  /// What names the models it is for: a file's uplifts and discounts.
  private var limited: [(uplift: Uplift, what: String, file: String, issuer: String)] = []
  private var plans: [CreditPlan] = []
  private var fees: [TopUpFee] = []
  private var allowances: [Allowance] = []
  /// Names of models, by issuer as the files state it.
  private var modelNames: [String: Set<String>] = [:]
  private let digest: Digest
  private let zones: Zones

  /// A contract's discount on an issuer's list prices.
  private struct Discount {
    let uplift: Uplift
    let contract: String
    let file: String
    let issuer: String
    let route: String
  }

  /// `zones` finds the zones that cards name; without it only UTC is known.
  package init(digest: @escaping Digest, zones: @escaping Zones = { $0 == "UTC" ? .utc : nil }) {
    self.digest = digest
    self.zones = zones
  }

  /// Adds one file's cards, or its faults.
  package mutating func read(_ text: String, file: String) {
    do {
      let tree = try JSONTree(parsing: text)
      var reader = IssuerFileReader(file: file, digest: digest, zones: zones)
      reader.read(tree)
      faults += reader.faults
      for (other, canonical) in reader.otherNames {
        if let taken = names[other], taken != canonical {
          faults.append(RateFault(file: file, line: 0, .nameTaken(other, by: taken)))
        }
        names[other] = canonical
      }
      addTerms(reader)
      limited += reader.heading.uplifts.map { ($0, "an uplift", file, reader.heading.issuer) }
      limited += reader.discounts.map { ($0, "a discount", file, reader.heading.issuer) }
      for (key, product, line) in reader.products { add(product, key, reader, line) }
      for discount in reader.discounts {
        discounts.append(
          Discount(
            uplift: discount, contract: reader.heading.contract ?? "", file: file,
            issuer: reader.heading.issuer, route: reader.heading.route))
      }
    } catch {
      faults.append(RateFault(file: file, line: error.line, .notJSON(error.what)))
    }
  }

  /// Adds plans, fees and allowances; those of one name stand in one file.
  private mutating func addTerms(_ reader: IssuerFileReader) {
    for plan in reader.plans {
      if let other = plans.first(where: { $0.issuer == plan.issuer && $0.name == plan.name && $0.file != plan.file }) {
        faults.append(
          RateFault(file: reader.file, line: plan.line, .termTwice("plan \(plan.name)", other: other.file)))
      }
    }
    for fee in reader.fees {
      if let other = fees.first(where: { $0.issuer == fee.issuer && $0.file != fee.file }) {
        faults.append(
          RateFault(file: reader.file, line: fee.line, .termTwice("the fee on top_up", other: other.file)))
      }
    }
    for allowance in reader.allowances {
      if let other = allowances.first(where: {
        $0.issuer == allowance.issuer && $0.name == allowance.name && $0.file != allowance.file
      }) {
        faults.append(
          RateFault(
            file: reader.file, line: allowance.line,
            .termTwice("allowance \(allowance.name)", other: other.file)))
      }
    }
    allowances += reader.allowances
    modelNames[reader.heading.issuer, default: []].formUnion(reader.modelNames)
    plans += reader.plans
    fees += reader.fees
  }

  /// Adds a product; names that stood for several models at different times are one.
  private mutating func add(
    _ product: RateBook.Product, _ key: RateBook.ProductKey, _ reader: IssuerFileReader, _ line: Int
  ) {
    let isContract = reader.heading.contract != nil
    let known = isContract ? contracts[key] : products[key]
    let place = "\(isContract ? "contract " : "")\(key.route)\u{0}\(key.issuer)\u{0}\(key.provider)\u{0}\(key.model)"
    var all = product
    if let known {
      let clash = known.cards.contains { old in product.cards.contains { $0.overlaps(old) } }
      if clash {
        faults.append(
          RateFault(
            file: reader.file, line: line,
            .duplicateProduct(model: key.model, other: places[place] ?? reader.file)))
      }
      all = RateBook.Product(
        key: key, directModel: product.directModel, cards: known.cards + product.cards)
    }
    if isContract { contracts[key] = all } else { products[key] = all }
    places[place] = "\(reader.file):\(line)"
  }

  /// Notes a file that could not be opened.
  package mutating func cannotRead(file: String, why: String) {
    faults.append(RateFault(file: file, line: 0, .unreadable(why)))
  }

  /// The book of all files read, without faults.
  ///
  /// - Throws: all faults at once, in the files' order.
  package func book(origin: String) throws(RateFaults) -> RateBook {
    var faults = faults
    var (plans, fees, allowances) = (plans, fees, allowances)
    for place in allowances.indices {
      allowances[place].issuer = names[allowances[place].issuer] ?? allowances[place].issuer
    }
    let models = Dictionary(modelNames.map { (names[$0.key] ?? $0.key, $0.value) }) { $0.union($1) }
    faults += Self.faults(of: allowances, models: models)
    let list = named(products)
    let own = named(contracts)
    var agreed = own
    for discount in discounts {
      do throws(RateFault) { try apply(discount, to: list, beside: own, &agreed) } catch { faults.append(error) }
    }
    for (uplift, what, file, issuer) in limited {
      let known = models[names[issuer] ?? issuer] ?? []
      for model in (uplift.models ?? []).subtracting(known).sorted() {
        let near = nearest(to: model, in: known.sorted())
        faults.append(RateFault(file: file, line: uplift.line, .unknownModel(model, of: what, nearest: near)))
      }
    }
    guard faults.isEmpty else { throw RateFaults(faults: faults.inOrder) }
    for place in plans.indices { plans[place].issuer = names[plans[place].issuer] ?? plans[place].issuer }
    for place in fees.indices { fees[place].issuer = names[fees[place].issuer] ?? fees[place].issuer }
    return RateBook(
      products: list, contracts: agreed, canonicalNames: names, origin: origin, plans: plans, fees: fees,
      allowances: allowances)
  }

  /// The products under their companies' canonical names.
  private func named(
    _ products: [RateBook.ProductKey: RateBook.Product]
  ) -> [RateBook.ProductKey: RateBook.Product] {
    var named: [RateBook.ProductKey: RateBook.Product] = [:]
    for (key, product) in products {
      let canonical = RateBook.ProductKey(
        route: key.route, issuer: names[key.issuer] ?? key.issuer,
        provider: names[key.provider] ?? key.provider, model: key.model)
      named[canonical] = product
    }
    return named
  }

  /// Adds the issuer's list prices, discounted; what a contract prices itself stays as it says, for its span.
  private func apply(
    _ discount: Discount, to list: [RateBook.ProductKey: RateBook.Product],
    beside own: [RateBook.ProductKey: RateBook.Product], _ contracts: inout [RateBook.ProductKey: RateBook.Product]
  ) throws(RateFault) {
    let issuer = names[discount.issuer] ?? discount.issuer
    for (key, product) in list where key.issuer == issuer && key.route == discount.route {
      var cards = contracts[key]?.cards ?? []
      for card in product.cards {
        let reason = "contract \(discount.contract)"
        guard
          let made = try discount.uplift.applied(
            to: card, reason: reason, contract: discount.contract, digest: digest)
        else { continue }
        let stated = (own[key]?.cards ?? []).filter { $0.conditions == made.conditions }
        for piece in made.outside(stated) {
          guard !cards.contains(where: { $0.overlaps(piece) && $0.conditions == piece.conditions }) else {
            throw RateFault(
              file: discount.file, line: discount.uplift.line, .liftedTwice(model: key.model, when: "by contract"))
          }
          cards.append(piece)
        }
      }
      if !cards.isEmpty {
        contracts[key] = RateBook.Product(key: key, directModel: product.directModel, cards: cards)
      }
    }
  }
}

/// Every mistake of a set of price files.
package struct RateFaults: Error, Sendable, CustomStringConvertible {
  package let faults: [RateFault]

  package init(faults: [RateFault]) { self.faults = faults }

  package var description: String {
    faults.map(\.description).joined(separator: "\n")
  }
}

extension [RateFault] {
  /// By file, in the order in which files were read, and by line.
  fileprivate var inOrder: [RateFault] {
    var places: [String: Int] = [:]
    for fault in self where places[fault.file] == nil { places[fault.file] = places.count }
    return enumerated().sorted {
      (places[$0.element.file] ?? 0, $0.element.line, $0.offset) < (
        places[$1.element.file] ?? 0, $1.element.line, $1.offset
      )
    }.map(\.element)
  }
}
