import Units
import Watch

extension LedgerReader {
  /// Acts of one incident that are read at most.
  package static let actsMost = 1_000
  /// Silences that are read at most.
  package static let silencesMost = 10_000

  /// The act of that id; nil when there is none.
  package func act(_ id: Int64) throws(StoreFault) -> ActRecord? {
    let query = try query("act")
    defer { query.reset() }
    query.bind(":id", id)
    return try query.step() ? Self.act(query) : nil
  }

  /// What was said of an incident, in the order of saying; the latest ``actsMost``.
  package func acts(on incident: String) throws(StoreFault) -> [ActRecord] {
    let query = try query("incident-acts")
    defer { query.reset() }
    query.bind(":id", text: incident)
    query.bind(":most", Int64(Self.actsMost))
    var acts: [ActRecord] = []
    while try query.step() { acts.append(Self.act(query)) }
    return acts
  }

  /// What people said and has no answer yet, in its order.
  package func waitingActs(most: Int) throws(StoreFault) -> [ActRecord] {
    let query = try query("acts-waiting")
    defer { query.reset() }
    query.bind(":most", Int64(most))
    var acts: [ActRecord] = []
    while try query.step() { acts.append(Self.act(query)) }
    return acts
  }

  private static func act(_ query: Statement) -> ActRecord {
    ActRecord(
      id: query.int64(0), at: query.timestamp(1), author: query.text(2), kind: query.text(3),
      incident: query.optionalText(4), body: query.text(5), answer: query.optionalText(6))
  }

  /// Silences that are in force or will be, the first to end first.
  package func silences(at now: Timestamp) throws(StoreFault) -> [Silence] {
    let query = try query("silences")
    defer { query.reset() }
    query.bind(":now_us", now.microseconds)
    query.bind(":most", Int64(Self.silencesMost))
    var silences: [Silence] = []
    while try query.step() {
      guard let tree = try? JSONTree(parsing: query.text(1)), let matchers = Silence.Matcher.list(tree["matchers"]),
        let silence = try? Silence(
          id: query.int64(0), matchers, from: query.timestamp(2), to: query.timestamp(3), author: query.text(4),
          reason: query.text(5))
      else { throw .corrupt(path: database.path, what: "silence \(query.int64(0)) is none that could be made") }
      silences.append(silence)
    }
    return silences
  }

  /// Ids of incidents that begin with some letters, the latest first.
  package func incidentIDs(beginning prefix: String, most: Int) throws(StoreFault) -> [String] {
    let query = try query("incident-ids")
    defer { query.reset() }
    query.bind(":prefix", text: prefix)
    // Behind every text that begins so: ids are of ASCII.
    query.bind(":beyond", text: prefix + "\u{10FFFF}")
    query.bind(":most", Int64(most))
    var ids: [String] = []
    while try query.step() { ids.append(query.text(0)) }
    return ids
  }

  /// The ledger's own id, in hexadecimal.
  package func ledgerID() throws(StoreFault) -> String? {
    try database.text("select value from book where name = 'ledger_id'")
  }
}
