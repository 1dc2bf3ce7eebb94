import Calls
import Units

/// Reads `allowances`: what an issuer gives away each month or day, through time.
struct AllowanceReader: RateFaultGathering {
  let file: String
  let heading: IssuerFileReader.Heading
  let zones: RateFileReader.Zones
  var faults: [RateFault] = []

  static let members = [
    "allowance", "meter", "free", "every", "zone", "models", "tier", "from", "until", "source", "read_on", "note",
  ]

  init(file: String, heading: IssuerFileReader.Heading, zones: @escaping RateFileReader.Zones) {
    self.file = file
    self.heading = heading
    self.zones = zones
  }

  mutating func read(_ tree: JSONTree?) -> [Allowance] {
    guard let tree else { return [] }
    guard let elements = tree.elements else {
      fault(tree.line, .notAList("allowances"))
      return []
    }
    let allowances = elements.compactMap { allowance($0) }
    var read: [Allowance] = []
    for name in Set(allowances.map(\.name)).sorted() {
      read += spans(of: allowances.filter { $0.name == name }, named: "allowance \(name)")
    }
    return read
  }

  private mutating func allowance(_ tree: JSONTree) -> Allowance? {
    let place = "an allowance"
    guard members(of: tree, named: place, known: Self.members) != nil else { return nil }
    for name in ["allowance", "meter", "free", "every"] where tree[name] == nil {
      fault(tree.line, .missing(name, in: place))
    }
    let name = name(tree)
    let span = span(tree, of: name.map { "allowance \($0)" } ?? place)
    let meter = meter(tree)
    let free = free(tree, of: meter)
    let every: Allowance.Cycle? = word(tree, "every")
    let zone = zone(tree)
    let models = models(tree)
    let tier = text(tree, "tier")
    let source = text(tree, "source") ?? heading.source
    let readOn = day(tree, "read_on") ?? heading.readOn
    if source == nil { fault(tree.line, .missing("source", in: place)) }
    if readOn == nil { fault(tree.line, .missing("read_on", in: place)) }
    guard let name, let span, let meter, let free, let every, let zone, let models, let source, let readOn
    else { return nil }
    return Allowance(
      issuer: heading.issuer, name: name, meter: meter, quantity: free.parts, words: free.text, models: models,
      tier: tier, every: every, zone: zone, from: span.from, until: span.until, source: source, readOn: readOn,
      file: file, line: tree.line)
  }

  /// Bytes of a name at most.
  private static let nameBytesMax = 60

  /// Its name: two names are never one account's.
  private mutating func name(_ tree: JSONTree) -> String? {
    guard let name = text(tree, "allowance") else { return nil }
    let isPlain = name.unicodeScalars.allSatisfy { PlainText.isPlain($0) && $0 != ":" }
    if isPlain, (1...Self.nameBytesMax).contains(name.utf8.count) { return name }
    fault(tree["allowance"]?.line ?? tree.line, .badTermName(name, most: Self.nameBytesMax))
    return nil
  }

  private mutating func meter(_ tree: JSONTree) -> Meter? {
    guard let name = text(tree, "meter") else { return nil }
    if let meter = Meter(name: name) { return meter }
    let near = nearest(to: name, in: Meter.allCases.map(\.name))
    fault(tree["meter"]?.line ?? tree.line, .unknownMeter(name, nearest: near))
    return nil
  }

  /// `free`: a quantity in words, `5K searches`, in the meter's unit.
  private mutating func free(_ tree: JSONTree, of meter: Meter?) -> RatePer? {
    guard let text = text(tree, "free") else { return nil }
    let line = tree["free"]?.line ?? tree.line
    guard let quantity = RatePer(text) else {
      fault(line, .badQuantity(text))
      return nil
    }
    guard let meter, quantity.unit != meter.unit else { return quantity }
    fault(line, .quantityDiffers(meter: meter.name, wants: meter.unit.rawValue, text: text))
    return nil
  }

  private mutating func zone(_ tree: JSONTree) -> ZoneOffsets? {
    guard tree["zone"] != nil else { return .utc }
    guard let name = text(tree, "zone") else { return nil }
    if let zone = zones(name) { return zone }
    fault(tree["zone"]?.line ?? tree.line, .unknownZone(name))
    return nil
  }

  private mutating func models(_ tree: JSONTree) -> [String]? {
    guard let stated = tree["models"] else { return [] }
    guard let elements = stated.elements, !elements.isEmpty, elements.allSatisfy({ $0.string != nil }) else {
      fault(stated.line, .badModels)
      return nil
    }
    return elements.compactMap(\.string)
  }
}

extension RateFileReader {
  /// What is wrong with allowances beside each other, and beside the models of their issuer.
  static func faults(of allowances: [Allowance], models: [String: Set<String>]) -> [RateFault] {
    var faults: [RateFault] = []
    for (place, allowance) in allowances.enumerated() {
      let known = models[allowance.issuer] ?? []
      for model in allowance.models where !known.contains(model) {
        let near = nearest(to: model, in: known.sorted())
        faults.append(
          RateFault(
            file: allowance.file, line: allowance.line,
            .unknownModel(model, of: "allowance \(allowance.name)", nearest: near)))
      }
      if let other = allowances[..<place].first(where: { $0.meets(allowance) }) {
        faults.append(
          RateFault(
            file: allowance.file, line: allowance.line,
            .sharedUnits(
              allowance.name, other: other.name, meter: allowance.meter.name, at: "\(other.file):\(other.line)")))
      }
    }
    return faults
  }
}
