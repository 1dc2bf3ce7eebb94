import Units

/// Reading members of a price file while noting what is wrong with them.
protocol RateFaultGathering {
  var file: String { get }
  var faults: [RateFault] { get set }
}

extension RateFaultGathering {
  mutating func fault(_ line: Int, _ kind: RateFault.Kind) {
    faults.append(RateFault(file: file, line: line, kind))
  }

  /// The object's members; unknown and doubled names are noted, and nil means it is no object.
  mutating func members(
    of tree: JSONTree, named place: String, known: [String]
  ) -> [JSONTree.Member]? {
    guard let members = tree.members else {
      fault(tree.line, .notAnObject(place))
      return nil
    }
    var seen: Set<String> = []
    for member in members {
      if !known.contains(member.name) {
        fault(
          member.line, .unknownMember(member.name, nearest: nearest(to: member.name, in: known)))
      }
      if !seen.insert(member.name).inserted { fault(member.line, .duplicateMember(member.name)) }
    }
    return members
  }

  /// A member's text; another type and an empty one are noted, absence is nil.
  mutating func text(_ tree: JSONTree, _ name: String) -> String? {
    tree[name].flatMap { text($0, named: name) }
  }

  /// A value's text; another type and an empty one are noted.
  mutating func text(_ value: JSONTree, named name: String) -> String? {
    if let text = value.string, !text.isEmpty { return text }
    fault(value.line, value.string == nil ? .notText(name) : .emptyText(name))
    return nil
  }

  mutating func day(_ tree: JSONTree, _ name: String) -> Day? {
    guard let text = text(tree, name) else { return nil }
    if let day = Day(text) { return day }
    fault(tree[name]?.line ?? tree.line, .badDay(text))
    return nil
  }
}
