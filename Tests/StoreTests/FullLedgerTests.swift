import Calls
import Store
import Testing

/// A ledger's sums stay within 64 bits: what would pass them is kept aside, and the rest goes on.
@Suite struct FullLedgerTests {
  /// What 64 bits hold.
  static let most = Int64.max

  /// A ledger that has come to these sums.
  static func ledger(amounts: Int64 = 0, quantities: Int64 = 0) throws -> TestLedger {
    let ledger = try TestLedger()
    try ledger.book("c0  09:00:00  search  large  input 1")
    try ledger.change(
      """
      update book set value = '\(amounts)' where name = 'sum_of_amounts_n';
      update book set value = '\(quantities)' where name = 'sum_of_quantities';
      """)
    try ledger.restart()
    return ledger
  }

  @Test func `a call that just fits is booked, the next cent is quarantined, a free call goes on`() throws {
    // 1,000 input tokens of large cost 3,000,000 nanodollars; a routed call counts its margin too.
    let ledger = try Self.ledger(amounts: Self.most - 3_000_000)
    let report = try ledger.book(
      """
      c1  10:00:00  search  large  input 1000
      c2  10:00:00  search  large  input 1
      c3  10:00:00  search  unknown  input 1000
      """)
    #expect(report.booked == 2)
    #expect(report.quarantined.map(\.reason) == [.ledgerFull])
    #expect(report.quarantined.map(\.call) == [1])
    try expectRows(
      ledger, "select reason, json_extract(facts, '$.cost_n') from dead_letter", "ledger_full 3000")
    try expectRows(
      ledger, "select value from book where name = 'sum_of_amounts_n'", "9223372036854775807")
  }

  @Test func `quantities have the same limit, whatever their meter`() throws {
    let ledger = try Self.ledger(quantities: Self.most - 1_010)
    let report = try ledger.book(
      """
      c1  10:00:00  search  small  input 1000  reasoning 11
      c2  10:00:00  search  small  input 1000  reasoning 10
      """)
    #expect(report.quarantined.map(\.call) == [0])
    #expect(report.booked == 1)
    try expectRows(
      ledger, "select value from book where name = 'sum_of_quantities'", "9223372036854775807")
  }

  @Test func `a line that comes again does not count`() throws {
    let ledger = try Self.ledger()
    try ledger.book("c1  10:00:00  search  large  input 1000\nc1  10:00:00  search  large  input 1000")
    try expectRows(ledger, "select value from book where name like 'sum_%' order by name", "3000000\n1000")
  }

  @Test func `a ledger that does not keep its sums has them added up`() throws {
    let ledger = try TestLedger()
    try ledger.book("c0  09:00:00  search  large  input 1000  reasoning 7")
    try ledger.change("delete from book where name like 'sum_%'")
    try ledger.restart()
    try ledger.book("c1  10:00:00  search  large  input 1000")
    // 1,000 × 3.00 + 7 × 15.00 a million, and again 1,000 × 3.00; 1,007 + 1,000 tokens.
    try expectRows(ledger, "select value from book where name like 'sum_%' order by name", "6105000\n2007")
  }
}
