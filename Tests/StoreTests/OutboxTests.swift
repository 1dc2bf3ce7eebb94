import Store
import Testing
import Units
import Watch

/// The outbox: what is put in stays until it is taken, in order, and once.
@Suite struct OutboxTests {
  private static let start = Timestamp("2026-03-02T10:00:00Z") ?? Timestamp(microseconds: 0)

  private func at(_ minutes: Int64) -> Timestamp {
    Timestamp(microseconds: Self.start.microseconds + minutes * 60_000_000)
  }

  private func notice(
    _ kind: Notice.Kind, _ incident: String = "i1", number: Int? = nil, minutes: Int64 = 0,
    team: String = "search", fingerprint: String? = nil
  ) -> Notice {
    Notice(
      id: Notice.id(incident: incident, kind: kind, number: number), incident: incident,
      fingerprint: fingerprint ?? incident, kind: kind, severity: .warning, rule: "spend_spike",
      labels: [Notice.Label("team", team)], since: Self.start, until: kind == .resolved ? at(minutes) : nil,
      at: at(minutes), summary: "too much")
  }

  private func letters(_ receivers: String...) -> [OutboxLetter] {
    receivers.map { OutboxLetter(receiver: $0, body: Array("{}".utf8)) }
  }

  private func due(_ ledger: TestLedger, _ receiver: String, _ minutes: Int64) throws -> [OutboxRow] {
    try LedgerReader(folder: ledger.folder).dueRows(of: receiver, at: at(minutes), most: 100)
  }

  @Test func `a notice given twice is put in once for each receiver`() throws {
    let ledger = try TestLedger()
    for rows in [2, 0] {
      let receipt = try ledger.writer.post(notice(.firing), to: letters("a", "b"), at: at(0))
      #expect(receipt.rows == rows && receipt.hindrance == nil)
    }
    try expectRows(ledger, "select receiver, event_id, state from outbox", "a i1_firing due\nb i1_firing due")
    try expectRows(ledger, "select id, state, opened_us from incident", "i1 firing \(Self.start.microseconds)")
  }

  @Test func `what belongs to the same moment fails with it`() throws {
    let ledger = try TestLedger()
    #expect(throws: StoreFault.self) {
      try ledger.writer.post(notice(.firing), to: letters("a"), at: at(0)) { (database) throws(StoreFault) in
        try database.execute("insert into gone values (1)")
      }
    }
    try expectRows(ledger, "select count(*) from outbox", "0")
    try expectRows(ledger, "select count(*) from incident", "0")
    try ledger.book("c1  10:00:00  search  large  input 1")
    try expectSound(ledger)
  }

  @Test func `an end is not sent before its beginning, and goes to those who heard of it`() throws {
    let ledger = try TestLedger()
    _ = try ledger.writer.post(notice(.firing), to: letters("a"), at: at(0))
    _ = try ledger.writer.post(notice(.resolved, minutes: 5), to: letters("a", "b"), at: at(5))
    #expect(try due(ledger, "b", 9).isEmpty)
    let first = try due(ledger, "a", 9)
    #expect(first.map(\.notice) == ["i1_firing"])
    try ledger.writer.settle(first[0], of: "a", .retry(at: at(20), inDoubt: true), status: "in doubt", at: at(9))
    #expect(try due(ledger, "a", 9).isEmpty)
    let again = try due(ledger, "a", 20)
    #expect(again.map(\.notice) == ["i1_firing"] && again[0].attempts == 1 && again[0].doubts == 1)
    try ledger.writer.settle(again[0], of: "a", .sent, status: "200", at: at(20))
    #expect(try due(ledger, "a", 20).map(\.notice) == ["i1_resolved"])
    try expectRows(ledger, "select state, closed_us from incident", "resolved \(at(5).microseconds)")
  }

  @Test func `incidents do not wait for one another`() throws {
    let ledger = try TestLedger()
    for incident in ["i1", "i2", "i3"] {
      _ = try ledger.writer.post(notice(.firing, incident), to: letters("a"), at: at(0))
    }
    let rows = try due(ledger, "a", 0)
    #expect(rows.map(\.incident) == ["i1", "i2", "i3"])
    try ledger.writer.settle(rows[0], of: "a", .retry(at: at(60), inDoubt: false), status: "500", at: at(0))
    #expect(try due(ledger, "a", 1).map(\.incident) == ["i2", "i3"])
  }

  @Test func `a state is told again until the next takes its place`() throws {
    let ledger = try TestLedger()
    _ = try ledger.writer.post(notice(.firing), to: letters("am"), at: at(0))
    var row = try #require(try due(ledger, "am", 0).first)
    try ledger.writer.settle(row, of: "am", .again(at: at(1)), status: "200", at: at(0))
    #expect(try due(ledger, "am", 0).isEmpty)
    row = try #require(try due(ledger, "am", 1).first)
    #expect(row.isRepeated)
    _ = try ledger.writer.post(notice(.resolved, minutes: 2), to: letters("am"), at: at(2))
    #expect(try due(ledger, "am", 2).map(\.kind) == [.resolved])
    row = try #require(try due(ledger, "am", 2).first)
    try ledger.writer.settle(row, of: "am", .again(at: at(3)), status: "200", at: at(2))
    try expectRows(ledger, "select event_id, state from outbox", "i1_firing sent\ni1_resolved due")
    try ledger.writer.settle(row, of: "am", .sent, status: "200", at: at(3))
    try expectRows(ledger, "select count(*) from outbox where state = 'due'", "0")
  }

  @Test func `with a notice that is given up go those that add to it, but not its end`() throws {
    let ledger = try TestLedger()
    _ = try ledger.writer.post(notice(.firing), to: letters("a", "b"), at: at(0))
    _ = try ledger.writer.post(notice(.updated, number: 1, minutes: 1), to: letters("a"), at: at(1))
    _ = try ledger.writer.post(notice(.resolved, minutes: 2), to: letters("a"), at: at(2))
    let row = try #require(try due(ledger, "a", 3).first)
    let told = notice(.undelivered, "undelivered_a")
    try ledger.writer.settle(
      row, of: "a", .dead(.refused), status: "400", at: at(3), telling: told, to: letters("b"))
    try expectRows(
      ledger, "select event_id, receiver, state, ifnull(last_status, '-') from outbox",
      """
      i1_firing a dead 400 refused
      i1_firing b due -
      i1_updated_1 a dead superseded
      i1_resolved a due -
      undelivered_a_undelivered b due -
      """)
  }

  @Test func `of one fingerprint one incident is open`() throws {
    let ledger = try TestLedger()
    _ = try ledger.writer.post(notice(.firing, "i1", fingerprint: "f"), to: letters("a"), at: at(0))
    let second = try ledger.writer.post(notice(.firing, "i2", fingerprint: "f"), to: letters("a"), at: at(1))
    #expect(second.rows == 0 && second.hindrance == .anotherIsOpen("i1"))
    _ = try ledger.writer.post(notice(.resolved, "i1", minutes: 2, fingerprint: "f"), to: letters("a"), at: at(2))
    #expect(
      try ledger.writer.post(notice(.firing, "i2", minutes: 3, fingerprint: "f"), to: letters("a"), at: at(3)).rows == 1
    )
  }

  @Test func `a full outbox takes ends only, and what is over is forgotten`() throws {
    var limits = WriterLimits()
    limits.outboxDue = 2
    let ledger = try TestLedger(limits: limits)
    for incident in ["i1", "i2"] {
      #expect(try ledger.writer.post(notice(.firing, incident), to: letters("a"), at: at(0)).rows == 1)
    }
    #expect(try ledger.writer.post(notice(.firing, "i3"), to: letters("a"), at: at(0)).hindrance == .full)
    #expect(try ledger.writer.post(notice(.resolved, "i1", minutes: 1), to: letters("a"), at: at(1)).rows == 1)
    for _ in 0..<3 {
      for row in try due(ledger, "a", 9) { try ledger.writer.settle(row, of: "a", .sent, status: "200", at: at(9)) }
    }
    try ledger.writer.forgetAlerts(at: at(31 * 24 * 60))
    // i2 is open: what was told of it is kept, so that its end finds its way.
    try expectRows(ledger, "select event_id from outbox", "i2_firing")
    try expectRows(ledger, "select id from incident order by id", "i1\ni2\ni3")
    try ledger.writer.forgetAlerts(at: at(401 * 24 * 60))
    try expectRows(ledger, "select id from incident order by id", "i2\ni3")
  }

  @Test func `rows of a receiver that is gone are given up`() throws {
    let ledger = try TestLedger()
    _ = try ledger.writer.post(notice(.firing), to: letters("a", "b"), at: at(0))
    let dropped = try ledger.writer.dropReceivers(notIn: ["b"])
    #expect(dropped.map(\.receiver) == ["a"] && dropped.map(\.rows) == [1])
    try expectRows(ledger, "select receiver, state from outbox", "a dead\nb due")
  }

  @Test func `what is in the outbox is never changed`() throws {
    let ledger = try TestLedger()
    _ = try ledger.writer.post(notice(.firing), to: letters("a"), at: at(0))
    ledger.writer.close()
    let database = try Database(path: ledger.path, mode: .readWrite)
    #expect(throws: StoreFault.self) { try database.execute("update outbox set body = x'00'") }
    #expect(throws: StoreFault.self) { try database.execute("update outbox set state = 'sent'") }
  }
}
