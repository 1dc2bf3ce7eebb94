import Units
import Watch

/// Alerts in the ledger: an incident's state and what is to be sent of it, in one transaction.
extension LedgerWriter {
  private static let sql = NamedStatements("alerts.sql")

  /// Notes a notice, and puts it into the outbox of each receiver, all or nothing.
  ///
  /// Giving the same notice again changes nothing. An end goes to those receivers only that heard of the
  /// incident, and to each of them. `beside` writes what belongs to the same moment.
  package func post(
    _ notice: Notice, to letters: [OutboxLetter], at now: Timestamp,
    beside: (Database) throws(StoreFault) -> Void = { _ in }
  ) throws(StoreFault) -> AlertReceipt {
    try alter { (database) throws(StoreFault) in
      let receipt = try Self.put(notice, letters, at: now, limits, database)
      try beside(database)
      return receipt
    }
  }

  /// Notes all notices of a round of the watch in their order, with what the watch keeps, in one transaction.
  ///
  /// Giving the same round again changes nothing.
  package func post(
    _ posts: [AlertPost], _ record: WatchRecord, at now: Timestamp
  ) throws(StoreFault) -> [AlertReceipt] {
    try alter { (database) throws(StoreFault) in
      var receipts: [AlertReceipt] = []
      for post in posts { receipts.append(try Self.put(post.notice, post.letters, at: now, limits, database)) }
      for (incident, author) in record.acknowledged {
        try Self.run("ack_incident", database) {
          $0.bind(1, incident); $0.bind(2, author)
        }
      }
      for change in record.silences {
        switch change {
        case .begins(let silence): try Self.add(silence, at: now, database)
        case .ends(let number): try Self.endSilence(number, database)
        }
      }
      try record.write(to: database)
      return receipts
    }
  }

  /// Notes what became of a row after an attempt; a letter about its failure goes with it.
  package func settle(
    _ row: OutboxRow, of receiver: String, _ step: DeliveryPlan.Step, status: String, at now: Timestamp,
    telling notice: Notice? = nil, to letters: [OutboxLetter] = []
  ) throws(StoreFault) {
    try alter { (database) throws(StoreFault) in
      switch step {
      case .sent:
        try Self.run("settle_sent", database) {
          $0.bind(1, row.id); $0.bind(2, status); $0.bind(3, now.microseconds)
        }
      case .again(let at):
        try Self.run("settle_again", database) {
          $0.bind(1, row.id)
          $0.bind(2, status)
          $0.bind(3, now.microseconds)
          $0.bind(4, at.microseconds)
        }
      case .retry(let at, let inDoubt):
        try Self.run("settle_retry", database) {
          $0.bind(1, row.id)
          $0.bind(2, status)
          $0.bind(3, at.microseconds)
          $0.bind(4, inDoubt)
        }
        return
      case .dead(let reason):
        try Self.run("settle_dead", database) {
          $0.bind(1, row.id)
          $0.bind(2, "\(status) \(reason.rawValue)")
          $0.bind(3, now.microseconds)
          $0.bind(4, 1)
        }
        // Without the notice that they add to they say nothing; an end is told all the same.
        if row.kind == .firing { try Self.bindPlace("drop_updates", row, receiver, database).run() }
        if let notice { _ = try Self.put(notice, letters, at: now, self.limits, database) }
        return
      }
      try Self.bindPlace("supersede", row, receiver, database).run()
    }
  }

  /// Gives up what is due for receivers that are not configured; how many rows each had.
  package func dropReceivers(notIn known: Set<String>) throws(StoreFault) -> [(receiver: String, rows: Int)] {
    try alter { (database) throws(StoreFault) in
      let due = try database.prepare(CarriedFile.query("outbox-unknown.sql"))
      var gone: [String] = []
      while try due.step() { if !known.contains(due.text(0)) { gone.append(due.text(0)) } }
      var dropped: [(receiver: String, rows: Int)] = []
      for receiver in gone {
        try Self.run("drop_receiver", database) { $0.bind(1, receiver) }
        dropped.append((receiver, database.changedRows))
      }
      return dropped
    }
  }

  /// Forgets what has been over for long, some rows at a time; never what is due, nor of an open incident.
  package func forgetAlerts(at now: Timestamp) throws(StoreFault) {
    let day = 24 * Timestamp.microsecondsPerHour
    let limits = limits
    try alter { (database) throws(StoreFault) in
      try Self.run("forget_old", database) {
        $0.bind(1, now.microseconds - limits.outboxDays * day)
        $0.bind(2, limits.forgottenRows)
      }
      try Self.run("forget_many", database) {
        $0.bind(1, limits.outboxRows); $0.bind(2, limits.forgottenRows)
      }
      try Self.run("forget_incidents", database) {
        $0.bind(1, now.microseconds - limits.incidentDays * day)
        $0.bind(2, limits.forgottenRows)
      }
      try Self.forgetActs(at: now, limits, database)
    }
  }

  /// Notes who looks after an incident; false where no such incident is open.
  package func acknowledge(incident: String, by name: String) throws(StoreFault) -> Bool {
    try alter { (database) throws(StoreFault) in
      try Self.run("ack_incident", database) {
        $0.bind(1, incident); $0.bind(2, name)
      }
      return database.changedRows > 0
    }
  }

  // MARK: - One transaction

  /// Does all of `body` in a transaction of its own, between two batches.
  ///
  /// What it does may be done again: after a fault that leaves the commit open, the caller asks anew.
  func alter<Answer>(
    _ body: (Database) throws(StoreFault) -> Answer
  ) throws(StoreFault) -> Answer {
    guard attempt == nil else { throw .busy(path: LedgerFile.database(in: folder)) }
    let database = try opened().database
    do throws(StoreFault) {
      try database.execute("begin immediate")
      let answer = try body(database)
      try database.execute("commit")
      if database.walPages > limits.walPages { _ = database.checkpoint(.passive) }
      return answer
    } catch {
      letGo(after: error)
      throw error
    }
  }

  private static func run(
    _ name: String, _ database: Database, _ bind: (Statement) -> Void
  ) throws(StoreFault) {
    let statement = try database.prepare(sql[name])
    bind(statement)
    try statement.run()
  }

  private static func bindPlace(
    _ name: String, _ row: OutboxRow, _ receiver: String, _ database: Database
  ) throws(StoreFault) -> Statement {
    let statement = try database.prepare(sql[name])
    statement.bind(1, receiver)
    statement.bind(2, row.incident)
    statement.bind(3, row.id)
    return statement
  }

  private static func json(_ labels: [Notice.Label]) -> String {
    JSONText.object(labels.map { ($0.name, JSONText.quoted($0.value)) })
  }

  // MARK: - Putting in

  private static func put(
    _ notice: Notice, _ letters: [OutboxLetter], at now: Timestamp, _ limits: WriterLimits, _ database: Database
  ) throws(StoreFault) -> AlertReceipt {
    var receipt = AlertReceipt()
    if let other = try other(than: notice, database) {
      receipt.hindrance = .anotherIsOpen(other)
      return receipt
    }
    try note(notice, database)
    let count = try database.prepare(sql["count_due"])
    count.bind(1, limits.outboxDue)
    let isFull = try count.step() && count.int64(0) >= Int64(limits.outboxDue)
    count.reset()
    if isFull, notice.kind != .resolved {
      receipt.hindrance = .full
      return receipt
    }
    for letter in letters {
      if notice.kind == .resolved, try !hasHeard(letter.receiver, of: notice.incident, database) { continue }
      let insert = try database.prepare(sql["put_in_outbox"])
      insert.bind(1, notice.id)
      insert.bind(2, notice.incident)
      insert.bind(3, letter.receiver)
      insert.bind(4, notice.kind.rawValue)
      insert.bind(5, blob: letter.body)
      insert.bind(6, now.microseconds)
      try insert.run()
      receipt.rows += database.changedRows
    }
    return receipt
  }

  /// Moves the incident's row on; tests, digests and failures of delivery have none.
  private static func note(_ notice: Notice, _ database: Database) throws(StoreFault) {
    let excess = notice.impact?.excess.nanos ?? 0
    let body = WebhookMessage.data(notice)
    switch notice.kind {
    case .firing:
      try run("open_incident", database) {
        $0.bind(1, notice.incident)
        $0.bind(2, notice.fingerprint)
        $0.bind(3, notice.rule)
        $0.bind(4, json(notice.labels))
        $0.bind(5, notice.severity.rawValue)
        $0.bind(6, notice.since.microseconds)
        $0.bind(7, notice.at.microseconds)
        $0.bind(8, excess)
        $0.bind(9, body)
      }
    case .updated, .resolved:
      try run(notice.kind == .updated ? "update_incident" : "close_incident", database) {
        $0.bind(1, notice.incident)
        $0.bind(2, notice.severity.rawValue)
        $0.bind(3, (notice.kind == .resolved ? notice.until ?? notice.at : notice.at).microseconds)
        $0.bind(4, excess)
        $0.bind(5, body)
      }
    case .test, .digest, .undelivered: break
    }
  }

  private static func other(than notice: Notice, _ database: Database) throws(StoreFault) -> String? {
    guard notice.kind == .firing else { return nil }
    let other = try database.prepare(sql["other_open"])
    other.bind(1, notice.fingerprint)
    other.bind(2, notice.incident)
    defer { other.reset() }
    return try other.step() ? other.text(0) : nil
  }

  private static func hasHeard(
    _ receiver: String, of incident: String, _ database: Database
  ) throws(StoreFault) -> Bool {
    let heard = try database.prepare(sql["heard_of_incident"])
    heard.bind(1, incident)
    heard.bind(2, receiver)
    defer { heard.reset() }
    return try heard.step()
  }
}
