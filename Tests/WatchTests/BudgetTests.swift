import Testing
import Units
import Watch

/// Budgets on months worked out by hand.
///
/// April 2026 has 30 days: 8,640 buckets. With 8,640 dollars each bucket of an even month has 1 dollar.
@Suite struct BudgetTests {
  private struct April {
    var watch: BudgetWatch
    var next: Bucket
    var told: [String] = []

    init(from: String = "2026-04-01T00:00:00Z", zone: ZoneOffsets = .utc, amount: String = "8640") throws {
      let budget = Budget(name: "search", amount: try Amount(dollars: amount), zone: zone)
      watch = BudgetWatch(try #require(budget))
      next = Bucket(containing: try #require(Timestamp(from)))
    }

    /// So many buckets of so many dollars each.
    mutating func run(_ buckets: Int, _ dollars: String) throws {
      let spend = try Amount(dollars: dollars)
      for _ in 0..<buckets {
        for finding in watch.close(next, spend: spend) { told.append("\(next.start) " + Self.text(finding)) }
        next = next.next
      }
    }

    static func text(_ finding: Finding) -> String {
      let labels = finding.key.labels.filter { $0.name != "budget" }.map(\.value).joined(separator: " ")
      let name = ([finding.key.rule.rawValue] + (labels.isEmpty ? [] : [labels])).joined(separator: " ")
      switch finding.change {
      case .alarm(let evidence): return "\(name) alarm \(evidence.spend)"
      case .seen(let evidence, _): return "\(name) \(evidence.view) seen \(evidence.spend) of \(evidence.expected)"
      case .over(let ending, _): return "\(name) over \(ending.name)"
      default: return "\(name) ?"
      }
    }

    func of(_ rule: String) -> [String] { told.filter { $0.contains(" \(rule)") } }
  }

  @Test func `an even month reaches half and four fifths, and burns at once its rate without a word`() throws {
    var april = try April()
    try april.run(8_640, "1")
    // After n buckets n dollars: 50 % is the 4,320th bucket, which begins 23:55 of the 15th.
    #expect(
      april.told == [
        "2026-04-15T23:55:00Z budget_threshold 50 2026-04 alarm 4320.000000000",
        "2026-04-24T23:55:00Z budget_threshold 80 2026-04 alarm 6912.000000000",
        "2026-04-27T23:55:00Z budget_threshold 90 2026-04 alarm 7776.000000000",
        "2026-04-30T23:55:00Z budget_threshold 100 2026-04 alarm 8640.000000000",
      ])
    // May: all four are over, each once. Its 31 days at this rate come to 8,928, which is more than the budget.
    april.told = []
    try april.run(1, "1")
    #expect(april.told.count == 5 && april.told.prefix(4).allSatisfy { $0.hasSuffix("over budget_reset") })
    #expect(april.told.last == "2026-05-01T00:00:00Z budget_forecast alarm 8928.000000000")
    #expect(april.watch.spent == Amount(nanos: 1_000_000_000))
  }

  @Test func `a threshold is reached at the nano, and once`() throws {
    var april = try April()
    try april.run(1, "4319.999999999")
    #expect(april.of("budget_threshold").isEmpty)
    try april.run(1, "0.000000001")
    try april.run(3, "0")
    // A credit takes it below, and it is reached again: told once.
    try april.run(1, "-100")
    try april.run(1, "200")
    #expect(april.of("budget_threshold").count == 1)
  }

  @Test func `of thresholds that one bucket reaches the highest is told`() throws {
    var april = try April()
    // 93 % with the first bucket, 120 % with the second: 100 is passed over, and never told later.
    try april.run(1, "8035.2")
    try april.run(1, "2332.8")
    try april.run(2, "100")
    #expect(
      april.of("budget_threshold") == [
        "2026-04-01T00:00:00Z budget_threshold 90 2026-04 alarm 8035.200000000",
        "2026-04-01T00:05:00Z budget_threshold 120 2026-04 alarm 10368.000000000",
      ])
  }

  // MARK: - Burning

  @Test func `the hour and its last five minutes must burn more than 14.4 times an even month`() throws {
    // 14.4 dollars a bucket are 14.4 times exactly, which is not more.
    var april = try April()
    try april.run(288, "0")
    try april.run(12, "14.4")
    #expect(april.of("budget_burn 1h").isEmpty)
    // The hour: 11 × 14.4 + 14.400000001, one nano above 172.8.
    try april.run(1, "14.400000001")
    #expect(
      april.of("budget_burn 1h") == ["2026-04-02T01:00:00Z budget_burn 1h seen 172.800000001 of 12.000000000"])
    // The hour is still above, the last five minutes no more.
    try april.run(1, "14.399999999")
    try april.run(1, "0")
    #expect(april.of("budget_burn 1h").count == 1)
  }

  @Test func `each pair has its own rate`() throws {
    // From nothing, at 6.01 times 6 h have 72 × 6.01 = 432.72 > 432 only when full; at 3.01 times 1 d has
    // 288 × 3.01 = 866.88 > 864 when full, at 1.51 times 3 d has 864 × 1.51 = 1304.64 > 1296 after 859.
    for (rate, name, buckets) in [("6.01", "6h", 72), ("3.01", "1d", 288), ("1.51", "3d", 859)] {
      var april = try April()
      try april.run(864, "0")
      let start = april.next.number
      try april.run(864, rate)
      let told = try #require(april.of("budget_burn").first)
      #expect(told.contains(" budget_burn \(name) seen"))
      #expect(Bucket(containing: try #require(Timestamp(String(told.prefix(20))))).number - start + 1 == buckets)
    }
  }

  @Test func `pairs that burn together are one incident, of the most urgent and of those the shortest`() throws {
    // At 20 times each bucket of the first hours has the pairs of 1 h, 6 h, 1 d and 3 d above: one finding each.
    var april = try April()
    try april.run(864, "0")
    try april.run(72, "20")
    #expect(april.of("budget_burn").last?.contains(" budget_burn 1h seen 240.000000000 of 12.000000000") ?? false)
    #expect(Set(april.of("budget_burn").map { $0.prefix(20) }).count == april.of("budget_burn").count)
    // At 7 times those of 1 h are not; 6 h are critical, and 1 d and 3 d warnings.
    try april.run(72, "7")
    #expect(april.of("budget_burn").last?.contains(" budget_burn 6h seen 504.000000000 of 72.000000000") ?? false)
  }

  // MARK: - Forecast

  @Test func `the forecast is what was spent and seven days' mean for what is left`() throws {
    // From the end of the third day on: 864 buckets at 1.1 are 950.4, and 7,776 left at 1.1 are 8553.6: 9504 in all.
    var april = try April()
    try april.run(863, "1.1")
    #expect(april.of("budget_forecast").isEmpty)
    try april.run(1, "1.1")
    #expect(april.of("budget_forecast") == ["2026-04-03T23:55:00Z budget_forecast alarm 9504.000000000"])
    // It falls while nothing is spent: 950.4 × (1 + (7776 - n)/(864 + n)) < 8208, that is 8640/(864 + n) <
    // 8.636363…, n > 136.42: the 137th bucket of the 4th clears it, at 95 % and not at 100 %.
    try april.run(136, "0")
    #expect(april.of("budget_forecast").count == 1)
    try april.run(1, "0")
    #expect(april.of("budget_forecast").last == "2026-04-04T11:20:00Z budget_forecast over back_to_normal")
  }

  @Test func `a second month is forecast from its first day`() throws {
    var april = try April(from: "2026-03-29T00:00:00Z")
    try april.run(864, "1.1")
    // What is left of March is nothing, and 950.40 were spent.
    #expect(april.of("budget_forecast").isEmpty)
    try april.run(1, "1.1")
    #expect(april.of("budget_forecast") == ["2026-04-01T00:00:00Z budget_forecast alarm 9504.000000000"])
  }

  // MARK: - Exhaustion

  @Test func `what lasts less than a day is told, and over when it lasts a day and a half`() throws {
    var april = try April()
    try april.run(288, "10")
    // 2,880 spent. At 20 a bucket 5,760 last 288 buckets; after n of them (5760 - 20n)/20 < 288 from the first on,
    // but the six hours' rate grows slowly: (72 - n) × 10 + 20n = 720 + 10n, and
    // (5760 - 20n) × 72 < (720 + 10n) × 288 gives 5760 - 20n < 2880 + 40n: n > 48.
    #expect(april.of("budget_exhaustion").isEmpty)
    try april.run(48, "20")
    #expect(april.of("budget_exhaustion").isEmpty)
    try april.run(1, "20")
    #expect(april.of("budget_exhaustion").first?.hasPrefix("2026-04-02T04:00:00Z budget_exhaustion alarm") ?? false)
    // 4,780 are left. The six hours hold 49 × 20 and 23 × 10 = 1,210, which last 284 buckets.
    let end = try #require(april.watch.exhaustion)
    #expect(Bucket(containing: end).number - april.next.number == 284)
    // Nothing more is spent: the 23 tens leave first. Over when 4780 × 72 ≥ rate × 432, rate ≤ 796.66…: 23 buckets
    // to 980, 10 more to 780.
    try april.run(32, "0")
    #expect(april.of("budget_exhaustion").count == 1)
    try april.run(1, "0")
    #expect(april.of("budget_exhaustion").last?.hasSuffix("over back_to_normal") ?? false)
  }

  @Test func `what lasts to the end of the month is not told`() throws {
    var april = try April()
    try april.run(8_640 - 200, "1")
    // 200 left of 200 buckets at 1 each: it ends with the month.
    try april.run(100, "1")
    #expect(april.of("budget_exhaustion").isEmpty && april.watch.exhaustion == nil)
  }

  @Test func `what is spent already is neither forecast nor running out`() throws {
    var april = try April()
    try april.run(900, "0")
    try april.run(1, "9000")
    try april.run(12, "9")
    #expect(april.of("budget_threshold").count == 1)
    #expect(april.of("budget_exhaustion").isEmpty && april.of("budget_forecast").isEmpty)
  }

  // MARK: - Whose month, snapshots, doors

  @Test func `a month is the zone's`() throws {
    let shanghai = ZoneOffsets(
      name: "Asia/Shanghai", spans: [ZoneOffsets.Span(from: Timestamp(microseconds: .min), seconds: 28_800)])
    var april = try April(from: "2026-03-31T15:50:00Z", zone: shanghai)
    try april.run(2, "5000")
    try april.run(1, "5000")
    #expect(
      april.of("budget_threshold").map { $0.prefix(20) + $0.suffix(32) }.prefix(2).allSatisfy {
        $0.hasPrefix("2026-03-31T15:5")
      })
    // Its April begins at 16:00Z.
    #expect(april.told.contains("2026-03-31T16:00:00Z budget_threshold 50 2026-04 alarm 5000.000000000"))
    let budget = try #require(Budget(name: "x", amount: Amount(nanos: 1), zone: shanghai))
    let period = budget.period(at: try #require(Timestamp("2026-04-30T16:00:00Z")))
    #expect("\(period.month) \(period.from) \(period.to)" == "2026-05 2026-04-30T16:00:00Z 2026-05-31T16:00:00Z")
    #expect(period.buckets.count == 31 * 288)
  }

  @Test func `clocks put forward make a month an hour shorter`() throws {
    let spring = try #require(Timestamp("2026-03-29T01:00:00Z"))
    let berlin = ZoneOffsets(
      name: "Europe/Berlin",
      spans: [
        ZoneOffsets.Span(from: Timestamp(microseconds: .min), seconds: 3600),
        ZoneOffsets.Span(from: spring, seconds: 7200),
      ])
    let budget = try #require(Budget(name: "x", amount: Amount(nanos: 1), zone: berlin))
    let period = budget.period(at: spring)
    #expect("\(period.from) \(period.to)" == "2026-02-28T23:00:00Z 2026-03-31T22:00:00Z")
    #expect(period.buckets.count == 31 * 288 - 12)
  }

  @Test func `a budget that goes on from its snapshot tells the same`() throws {
    var april = try April(amount: "3000")
    try april.run(1_500, "1.3")
    var resumed = april
    resumed.watch = try BudgetWatch(april.watch.budget, snapshot: april.watch.snapshot)
    try april.run(9_000, "0.9")
    try resumed.run(9_000, "0.9")
    #expect(april.told == resumed.told && april.told.count > 8)
    #expect(april.watch.snapshot == resumed.watch.snapshot)
    let other = try #require(Budget(name: "ads", amount: Amount(nanos: 1)))
    #expect(throws: WatchFault.noSnapshot) { try BudgetWatch(other, snapshot: april.watch.snapshot) }
    var damaged = april.watch.snapshot
    damaged[40] ^= 1
    #expect(throws: WatchFault.damaged) { try BudgetWatch(april.watch.budget, snapshot: damaged) }
  }

  @Test func `a budget has a name and an amount, and covers what has all its labels`() throws {
    #expect(Budget(name: "", amount: Amount(nanos: 1)) == nil)
    #expect(Budget(name: String(repeating: "x", count: 65), amount: Amount(nanos: 1)) == nil)
    #expect(Budget(name: "x", amount: .zero) == nil)
    let labels = [IncidentKey.Label("team", "search"), IncidentKey.Label("model", "large")]
    let budget = try #require(Budget(name: "x", labels: labels, amount: Amount(nanos: 1)))
    #expect(budget.covers { $0 == "team" ? "search" : "large" })
    #expect(!budget.covers { $0 == "team" ? "search" : "small" })
  }
}
