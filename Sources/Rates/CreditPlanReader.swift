import Units

/// Reads `plans`: the credit that an issuer's plans include, through time.
struct CreditPlanReader: RateFaultGathering {
  let file: String
  let heading: IssuerFileReader.Heading
  var faults: [RateFault] = []

  static let members = [
    "plan", "credit", "per", "every", "from", "until", "spends_on", "source", "read_on", "note",
  ]

  init(file: String, heading: IssuerFileReader.Heading) {
    self.file = file
    self.heading = heading
  }

  mutating func read(_ tree: JSONTree?) -> [CreditPlan] {
    guard let tree else { return [] }
    guard let elements = tree.elements else {
      fault(tree.line, .notAList("plans"))
      return []
    }
    let plans = elements.compactMap { plan($0) }
    var read: [CreditPlan] = []
    for name in Set(plans.map(\.name)).sorted() {
      read += spans(of: plans.filter { $0.name == name }, named: "plan \(name)")
    }
    return read
  }

  private mutating func plan(_ tree: JSONTree) -> CreditPlan? {
    guard members(of: tree, named: "a plan", known: Self.members) != nil else { return nil }
    for name in ["plan", "credit", "per", "every", "spends_on"] where tree[name] == nil {
      fault(tree.line, .missing(name, in: "a plan"))
    }
    let name = text(tree, "plan")
    let span = span(tree, of: name.map { "plan \($0)" } ?? "a plan")
    let credit = dollars(tree, "credit")
    let per: CreditPlan.Payer? = word(tree, "per")
    let _: CreditPlan.Cycle? = word(tree, "every")
    let scope: CreditPlan.Scope? = word(tree, "spends_on")
    let source = text(tree, "source") ?? heading.source
    let readOn = day(tree, "read_on") ?? heading.readOn
    if source == nil { fault(tree.line, .missing("source", in: "a plan")) }
    if readOn == nil { fault(tree.line, .missing("read_on", in: "a plan")) }
    guard let name, let span, let credit, let per, let scope, let source, let readOn else { return nil }
    return CreditPlan(
      issuer: heading.issuer, name: name, credit: credit, per: per, from: span.from, until: span.until,
      spendsOn: scope, source: source, readOn: readOn, file: file, line: tree.line)
  }
}
