import Audit
import Books
import Rates
import Units

/// What the document of a re-pricing run says, as canonical JSON.
struct RepriceText {
  let text: String
  /// The question, as ``RepriceQuery/json``; empty in a text that is none of ours.
  let asked: String
  /// Another part of the run comes behind this one.
  let hasMore: Bool

  init(_ query: RepriceQuery, _ part: RepricePart, _ scan: RepriceScan, number: Int) {
    asked = query.json
    hasMore = part.hasMore
    var before: Set<String> = []
    var after: Set<String> = []
    for dimension in part.dimensions {
      switch dimension {
      case .stored(let id):
        guard let stored = scan.dimensions[id] else { continue }
        before.formUnion([stored.card, stored.direct].compactMap { scan.cardDigests[$0] })
      case .new(let number):
        let new = scan.repricing.dimensions.newDimensions[Int(number)]
        after.formUnion([new.card?.digest, new.direct?.digest].compactMap { $0 })
      }
    }
    func list(_ digests: Set<String>) -> String { JSONText.array(digests.sorted().map(JSONText.quoted)) }
    text = JSONText.object([
      ("asked", asked), ("calls", "\(part.calls)"),
      ("cards", JSONText.object([("after", list(after)), ("before", list(before))])),
      ("more", "\(hasMore)"), ("part", "\(number)"), ("rows", "\(part.recharges.count)"),
    ])
  }

  /// Reads the text of a run's document.
  init(_ text: String) {
    self.text = text
    let prefix = "{\"asked\":"
    let tree = try? JSONTree(parsing: text)
    if case .bool(true) = tree?["more"]?.value { hasMore = true } else { hasMore = false }
    // The question is the first member, and written in one way only.
    if text.hasPrefix(prefix), let end = text.firstRange(of: ",\"calls\":") {
      asked = String(text[text.index(text.startIndex, offsetBy: prefix.utf8.count)..<end.lowerBound])
    } else {
      asked = ""
    }
  }

  /// The first day whose period was open when the run was booked.
  var firstOpenDay: Day? {
    (try? JSONTree(parsing: text))?["asked"]?["closed_until"]?.string.flatMap { Day($0) }
  }
}
