import Units

/// A span of time in which incidents of certain labels are told to nobody.
package struct NoticeSilence: Hashable, Sendable {
  /// Every name must have its value; `rule` stands for the incident's rule.
  package let matchers: [Notice.Label]
  package let from: Timestamp
  package let until: Timestamp
  package let author: String
  package let reason: String

  /// How long one may last, in microseconds: a year.
  package static let microsecondsMax: Int64 = 365 * 24 * Timestamp.microsecondsPerHour

  /// Nil where it matches everything, or its span is empty or more than a year.
  package init?(matchers: [Notice.Label], from: Timestamp, until: Timestamp, author: String, reason: String) {
    guard !matchers.isEmpty, matchers.count <= NoticeLimits.labelsMax, from < until,
      until.microseconds - from.microseconds <= Self.microsecondsMax
    else { return nil }
    self.matchers = matchers
    self.from = from
    self.until = until
    self.author = NoticeLimits.cut(author, to: NoticeLimits.nameMax)
    self.reason = NoticeLimits.cut(reason, to: NoticeLimits.sentenceMax)
  }

  /// Whether all of `matchers` hold for the notice; none match nothing.
  package static func matches(_ matchers: [Notice.Label], _ notice: Notice) -> Bool {
    !matchers.isEmpty
      && matchers.allSatisfy { matcher in
        matcher.name == "rule" && matcher.value == notice.rule
          || notice.labels.contains(matcher)
      }
  }
}
