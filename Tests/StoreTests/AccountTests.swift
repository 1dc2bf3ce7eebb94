import Books
import Store
import Testing
import Units

/// Accounts are as many as anyone names teams; what the writer remembers of them is bounded.
@Suite struct AccountTests {
  /// Seven teams with two calls each, while two accounts fit into memory: one account a team, one for what is owed.
  @Test func `accounts beyond those in memory are looked up, and none is stored twice`() throws {
    var limits = WriterLimits()
    limits.accounts = 2
    let ledger = try TestLedger(limits: limits)
    for round in 0..<2 {
      try ledger.book((1...7).map { "c\(round)-\($0)  10:00:00  team\($0)  large  input 1000" }.joined(separator: "\n"))
      try ledger.restart()
    }
    try expectRows(ledger, "select count(*), count(distinct name) from account", "8 8")
    // 1,000 tokens at 3.00 a million are 0.003; twice for each team.
    try expectRows(
      ledger,
      """
      select a.name, b.debit_n - b.credit_n from account a join balance b on b.account = a.id
      where a.name like '%:team3' or a.name like 'Liab%' order by 1
      """,
      """
      Expenses:Inference:team3  6000000
      Liabilities:Accrued:acme -42000000
      """)
    try expectSound(ledger)
  }

  @Test func `names that come to one account share its entries`() throws {
    let ledger = try TestLedger()
    try ledger.book(
      lines: ["a:b", "a-b"].map { team in
        #"{"at":"2026-03-01T10:00:00Z","team":"\#(team)","provider":"acme","model":"large","units":{"input":1000}}"#
      })
    try expectRows(
      ledger, "select a.name, count(*), sum(e.amount_n) from entry e join account a on a.id = e.debit group by 1",
      "Expenses:Inference:a-b 1 6000000")
    try expectSound(ledger)
  }
}
