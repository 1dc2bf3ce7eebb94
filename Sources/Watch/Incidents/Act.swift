import Units

/// What somebody says of incidents, on its way to the watch.
///
/// It is kept before anything is done about it, and the watch answers it in the order of saying.
package struct Act: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Somebody has the incident.
    case ack(String)
    /// Somebody ends it.
    case resolve(String)
    case silence([Silence.Matcher], from: Timestamp, to: Timestamp, reason: String)
    /// Ends the silence that came of that act.
    case unsilence(Int64)
    /// What an alert was worth; `planned` silences its key up to `until`.
    case feedback(String, Feedback, until: Timestamp?)
  }

  /// Unit: characters.
  package static let authorMax = 200
  /// Unit: bytes of an incident's id, which has letters, digits, `-` and `_` only.
  package static let incidentMax = 200
  /// Unit: bytes of ``body``.
  package static let bodyMax = 16 << 10
  /// How long what was planned is silent, where nobody says: a day.
  package static let plannedMicroseconds = 24 * Timestamp.microsecondsPerHour

  package let kind: Kind
  package let author: String
  package let at: Timestamp

  /// - Throws: ``ActFault`` for an act that the watch could do nothing with, whatever there is.
  package init(_ kind: Kind, author: String, at: Timestamp) throws(ActFault) {
    guard (1...Self.authorMax).contains(author.count), author.utf8.count <= Silence.textMax else {
      throw .badAuthor
    }
    self.author = author
    self.at = at
    var kind = kind
    switch kind {
    case .ack, .resolve: break
    case .silence(let matchers, let from, let to, let reason):
      do throws(IncidentFault) {
        _ = try Silence(id: 0, matchers, from: from, to: to, author: author, reason: reason)
      } catch { throw .silence(error) }
    case .unsilence(let act): guard act > 0 else { throw .badMember("act", "number of a silence's act") }
    case .feedback(let incident, .planned, let until):
      let end = until ?? Timestamp(microseconds: at.microseconds + Self.plannedMicroseconds)
      guard at < end, end.microseconds - at.microseconds <= Silence.microsecondsMax else {
        throw .silence(.badSilence("it ends before it begins, or after more than a year"))
      }
      kind = .feedback(incident, .planned, until: end)
    case .feedback(_, _, let until): guard until == nil else { throw .badMember("until_us", "member of this verdict") }
    }
    self.kind = kind
    if let incident {
      guard (1...Self.incidentMax).contains(incident.utf8.count), incident.utf8.allSatisfy(Self.isIDByte) else {
        throw .badIncident
      }
    }
    guard body.utf8.count <= Self.bodyMax else { throw .tooLong }
  }

  private static func isIDByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// `ack`, `resolve`, `silence`, `unsilence` or `feedback`.
  package var name: String {
    switch kind {
    case .ack: "ack"
    case .resolve: "resolve"
    case .silence: "silence"
    case .unsilence: "unsilence"
    case .feedback: "feedback"
    }
  }

  /// The incident that it is about; nil of a silence.
  package var incident: String? {
    switch kind {
    case .ack(let incident), .resolve(let incident), .feedback(let incident, _, _): incident
    case .silence, .unsilence: nil
    }
  }
}

/// Why something is no act.
package enum ActFault: Error, Hashable, Sendable, CustomStringConvertible {
  case notJSON
  case unknownKind(String)
  case badAuthor
  case badIncident
  /// A member is missing, or is not what stands there.
  case badMember(String, String)
  case unknownMember(String)
  case silence(IncidentFault)
  case tooLong

  package var description: String {
    switch self {
    case .notJSON: "What was sent is no JSON object. Send kind, author, incident and body."
    case .unknownKind(let kind):
      "'\(kind.prefix(40))' is no kind of act. Name one of ack, resolve, silence, unsilence and feedback."
    case .badAuthor: "The author is no text of 1 to \(Act.authorMax) characters. Name who says it, in short."
    case .badIncident:
      "The incident is no id of 1 to \(Act.incidentMax) letters, digits, - and _. Take it from `tollbook alerts list`."
    case .badMember(let name, let what): "'\(name)' is no \(what). Leave it out, or write it as docs/alerts.md has it."
    case .unknownMember(let name):
      "'\(name.prefix(40))' is no member of such an act. Leave it out, or write it as docs/alerts.md has it."
    case .silence(let fault): fault.description
    case .tooLong: "The act takes more than \(Act.bodyMax >> 10) KiB. Name fewer matchers, or a shorter reason."
    }
  }
}
