import Units

/// A time for which incidents with certain labels are not told: who said so, and why.
package struct Silence: Hashable, Sendable {
  /// One label's condition.
  package struct Matcher: Hashable, Sendable {
    /// How the value is compared.
    package enum Form: UInt8, Sendable {
      case equals, differs, begins
    }

    /// A label's name, or `rule`.
    package let name: String
    package let form: Form
    package let value: String

    package init(_ name: String, _ form: Form = .equals, _ value: String) {
      self.name = name
      self.form = form
      self.value = value
    }

    /// A label that is not there counts as empty.
    package func matches(_ key: IncidentKey) -> Bool {
      let found = name == "rule" ? key.rule.rawValue : key.value(of: name) ?? ""
      return switch form {
      case .equals: found == value
      case .differs: found != value
      case .begins: found.hasPrefix(value)
      }
    }
  }

  package static let matchersMax = 16
  /// Unit: bytes of UTF-8, of an author, a reason, a name, a value.
  package static let textMax = 1_000

  /// All of them must match.
  package let matchers: [Matcher]
  package let from: Timestamp
  package let to: Timestamp
  package let author: String
  package let reason: String

  /// - Throws: ``IncidentFault/badSilence(_:)`` for one that ends before it begins, matches everything, or that
  ///   nobody answers for.
  package init(
    _ matchers: [Matcher], from: Timestamp, to: Timestamp, author: String, reason: String
  ) throws(IncidentFault) {
    guard from < to else { throw .badSilence("it ends before it begins") }
    guard (1...Self.matchersMax).contains(matchers.count) else {
      throw .badSilence("it has \(matchers.count) matchers, and 1 to \(Self.matchersMax) are meant")
    }
    guard !author.isEmpty, !reason.isEmpty else { throw .badSilence("it has no author or no reason") }
    let texts = matchers.flatMap { [$0.name, $0.value] } + [author, reason]
    guard texts.allSatisfy({ $0.utf8.count <= Self.textMax }) else {
      throw .badSilence("one of its texts is longer than \(Self.textMax) bytes")
    }
    self.matchers = matchers
    self.from = from
    self.to = to
    self.author = author
    self.reason = reason
  }

  package func covers(_ key: IncidentKey, at instant: Timestamp) -> Bool {
    from <= instant && instant < to && matchers.allSatisfy { $0.matches(key) }
  }
}
