import Audit
import Calls
import Testing
import Units

@Suite struct ComparisonTests {
  static func subject(_ route: String, _ provider: String, _ model: String) -> Subject {
    var subject = Subject()
    subject.route = route
    subject.provider = provider
    subject.issuer = route == "direct" ? provider : route
    subject.model = model
    return subject
  }

  static let own = ComparisonTally.Product(provider: "together", model: "own-name")

  @Test func `routed money is compared only where a direct card is known`() throws {
    var tally = ComparisonTally()
    let routed = Self.subject("huggingface", "together", "org/large")
    tally.add(
      routed, .compared, product: Self.own, SpendTests.sums(calls: 3, cost: 1_100, margin: 100))
    tally.add(routed, .unknown, product: Self.own, SpendTests.sums(calls: 2, cost: 500))
    var direct = SpendTests.sums(calls: 4, cost: 1_300)
    direct.latencyMilliseconds = 10
    direct.latencyCalls = 4
    tally.add(Self.subject("direct", "together", "own-name"), .direct, product: Self.own, direct)
    let comparison = try tally.comparison(
      span: try SpanTests.span("2026-11-01", "2026-12-01"), zone: "UTC")
    let row = try #require(comparison.rows.first)
    #expect(comparison.rows.count == 1)
    #expect("\(row.sums.routedAmount)" == "0.000001100")
    #expect("\(row.sums.atDirectRates)" == "0.000001000")
    #expect(row.sums.comparedMargin == Amount(nanos: 100))
    #expect(row.sums.marginPercent == "10.00")
    #expect(row.sums.marginUnknownCalls == 2)
    #expect(row.direct?.calls == 4)
    #expect(row.direct?.meanLatencyMilliseconds == 2)
  }

  @Test(
    arguments: [
      (1_000, 0, "0.00"), (1_500, 500, "50.00"), (800, -200, "-20.00"),
      // 1/80 000 of the price is 0.00125 %, half of 200/8 is even.
      (1_000_125, 125, "0.01"), (8_001, 1, "0.01"), (100_000_005, 5, "0.00"),
      (20_001_000, 1_000, "0.00"), (20_003_000, 3_000, "0.02"),
    ] as [(Int64, Int64, String)])
  func `the margin in percent is rounded half to even at two decimals`(
    routed: Int64, margin: Int64, percent: String
  ) throws {
    var sums = SpendSums()
    sums.margin = margin
    sums.comparedCalls = 1
    sums.comparedCost = routed
    #expect(sums.marginPercent == percent)
  }

  @Test func `nothing to compare is null, not nought`() throws {
    var tally = ComparisonTally()
    tally.add(
      Self.subject("huggingface", "novita", "m"), .unknown, product: Self.own,
      SpendTests.sums(calls: 1, cost: 7))
    let json = try tally.comparison(
      span: try SpanTests.span("2026-11-01", "2026-12-01"), zone: "UTC"
    ).json(from: "F", to: "T")
    #expect(
      json.contains(
        "\"cost\":\"0.000000007\",\"routed\":null,\"direct\":null,\"margin\":null,\"margin_percent\":null"
      ))
  }
}
