import Audit
import Books
import FaultVFS
import Foundation
import Rates
import Store
import TestSupport
import Testing
import Units

/// Re-pricing runs as a whole: once, all or none, in parts, and dated.
@Suite struct RepriceRunTests {
  static let cheaper = Prices.acme(input: "2.00")
  static let calls = """
    c1  2026-02-27T10:00:00Z  search  large  input 1000
    c2  2026-02-28T10:00:00Z  search  large  input 1000  output 10
    c3  2026-03-01T10:00:00Z  other   large  input 1000
    c4  2026-03-01T11:00:00Z  search  small  input 1000
    """

  @Test func `a run is booked once, and another finds nothing to change`() throws {
    let ledger = try TestLedger()
    try ledger.book(Self.calls)
    let book = try Prices.book(Self.cheaper)
    #expect(try ledger.reprice("one", by: book).receipt == .booked(documents: [1]))
    let head = ledger.writer.head
    guard case .known(let run) = try ledger.reprice("one", by: book).receipt else {
      Issue.record("the run was booked twice")
      return
    }
    #expect(run.documents == [1] && run.batch == 2)
    #expect(try ledger.reprice("two", by: book).receipt == .nothing)
    #expect(ledger.writer.head == head)
    // The same name for another question is no resend.
    #expect(throws: StoreFault.documentDiffers(kind: "reprice", issuer: "tollbook", reference: "one")) {
      try ledger.reprice("one", by: book, RepriceQuery(wanted: [.team: ["search"]]))
    }
    // And back again: the latest run holds.
    try ledger.reprice("back", by: TestLedger.book())
    try expectRows(ledger, "select count(*), count(distinct seq) from recharge", "6 3")
    try expectRows(ledger, "select sum(cost_n) - sum(booked_cost_n) from call_detail", "0")
    try expectSound(ledger)
  }

  @Test func `a dry run writes nothing`() throws {
    let ledger = try TestLedger()
    try ledger.book(Self.calls)
    let head = ledger.writer.head
    ledger.writer.close()
    let before = try Data(contentsOf: URL(filePath: ledger.path))
    let report = try ledger.dryRun(by: Prices.book(Self.cheaper))
    let told = report.rows.map { "\($0.team) \($0.day) \($0.sums.costDifference)" }
    #expect(
      told == ["other 2026-03-01 -1000000", "search 2026-02-27 -1000000", "search 2026-02-28 -1000000"])
    #expect(try Data(contentsOf: URL(filePath: ledger.path)) == before)
    try ledger.restart()
    #expect(ledger.writer.head == head)
  }

  @Test func `a dry run works beside a writer, a run does not`() throws {
    let ledger = try TestLedger()
    try ledger.book(Self.calls)
    #expect(try ledger.dryRun(by: Prices.book(Self.cheaper)).total.calls == 3)
    #expect(throws: StoreFault.locked(path: ledger.folder, process: getpid())) {
      try LedgerWriter(folder: ledger.folder, now: TestLedger.noon)
    }
  }

  @Test func `spans and values choose the calls`() throws {
    let ledger = try TestLedger()
    try ledger.book(Self.calls)
    let book = try Prices.book(Self.cheaper)
    func changed(_ query: RepriceQuery) throws -> Int64 { try ledger.dryRun(by: book, query).total.calls }
    #expect(try changed(RepriceQuery(wanted: [.team: ["other"]])) == 1)
    #expect(try changed(RepriceQuery(wanted: [.team: ["search", "other"], .model: ["large"]])) == 3)
    #expect(try changed(RepriceQuery(from: Timestamp("2026-02-28T10:00:00Z"))) == 2)
    #expect(try changed(RepriceQuery(to: Timestamp("2026-02-28T10:00:00Z"))) == 1)
    try ledger.reprice("some", by: book, RepriceQuery(wanted: [.team: ["other"]]))
    try expectRows(ledger, "select seq from recharge", "3")
    try expectSound(ledger)
  }

  /// Corrections of February are booked on the first of March, in entries alone.
  @Test func `corrections of a closed period are dated on the first open day`() throws {
    let ledger = try TestLedger()
    try ledger.book(Self.calls)
    let query = RepriceQuery(firstOpenDay: Day("2026-03-01"))
    try ledger.reprice("close", by: Prices.book(Self.cheaper), query)
    // 0.003 and 0.00315 of February, and 0.003 of another team.
    try expectEntries(
      ledger, of: 1,
      """
      2026-03-01 reversal  6150000 Liabilities:Accrued:acme  < Expenses:Inference:search
      2026-03-01 reversal  3000000 Liabilities:Accrued:acme  < Expenses:Inference:other
      2026-03-01 rebooking 4150000 Expenses:Inference:search < Liabilities:Accrued:acme
      2026-03-01 rebooking 2000000 Expenses:Inference:other  < Liabilities:Accrued:acme
      """)
    try expectRows(
      ledger, "select date(day * 86400, 'unixepoch'), sum(cost_n) from rollup_day group by day",
      """
      2026-02-27 2000000
      2026-02-28 2150000
      2026-03-01 2100000
      """)
    try expectSound(ledger)
  }

  @Test func `a run of more than one transaction comes in parts, each of them once`() throws {
    var limits = WriterLimits()
    limits.recharges = 2
    let ledger = try TestLedger(limits: limits)
    try ledger.book((0..<5).map { "c\($0)  10:00:00  search  large  input 1000" }.joined(separator: "\n"))
    let book = try Prices.book(Self.cheaper)
    try ledger.reprice("big", by: book)
    try expectRows(ledger, "select reference from document", "big/1\nbig/2\nbig/3")
    try expectRows(ledger, "select document, count(*) from recharge group by document", "1 2\n2 2\n3 1")
    try expectSound(ledger)
    guard case .known(let run) = try ledger.reprice("big", by: book).receipt else {
      Issue.record("the run was booked twice")
      return
    }
    #expect(run.documents == [1, 2, 3] && !run.lacksParts)
  }

  @Test func `amounts that no sum holds are not booked`() throws {
    let ledger = try TestLedger()
    try ledger.book("c1  10:00:00  search  large  input 1000")
    try ledger.change("update book set value = '9223372036854775000' where name = 'sum_of_amounts_n'")
    try ledger.restart()
    #expect(throws: StoreFault.full(path: ledger.path)) {
      try ledger.reprice("full", by: Prices.book(Self.cheaper))
    }
    #expect(try ledger.count("document") == 0)
  }
}

extension BrokenDisks {
  /// Each part of a run is on disk wholly or not at all, wherever the disk breaks.
  @Suite struct RepriceFaultTests {
    private static let kinds = [tb_fault_error, tb_fault_full, tb_fault_torn, tb_fault_late]

    /// The run has three recharges: in one transaction, or two and one.
    @Test(arguments: kinds, [250_000, 2])
    func `a run whose disk breaks goes on where it was cut short`(kind: tb_fault_kind, limit: Int) throws {
      #expect(tb_fault_register() == 0)
      var limits = WriterLimits()
      limits.recharges = limit
      var operation = 1
      var cut: Set<Int> = []
      while true {
        let ledger = try TestLedger(limits: limits, vfs: "fault")
        try ledger.book(RepriceRunTests.calls)
        let book = try Prices.book(RepriceRunTests.cheaper)
        tb_fault_arm(operation, kind, 1)
        let told = Result { try ledger.reprice("run", by: book).receipt }
        let struck = tb_fault_struck() != 0
        // Nothing of the dead process reaches the disk.
        ledger.writer.close()
        tb_fault_arm(0, tb_fault_error, 0)
        guard struck else { break }
        try ledger.restart()
        let what: Comment = "operation \(operation)"
        let rows = try ledger.count("recharge")
        #expect([0, min(limit, 3), 3].contains(rows), what)
        if case .success(.booked) = told { #expect(rows == 3, what) }
        #expect(try ledger.faults() == [], what)
        cut.insert(rows)
        let again = try ledger.reprice("run", by: book).receipt
        if rows < 3 { #expect(again == .booked(documents: limit < 3 ? [1, 2] : [1]), what) }
        #expect(try ledger.count("recharge") == 3, what)
        #expect(try ledger.faults() == [], what)
        operation += 1
      }
      #expect(operation > 5 && cut.isSuperset(of: limit < 3 ? [0, 2] : [0]))
    }
  }
}
