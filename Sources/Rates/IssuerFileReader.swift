import Calls
import Units

/// Reads one issuer's file: its heading, then each model with its cards.
struct IssuerFileReader {
  let file: String
  let digest: RateFileReader.Digest
  var faults: [RateFault] = []
  var otherNames: [(String, String)] = []
  var products: [(RateBook.ProductKey, RateBook.Product, line: Int)] = []

  private var heading = Heading()

  private struct Heading {
    var issuer = ""
    var route = "direct"
    var rounding = Rounding.halfEven
    var billsSuccessOnly = false
    var source: String?
    var readOn: Day?
  }

  init(file: String, digest: @escaping RateFileReader.Digest) {
    self.file = file
    self.digest = digest
  }

  static let fileMembers = [
    "issuer", "also", "route", "currency", "rounding", "bills", "source", "read_on", "confidence",
    "note", "models",
  ]
  static let modelMembers = ["model", "provider", "aliases", "direct", "cards", "note"]

  mutating func read(_ tree: JSONTree) {
    guard members(of: tree, named: "the file", known: Self.fileMembers) != nil else { return }
    heading.issuer = text(tree, "issuer") ?? ""
    if heading.issuer.isEmpty { fault(tree.line, .missing("issuer", in: "the file")) }
    heading.route = text(tree, "route") ?? "direct"
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
    heading.billsSuccessOnly = text(tree, "bills") == "success"
    heading.source = text(tree, "source")
    heading.readOn = day(tree, "read_on")
    for other in tree["also"]?.elements ?? [] {
      if let name = other.string { otherNames.append((name, heading.issuer)) }
    }
    guard let models = tree["models"]?.elements else {
      return fault(tree.line, .missing("models", in: "the file"))
    }
    for model in models { read(model: model) }
  }

  private mutating func read(model tree: JSONTree) {
    guard members(of: tree, named: "a model", known: Self.modelMembers) != nil else { return }
    guard let name = text(tree, "model"), !name.isEmpty else {
      return fault(tree.line, .missing("model", in: "a model"))
    }
    let provider = text(tree, "provider") ?? heading.issuer
    guard let elements = tree["cards"]?.elements, !elements.isEmpty else {
      return fault(tree.line, .missing("cards", in: name))
    }
    var reader = CardReader(file: file, model: name)
    var drafts = elements.compactMap { reader.read($0) }
    faults += reader.faults
    drafts.sort { ($0.conditions.text, $0.from) < ($1.conditions.text, $1.from) }
    let directModel = text(tree, "direct") ?? name
    let cards = drafts.indices.map { place in
      card(drafts, place, model: name, provider: provider)
    }
    let aliases = (tree["aliases"]?.elements ?? []).compactMap(\.string)
    for alias in [name] + aliases {
      let key = RateBook.ProductKey(
        route: heading.route, issuer: heading.issuer, provider: provider, model: alias)
      products.append(
        (key, RateBook.Product(key: key, directModel: directModel, cards: cards), tree.line))
    }
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
    let source = draft.source ?? heading.source
    let readOn = draft.readOn ?? heading.readOn
    if source == nil { fault(draft.line, .missing("source", in: "a card of \(model)")) }
    if readOn == nil { fault(draft.line, .missing("read_on", in: "a card of \(model)")) }
    let text = JSONText.object([
      ("issuer", JSONText.quoted(heading.issuer)), ("route", JSONText.quoted(heading.route)),
      ("provider", JSONText.quoted(provider)), ("model", JSONText.quoted(model)),
      ("from", JSONText.quoted("\(draft.from)")),
      ("when", JSONText.quoted(draft.conditions.text)),
      ("rounding", JSONText.quoted(heading.rounding.rawValue)),
      ("bills", JSONText.quoted(heading.billsSuccessOnly ? "success" : "usage")),
      ("rates", draft.canonicalRates),
      ("source", JSONText.optional(source)), ("read_on", JSONText.optional(readOn.map { "\($0)" })),
    ])
    return RateCard(
      issuer: heading.issuer, route: heading.route, provider: provider, model: model,
      conditions: draft.conditions, from: draft.from.start, until: until?.start, base: draft.base,
      bands: draft.bands, rounding: heading.rounding, billsSuccessOnly: heading.billsSuccessOnly,
      place: "\(file):\(draft.line)", file: file, source: source ?? "", readOn: readOn ?? draft.from,
      text: text, digest: digest(text))
  }
}

extension IssuerFileReader: RateFaultGathering {}
