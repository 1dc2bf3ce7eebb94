import Units

/// Something that somebody says of incidents, read from its row.
package struct IncidentAct: Hashable, Sendable {
  /// What is said.
  package enum Word: Hashable, Sendable {
    case acknowledge(incident: String)
    case resolve(incident: String)
    case silence(Silence)
    /// Ends the silence of an earlier act.
    case unsilence(act: Int64)
    case feedback(Feedback, incident: String, until: Timestamp)
  }

  /// How long what was planned is silent, where nobody says: a day.
  package static let plannedMicroseconds = 24 * Timestamp.microsecondsPerHour

  package let at: Timestamp
  package let author: String
  package let word: Word

  /// Reads a row, whose `body` is a JSON object.
  ///
  /// Of a silence it has `matchers` (each with `name`, `form`, `value`), `from_us`, `until_us` and `reason`; of its end
  /// `act`, the silence's number; of feedback `verdict` and, where it is not a day, `until_us`.
  ///
  /// - Throws: ``IncidentFault/badAct(_:)`` or ``IncidentFault/badSilence(_:)`` with what is wrong with it.
  package init(
    at: Timestamp, author: String, kind: String, incident: String?, body: String
  ) throws(IncidentFault) {
    self.at = at
    self.author = author
    let tree: JSONTree
    do throws(JSONTreeFault) { tree = try JSONTree(parsing: body) } catch { throw .badAct("its body is no JSON") }
    let id = incident ?? ""
    switch kind {
    case "ack": word = .acknowledge(incident: id)
    case "resolve": word = .resolve(incident: id)
    case "silence": word = .silence(try Self.silence(tree, by: author))
    case "unsilence":
      guard let act = tree["act"]?.int64 else { throw .badAct("it names no silence") }
      word = .unsilence(act: act)
    case "feedback":
      guard let feedback = Self.feedback(tree["verdict"]?.string ?? "") else {
        throw .badAct("its verdict is none of yes, no and planned")
      }
      let until = tree["until_us"]?.int64 ?? at.microseconds + Self.plannedMicroseconds
      word = .feedback(feedback, incident: id, until: Timestamp(microseconds: until))
    default: throw .badAct("'\(kind)' is no kind of it")
    }
  }

  private static func feedback(_ verdict: String) -> Feedback? {
    switch verdict {
    case "yes": .yes
    case "no": .no
    case "planned": .planned
    default: nil
    }
  }

  private static func silence(_ tree: JSONTree, by author: String) throws(IncidentFault) -> Silence {
    var matchers: [Silence.Matcher] = []
    for element in tree["matchers"]?.elements ?? [] {
      let form: Silence.Matcher.Form
      switch element["form"]?.string ?? "equals" {
      case "equals": form = .equals
      case "differs": form = .differs
      case "begins": form = .begins
      default: throw .badSilence("a matcher's form is none of equals, differs and begins")
      }
      guard let name = element["name"]?.string, let value = element["value"]?.string else {
        throw .badSilence("a matcher has no name or no value")
      }
      matchers.append(Silence.Matcher(name, form, value))
    }
    guard let from = tree["from_us"]?.int64, let until = tree["until_us"]?.int64 else {
      throw .badSilence("it has no beginning or no end")
    }
    return try Silence(
      matchers, from: Timestamp(microseconds: from), to: Timestamp(microseconds: until), author: author,
      reason: tree["reason"]?.string ?? "")
  }
}

extension JSONTree {
  fileprivate var int64: Int64? {
    guard case .number(let text) = value else { return nil }
    return Int64(text)
  }
}

extension BucketWatch {
  /// Takes what somebody said, as of the last closed bucket; what follows is told at once or with the next one.
  ///
  /// `silence` is the silence of an earlier act, for one that ends it.
  /// - Throws: ``IncidentFault`` with why nothing follows.
  package mutating func take(_ act: IncidentAct, ending silence: Silence? = nil) throws(IncidentFault) -> [IncidentMove]
  {
    switch act.word {
    case .acknowledge(let id): try book.acknowledge(id, by: act.author)
    case .resolve(let id): return try book.resolve(id, at: last ?? Bucket(containing: act.at))
    case .silence(let silence): try book.add(silence)
    case .unsilence(let number):
      guard let silence, book.remove(silence) else { throw .badAct("\(number) is no silence that lasts") }
    case .feedback(let feedback, let id, let until):
      try book.take(feedback, of: id, by: act.author, at: act.at, until: until)
    }
    return []
  }
}
