import Audit
import Books
import Foundation
import Rates
import Store
import TestSupport
import Testing
import Units

/// Seeded days: re-priced by a book they come to what they would have come to by it from the start.
@Suite struct RepricedDayTests {
  /// A day's lines: streams that grow, failures, routed calls, models with a card and without.
  private static func lines(_ random: inout Seeded, batches: Int) -> [[String]] {
    var streams: [(id: String, head: String, output: Int)] = []
    var number = 0
    return (0..<batches).map { _ in
      (0..<Int.random(in: 5...30, using: &random)).map { _ in
        if !streams.isEmpty, Int.random(in: 0..<4, using: &random) == 0 {
          let place = streams.indices.randomElement(using: &random) ?? 0
          streams[place].output += Int.random(in: 1...5000, using: &random)
          return "\(streams[place].head)  output \(streams[place].output)  stream"
        }
        number += 1
        let second = Int.random(in: 0..<172_800, using: &random)
        let time = Timestamp(microseconds: 1_772_236_800_000_000 + Int64(second) * 1_000_000)
        let team = ["search", "support", "studio"].randomElement(using: &random) ?? ""
        let model = ["large", "small", "medium", "huge"].randomElement(using: &random) ?? ""
        let routed = Int.random(in: 0..<3, using: &random) == 0 ? "  routed" : ""
        let latency = Int.random(in: 0..<2, using: &random) == 0 ? "  latency \(number)" : ""
        let head = "i\(number)  \(time)  \(team)  \(model)\(routed)\(latency)"
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return head + "  error"
        case 1: return head + "  error  input \(Int.random(in: 1...9000, using: &random))"
        case 2, 3:
          let output = Int.random(in: 1...5000, using: &random)
          streams.append(("i\(number)", head, output))
          return "\(head)  output \(output)  stream"
        case 4:
          return head + "  input \(Int.random(in: 1...9000, using: &random))  reasoning \(number)"
        default:
          let input = Int.random(in: 1...9000, using: &random)
          return head + "  input \(input)  cached \(input / 2)  output \(number)"
        }
      }
    }
  }

  /// Sums of every rollup by who and what, without the cards.
  private static let sums = [
    """
    select day, team, model, provider, route, sum(calls), sum(errors), sum(unpriced), sum(partial), sum(input),
      sum(cache_read), sum(output), sum(cost_n), sum(margin_n), sum(latency_ms), sum(latency_calls)
    from rollup_day r join dimension d on d.id = r.dimension group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
    """,
    """
    select hour, team, model, provider, route, sum(calls), sum(errors), sum(unpriced), sum(partial), sum(input),
      sum(cache_read), sum(output), sum(cost_n), sum(margin_n), sum(latency_ms), sum(latency_calls)
    from rollup_hour r join dimension d on d.id = r.dimension group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
    """,
    """
    select hour, team, model, provider, meter, sum(quantity)
    from rollup_meter r join dimension d on d.id = r.dimension group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
    """,
    "select name, commodity, balance_n from trial_balance where balance_n <> 0 order by name",
    """
    select day, a.name, sum(amount_n) from posting p join account a on a.id = p.account
    group by day, a.name having sum(amount_n) <> 0 order by day, a.name
    """, "select seq, state, cost_n, margin_n, provider from call_detail order by seq",
  ]

  @Test(arguments: 0..<16)
  func `re-priced by a book is booked by it from the start`(seed: Int) throws {
    var random = Seeded(UInt64(seed))
    let first = try TestLedger.book()
    let second = try Prices.book(
      Prices.acme(input: "\(Int.random(in: 1...9, using: &random)).37", output: "11.50", medium: true),
      Prices.router)
    let batches = Self.lines(&random, batches: 8).map { $0.joined(separator: "\n") }
    let ledger = try TestLedger(rates: first)
    let wanted = try TestLedger(rates: second)
    for (place, batch) in batches.enumerated() {
      // Runs in the middle of a day: streams grow behind them.
      if place == 4 { try ledger.reprice("early", by: second) }
      try ledger.book(batch)
      try wanted.book(batch)
    }
    try expectSound(ledger)
    var limits = WriterLimits()
    limits.recharges = seed % 2 == 0 ? 7 : 250_000
    try ledger.restart(limits: limits)
    try ledger.reprice("late", by: second)
    for sql in Self.sums { #expect(try ledger.rows(sql) == wanted.rows(sql), "\(sql)") }
    try expectSound(ledger)
    #expect(try ledger.reprice("more", by: second).receipt == .nothing)
    // The edges of a span are added up from calls, its middle from rollups: both agree.
    let reader = try LedgerReader(folder: ledger.folder)
    let whole = try #require(try reader.hours())
    let cut = Timestamp(microseconds: whole.from.microseconds + 45_296_123_456)
    let parts = try [(whole.from, cut), (cut, whole.to)].map { from, to in
      try reader.spend(SpendQuery(span: #require(Span(from: from, to: to)), zone: "UTC", keys: [.team])).total
    }
    let total = try reader.spend(SpendQuery(span: whole, zone: "UTC", keys: [.team])).total
    #expect(parts[0].cost + parts[1].cost == total.cost && parts[0].unpriced + parts[1].unpriced == total.unpriced)
    #expect(parts[0].calls + parts[1].calls == total.calls && parts[0].margin + parts[1].margin == total.margin)
  }
}
