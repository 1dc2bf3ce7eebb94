/// Writes tables in the form of RFC 4180, with newlines of one byte.
package enum CSVText {
  package static func document(_ lines: [[String]]) -> String {
    lines.map { $0.map(field).joined(separator: ",") + "\n" }.joined()
  }

  /// `text`, in quotes where it holds a comma, a quote or a line's end.
  package static func field(_ text: String) -> String {
    guard text.utf8.contains(where: { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
