/// A line with the counts of a usage object at its top, as many programs log them, or nothing else.
///
/// Rule: that of the words the counts are in. Everything else of the line is read as our own fields.
enum FlatUsage: Shape {
  static func fits(_ line: ScannedLine) -> Bool {
    guard !line.sawUsage else { return false }
    return line.has(.flatPrompt) || line.has(.flatCompletion) || line.has(.flatInput) || line.has(.flatOutput)
      || line.has(.flatGemini)
  }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    let children = root.children.map { (name: String(decoding: $0.key, as: UTF8.self), value: $0) }
    let counts = children.filter { isCount($0.name) }
    // A count of another kind than a number is another program's word.
    guard counts.contains(where: { $0.value.count != nil }) else { return .other }
    lines.begin(root)
    for (name, value) in children where !isCount(name) { lines.add(name, whole: value) }
    lines.add("usage") { lines in
      for (name, value) in counts { lines.add(name, whole: value) }
    }
    lines.end()
    return .calls
  }

  /// Names of counts have tokens in them, in every dialect.
  private static func isCount(_ name: String) -> Bool {
    name == "cache_creation" || KeyRules.usageNames.contains(name)
  }
}
