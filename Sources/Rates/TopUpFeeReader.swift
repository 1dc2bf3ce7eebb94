import Units

/// Reads `fees`: what an issuer charges for buying credit, through time.
struct TopUpFeeReader: RateFaultGathering {
  let file: String
  let heading: IssuerFileReader.Heading
  var faults: [RateFault] = []

  static let members = ["on", "times", "minimum", "from", "until", "source", "read_on", "note"]

  init(file: String, heading: IssuerFileReader.Heading) {
    self.file = file
    self.heading = heading
  }

  mutating func read(_ tree: JSONTree?) -> [TopUpFee] {
    guard let tree else { return [] }
    guard let elements = tree.elements else {
      fault(tree.line, .notAList("fees"))
      return []
    }
    return spans(of: elements.compactMap { fee($0) }, named: "the fee on top_up")
  }

  private mutating func fee(_ tree: JSONTree) -> TopUpFee? {
    guard members(of: tree, named: "a fee", known: Self.members) != nil else { return nil }
    for name in ["on", "times"] where tree[name] == nil { fault(tree.line, .missing(name, in: "a fee")) }
    let _: TopUpFee.Occasion? = word(tree, "on")
    let span = span(tree, of: "the fee on top_up")
    let times = share(tree)
    let minimum = tree["minimum"] == nil ? .zero : dollars(tree, "minimum")
    let source = text(tree, "source") ?? heading.source
    let readOn = day(tree, "read_on") ?? heading.readOn
    if source == nil { fault(tree.line, .missing("source", in: "a fee")) }
    if readOn == nil { fault(tree.line, .missing("read_on", in: "a fee")) }
    guard let span, let times, let minimum, let source, let readOn else { return nil }
    return TopUpFee(
      issuer: heading.issuer, times: times.text, millionths: times.millionths, minimum: minimum,
      from: span.from, until: span.until, source: source, readOn: readOn, file: file, line: tree.line)
  }

  /// `times`: a share of nought to one, of at most six decimals.
  private mutating func share(_ tree: JSONTree) -> (text: String, millionths: Int64)? {
    guard let text = text(tree, "times") else { return nil }
    guard let millionths = try? DecimalText.scaled(text, decimals: 6), (0...1_000_000).contains(millionths)
    else {
      fault(tree["times"]?.line ?? tree.line, .badShare(text))
      return nil
    }
    return (text, Int64(millionths))
  }
}
