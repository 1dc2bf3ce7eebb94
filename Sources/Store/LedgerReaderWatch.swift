import Units
import Watch

/// An act as its row has it.
package struct ActRecord: Hashable, Sendable {
  package let id: Int64
  package let at: Timestamp
  package let author: String
  package let kind: String
  package let incident: String?
  package let body: String

  /// What was said.
  ///
  /// - Throws: ``IncidentFault`` with what is wrong with it.
  package func act() throws(IncidentFault) -> IncidentAct {
    try IncidentAct(at: at, author: author, kind: kind, incident: incident, body: body)
  }
}

extension LedgerReader {
  /// What the watch has kept; no parts when nothing was kept yet.
  package func watchParts() throws(StoreFault) -> [BucketWatch.Part] {
    let query = try query("watch-state")
    defer { query.reset() }
    var parts: [BucketWatch.Part] = []
    while try query.step() { parts.append(BucketWatch.Part(name: query.text(0), body: Array(query.bytes(2)))) }
    return parts
  }

  /// The last bucket that the watch has closed; nil when it has closed none.
  package func watchedBucket() throws(StoreFault) -> Bucket? {
    let query = try query("watch-state")
    defer { query.reset() }
    var last: Bucket?
    while try query.step() {
      let bucket = Bucket(number: Int32(clamping: query.int64(1)))
      last = max(last ?? bucket, bucket)
    }
    return last
  }

  /// What people said and has no answer yet, in its order.
  package func waitingActs(most: Int) throws(StoreFault) -> [ActRecord] {
    let query = try query("acts-waiting")
    query.bind(":most", Int64(most))
    return try acts(query)
  }

  /// The act of that number; nil when there is none.
  package func act(_ id: Int64) throws(StoreFault) -> ActRecord? {
    let query = try query("act")
    query.bind(":id", id)
    return try acts(query).first
  }

  private func acts(_ query: Statement) throws(StoreFault) -> [ActRecord] {
    defer { query.reset() }
    var acts: [ActRecord] = []
    while try query.step() {
      acts.append(
        ActRecord(
          id: query.int64(0), at: query.timestamp(1), author: query.text(2), kind: query.text(3),
          incident: query.optionalText(4), body: query.text(5)))
    }
    return acts
  }

  /// Numbered senders: who sent from an instant on, and how many numbers each client has skipped in all its epochs.
  package func senders(since instant: Timestamp) throws(StoreFault) -> (heard: Set<String>, skipped: [String: Int64]) {
    let query = try query("marks")
    defer { query.reset() }
    var heard: Set<String> = []
    var skipped: [String: Int64] = [:]
    while try query.step() {
      let client = query.text(0)
      let (sum, overflow) = skipped[client, default: 0].addingReportingOverflow(query.int64(3))
      skipped[client] = overflow ? .max : sum
      if query.timestamp(5) >= instant { heard.insert(client) }
    }
    return (heard, skipped)
  }
}
