import Testing
import Units
import Watch

/// The rules over the calls of a model, on weeks that differ in one thing.
@Suite struct ModelRulesTests {
  private static let large = ServedModel(provider: "p", model: "large")

  /// Ten calls a bucket: 1,000 tokens and 0.01 dollars each, a second long.
  private static func usual(_ change: (inout CallFacts) -> Void = { _ in }) -> CallFacts {
    var facts = CallFacts()
    facts.calls = 10
    facts.tokens = 10_000
    facts.spend = Amount(nanos: 100_000_000)
    facts.latencyCalls = 10
    facts.latencyMilliseconds = 10_000
    change(&facts)
    return facts
  }

  /// What is found in the hours behind two usual days.
  private static func found(
    _ buckets: Int, _ change: (Int, inout CallFacts) -> Void
  ) -> [(place: Int, finding: Finding)] {
    var rules = ModelRules()
    var found: [(Int, Finding)] = []
    for place in 0..<576 + buckets {
      let facts = usual { if place >= 576 { change(place - 576, &$0) } }
      found += rules.close(Bucket(number: Int32(place)), [large: facts]).map { (place - 576, $0) }
    }
    return found
  }

  private static func measure(_ finding: Finding?) -> IncidentEvidence.Measure? {
    guard case .seen(let evidence, _) = finding?.change else { return nil }
    return evidence.measure
  }

  @Test func `a usual model is no finding`() {
    #expect(Self.found(288) { _, _ in }.isEmpty)
  }

  @Test func `the same tokens for twice the money are a jump of the unit price`() throws {
    let found = Self.found(24) { _, facts in facts.spend = Amount(nanos: 200_000_000) }
    #expect(Set(found.map(\.finding.key.rule)) == [.unitPriceJump])
    // The hour forgets a twelfth a bucket: 1 + (1 - (11/12)^n) is 1.501 at the eighth and 1.543 at the ninth. The
    // week's 1 has by then eight twos among 509: 1.016, half as much again 1.524.
    #expect(found.first?.place == 8)
    let measure = try #require(Self.measure(found.first?.finding))
    #expect(measure.name == "usd_per_1m_tokens" && measure.now >= 15 && measure.usual < 10.2)
    #expect(found.first?.finding.key.description == "unit_price_jump model=large provider=p")
  }

  @Test func `calls that fail are an error rate, and half of them critical`() {
    let some = Self.found(24) { _, facts in facts.errors = 1 }
    #expect(Set(some.map(\.finding.key.rule)) == [.errorRate])
    #expect(some.allSatisfy { $0.finding.severity == .warning })
    // One in ten: 5.01 % at the eighth bucket and 5.43 % at the ninth, against 5 % and the week's 0.16 %.
    #expect(some.first?.place == 8)
    let all = Self.found(24) { _, facts in facts.errors = 10 }
    #expect(all.first?.place == 0 && all.last?.finding.severity == .critical)
  }

  @Test func `calls that take twice as long and more are a regression`() {
    let found = Self.found(36) { _, facts in facts.latencyMilliseconds = 30_000 }
    #expect(Set(found.map(\.finding.key.rule)) == [.latency])
    // 1 + 2 (1 - (11/12)^n) is twice the usual from the eighth on, or the ninth, as the week learns of it.
    #expect(found.first.map { (7...8).contains($0.place) } ?? false)
    #expect(Self.found(36) { _, facts in facts.latencyMilliseconds = 19_000 }.isEmpty)
  }

  @Test func `five answers of no money left within the hour are critical`() {
    #expect(Self.found(24) { place, facts in facts.paymentRequired = place == 0 ? 4 : 0 }.isEmpty)
    let found = Self.found(24) { place, facts in facts.paymentRequired = place == 3 ? 5 : 0 }
    #expect(found.map(\.place) == [3] && found.first?.finding.severity == .critical)
    #expect(found.first?.finding.key.rule == .paymentRequired)
  }

  @Test func `one call without a price is told, and is over after a day without one`() throws {
    let found = Self.found(1) { _, facts in facts.unpriced = 1 }
    #expect(found.map(\.finding.key.rule) == [.unpricedCalls])
    var book = IncidentBook()
    _ = book.close(Bucket(number: 576), found.map(\.finding))
    for number in 577..<576 + 288 { #expect(book.close(Bucket(number: Int32(number)), []).isEmpty) }
    #expect(book.close(Bucket(number: 576 + 288), []).map(\.kind) == [.resolved(.backToNormal)])
  }

  @Test func `a statement that drifts by two hundredths and a dollar is told`() {
    func drift(_ stated: Int64, _ booked: Int64) -> [AlertRule] {
      Self.found(1) { _, facts in
        facts.stated = Amount(nanos: stated)
        facts.bookedBesideStated = Amount(nanos: booked)
      }.map(\.finding.key.rule)
    }
    // 51 dollars stated: a dollar less is booked, which is 1.96 %; 49 stated, 2.04 %.
    #expect(drift(51_000_000_000, 50_000_000_000) == [])
    #expect(drift(49_000_000_000, 48_000_000_000) == [.statedDrift])
    #expect(drift(48_000_000_000, 49_000_000_000) == [.statedDrift])
    #expect(drift(1_000_000_000, 1_999_999_999) == [])
    #expect(drift(49_000_000_000, 49_000_000_000) == [])
  }

  @Test func `a provider that had none of a model's calls and has most of them is told`() {
    var rules = ModelRules()
    var found: [(Int, Finding)] = []
    let other = ServedModel(provider: "dear", model: "large")
    for place in 0..<576 + 24 {
      let model = place < 576 ? Self.large : other
      // Another model by the same host all along changes nothing.
      let small = ServedModel(provider: "dear", model: "small")
      let facts = [model: Self.usual(), small: Self.usual()]
      found += rules.close(Bucket(number: Int32(place)), facts).map { (place - 576, $0) }
    }
    let changes = found.filter { $0.1.key.rule == .providerChange }
    #expect(changes.first?.1.key.description == "provider_change model=large provider=dear")
    // 1 - (11/12)^n reaches a half at the eighth bucket.
    #expect(changes.first?.0 == 7)
    #expect(changes.allSatisfy { $0.1.key == changes.first?.1.key })
  }

  // MARK: - Senders

  @Test func `a client that is silent beyond its longest night is told, and once more when it is back`() {
    var rule = SilentClientRule()
    var told: [(Int, Finding.Change)] = []
    for place in 0..<8 * 288 {
      // Twelve hours a day for five days; then none until the eighth.
      let isDay = place % 288 < 144 && (place / 288 < 5 || place / 288 == 7)
      let heard: Set<String> = isDay ? ["checkout"] : []
      told += rule.close(Bucket(number: Int32(place)), heard: heard).map { (place, $0.change) }
    }
    #expect(told.count == 2)
    // Nights are 145 buckets from the last line to the next. After the fifth day's last line, at 4 × 288 + 143, half
    // as much again is 217.5 at most: the decay takes a little off.
    #expect(told.first.map { (1295 + 210...1295 + 218).contains($0.0) } ?? false)
    #expect(told.last?.0 == 7 * 288)
    if case .over(let ending, _) = told.last?.1 { #expect(ending == .backToNormal) } else { Issue.record("not over") }
  }

  @Test func `a number that is missing is told`() {
    var rule = SequenceGapRule()
    #expect(rule.close(Bucket(number: 0), skipped: ["checkout": 7]).isEmpty)
    #expect(rule.close(Bucket(number: 1), skipped: ["checkout": 7]).isEmpty)
    let found = rule.close(Bucket(number: 2), skipped: ["checkout": 9])
    #expect(Self.measure(found.first)?.now == 2 && found.first?.key.description == "sequence_gaps client=checkout")
    #expect(rule.close(Bucket(number: 3), skipped: ["checkout": 9]).isEmpty)
  }
}
