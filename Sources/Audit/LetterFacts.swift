import Calls
import Units

/// What quarantine kept of a call: names and numbers, and never content.
package struct LetterFacts: Sendable {
  /// Names as the line and the rate book had them, in the order of writing.
  package private(set) var names: [(name: String, text: String)] = []
  /// In the meters' smallest parts.
  package private(set) var quantities: [Meter: Int64] = [:]
  package private(set) var at = ""
  package private(set) var outcome = ""
  /// The call that it disagrees with; nil for none.
  package private(set) var bookedAs: Int64?

  /// Reads the JSON text of a dead letter's facts; nil for what is none.
  package init?(_ text: String) {
    guard let tree = try? JSONTree(parsing: text), let members = tree.members else { return nil }
    for member in members {
      switch (member.name, member.value.value) {
      case ("id", _), ("state", _), ("cost_n", _): break
      case ("at", .string(let text)): at = text
      case ("outcome", .string(let text)): outcome = text
      case ("booked_as", .number(let digits)): bookedAs = Int64(digits)
      case (let name, .string(let text)): names.append((name, text))
      case (let name, .number(let digits)):
        if let meter = Meter(name: name), let quantity = Int64(digits) { quantities[meter] = quantity }
      default: break
      }
    }
  }

  /// A line that books the call for itself and settles its letter; `id` becomes the call's.
  package func line(settling letter: Int64, id: String) -> String {
    var members: [(name: String, json: String)] = [
      ("tollbook_letter", "\(letter)"), ("id", JSONText.quoted(id)), ("at", JSONText.quoted(at)),
      ("status", JSONText.quoted(outcome)),
    ]
    var params: [(name: String, json: String)] = []
    for (name, text) in names {
      switch name {
      case "tags": members.append((name, text))
      case "variant":
        for pair in text.split(separator: ";") {
          let parts = pair.split(separator: "=", maxSplits: 1)
          if parts.count == 2 { params.append((String(parts[0]), JSONText.quoted(String(parts[1])))) }
        }
      default: members.append((name, JSONText.quoted(text)))
      }
    }
    if !params.isEmpty { members.append(("params", JSONText.object(params))) }
    let units = Meter.allCases.compactMap { meter -> (name: String, json: String)? in
      guard let quantity = quantities[meter] else { return nil }
      return (meter.name, JSONText.quoted(DecimalText.plain(Int128(quantity), decimals: meter.unit.decimals)))
    }
    if !units.isEmpty { members.append(("units", JSONText.object(units))) }
    return JSONText.object(members)
  }
}
