import Units

/// A time for which incidents with certain labels are told to nobody: who said so, and why.
package struct Silence: Hashable, Sendable {
  package static let matchersMax = 16
  /// Unit: bytes of UTF-8, of an author, a reason, a name, a value.
  package static let textMax = 1_000
  /// How long one may last: a year.
  ///
  /// Unit: microseconds.
  package static let microsecondsMax: Int64 = 365 * 24 * Timestamp.microsecondsPerHour

  /// The act that made it, by which it is ended again.
  package let id: Int64
  /// All of them must match.
  package let matchers: [Matcher]
  package let from: Timestamp
  package let to: Timestamp
  package let author: String
  package let reason: String

  /// - Throws: ``IncidentFault/badSilence(_:)`` for one that ends before it begins, lasts for more than a year, matches
  ///   everything, or that nobody answers for.
  package init(
    id: Int64, _ matchers: [Matcher], from: Timestamp, to: Timestamp, author: String, reason: String
  ) throws(IncidentFault) {
    guard from < to else { throw .badSilence("it ends before it begins") }
    let (length, isBeyond) = to.microseconds.subtractingReportingOverflow(from.microseconds)
    guard !isBeyond, length <= Self.microsecondsMax else { throw .badSilence("it lasts for more than a year") }
    guard (1...Self.matchersMax).contains(matchers.count) else {
      throw .badSilence("it has \(matchers.count) matchers, and 1 to \(Self.matchersMax) are meant")
    }
    guard !author.isEmpty, !reason.isEmpty else { throw .badSilence("it has no author or no reason") }
    let texts = matchers.flatMap { [$0.name, $0.value] } + [author, reason]
    guard texts.allSatisfy({ $0.utf8.count <= Self.textMax }) else {
      throw .badSilence("one of its texts is longer than \(Self.textMax) bytes")
    }
    for matcher in matchers { try matcher.check() }
    self.id = id
    self.matchers = matchers
    self.from = from
    self.to = to
    self.author = author
    self.reason = reason
  }

  /// Whether what a closed bucket has to tell of an incident falls under it.
  ///
  /// It does from the first bucket on that is closed when the silence has begun, so that whoever silences something
  /// hears no more of it; and up to the last that began before its end.
  package func covers(_ key: IncidentKey, at bucket: Bucket) -> Bool {
    let lateness = Bucket.lateness * Timestamp.microsecondsPerSecond
    return from.microseconds <= bucket.next.start.microseconds + lateness && bucket.start < to
      && matches(rule: key.rule.rawValue) { key.value(of: $0) }
  }

  /// Whether it is of incidents with that rule and these labels, whenever.
  package func matches(rule: String, value: (String) -> String?) -> Bool {
    matchers.allSatisfy { $0.matches($0.name == "rule" ? rule : value($0.name)) }
  }
}
