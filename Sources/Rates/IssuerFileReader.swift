import Calls
import Units

/// Reads one issuer's file: its heading, then each model with its cards.
struct IssuerFileReader: RateFaultGathering {
  let file: String
  let digest: RateFileReader.Digest
  let zones: RateFileReader.Zones
  var faults: [RateFault] = []
  var otherNames: [(String, String)] = []
  var products: [(RateBook.ProductKey, RateBook.Product, line: Int)] = []
  /// Discounts of a contract on the issuer's list prices.
  private(set) var discounts: [Uplift] = []

  private(set) var plans: [CreditPlan] = []
  private(set) var fees: [TopUpFee] = []
  private(set) var allowances: [Allowance] = []
  /// Every name that a model of the file goes by, whether its cards can be read or not.
  private(set) var modelNames: Set<String> = []

  private(set) var heading = Heading()

  /// What the issuer bills: successful calls only, unless it is left out.
  private enum Billed: String, CaseIterable { case success }

  struct Heading {
    var issuer = ""
    var route = "direct"
    var rounding = Rounding.halfEven
    var billsSuccessOnly = false
    var contract: String?
    var uplifts: [Uplift] = []
    var source: String?
    var readOn: Day?
  }

  init(file: String, digest: @escaping RateFileReader.Digest, zones: @escaping RateFileReader.Zones) {
    self.file = file
    self.digest = digest
    self.zones = zones
  }

  static let fileMembers = [
    "issuer", "also", "route", "currency", "rounding", "bills", "contract", "uplifts", "discounts", "source",
    "read_on", "confidence", "note", "plans", "fees", "allowances", "models",
  ]
  static let modelMembers = ["model", "provider", "aliases", "direct", "uplifts", "cards", "note"]

  mutating func read(_ tree: JSONTree) {
    guard members(of: tree, named: "the file", known: Self.fileMembers) != nil else { return }
    heading.issuer = text(tree, "issuer") ?? ""
    if tree["issuer"] == nil { fault(tree.line, .missing("issuer", in: "the file")) }
    heading.route = text(tree, "route") ?? "direct"
    heading.contract = text(tree, "contract")
    if let currency = text(tree, "currency"), currency != "USD" {
      fault(tree["currency"]?.line ?? 0, .unknownCurrency(currency))
    }
    if let rule = text(tree, "rounding") {
      if let rounding = Rounding(rawValue: rule) {
        heading.rounding = rounding
      } else {
        fault(tree["rounding"]?.line ?? 0, .unknownRounding(rule))
      }
    }
    let billed: Billed? = word(tree, "bills")
    heading.billsSuccessOnly = billed == .success
    let _: Confidence? = word(tree, "confidence")
    heading.source = text(tree, "source")
    heading.readOn = day(tree, "read_on")
    heading.uplifts = uplifts(tree, "uplifts")
    discounts = uplifts(tree, "discounts")
    if let stated = tree["discounts"], heading.contract == nil { fault(stated.line, .discountOutsideContract) }
    if let also = tree["also"], also.elements == nil { fault(also.line, .notAList("also")) }
    for other in tree["also"]?.elements ?? [] {
      if let name = text(other, named: "also") { otherNames.append((name, heading.issuer)) }
    }
    readTerms(tree)
    guard let models = tree["models"]?.elements else {
      if let stated = tree["models"] {
        fault(stated.line, .notAList("models"))
      } else if ["discounts", "plans", "fees", "allowances"].allSatisfy({ tree[$0] == nil }) {
        fault(tree.line, .missing("models", in: "the file"))
      }
      return
    }
    for model in models { read(model: model) }
    faults.sort { $0.line < $1.line }
  }

  /// What the issuer grants and charges beside the prices of calls.
  private mutating func readTerms(_ tree: JSONTree) {
    var planReader = CreditPlanReader(file: file, heading: heading)
    plans = planReader.read(tree["plans"])
    var feeReader = TopUpFeeReader(file: file, heading: heading)
    fees = feeReader.read(tree["fees"])
    var allowanceReader = AllowanceReader(file: file, heading: heading, zones: zones)
    allowances = allowanceReader.read(tree["allowances"])
    faults += planReader.faults + feeReader.faults + allowanceReader.faults
  }

  private mutating func uplifts(_ tree: JSONTree, _ name: String) -> [Uplift] {
    var reader = UpliftReader(file: file, zones: zones, mayBeUnconditional: name == "discounts")
    let uplifts = reader.read(tree[name])
    faults += reader.faults
    return uplifts
  }

  // MARK: - Models

  private mutating func read(model tree: JSONTree) {
    guard members(of: tree, named: "a model", known: Self.modelMembers) != nil else { return }
    guard let name = text(tree, "model") else {
      if tree["model"] == nil { fault(tree.line, .missing("model", in: "a model")) }
      return
    }
    modelNames.insert(name)
    for alias in tree["aliases"]?.elements ?? [] {
      (alias.string ?? alias["name"]?.string).map { _ = modelNames.insert($0) }
    }
    let provider = text(tree, "provider") ?? heading.issuer
    guard let elements = tree["cards"]?.elements, !elements.isEmpty else {
      return fault(tree.line, .missing("cards", in: name))
    }
    var reader = CardReader(file: file, model: name, zones: zones)
    let drafts = elements.compactMap { reader.read($0) }.inForce
    faults += reader.faults
    let directModel = text(tree, "direct") ?? name
    var cards: [RateCard] = []
    let common = heading.uplifts + uplifts(tree, "uplifts")
    do throws(RateFault) {
      let stated = drafts.indices.map { card(drafts, $0, model: name, provider: provider) }
      for (card, draft) in zip(stated, drafts) {
        cards += try card.with(common + draft.uplifts, stated: stated, digest: digest)
      }
    } catch {
      return faults.append(error)
    }
    faults += cards.ambiguities(line: tree.line)
    add(cards, as: name, provider, directModel, tree.line)
    if let stated = tree["aliases"], stated.elements == nil { fault(stated.line, .notAList("aliases")) }
    for alias in tree["aliases"]?.elements ?? [] {
      if alias.string != nil {
        guard let other = text(alias, named: "aliases") else { continue }
        add(cards, as: other, provider, directModel, tree.line)
      } else {
        add(cards, asDated: alias, of: name, provider, directModel)
      }
    }
  }

  private mutating func add(
    _ cards: [RateCard], as model: String, _ provider: String, _ directModel: String, _ line: Int
  ) {
    let key = RateBook.ProductKey(
      route: heading.route, issuer: heading.issuer, provider: provider, model: model)
    products.append((key, RateBook.Product(key: key, directModel: directModel, cards: cards), line))
  }

  /// A name that stands for the model in a span of time only, as `-latest` does.
  private mutating func add(
    _ cards: [RateCard], asDated alias: JSONTree, of model: String, _ provider: String, _ directModel: String
  ) {
    guard alias.members != nil, members(of: alias, named: "an alias", known: ["name", "from", "until"]) != nil,
      alias["name"] != nil
    else { return fault(alias.line, .badAlias(model: model)) }
    guard let name = text(alias, "name") else { return }
    let from = day(alias, "from")
    let until = day(alias, "until")
    if let from, let until, until <= from {
      fault(alias.line, .endsBeforeStart(from: "\(from)", until: "\(until)"))
    }
    let clipped = cards.compactMap { $0.clipped(from: from?.start, until: until?.start) }
    add(clipped, as: name, provider, directModel, alias.line)
  }

  /// The card of one draft: it lasts until the next of the same conditions, or its own end.
  private mutating func card(
    _ drafts: [CardDraft], _ place: Int, model: String, provider: String
  ) -> RateCard {
    let draft = drafts[place]
    var until = draft.until
    if place + 1 < drafts.count, drafts[place + 1].conditions == draft.conditions {
      let next = drafts[place + 1]
      if next.from == draft.from {
        fault(
          next.line,
          .duplicateCard(model: model, from: "\(draft.from)", other: "\(file):\(draft.line)"))
      } else if let end = until, next.from < end {
        fault(
          next.line, .overlap(model: model, from: "\(next.from)", other: "\(file):\(draft.line)"))
      }
      until = min(until ?? next.from, next.from)
    }
    let form = CardForm(
      issuer: heading.issuer, route: heading.route, provider: provider, model: model, from: draft.from,
      conditions: draft.conditions, rounding: heading.rounding, billsSuccessOnly: heading.billsSuccessOnly,
      rates: draft.canonicalRates, rules: draft.canonicalRules, contract: heading.contract,
      source: draft.source ?? heading.source, readOn: draft.readOn ?? heading.readOn)
    if form.source == nil { fault(draft.line, .missing("source", in: "a card of \(model)")) }
    if form.readOn == nil { fault(draft.line, .missing("read_on", in: "a card of \(model)")) }
    return RateCard(
      form: form, from: draft.from.start, until: until?.start,
      tariff: Tariff(
        base: draft.base, bands: draft.bands, rules: draft.rules, rounding: heading.rounding,
        billsSuccessOnly: heading.billsSuccessOnly),
      place: "\(file):\(draft.line)", file: file, digest: digest)
  }
}
