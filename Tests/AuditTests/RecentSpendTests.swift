import Audit
import Testing
import Units

/// What was spent lately, and what was to be expected.
@Suite struct RecentSpendTests {
  private func at(_ text: String) throws -> Timestamp { try #require(Timestamp("2026-11-21T" + text + "Z")) }

  private func sums(calls: Int64 = 1, cost: Int64) -> SpendSums {
    var sums = SpendSums()
    sums.calls = calls
    sums.cost = cost
    return sums
  }

  /// What is in which window.
  ///
  /// | slot | dimension | nanodollars | in the last 5 min at 12:00:10 | in the last hour |
  /// | 11:00:00 | 1 | 1 | no | yes: 120 slots back |
  /// | 11:54:30 | 1 | 10 | no | yes |
  /// | 11:55:00 | 1 | 100 | yes: 10 slots back | yes |
  /// | 12:00:00 | 1 and 2 | 1,000 and 5 | yes: under way | yes |
  /// | 12:00:30 | 1 | 10,000 | no: it says it is later | no |
  @Test func `a window is of whole half minutes, and of the one under way`() throws {
    var recent = RecentSpend()
    for (time, dimension, cost) in [
      ("11:00:00", 1, 1), ("11:54:30", 1, 10), ("11:55:00", 1, 100), ("12:00:00", 1, 600), ("12:00:29", 1, 400),
      ("12:00:00", 2, 5), ("12:00:30", 1, 10_000),
    ] as [(String, Int, Int64)] {
      recent.add(sums(cost: cost), slot: RecentSpend.slot(try at(time)), dimension: dimension)
    }
    let now = try at("12:00:10")
    #expect(recent.sums(ofLast: 10, at: now).mapValues(\.cost) == [1: 1_100, 2: 5])
    #expect(recent.sums(ofLast: 120, at: now).mapValues(\.cost) == [1: 1_111, 2: 5])
    #expect(RecentSpend.length(ofLast: 10, at: now) == 310_000_000)
    // Half a minute later the first slot is no more, and the last one is here.
    recent.forget(at: try at("12:00:30"))
    #expect(recent.sums(ofLast: 120, at: try at("12:00:30")).mapValues(\.cost) == [1: 11_110, 2: 5])
    #expect(recent.sums(ofLast: 120, at: now)[1]?.cost == 1_110)
  }

  /// Saturday 2026-11-21, 12:15: a quarter of the hour from 12:00, and three of the one from 11:00.
  ///
  /// | weeks ago | 11:00 | 12:00 |
  /// | 1 | 4 | 8 |
  /// | 2 | nothing | 4 |
  /// | 3 | 2 | 3 |
  ///
  /// The means are 2 and 5; 2 × 3/4 + 5 × 1/4 = 2.75 nanodollars, which is 3.
  @Test func `what is expected is the mean of the same hours`() throws {
    let now = try at("12:15:00")
    let week: Int64 = 168
    var expected = ExpectedHour(costs: [:], firstHour: now.hour - 3 * week - 1)
    for (weeks, before, present) in [(1, 4, 8), (2, 0, 4), (3, 2, 3)] as [(Int64, Int64, Int64)] {
      expected.costs[now.hour - weeks * week - 1] = before
      expected.costs[now.hour - weeks * week] = present
    }
    #expect(expected.amount(at: now) == Amount(nanos: 3))
    // In millions of nanodollars nothing is rounded.
    expected.costs = expected.costs.mapValues { $0 * 1_000_000 }
    #expect(expected.amount(at: now) == Amount(nanos: 2_750_000))
    #expect(ExpectedHour(costs: [:], firstHour: nil).amount(at: now) == nil)
    #expect(ExpectedHour(costs: [:], firstHour: now.hour - week).amount(at: now) == nil)
    #expect(ExpectedHour(costs: [:], firstHour: now.hour - week - 1).amount(at: now) == .zero)
  }

  @Test func `the dearest is first, and what is of one name is one`() throws {
    let ranking = try SpendRanking([
      ("a", sums(cost: 5)), ("b", sums(cost: 3)), ("c", sums(calls: 9, cost: 5)), ("b", sums(cost: 4)),
      ("", sums(cost: 0)),
    ])
    #expect(ranking.rows.map(\.name) == ["b", "c", "a", ""])
    #expect(ranking.rows[0].sums.cost == 7 && ranking.total.cost == 17 && ranking.total.calls == 13)
    #expect(throws: SumFault.self) { try SpendRanking([("a", sums(cost: .max)), ("b", sums(cost: 1))]) }
  }
}
