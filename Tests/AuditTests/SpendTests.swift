import Audit
import Calls
import Testing
import Units

@Suite struct SpendTests {
  static func subject(_ team: String, route: String = "direct", provider: String = "together")
    -> Subject
  {
    var subject = Subject()
    subject.team = team
    subject.route = route
    subject.provider = provider
    subject.issuer = route == "direct" ? provider : route
    subject.model = "large"
    subject.tags = "{\"feature\":\"search\"}"
    return subject
  }

  static func sums(calls: Int64, cost: Int64, margin: Int64 = 0, unpriced: Int64 = 0) -> SpendSums {
    var sums = SpendSums()
    sums.calls = calls
    sums.cost = cost
    sums.margin = margin
    sums.unpriced = unpriced
    return sums
  }

  static func query(_ keys: [SpendKey], wanted: [SpendKey: Set<String>] = [:]) throws -> SpendQuery {
    SpendQuery(
      span: try SpanTests.span("2026-11-01", "2026-12-01"), zone: "UTC", keys: keys, wanted: wanted)
  }

  /// Rows as `value,value: calls cost margin`.
  static func written(_ report: SpendReport) -> [String] {
    report.rows.map { row in
      "\(row.values.joined(separator: ",")): \(row.sums.calls) \(row.sums.costAmount) "
        + (row.sums.knownMargin.map { "\($0)" } ?? "unknown")
    }
  }

  @Test
  func `a margin is nought for direct calls, and unknown where no routed call can be compared`()
    throws
  {
    var tally = SpendTally(try Self.query([.team]))
    tally.learn(1, Self.subject("direct only"), .direct)
    tally.learn(2, Self.subject("routed", route: "huggingface"), .compared)
    tally.learn(3, Self.subject("dark", route: "huggingface"), .unknown)
    tally.learn(4, Self.subject("mixed", route: "huggingface"), .compared)
    tally.learn(5, Self.subject("mixed", route: "huggingface", provider: "other"), .unknown)
    tally.add(1, Self.sums(calls: 1, cost: 4_000))
    tally.add(2, Self.sums(calls: 2, cost: 3_000, margin: 300))
    tally.add(3, Self.sums(calls: 3, cost: 2_000))
    tally.add(4, Self.sums(calls: 4, cost: 900, margin: 90))
    tally.add(5, Self.sums(calls: 5, cost: 100))
    let report = try tally.report()
    #expect(
      Self.written(report) == [
        "direct only: 1 0.000004000 0.000000000",
        "routed: 2 0.000003000 0.000000300",
        "dark: 3 0.000002000 unknown",
        "mixed: 9 0.000001000 0.000000090",
      ])
    #expect(report.total.margin == 390)
    #expect(report.total.marginUnknownCalls == 8)
    #expect("\(report.total.base)" == "0.000009610")
  }

  @Test func `rows of a period stand together, the dearest first`() throws {
    let span = try SpanTests.span("2026-11-01", "2026-11-03")
    let middle = try #require(Timestamp("2026-11-02"))
    let periods = [
      SpendQuery.Period(
        span: try #require(Span(from: span.from, to: middle)), labels: [.day: "2026-11-01"]),
      SpendQuery.Period(
        span: try #require(Span(from: middle, to: span.to)), labels: [.day: "2026-11-02"]),
    ]
    var tally = SpendTally(
      SpendQuery(span: span, zone: "UTC", keys: [.team, .day], periods: periods))
    tally.learn(1, Self.subject("a"), .direct)
    tally.learn(2, Self.subject("b"), .direct)
    tally.begin(period: 0)
    tally.add(1, Self.sums(calls: 1, cost: 1))
    tally.add(2, Self.sums(calls: 1, cost: 2))
    tally.begin(period: 1)
    tally.add(1, Self.sums(calls: 1, cost: 9))
    #expect(
      Self.written(try tally.report()) == [
        "b,2026-11-01: 1 0.000000002 0.000000000", "a,2026-11-01: 1 0.000000001 0.000000000",
        "a,2026-11-02: 1 0.000000009 0.000000000",
      ])
  }

  @Test func `only calls with a wanted value are counted`() throws {
    var tally = SpendTally(
      try Self.query([.tag("feature")], wanted: [.team: ["a", "b"], .route: ["direct"]]))
    tally.learn(1, Self.subject("a"), .direct)
    tally.learn(2, Self.subject("b", route: "huggingface"), .unknown)
    tally.learn(3, Self.subject("c"), .direct)
    for dimension in 1...3 { tally.add(dimension, Self.sums(calls: 1, cost: 5)) }
    #expect(Self.written(try tally.report()) == ["search: 1 0.000000005 0.000000000"])
  }

  @Test(arguments: [
    ("direct", "together", "together", nil as String?, false, Routing.direct),
    ("huggingface", "huggingface", "together", "huggingface", true, .compared),
    ("huggingface", "huggingface", "together", "huggingface", false, .unknown),
    ("huggingface", "together", "together", "direct", false, .direct),
    ("huggingface", "fal", "fal-ai", "direct", false, .direct),
  ])
  func `a provider's own key is direct, whatever way the call took`(
    route: String, issuer: String, provider: String, cardRoute: String?, hasDirect: Bool,
    routing: Routing
  ) {
    var subject = Subject()
    subject.route = route
    subject.issuer = issuer
    subject.provider = provider
    #expect(Routing(subject, cardRoute: cardRoute, hasDirectCard: hasDirect) == routing)
  }

  @Test func `json has each member that docs promise, and CSV the same`() throws {
    var tally = SpendTally(try Self.query([.team, .tag("feature")]))
    tally.learn(1, Self.subject("a \"quoted\", team", route: "huggingface"), .unknown)
    var sums = Self.sums(calls: 2, cost: 1_234_567, unpriced: 1)
    sums.latencyMilliseconds = 25
    sums.latencyCalls = 2
    tally.add(1, sums)
    let report = try tally.report()
    let members =
      "\"calls\":2,\"errors\":0,\"unpriced\":1,\"partial\":0,\"cost\":\"0.001234567\","
      + "\"base\":\"0.001234567\",\"margin\":null,\"margin_unknown_calls\":2,\"input\":0,"
      + "\"cache_read\":0,\"output\":0,\"latency_ms_mean\":12"
    #expect(
      report.json(from: "F", to: "T")
        == "{\"from\":\"F\",\"to\":\"T\",\"zone\":\"UTC\",\"currency\":\"USD\",\"rows\":"
        + "[{\"team\":\"a \\\"quoted\\\", team\",\"tag:feature\":\"search\",\(members)}],"
        + "\"total\":{\(members)}}")
    #expect(
      report.csv == """
        team,tag:feature,calls,errors,unpriced,partial,cost,base,margin,margin_unknown_calls,input,cache_read,output,latency_ms_mean
        "a ""quoted"", team",search,2,0,1,0,0.001234567,0.001234567,,2,0,0,0,12

        """)
  }

  @Test(arguments: SpendKey.plain) func `a key is read by its name`(key: SpendKey) {
    #expect(SpendKey(name: key.name) == key)
  }

  @Test func `a tag is a key by its name`() {
    #expect(SpendKey(name: "tag:feature") == .tag("feature"))
    #expect(SpendKey(name: "tag:") == nil)
    #expect(SpendKey(name: "teem") == nil)
  }
}
