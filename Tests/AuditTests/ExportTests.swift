import Audit
import Books
import Testing
import Units

@Suite struct ExportTests {
  static let hostile = [
    "search", "Search", "a b", "a-b", "a  b", "a;b", "(virtual)", "équipe", "検索", "[x]", "*", "=1",
    "\"quoted\"", "1team", "-", "b ",
  ]

  /// Two movements for each hostile team, in dollars and in calls.
  static func export() throws -> LedgerExport {
    let day = try #require(Day("2026-11-20"))
    var accounts: [Account] = []
    var movements: [LedgerExport.Movement] = []
    var balances: [AccountBalance] = []
    let accrued = Account.accrued("together")
    let clearing = Account.unpricedClearing
    for (place, team) in hostile.enumerated() {
      let amount = Int64(place) * 1_000_000_000 + 1
      for (debit, credit, amount) in [
        (Account.inference(team: team, project: ""), accrued, amount),
        (Account.unpriced(team), clearing, Int64(place + 1)),
      ] {
        for account in [debit, credit] where !accounts.contains(account) {
          accounts.append(account)
        }
        movements.append(
          LedgerExport.Movement(
            day: Day(number: day.number + place / 4), kind: "usage", debit: debit, credit: credit,
            amount: amount, entries: 1))
        balances.append(AccountBalance(account: debit, debit: amount, credit: 0))
      }
    }
    for credit in [accrued, clearing] {
      let sum = movements.filter { $0.credit == credit }.reduce(0) { $0 + $1.amount }
      balances.append(AccountBalance(account: credit, debit: 0, credit: sum))
    }
    return LedgerExport(accounts: accounts, movements: movements, balances: balances, head: "abc")
  }

  @Test func `no two accounts fall together in any spelling`() throws {
    let export = try Self.export()
    for format in [LedgerExport.Format.hledger, .beancount] {
      let opened = export.text(format).split(separator: "\n").compactMap { line -> Substring? in
        if line.hasPrefix("account ") { return line.dropFirst(8) }
        guard line.contains(" open ") else { return nil }
        return line.split(separator: " ")[2]
      }
      #expect(opened.count == export.accounts.count)
      #expect(Set(opened).count == opened.count)
    }
  }

  @Test func `every posting has nine decimals, or is a count of calls`() throws {
    let text = try Self.export().text(.hledger)
    #expect(text.contains("Expenses:Inference:search      0.000000001 USD\n"))
    #expect(text.contains("Assets:Suspense:Unpriced:search   1.0 CALL\n"))
    #expect(text.contains("account Expenses:Inference:a-b-2\n"))
    #expect(text.contains("Expenses:Inference:a-b "))
  }

  @Test func `a balanced trial balance adds up to nought in each commodity`() throws {
    let balances = try #require(Self.export().balances)
    #expect(TrialBalance(lines: balances).isBalanced)
    #expect(!TrialBalance(lines: Array(balances.dropLast())).isBalanced)
  }

  @Test func `an empty ledger exports to files without movements`() {
    let export = LedgerExport(accounts: [], movements: [], balances: [], head: "none")
    #expect(export.text(.csv) == "day,kind,debit,credit,commodity,amount,entries\n")
    #expect(export.text(.beancount).hasSuffix("\"USD\"\n\n"))
    #expect(export.text(.ledger).contains("commodity USD\n"))
  }
}
