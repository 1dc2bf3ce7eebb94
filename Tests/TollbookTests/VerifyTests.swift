import Audit
import Foundation
import Store
import TestSupport
import Testing
import Units

@testable import tollbook

/// Whoever changes the ledger behind the books' back is found out, and the batch is named.
@Suite struct VerifyTests {
  /// A change with the guards taken away, and the kinds of difference it must be found by.
  static let changes: [(sql: String, found: Set<Verification.Kind>, batch: Int64?)] = [
    ("update call set cost_n = cost_n + 1 where seq = 1", [.chain, .amount, .entry, .rollup], 1),
    ("update call set output = output + 1 where seq = 1", [.chain, .amount, .rollup], 1),
    (
      "update call set margin_n = margin_n - 1 where seq = 2", [.chain, .amount, .entry, .rollup], 1
    ),
    ("update call set latency_ms = null where seq = 1", [.chain, .rollup], 1),
    ("update call set key = x'0102030405060708' where seq = 3", [.chain], 1),
    ("update call set dimension_flags = dimension_flags + 32 where seq = 1", [.chain], 1),
    ("update call set at_offset_us = at_offset_us + 1 where seq = 2", [.chain], 1),
    (
      "update call set details = replace(details, '3', '4') where seq = 6",
      [.chain, .amount, .rollup], 1
    ),
    ("delete from call where seq = 4", [.chain, .sequence], 1),
    ("delete from call where seq = 9", [.chain, .sequence], 2),
    (
      "insert into call select seq + 1, at_offset_us, dimension_flags, input, cache_read, output, cost_n, margin_n, latency_ms, key, details from call where seq = 9",
      [.sequence], nil
    ),
    ("update entry set amount_n = amount_n + 1 where id = 1", [.chain, .entry, .balance], 1),
    ("update entry set day = day + 1 where id = 1", [.chain, .entry], 1),
    ("delete from entry where id = 9", [.chain, .entry, .balance], 2),
    ("update balance set debit_n = debit_n + 1 where account = 1", [.balance], nil),
    ("delete from balance where account = 2", [.balance], nil),
    ("update rollup_day set calls = calls + 1", [.rollup], nil),
    ("update rollup_hour set cost_n = cost_n + 1", [.rollup], nil),
    ("delete from rollup_hour", [.rollup], nil),
    ("update rollup_meter set quantity = quantity + 1", [.rollup], nil),
    (
      "update rate_card set text = replace(text, '\"1.00 USD', '\"1.01 USD') where id = 1",
      [.card, .amount], 1
    ),
    ("update rate_card set file = 'other.json' where id = 1", [.chain], 1),
    ("update dimension set team = 'other' where id = 1", [.chain, .entry], 1),
    ("update account set name = 'Expenses:Other' where id = 1", [.chain, .entry], 1),
    ("update batch set cost_n = cost_n + 1 where id = 1", [.chain, .amount], 1),
    ("update batch set hash = zeroblob(32) where id = 1", [.chain], 1),
    ("update batch set committed_us = committed_us + 1 where id = 2", [.chain], 2),
    ("delete from batch where id = 2", [.sequence], nil),
    ("update book set value = 'another' where name = 'ledger_id'", [.chain], 1),
  ]

  /// Does what the guards forbid.
  static func tamper(_ folder: String, _ sql: String) throws {
    let database = try Database(path: folder + "/tollbook.db", mode: .readWrite)
    let triggers = try database.prepare("select name from sqlite_schema where type = 'trigger'")
    var names: [String] = []
    while try triggers.step() { names.append(triggers.text(0)) }
    for name in names { try database.execute("drop trigger \(name)") }
    try database.execute("pragma foreign_keys = off; " + sql)
  }

  @Test func `a routed call that failed with usage has no margin, and verifies`() throws {
    // The router bills successes only; the provider's own card would bill 0.001.
    let sample = try SampleLedger([
      [
        #"{"id":"f1","at":"2026-11-20T10:00:00Z","route":"huggingface","provider":"together","model":"org/large","status":500,"units":{"input":1000}}"#
      ]
    ])
    #expect(try LedgerVerifier(folder: sample.folder).verify().faults.map(\.what) == [])
  }

  @Test(arguments: changes.indices)
  func `a change behind the books' back is found`(number: Int) throws {
    let change = Self.changes[number]
    let sample = try SampleLedger()
    try Self.tamper(sample.folder, change.sql)
    let verification = try LedgerVerifier(folder: sample.folder).verify()
    let kinds = Set(verification.faults.map(\.kind))
    #expect(kinds.isSuperset(of: change.found), "\(change.sql): \(verification.faults.map(\.what))")
    if let batch = change.batch {
      #expect(verification.faults.contains { $0.batch == batch }, "\(change.sql)")
    }
    let answer = try sample.ask("verify", "--json")
    #expect(answer.exit == .found)
    #expect(answer.out.hasPrefix("{\"ok\":false,"))
  }

  @Test func `what was not changed is not blamed`() throws {
    let sample = try SampleLedger()
    try Self.tamper(sample.folder, "update call set cost_n = cost_n + 1 where seq = 9")
    let faults = try LedgerVerifier(folder: sample.folder).verify().faults
    #expect(faults.allSatisfy { $0.batch == 2 || $0.batch == nil })
  }

  @Test func `a head kept outside proves what came before it, and a ledger cut short is found`()
    throws
  {
    let sample = try SampleLedger([SampleLedger.lines[0]])
    let verifier = try LedgerVerifier(folder: sample.folder)
    let kept = try verifier.verify().head
    try sample.add([SampleLedger.lines[1]])
    let grown = try LedgerVerifier(folder: sample.folder)
    let head = try grown.verify().head
    #expect(head != kept)
    #expect(try grown.verify(anchoredHead: kept).isClean)
    #expect(try grown.verify(anchoredHead: head).isClean)
    #expect(try sample.ask("verify", "--head", head.uppercased()).exit == .clean)
    let foreign = String(repeating: "ab", count: 32)
    #expect(try grown.verify(anchoredHead: foreign).faults.map(\.kind) == [.head])
    // All that the second batch did is taken away: the ledger is whole, but it is not the one of
    // the head.
    let other = try SampleLedger([SampleLedger.lines[0]])
    let cut = try LedgerVerifier(folder: other.folder).verify(anchoredHead: head)
    #expect(cut.faults.map(\.kind) == [.head])
  }

  @Test func `a damaged byte is found, or is one that nobody reads`() throws {
    let sample = try SampleLedger()
    let path = sample.folder + "/tollbook.db"
    let whole = try Data(contentsOf: URL(filePath: path))
    func reports() throws -> String {
      try sample.ask("spend", "--by", "team,model,day", "--zone", "Asia/Kolkata", "--json").out
        + sample.ask("compare", "--json").out + sample.ask("export", "--format", "csv").out
        + sample.ask("calls", "--json").out
    }
    let sound = try reports()
    var random = Seeded(3)
    var found = 0
    // Most of a small file is noughts that nobody reads.
    let used = whole.indices.filter { whole[$0] != 0 }
    for _ in 0..<40 {
      var damaged = whole
      let place = try #require(used.randomElement(using: &random))
      damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
      try damaged.write(to: URL(filePath: path))
      if try sample.ask("verify").exit == .clean {
        #expect(try reports() == sound, "byte \(place)")
      } else {
        found += 1
      }
    }
    #expect(found > 10)
  }

  @Test func `reports work beside a writer, and see whole batches`() throws {
    let sample = try SampleLedger([SampleLedger.lines[0]])
    let reader = try LedgerReader(folder: sample.folder)
    let span = try #require(try reader.hours())
    let query = SpendQuery(span: span, zone: "UTC", keys: [.team])
    #expect(try reader.spend(query).total.calls == 7)
    let now = try #require(Timestamp("2026-11-21T13:00:00Z"))
    let writer = try LedgerWriter(folder: sample.folder, now: now)
    #expect(try reader.spend(query).total.calls == 7)
    #expect(try LedgerVerifier(folder: sample.folder).verify().isClean)
    writer.close()
    try sample.add([SampleLedger.lines[1]])
    #expect(try reader.status().calls == 8)
    #expect(try reader.status().rows == 9)
  }
}
