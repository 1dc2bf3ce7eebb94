import Calls

/// The members of a call's details: the flat JSON object that its row keeps.
///
/// Reads text of our own making, member by member, and keeps values as they stand. What is no such
/// object has no members.
struct DetailMembers {
  /// Name and value of each member, as they stand between its quotes and behind its colon.
  private(set) var members: [(name: Substring.UTF8View, value: Substring.UTF8View)] = []

  init(_ text: String) {
    let bytes = text.utf8
    guard bytes.first == UInt8(ascii: "{") else { return }
    var place = bytes.index(after: bytes.startIndex)
    while place < bytes.endIndex, bytes[place] == UInt8(ascii: "\"") {
      let name = Self.text(bytes, place)
      guard name.upperBound < bytes.endIndex, bytes[name.upperBound] == UInt8(ascii: ":") else { return }
      let start = bytes.index(after: name.upperBound)
      let end = Self.valueEnd(bytes, start)
      let inner = bytes.index(after: name.lowerBound)..<bytes.index(before: name.upperBound)
      members.append((Substring(text[inner]).utf8, Substring(text[start..<end]).utf8))
      guard end < bytes.endIndex, bytes[end] == UInt8(ascii: ",") else { return }
      place = bytes.index(after: end)
    }
  }

  /// The text in quotes that begins at `start`, quotes and all.
  private static func text(_ bytes: String.UTF8View, _ start: String.Index) -> Range<String.Index> {
    var place = bytes.index(after: start)
    while place < bytes.endIndex, bytes[place] != UInt8(ascii: "\"") {
      if bytes[place] == UInt8(ascii: "\\") { place = bytes.index(after: place) }
      if place < bytes.endIndex { place = bytes.index(after: place) }
    }
    return start..<(place < bytes.endIndex ? bytes.index(after: place) : place)
  }

  private static func valueEnd(_ bytes: String.UTF8View, _ start: String.Index) -> String.Index {
    var place = start
    var depth = 0
    while place < bytes.endIndex {
      switch bytes[place] {
      case UInt8(ascii: "\""):
        place = text(bytes, place).upperBound
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return place }
        depth -= 1
      case UInt8(ascii: ",") where depth == 0: return place
      default: break
      }
      place = bytes.index(after: place)
    }
    return place
  }

  /// The quantities of meters without a column of their own.
  var meters: [Meter: Int64] {
    var meters: [Meter: Int64] = [:]
    for (name, value) in members {
      guard let meter = Meter(name: Substring(name)), let quantity = Int64(Substring(value)) else { continue }
      meters[meter] = quantity
    }
    return meters
  }

  /// The row that this one adds to.
  var prior: Int64? {
    members.last { $0.name.elementsEqual("prior".utf8) }.flatMap { Int64(Substring($0.value)) }
  }

  /// What was noticed while the call's line was read, as far as its details tell.
  var flags: CallFlags {
    guard let list = members.last(where: { $0.name.elementsEqual("flags".utf8) })?.value else { return [] }
    let names = Set(String(Substring(list)).split { $0 == "," || $0 == "[" || $0 == "]" || $0 == "\"" })
    return CallFlags(CallFlags.names.filter { names.contains(Substring($0.name)) }.map(\.flag))
  }

  /// The same details with other quantities, naming the row that they add to.
  func adding(_ quantities: [Meter: Int64], to prior: Int64) -> String {
    var parts: [String] = []
    for meter in Meter.allCases {
      if let quantity = quantities[meter], quantity != 0 {
        parts.append("\"\(meter.name)\":\(quantity)")
      }
    }
    for (name, value) in members
    where Meter(name: Substring(name)) == nil && !name.elementsEqual("prior".utf8) {
      parts.append("\"\(Substring(name))\":\(Substring(value))")
    }
    parts.append("\"prior\":\(prior)")
    return "{" + parts.joined(separator: ",") + "}"
  }
}
