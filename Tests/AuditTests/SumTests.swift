import Audit
import Books
import Testing
import Units

/// Sums at the end of 64 bits: what fits is shown, what does not is refused, nothing traps.
@Suite struct SumTests {
  private func spend(_ rows: [SpendSums]) throws(SumFault) -> SpendReport {
    try SpendReport(
      query: SpendQuery(span: Span(at: Timestamp(microseconds: 0)), zone: "UTC", keys: [.team]),
      rows: rows.enumerated().map { SpendRow(values: ["team \($0)"], sums: $1) })
  }

  @Test func `the dearest ledger that fits is shown`() throws {
    let report = try spend([SpendTests.sums(calls: 1, cost: .max - 1), SpendTests.sums(calls: 1, cost: 1)])
    #expect("\(report.total.costAmount)" == "9223372036.854775807")
  }

  @Test(
    arguments: [
      (\.calls, .calls), (\.errors, .calls), (\.input, .tokens), (\.cacheRead, .tokens),
      (\.output, .tokens), (\.cost, .costs), (\.latencyMilliseconds, .latencies),
      (\.comparedCost, .costs),
    ] as [(any WritableKeyPath<SpendSums, Int64> & Sendable, SumFault)])
  func `a total beyond 64 bits is refused by name`(
    sum: any WritableKeyPath<SpendSums, Int64> & Sendable, fault: SumFault
  ) {
    for (one, other) in [(Int64.max, Int64(1)), (.min, -1)] {
      var (a, b) = (SpendSums(), SpendSums())
      a[keyPath: sum] = one
      b[keyPath: sum] = other
      #expect(throws: fault) { try spend([a, b]) }
    }
  }

  @Test func `a sum that went beyond and came back is refused as well`() {
    let most = SpendTests.sums(calls: 1, cost: .max)
    #expect(throws: SumFault.costs) { try spend([most, most, -most]) }
  }

  @Test func `a cost less its margin is a sum too`() {
    #expect(throws: SumFault.costs) { try spend([SpendTests.sums(calls: 1, cost: .max, margin: -1)]) }
    #expect(throws: SumFault.costs) {
      try spend([-SpendTests.sums(calls: 1, cost: .min, margin: 0)])
    }
  }

  @Test func `a comparison refuses what it cannot add up`() throws {
    let span = Span(at: Timestamp(microseconds: 0))
    for routing in [Routing.compared, .unknown, .direct] {
      var tally = ComparisonTally()
      for model in ["a", "b"] {
        tally.add(
          ComparisonTests.subject("huggingface", "together", model), routing,
          product: ComparisonTests.own, SpendTests.sums(calls: 1, cost: .max))
      }
      tally.add(
        ComparisonTests.subject("huggingface", "together", "c"), .compared,
        product: ComparisonTests.own, SpendTests.sums(calls: 1, cost: 1))
      #expect(throws: SumFault.costs) { try tally.comparison(span: span, zone: "UTC") }
    }
  }

  @Test func `an account's balance is shown whatever it was debited and credited`() {
    let account = Account.unpricedClearing
    let line = AccountBalance(account: account, debit: .max, credit: .min)
    #expect(line.balance == Int128(Int64.max) - Int128(Int64.min))
    #expect(TrialBalance(lines: [line, line]).sum(of: .call) == 2 * line.balance)
    let movement = LedgerExport.Movement(
      day: Day(number: 0), kind: "usage", debit: account, credit: account, amount: .min, entries: 1)
    let export = LedgerExport(accounts: [account], movements: [movement], balances: [line], head: "")
    for format in LedgerExport.Format.allCases {
      #expect(export.text(format).contains("9223372036854775808"))
    }
  }
}
