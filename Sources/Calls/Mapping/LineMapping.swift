/// How the lines of one program that has no shape of its own here are read: which of its values is
/// which of our fields.
///
/// Values are taken as they stand, so a field's rule is ours: `units` are disjoint, `usage` follows
/// its dialect.
package struct LineMapping: Sendable {
  package let name: String
  /// What a line must have for the mapping to hold.
  let conditions: [Condition]
  /// Our fields, by their dotted names, and where their values stand.
  let fields: [(field: [String], path: ValuePath)]
  /// Our fields that are the same for all such lines.
  let constants: [(field: String, text: String)]

  /// A value that must be there, and what text it must be; nil for any value.
  struct Condition {
    let path: ValuePath
    let text: String?
  }

  /// Mappings of one file.
  static let mappingsMax = 64
  /// Fields of one mapping.
  static let fieldsMax = 100

  func fits(_ root: Outline.Value) -> Bool {
    conditions.allSatisfy { condition in
      guard let value = condition.path.value(in: root) else { return false }
      return condition.text.map { value.bytes.elementsEqual($0.utf8) } ?? true
    }
  }

  func read(_ root: Outline.Value, into lines: inout PlainLines) {
    lines.begin(root)
    var found: [(field: [String], value: Outline.Value)] = []
    for (field, path) in fields {
      if let value = path.value(in: root) { found.append((field, value)) }
    }
    add(found, to: &lines)
    for (field, text) in constants { lines.add(field, text: text) }
    lines.end()
  }

  /// Adds fields; those of one first word are members of one object.
  private func add(_ fields: [(field: [String], value: Outline.Value)], to lines: inout PlainLines) {
    var grouped: Set<String> = []
    for (field, value) in fields {
      guard let name = field.first else { continue }
      if field.count == 1 {
        if value.isObject || value.isList { lines.add(name, whole: value) } else { lines.add(name, value) }
      } else if grouped.insert(name).inserted {
        let members = fields.filter { $0.field.first == name && $0.field.count > 1 }
          .map { (field: Array($0.field.dropFirst()), value: $0.value) }
        lines.add(name) { add(members, to: &$0) }
      }
    }
  }
}

/// Where a value stands in a line: keys with dots between them, numbers for places in lists.
///
/// A key that has dots itself is found too: of `a.b.c` the longest key that is there holds.
struct ValuePath: Sendable {
  let words: [String]

  init?(_ text: String) {
    words = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard !words.contains(""), words.count <= Limits.depth else { return nil }
  }

  /// The value, unless it is missing, null or an empty text.
  func value(in root: Outline.Value) -> Outline.Value? { value(in: root, words[...]) }

  private func value(in value: Outline.Value, _ rest: ArraySlice<String>) -> Outline.Value? {
    guard !rest.isEmpty else {
      return value.kind == .null || (value.isText && value.bytes.isEmpty) ? nil : value
    }
    if value.isList, let word = rest.first {
      let items = value.children
      guard let place = Int(word), items.indices.contains(place) else { return nil }
      return self.value(in: items[place], rest.dropFirst())
    }
    guard value.isObject else { return nil }
    for count in stride(from: rest.count, to: 0, by: -1) {
      let key = Array(rest.prefix(count).joined(separator: ".").utf8)
      guard let child = value.children.first(where: { $0.key.elementsEqual(key) }) else { continue }
      if let found = self.value(in: child, rest.dropFirst(count)) { return found }
    }
    return nil
  }
}
