import Audit
import Books
import Rates
import Store
import Testing
import Units

/// Re-pricing: what was booked stays, what it costs since stands beside it, and the books follow.
@Suite struct RepriceTests {
  static let prices = "select seq, state, cost_n, margin_n, booked_state, booked_cost_n, repriced_by from call_detail"

  /// A thousand tokens at 3.00 a million are 0.003; at 2.00 they are 0.002.
  @Test func `a corrected rate is reversed and booked anew`() throws {
    let ledger = try TestLedger()
    try ledger.book(
      """
      c1  10:00:00  search   large  input 1000  latency 120
      c2  11:00:00  search   large  input 2000
      c3  11:00:00  support  small  input 1000
      """)
    let (receipt, total) = try ledger.reprice("fix-1", by: Prices.book(Prices.acme(input: "2.00")))
    #expect(receipt == .booked(documents: [1]))
    #expect(total.calls == 2 && total.costBefore == 9_000_000 && total.costAfter == 6_000_000)
    try expectRows(
      ledger, Self.prices,
      """
      1 exact 2000000 0 exact 3000000 fix-1
      2 exact 4000000 0 exact 6000000 fix-1
      3 exact 100000 0 exact 100000 -
      """)
    try expectEntries(
      ledger, of: 1,
      """
      2026-03-01 reversal  9000000 Liabilities:Accrued:acme  < Expenses:Inference:search
      2026-03-01 rebooking 6000000 Expenses:Inference:search < Liabilities:Accrued:acme
      """)
    try expectRows(
      ledger, "select name, balance_n from trial_balance",
      """
      Expenses:Inference:search  6000000
      Expenses:Inference:support 100000
      Liabilities:Accrued:acme  -6100000
      """)
    try expectRows(
      ledger, "select hour % 24, sum(calls), sum(input), sum(cost_n), sum(latency_ms) from rollup_hour group by hour",
      """
      10 1 1000 2000000 120
      11 2 3000 4100000 0
      """)
    // The call's own row is as it was booked.
    try expectRows(ledger, "select cost_n from call", "3000000\n6000000\n100000")
    try expectSound(ledger)
    try ledger.restart()
    try expectSound(ledger)
  }

  /// 1,000 × 1.00 + 500 × 4.00 a million: 0.001 + 0.002.
  @Test func `a call without a price gets one, and leaves the suspense account`() throws {
    let ledger = try TestLedger()
    try ledger.book(
      """
      c1  10:00:00  search  medium  input 1000  output 500
      c2  10:00:00  search  huge    input 1000
      """)
    let book = try Prices.book(Prices.acme(input: "3.00", medium: true))
    let report = try ledger.dryRun(by: book)
    #expect(report.rows.map(\.model) == ["medium"])
    #expect(report.total.unpricedBefore == 1 && report.total.unpricedAfter == 0)
    try ledger.reprice("added", by: book)
    try expectEntries(
      ledger, of: 1,
      """
      2026-03-01 priced    1       Equity:UnpricedClearing   < Assets:Suspense:Unpriced:acme
      2026-03-01 rebooking 3000000 Expenses:Inference:search < Liabilities:Accrued:acme
      """)
    try expectRows(
      ledger, "select name, commodity, balance_n from trial_balance",
      """
      Assets:Suspense:Unpriced:acme CALL  1
      Equity:UnpricedClearing       CALL -1
      Expenses:Inference:search     USD   3000000
      Liabilities:Accrued:acme      USD  -3000000
      """)
    try expectRows(ledger, "select sum(calls), sum(unpriced), sum(cost_n) from rollup_day", "2 1 3000000")
    try expectSound(ledger)
  }

  @Test func `a call whose card is withdrawn keeps its price, and that is told`() throws {
    let ledger = try TestLedger()
    try ledger.book(
      """
      c1  10:00:00  search  large  input 1000
      c2  10:00:00  search  small  input 1000
      """)
    let book = try Prices.book(Prices.acme(input: "3.00", large: false))
    let (receipt, total) = try ledger.reprice("withdrawn", by: book)
    #expect(receipt == .nothing)
    #expect(total.kept == 1 && total.calls == 0)
    #expect(try ledger.count("document") == 0 && ledger.count("recharge") == 0)
    try expectRows(ledger, "select sum(cost_n) from rollup_day", "3100000")
    try expectSound(ledger)
  }

  /// The router bills 1,000 at 3.30, so 0.0033; directly they are 0.003, then 0.002.
  @Test func `a routed call whose direct card changes moves its margin alone`() throws {
    let ledger = try TestLedger()
    try ledger.book("c1  10:00:00  search  large  input 1000  routed")
    try ledger.reprice("direct", by: Prices.book(Prices.acme(input: "2.00"), Prices.router))
    try expectRows(ledger, Self.prices, "1 exact 3300000 1300000 exact 3300000 direct")
    try expectEntries(
      ledger, of: 1,
      """
      2026-03-01 reversal  3000000 Liabilities:Accrued:router   < Expenses:Inference:search
      2026-03-01 reversal   300000 Liabilities:Accrued:router   < Expenses:RoutingMargin:router
      2026-03-01 rebooking 2000000 Expenses:Inference:search    < Liabilities:Accrued:router
      2026-03-01 rebooking 1300000 Expenses:RoutingMargin:router < Liabilities:Accrued:router
      """)
    // Without a direct card the margin is not known, and the call keeps what it costs.
    try ledger.reprice("gone", by: Prices.book(Prices.acme(input: "2.00", large: false), Prices.router))
    try expectRows(ledger, Self.prices, "1 exact 3300000 - exact 3300000 gone")
    try expectSound(ledger)
  }

  /// 100 output tokens at 15.00 are 0.0015, at 10.00 0.001; each row holds what its line added.
  @Test func `a stream is priced by all its rows, and its later lines go on from there`() throws {
    let ledger = try TestLedger()
    for output in [100, 200, 400] { try ledger.book("s1  10:00:00  search  large  output \(output)  stream") }
    try ledger.reprice("cheaper", by: Prices.book(Prices.acme(input: "3.00", output: "10.00")))
    try expectRows(
      ledger, Self.prices,
      """
      1 exact 1000000 0 exact 1500000 cheaper
      2 exact 1000000 0 exact 1500000 cheaper
      3 exact 2000000 0 exact 3000000 cheaper
      """)
    try expectRows(ledger, "select calls, output, cost_n from rollup_day where calls > 0", "1 400 4000000")
    // The next line comes to 500 × 15.00 = 0.0075 in all, of which 0.004 are booked by now.
    try ledger.book("s1  10:00:00  search  large  output 500  stream")
    try expectRows(ledger, "select cost_n from call where seq = 4", "3500000")
    try expectRows(ledger, "select sum(cost_n) from rollup_day", "7500000")
    try expectSound(ledger)
    // By the cheaper card the whole call is 0.005 again.
    try ledger.reprice("again", by: Prices.book(Prices.acme(input: "3.00", output: "10.00")))
    try expectRows(ledger, "select sum(cost_n) from call_detail", "5000000")
    try expectRows(ledger, "select sum(calls), sum(output), sum(cost_n) from rollup_day", "1 500 5000000")
    try expectSound(ledger)
  }

  @Test func `a stream that begins without a price is one call in every count`() throws {
    let ledger = try TestLedger()
    try ledger.book("s1  10:00:00  search  medium  output 100  stream")
    try ledger.book("s1  10:00:00  search  medium  output 300  stream")
    try ledger.reprice("added", by: Prices.book(Prices.acme(input: "3.00", medium: true)))
    // 100 and 200 more, at 4.00 a million.
    try expectRows(
      ledger, Self.prices,
      """
      1 exact 400000 0 unpriced - added
      2 exact 800000 0 unpriced - added
      """)
    try expectRows(ledger, "select sum(calls), sum(unpriced), sum(cost_n) from rollup_day", "1 0 1200000")
    try expectRows(ledger, "select sum(balance_n) from trial_balance where commodity = 'CALL'", "0")
    try expectSound(ledger)
  }

  @Test func `failed calls stay what they are`() throws {
    let ledger = try TestLedger()
    try ledger.book(
      """
      c1  10:00:00  search  large   error
      c2  10:00:00  search  medium  error
      c3  10:00:00  search  large   error  input 1000
      c4  10:00:00  search  large   canceled  input 1000
      """)
    let (_, total) = try ledger.reprice("fix", by: Prices.book(Prices.acme(input: "2.00", medium: true)))
    #expect(total.calls == 2)
    try expectRows(
      ledger, "select seq, outcome, cost_n, repriced_by from call_detail",
      """
      1 error    0       -
      2 error    0       -
      3 error    2000000 fix
      4 canceled 2000000 fix
      """)
    try expectRows(ledger, "select sum(errors), sum(cost_n) from rollup_day", "3 4000000")
    try expectSound(ledger)
  }

  @Test func `a card in force from noon leaves the morning's calls`() throws {
    let ledger = try TestLedger()
    try ledger.book(
      """
      c1  2026-02-28T10:00:00Z  search  large  input 1000
      c2  2026-03-01T10:00:00Z  search  large  input 1000
      """)
    let file = (
      "acme.json",
      #"""
      {"issuer":"acme","source":"s","read_on":"2026-03-02","models":[{"model":"large","cards":[
        {"from":"2026-01-01","per":"1M tokens","rates":{"input":"3.00"}},
        {"from":"2026-03-01","per":"1M tokens","rates":{"input":"9.00"},"recorded_on":"2026-02-01"},
        {"from":"2026-03-01","per":"1M tokens","rates":{"input":"1.00"},"recorded_on":"2026-03-02"}]}]}
      """#
    )
    // The later recorded of two cards for the same day is the one in force.
    try ledger.reprice("march", by: Prices.book(file))
    try expectRows(ledger, "select cost_n, repriced_by from call_detail", "3000000 -\n1000000 march")
    try expectSound(ledger)
  }
}
