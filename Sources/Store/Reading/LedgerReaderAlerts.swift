import Units
import Watch

extension LedgerReader {
  /// What a receiver may be sent now, in order: one row of each incident at most.
  package func dueRows(
    of receiver: String, at now: Timestamp, most: Int
  ) throws(StoreFault) -> [OutboxRow] {
    let query = try query("outbox-due")
    defer { query.reset() }
    query.bind(":receiver", text: receiver)
    query.bind(":now_us", now.microseconds)
    query.bind(":most", Int64(most))
    var rows: [OutboxRow] = []
    while try query.step() {
      rows.append(
        OutboxRow(
          id: query.int64(0), notice: query.text(1), incident: query.text(2),
          kind: Notice.Kind(rawValue: query.text(3)) ?? .digest, body: Array(query.bytes(4)),
          madeAt: query.timestamp(5), attempts: Int(clamping: query.int64(6)),
          doubts: Int(clamping: query.int64(7)), isRepeated: !query.isNull(9)))
    }
    return rows
  }

  /// When the receiver's next row is due; nil when none is.
  package func nextDue(of receiver: String) throws(StoreFault) -> Timestamp? {
    let query = try query("outbox-next")
    defer { query.reset() }
    query.bind(":receiver", text: receiver)
    guard try query.step(), let next = query.optionalInt64(0) else { return nil }
    return Timestamp(microseconds: next)
  }

  /// Rows of the outbox that were not delivered, or with `all` every row, the latest first.
  package func outbox(all: Bool, most: Int) throws(StoreFault) -> [OutboxRecord] {
    let query = try query("outbox-rows")
    defer { query.reset() }
    query.bind(":all", all ? 1 : 0)
    query.bind(":most", Int64(most))
    var rows: [OutboxRecord] = []
    while try query.step() {
      rows.append(
        OutboxRecord(
          id: query.int64(0), notice: query.text(1), incident: query.text(2), receiver: query.text(3),
          kind: query.text(4), madeAt: query.timestamp(5), state: query.text(6), attempts: query.int64(7),
          nextAt: query.timestamp(8),
          deliveredAt: query.optionalInt64(9).map { Timestamp(microseconds: $0) },
          lastStatus: query.optionalText(10)))
    }
    return rows
  }

  /// Incidents, the open ones first and then the latest.
  package func incidents(most: Int) throws(StoreFault) -> [IncidentRecord] {
    let query = try query("incidents")
    defer { query.reset() }
    query.bind(":most", Int64(most))
    var rows: [IncidentRecord] = []
    while try query.step() { rows.append(Self.incident(query)) }
    return rows
  }

  /// Incidents that are not over, in the order of their opening.
  package func openIncidents() throws(StoreFault) -> [IncidentRecord] {
    let query = try query("incidents-open")
    defer { query.reset() }
    var rows: [IncidentRecord] = []
    while try query.step() { rows.append(Self.incident(query)) }
    return rows
  }

  /// The incident of that id; nil when there is none.
  package func incident(_ id: String) throws(StoreFault) -> IncidentRecord? {
    let query = try query("incident")
    defer { query.reset() }
    query.bind(":id", text: id)
    return try query.step() ? Self.incident(query) : nil
  }

  private static func incident(_ query: Statement) -> IncidentRecord {
    IncidentRecord(
      id: query.text(0), fingerprint: query.text(1), rule: query.text(2), labels: query.text(3),
      state: query.text(4), severity: query.text(5), openedAt: query.timestamp(6), lastAt: query.timestamp(7),
      closedAt: query.optionalInt64(8).map { Timestamp(microseconds: $0) },
      excess: Amount(nanos: query.int64(9)), body: query.text(10), ackedBy: query.optionalText(11))
  }
}
