import Units

/// A price file's text, in the form that those of `pricing/` have.
///
/// Two spaces a level; `rates`, `when`, smallest quantities, what is in `bands`, and lists of texts stand on one line.
package enum PriceFileText {
  package static func text(of tree: JSONTree) -> String { block(tree, indent: "") + "\n" }

  private static let oneLine: Set = ["rates", "when", "minimum", "round_up"]

  private static func block(_ tree: JSONTree, indent: String, name: String = "") -> String {
    let inner = indent + "  "
    switch tree.value {
    case .object(let members) where !members.isEmpty && !oneLine.contains(name):
      let lines = members.map {
        inner + JSONText.quoted($0.name) + ": " + block($0.value, indent: inner, name: $0.name)
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n" + indent + "}"
    case .array(let elements) where elements.contains { $0.members != nil }:
      let lines = elements.map { inner + (name == "bands" ? line($0) : block($0, indent: inner)) }
      return "[\n" + lines.joined(separator: ",\n") + "\n" + indent + "]"
    default: return line(tree)
    }
  }

  /// A value on one line.
  private static func line(_ tree: JSONTree) -> String {
    switch tree.value {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let text): text
    case .string(let text): JSONText.quoted(text)
    case .array(let elements): "[" + elements.map(line).joined(separator: ", ") + "]"
    case .object(let members):
      members.isEmpty
        ? "{}"
        : "{ " + members.map { JSONText.quoted($0.name) + ": " + line($0.value) }.joined(separator: ", ") + " }"
    }
  }
}
