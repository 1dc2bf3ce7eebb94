import Units

/// What there is to tell about an incident, once: the value that delivery is made from.
///
/// It holds who, how much and since when; never what a call said. Lists are cut to their limits when it is
/// made, so that no receiver's limits are met by surprise.
package struct Notice: Hashable, Sendable {
  /// What is told.
  package enum Kind: String, CaseIterable, Sendable {
    case firing, updated, resolved, test, digest
    /// Another notice could not be delivered to its receiver.
    case undelivered
  }

  /// How urgent it is: from the money at risk.
  package enum Severity: String, CaseIterable, Comparable, Sendable {
    case info, warning, critical

    package static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
    private var rank: Int { self == .info ? 0 : self == .warning ? 1 : 2 }
  }

  /// A label or its like: identity only, because a changing label makes another alert.
  package struct Label: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The money: what was spent in the window, against what was to be expected.
  package struct Impact: Hashable, Sendable {
    package let actual: Amount
    package let expected: Amount
    /// At the present rate, over 24 hours: what would be spent beyond what is expected.
    package let projectedDay: Amount
    /// How long the window is, in seconds.
    package let windowSeconds: Int64

    package init(actual: Amount, expected: Amount, projectedDay: Amount, windowSeconds: Int64) {
      self.actual = actual
      self.expected = expected
      self.projectedDay = projectedDay
      self.windowSeconds = windowSeconds
    }

    package var excess: Amount { actual - expected }
  }

  /// Who or what the excess comes from.
  package struct Contributor: Hashable, Sendable {
    /// Such as `key` or `model`.
    package let dimension: String
    package let value: String
    package let excess: Amount
    /// Nothing was known of it before.
    package let isNew: Bool

    package init(dimension: String, value: String, excess: Amount, isNew: Bool = false) {
      self.dimension = dimension
      self.value = value
      self.excess = excess
      self.isNew = isNew
    }
  }

  /// Which notice it is: the same one has the same id wherever and however often it is made.
  package let id: String
  package let incident: String
  /// What the incident is told from others by; the same for the incident and its next opening.
  package let fingerprint: String
  package let kind: Kind
  package let severity: Severity
  /// Such as `spend_spike`.
  package let rule: String
  /// By name, each once.
  package let labels: [Label]
  /// When the incident began.
  package let since: Timestamp
  /// When it ended; nil while it lasts.
  package let until: Timestamp?
  /// When the notice was made.
  package let at: Timestamp
  /// One sentence that stands alone.
  package let summary: String
  package let impact: Impact?
  package let contributors: [Contributor]
  /// Sentences on why.
  package let evidence: [String]
  /// Ids of calls to look up.
  package let calls: [String]
  /// Where a person reads on; nil for nowhere.
  package let link: String?

  /// Cuts texts and lists to ``NoticeLimits``; labels are sorted, and of one name the first counts.
  package init(
    id: String, incident: String, fingerprint: String, kind: Kind, severity: Severity, rule: String,
    labels: [Label], since: Timestamp, until: Timestamp? = nil, at: Timestamp, summary: String,
    impact: Impact? = nil, contributors: [Contributor] = [], evidence: [String] = [],
    calls: [String] = [], link: String? = nil
  ) {
    self.id = Self.plain(id)
    self.incident = Self.plain(incident)
    self.fingerprint = fingerprint
    self.kind = kind
    self.severity = severity
    self.rule = NoticeLimits.cut(rule, to: NoticeLimits.nameMax)
    var seen: Set<String> = []
    self.labels = labels.filter { !$0.value.isEmpty && seen.insert($0.name).inserted }
      .sorted { $0.name < $1.name }.prefix(NoticeLimits.labelsMax)
      .map { Label($0.name, NoticeLimits.cut($0.value, to: NoticeLimits.nameMax)) }
    self.since = since
    self.until = until
    self.at = at
    self.summary = NoticeLimits.cut(summary, to: NoticeLimits.summaryMax)
    self.impact = impact
    self.contributors = contributors.prefix(NoticeLimits.contributorsMax).map {
      Contributor(
        dimension: NoticeLimits.cut($0.dimension, to: NoticeLimits.nameMax),
        value: NoticeLimits.cut($0.value, to: NoticeLimits.nameMax), excess: $0.excess, isNew: $0.isNew)
    }
    self.evidence = evidence.prefix(NoticeLimits.evidenceMax).map {
      NoticeLimits.cut($0, to: NoticeLimits.sentenceMax)
    }
    self.calls = calls.prefix(NoticeLimits.callsMax).map { NoticeLimits.cut($0, to: NoticeLimits.nameMax) }
    self.link = link
  }

  /// The id of a notice: `<incident>_firing`, and with a number where there are several of a kind.
  ///
  /// The first firing has no number: mails of the incident refer to it.
  package static func id(incident: String, kind: Kind, number: Int? = nil) -> String {
    plain(incident + "_" + kind.rawValue + (number.map { "_\($0)" } ?? ""))
  }

  /// Ids go into headers and signatures, where a point separates: only letters, digits, `-` and `_` stay.
  private static func plain(_ id: String) -> String {
    let bytes = id.utf8.prefix(NoticeLimits.idMax).map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
        byte
      default: UInt8(ascii: "_")
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// How much a notice holds: below the limits of every receiver.
package enum NoticeLimits {
  /// Bytes of an id.
  package static let idMax = 120
  package static let labelsMax = 16
  /// Characters of a label's value, a rule or a call's id.
  package static let nameMax = 200
  package static let summaryMax = 300
  package static let contributorsMax = 5
  package static let evidenceMax = 8
  package static let sentenceMax = 300
  package static let callsMax = 3

  /// The first characters, with a mark where some are missing; control characters become spaces.
  package static func cut(_ text: String, to count: Int) -> String {
    let plain =
      text.unicodeScalars.contains { $0.value < 32 || $0.value == 127 }
      ? String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : $0 }))
      : text
    return limited(plain, to: count)
  }

  /// The first characters, with a mark where some are missing; line ends stay.
  package static func limited(_ text: String, to count: Int) -> String {
    text.count <= count ? text : text.prefix(count - 1) + "…"
  }
}
