/// Writes JSON text, member by member, with the escapes that RFC 8259 asks for.
package enum JSONText {
  /// `text` in quotes.
  package static func quoted(_ text: String) -> String {
    // Most texts need no escape: they are copied whole.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5c }) { return "\"" + text + "\"" }
    var json = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": json += "\\\""
      case "\\": json += "\\\\"
      case "\n": json += "\\n"
      case "\r": json += "\\r"
      case "\t": json += "\\t"
      case let control where control.value < 0x20:
        let digits = String(control.value, radix: 16)
        json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: json.unicodeScalars.append(scalar)
      }
    }
    return json + "\""
  }

  /// `{"name":value,…}` of members whose values are JSON text already.
  package static func object(_ members: [(name: String, json: String)]) -> String {
    "{" + members.map { quoted($0.name) + ":" + $0.json }.joined(separator: ",") + "}"
  }

  /// `[value,…]` of values that are JSON text already.
  package static func array(_ values: [String]) -> String { "[" + values.joined(separator: ",") + "]" }

  /// `text` in quotes, or `null`.
  package static func optional(_ text: String?) -> String { text.map(quoted) ?? "null" }
}
