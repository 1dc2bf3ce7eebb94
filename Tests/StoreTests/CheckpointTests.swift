import Store
import Testing

/// The write-ahead log is moved by the writer alone, and what came of it is told.
@Suite struct CheckpointTests {
  private func limits() -> WriterLimits {
    var limits = WriterLimits()
    limits.walPages = 40
    return limits
  }

  private func lines(_ batch: Int) -> String {
    (0..<200).map { "c\(batch)-\($0)  10:00:00  team\($0 % 50)  large  input 1" }
      .joined(separator: "\n")
  }

  @Test func `a long log is moved into the database, and begins anew`() throws {
    let ledger = try TestLedger(limits: limits())
    var moved = 0
    var longest = 0
    for batch in 0..<20 {
      let report = try ledger.book(lines(batch))
      longest = max(longest, report.walPages)
      switch report.checkpoint {
      case .complete(let pages):
        moved += 1
        #expect(pages > 40)
      case .notNeeded: #expect(report.walPages <= 40)
      default: Issue.record("\(report.checkpoint)")
      }
    }
    #expect(moved > 2)
    #expect(longest < 150)
  }

  @Test func `a reader stands in the way, and the writer goes on`() throws {
    let ledger = try TestLedger(limits: limits())
    try ledger.book(lines(0))
    let reader = try Database(path: ledger.path, mode: .readOnly)
    try reader.execute("begin")
    let before = try reader.number("select count(*) from call")
    var partial = 0
    for batch in 1..<10 {
      if case .partial = try ledger.book(lines(batch)).checkpoint { partial += 1 }
    }
    #expect(partial > 0)
    #expect(try reader.number("select count(*) from call") == before)
    reader.rollBack()
    guard case .complete = try ledger.book(lines(10)).checkpoint else {
      Issue.record("the log was not moved after the reader had gone")
      return
    }
    try expectSound(ledger)
  }

  @Test func `closing leaves one file and no log`() throws {
    let ledger = try TestLedger()
    try ledger.book(lines(0))
    guard case .complete = ledger.writer.close() else {
      Issue.record("the log was not moved")
      return
    }
    #expect(ledger.files == ["tollbook.db", "tollbook.lock"])
  }
}
