import Store
import Testing
import Units
import Watch

/// Acts in the ledger: kept as they were said, answered once, and forgotten.
@Suite struct ActTests {
  private static let start = Timestamp("2026-03-02T10:00:00Z") ?? Timestamp(microseconds: 0)

  private func at(_ hours: Int64) -> Timestamp {
    Timestamp(microseconds: Self.start.microseconds + hours * Timestamp.microsecondsPerHour)
  }

  private func silence(_ id: Int64, _ matcher: String, hours: Int64) throws -> Silence {
    try Silence(
      id: id, [Silence.Matcher(matcher)], from: at(0), to: at(hours), author: "ann", reason: "load test")
  }

  @Test func `what was said is kept, answered once, and not unsaid`() throws {
    let ledger = try TestLedger()
    let first = try ledger.writer.add(Act(.ack("i1"), author: "ann", at: at(0)))
    let second = try ledger.writer.add(Act(.feedback("i1", .no, until: nil), author: "bob", at: at(1)))
    let third = try ledger.writer.add(Act(.ack("i2"), author: "ann", at: at(2)))
    #expect([first, second, third] == [1, 2, 3])
    ledger.writer.close()
    let database = try Database(path: ledger.path, mode: .readWrite)
    try database.execute("update act set answer = 'done' where id = 1")
    for sql in [
      "update act set answer = 'no' where id = 1", "update act set author = 'eve'", "update act set body = '{}'",
      "insert into act (at_us, author, kind) values (1, 'a', 'ack')",
      "insert into act (at_us, author, kind, incident) values (1, 'a', 'silence', 'i1')",
      "insert into act (at_us, author, kind, incident) values (1, '', 'ack', 'i1')",
    ] {
      #expect(throws: StoreFault.self, "\(sql)") { try database.execute(sql) }
    }
    let reader = try LedgerReader(folder: ledger.folder)
    #expect(
      try reader.acts(on: "i1").map { "\($0.id) \($0.author) \($0.kind) \($0.body) \($0.answer ?? "-")" }
        == ["1 ann ack {} done", #"2 bob feedback {"verdict":"no"} -"#])
    #expect(try reader.act(3)?.incident == "i2")
    #expect(try reader.act(4) == nil)
  }

  @Test func `acts that wait, and acts that are kept, are bounded`() throws {
    var limits = WriterLimits()
    limits.actsWaiting = 2
    limits.acts = 2
    let ledger = try TestLedger(limits: limits)
    let ack = try Act(.ack("i1"), author: "ann", at: at(0))
    #expect(try ledger.writer.add(ack) == 1)
    #expect(try ledger.writer.add(ack) == 2)
    #expect(try ledger.writer.add(ack) == nil)
    func answer(_ id: Int64) throws {
      _ = try ledger.writer.post(
        Notice(
          id: "n\(id)_test", incident: "n\(id)", fingerprint: "n", kind: .test, severity: .info, rule: "test",
          labels: [], since: at(0), at: at(0), summary: "x"), to: [], at: at(0)
      ) { (database) throws(StoreFault) in try database.execute("update act set answer = 'done' where id = \(id)") }
    }
    try answer(1)
    #expect(try ledger.writer.add(ack) == 3)
    try expectRows(ledger, "select id, ifnull(answer, '-') from act order by id", "1 done\n2 -\n3 -")
    try ledger.writer.forgetAlerts(at: at(1))
    // Three are one too many; those that wait are never forgotten.
    try expectRows(ledger, "select id from act order by id", "2\n3")
    try answer(2)
    try ledger.writer.forgetAlerts(at: at(30 * 24))
    try expectRows(ledger, "select id from act order by id", "2\n3")
    try ledger.writer.forgetAlerts(at: at(30 * 24 + 1))
    try expectRows(ledger, "select id from act order by id", "3")
  }

  @Test func `the list of silences holds what is in force`() throws {
    let ledger = try TestLedger()
    func write(_ body: (Database) throws(StoreFault) -> Void) throws {
      _ = try ledger.writer.post(
        Notice(
          id: "n_test", incident: "n", fingerprint: "n", kind: .test, severity: .info, rule: "test", labels: [],
          since: at(0), at: at(0), summary: "x"), to: [], at: at(0), beside: body)
    }
    let (one, two, three) = (
      try silence(4, "team=search", hours: 3), try silence(7, "key^=svc-", hours: 1),
      try silence(9, "model!=m", hours: 9)
    )
    try write { (database) throws(StoreFault) in
      try LedgerWriter.add(one, at: at(0), database)
      try LedgerWriter.add(two, at: at(0), database)
      // Written again, it is one.
      try LedgerWriter.add(two, at: at(0), database)
    }
    let reader = try LedgerReader(folder: ledger.folder)
    #expect(try reader.silences(at: at(0)) == [two, one])
    #expect(try reader.silences(at: at(1)) == [one])
    // What is over goes when another comes.
    try write { (database) throws(StoreFault) in try LedgerWriter.add(three, at: at(1), database) }
    try expectRows(ledger, "select id from silence order by id", "4\n9")
    try write { (database) throws(StoreFault) in try LedgerWriter.endSilence(4, database) }
    #expect(try reader.silences(at: at(1)) == [three])
    try write { (database) throws(StoreFault) in try LedgerWriter.forgetSilences(at: at(9), database) }
    try expectRows(ledger, "select count(*) from silence", "0")
  }

  @Test func `incidents are found by how their ids begin`() throws {
    let ledger = try TestLedger()
    for (place, incident) in ["9f3c-1", "9f3c-2", "77aa-1"].enumerated() {
      _ = try ledger.writer.post(
        Notice(
          id: Notice.id(incident: incident, kind: .firing), incident: incident, fingerprint: incident, kind: .firing,
          severity: .warning, rule: "spend_spike", labels: [], since: at(0), at: at(Int64(place)), summary: "x"),
        to: [], at: at(0))
    }
    let reader = try LedgerReader(folder: ledger.folder)
    #expect(try reader.incidentIDs(beginning: "9f3", most: 5) == ["9f3c-2", "9f3c-1"])
    #expect(try reader.incidentIDs(beginning: "9f3", most: 1) == ["9f3c-2"])
    #expect(try reader.incidentIDs(beginning: "", most: 5) == ["77aa-1", "9f3c-2", "9f3c-1"])
    #expect(try reader.incidentIDs(beginning: "9f4", most: 5).isEmpty)
    #expect(try reader.ledgerID() == ledger.writer.ledgerID)
  }
}
