import Calls
import Units

/// Which booked calls are to be priced anew, and on which days the difference is booked.
package struct RepriceQuery: Hashable, Sendable {
  /// The first instant at which calls began, and the first no longer meant; nil for no such end.
  package let from: Timestamp?
  package let to: Timestamp?
  /// Values that a call must have, by key; a key with several takes any of them.
  package let wanted: [SpendKey: Set<String>]
  /// The first day whose period is open, in UTC; nil when every period is.
  ///
  /// What is corrected of earlier days is booked on this one.
  package let firstOpenDay: Day?

  package init(
    from: Timestamp? = nil, to: Timestamp? = nil, wanted: [SpendKey: Set<String>] = [:],
    firstOpenDay: Day? = nil
  ) {
    self.from = from
    self.to = to
    self.wanted = wanted
    self.firstOpenDay = firstOpenDay
  }

  /// Whether calls of that subject are asked for.
  package func wants(_ subject: Subject) -> Bool {
    wanted.allSatisfy { key, values in values.contains(key.value(of: subject)) }
  }

  /// The UTC day on which the correction of a call of `day` is booked.
  package func entryDay(ofCallOn day: Int64) -> Int64 {
    max(day, firstOpenDay.map { Int64($0.number) } ?? day)
  }

  /// The same question always as the same text: a run's document keeps it.
  package var json: String {
    let keys = wanted.sorted { $0.key.name < $1.key.name }
    return JSONText.object([
      ("closed_until", JSONText.optional(firstOpenDay?.description)),
      ("from", JSONText.optional(from?.description)),
      ("to", JSONText.optional(to?.description)),
      (
        "where",
        JSONText.object(
          keys.map { ($0.key.name, JSONText.array($0.value.sorted().map(JSONText.quoted))) })
      ),
    ])
  }
}

/// The name of a re-pricing run: what is booked under it is booked once.
package struct RunName: Hashable, Sendable, CustomStringConvertible {
  package let text: String

  /// Bytes of a name at most.
  package static let bytesMax = 100

  /// Nil for a text that is empty, too long, or has other than letters, digits and `-_.:`.
  package init?(_ text: String) {
    let allowed = text.utf8.allSatisfy { byte in
      (byte | 0x20 >= 97 && byte | 0x20 <= 122) || (byte >= 48 && byte <= 58) || byte == 45 || byte == 46
        || byte == 95
    }
    guard allowed, !text.isEmpty, text.utf8.count <= Self.bytesMax else { return nil }
    self.text = text
  }

  /// Whether a document's reference is this run's, or one of its parts'.
  package func isOf(reference: String) -> Bool { reference == text || reference.hasPrefix(text + "/") }

  package var description: String { text }
}
