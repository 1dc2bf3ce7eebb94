import Units

/// A term of an issuer that holds in a span of days, such as a plan's credit or a fee.
protocol DatedTerm {
  var line: Int { get }
  var from: Day { get }
  var until: Day? { get set }
}

extension RateFaultGathering {
  /// Terms of one name in the order of their days: each holds until its own end or the next one's start.
  ///
  /// Two from one day, and one that begins inside another's stated span, are noted.
  mutating func spans<Term: DatedTerm>(of terms: [Term], named name: String) -> [Term] {
    var ordered = terms.sorted { $0.from < $1.from }
    for place in ordered.indices.dropLast() {
      let next = ordered[place + 1]
      if next.from == ordered[place].from {
        fault(next.line, .duplicateTerm(name, from: "\(next.from)", other: "\(file):\(ordered[place].line)"))
      } else if let end = ordered[place].until, next.from < end {
        fault(next.line, .overlappingTerm(name, from: "\(next.from)", other: "\(file):\(ordered[place].line)"))
      }
      ordered[place].until = min(ordered[place].until ?? next.from, next.from)
    }
    return ordered
  }

  /// `from` and `until` of a term; a missing start and an end before it are noted.
  mutating func span(_ tree: JSONTree, of name: String) -> (from: Day, until: Day?)? {
    if tree["from"] == nil { fault(tree.line, .missing("from", in: name)) }
    let from = day(tree, "from")
    let until = day(tree, "until")
    if let from, let until, until <= from {
      fault(tree.line, .termEndsBeforeStart(name, from: "\(from)", until: "\(until)"))
    }
    return from.map { ($0, until) }
  }

  /// An amount of dollars, nought or more; what is wrong with it is noted.
  mutating func dollars(_ tree: JSONTree, _ name: String) -> Amount? {
    guard let text = text(tree, name) else { return nil }
    let line = tree[name]?.line ?? tree.line
    do {
      let amount = try Amount(dollars: text)
      if amount >= .zero { return amount }
      fault(line, .negative(name))
    } catch {
      fault(line, .badDecimal(name, error))
    }
    return nil
  }

  /// One of a few words; another is noted with those that may stand there.
  mutating func word<Word: RawRepresentable & CaseIterable>(_ tree: JSONTree, _ name: String) -> Word?
  where Word.RawValue == String {
    guard let text = text(tree, name) else { return nil }
    if let word = Word(rawValue: text) { return word }
    let known = Word.allCases.map(\.rawValue)
    fault(
      tree[name]?.line ?? tree.line,
      .unknownWord(text, of: name, nearest: text.count > 1 ? nearest(to: text, in: known) : nil, known: known))
    return nil
  }
}
