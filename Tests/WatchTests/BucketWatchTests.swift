import Calls
import TestSupport
import Testing
import Units

@testable import Watch

/// The whole watch over made-up weeks: what it tells, and that a snapshot changes none of it.
@Suite struct BucketWatchTests {
  /// A Monday, 2026-03-02T00:00:00Z.
  static let start = Bucket(containing: Timestamp("2026-03-02T00:00:00Z") ?? Timestamp(microseconds: 0))

  static func subject(_ team: String, _ model: String, provider: String = "acme", key: String = "ci") -> Subject {
    var subject = Subject()
    (subject.team, subject.model, subject.provider, subject.key) = (team, model, provider, key)
    return subject
  }

  static func facts(_ calls: Int64, _ nanos: Int64) -> CallFacts {
    var facts = CallFacts()
    (facts.calls, facts.spend, facts.tokens) = (calls, Amount(nanos: nanos), calls * 1_000)
    return facts
  }

  static var settings: WatchSettings {
    var settings = WatchSettings()
    settings.budgets = [
      Budget(name: "all", amount: Amount(nanos: 400_000_000_000)),
      Budget(name: "search", labels: [IncidentKey.Label("team", "search")], amount: Amount(nanos: 90_000_000_000)),
    ].compactMap { $0 }
    return settings
  }

  /// Five days of two teams, with a loop, a model without a price, failing calls, a dearer model, a client that goes
  /// silent and one that skips numbers.
  static func days(_ seed: UInt64) -> [ClosedBucket] {
    var dice = Seeded(seed)
    var gaps: Int64 = 0
    return (0..<5 * 288).map { number in
      let jitter = Int64(dice.next() % 20)
      var search = facts(90 + jitter, (90 + jitter) * 1_000_000)
      if (3 * 288 + 100..<3 * 288 + 130).contains(number) { search = facts(4_000, 4_000_000_000) }
      var support = facts(50, 50_000_000 + jitter * 1_000_000)
      if number > 4 * 288 { support.spend = Amount(nanos: support.spend.nanos * 4) }
      if (2 * 288..<2 * 288 + 24).contains(number) { support.errors = 40 }
      var all = [(subject("search", "large"), search), (subject("support", "small"), support)]
      if number % 288 == 17 {
        var odd = facts(3, 0)
        odd.unpriced = 3
        all.append((subject("support", "unheard-of"), odd))
      }
      if number % 600 == 599 { gaps += 4 }
      let heard: Set<String> = number < 4 * 288 ? ["checkout", "batch"] : ["batch"]
      return ClosedBucket(
        Bucket(number: start.number + Int32(number)), all, heard: heard, skipped: ["checkout": gaps, "batch": 0])
    }
  }

  static func told(_ moves: [IncidentMove]) -> [String] {
    moves.map { "\($0.eventID) \($0.kind) \($0.incident.severity) \($0.incident.evidence)" }
  }

  @Test(arguments: [11, 12, 13]) func `a watch that is cut anywhere tells what one that was not tells`(seed: UInt64)
    throws
  {
    let days = Self.days(seed)
    var whole = BucketWatch(Self.settings)
    var wanted: [IncidentMove] = []
    for day in days { wanted += whole.close(day) }
    let rules = Set(wanted.map(\.incident.key.rule))
    for rule in [
      AlertRule.spendSpike, .unpricedCalls, .errorRate, .unitPriceJump, .silentClient, .sequenceGaps, .budgetThreshold,
      .budgetBurn,
    ] { #expect(rules.contains(rule), "no \(rule)") }
    var dice = Seeded(seed &+ 100)
    var cut = BucketWatch(Self.settings)
    var found: [IncidentMove] = []
    var cuts = 0
    // What is on disk: a snapshot now and then, and the buckets since.
    var kept: [String: BucketWatch.Part] = [:]
    for day in days {
      found += cut.close(day)
      let isWhole = kept.isEmpty || dice.next() % 12 == 0
      if isWhole { kept = [:] }
      for part in isWhole ? cut.snapshot : cut.step(day) { kept[part.name] = part }
      guard dice.next() % 40 == 0 else { continue }
      var newBudgets: Set<String> = []
      let before = cut.snapshot
      cut = try BucketWatch(Self.settings, from: Array(kept.values), newBudgets: &newBudgets)
      #expect(newBudgets.isEmpty)
      #expect(cut.snapshot == before)
      cuts += 1
    }
    #expect(cuts > 10)
    #expect(Self.told(found) == Self.told(wanted))
    #expect(cut.snapshot == whole.snapshot)
    // The same bucket once more changes nothing.
    #expect(cut.close(days[days.count - 1]).isEmpty && cut.snapshot == whole.snapshot)
  }

  @Test func `a part that is missing, damaged or of another bucket is refused`() throws {
    var watch = BucketWatch(Self.settings)
    for day in Self.days(11).prefix(300) { _ = watch.close(day) }
    let parts = watch.snapshot
    var later = watch
    _ = later.close(ClosedBucket(Bucket(number: Self.start.number + 300)))
    for place in 0..<3 {
      var none: Set<String> = []
      var missing = parts
      missing.remove(at: place)
      #expect(throws: WatchFault.noSnapshot) { try BucketWatch(Self.settings, from: missing, newBudgets: &none) }
      var damaged = parts
      var body = parts[place].body
      body[body.count / 2] ^= 1
      damaged[place] = BucketWatch.Part(name: parts[place].name, body: body)
      #expect(throws: WatchFault.damaged) { try BucketWatch(Self.settings, from: damaged, newBudgets: &none) }
      var mixed = parts
      mixed[place] = later.snapshot[place]
      #expect(throws: WatchFault.damaged) { try BucketWatch(Self.settings, from: mixed, newBudgets: &none) }
      body = parts[place].body
      body[4] = 9
      damaged[place] = BucketWatch.Part(name: parts[place].name, body: body)
      #expect(throws: WatchFault.otherVersion(9, known: 1)) {
        try BucketWatch(Self.settings, from: damaged, newBudgets: &none)
      }
    }
  }

  @Test func `a budget that is new or counts other calls begins anew, and one that is gone ends`() throws {
    var settings = Self.settings
    var watch = BucketWatch(settings)
    let days = Self.days(11)
    for day in days.prefix(1_000) { _ = watch.close(day) }
    let open = watch.book.incidents.filter { $0.isFiring && $0.key.rule.isOfBudget }
    #expect(Set(open.compactMap { $0.key.value(of: "budget") }) == ["all", "search"])
    let support = [IncidentKey.Label("team", "support")]
    settings.budgets = [
      Budget(name: "search", labels: support, amount: Amount(nanos: 20_000_000_000)),
      Budget(name: "new", labels: support, amount: Amount(nanos: 20_000_000_000)),
    ].compactMap { $0 }
    var newBudgets: Set<String> = []
    var next = try BucketWatch(settings, from: watch.snapshot, newBudgets: &newBudgets)
    #expect(newBudgets == ["search", "new"])
    for day in days.prefix(1_000) { next.learn(day, for: newBudgets) }
    let moves = next.close(days[1_000])
    let ended = moves.filter { $0.kind == .resolved(.budgetReset) }.map { $0.incident.key.value(of: "budget") }
    #expect(ended.contains("all"))
    // 1,000 buckets of 50 to 69 thousandths of a dollar are more than 40 dollars: twice the 20. What is told of a
    // budget of the same name goes on.
    let fired = moves.filter { $0.kind == .fired && $0.incident.key.rule == .budgetThreshold }
    // Of thresholds that are passed at once the highest is told.
    #expect(fired.map { $0.incident.key.value(of: "budget") } == ["new"])
    #expect(fired.first?.incident.key.value(of: "percent") == "120")
  }

  @Test func `while nobody listens nobody is silent`() throws {
    var watch = BucketWatch()
    var told: [IncidentMove] = []
    for number in 0..<4 * 288 {
      told += watch.close(ClosedBucket(Bucket(number: Self.start.number + Int32(number)), heard: ["checkout"]))
    }
    // Two days without ears, and then it sends again.
    for number in 4 * 288..<6 * 288 {
      told += watch.close(ClosedBucket(Bucket(number: Self.start.number + Int32(number))))
    }
    #expect(told.isEmpty)
    // With ears an hour and a half of silence is one.
    for number in 6 * 288..<6 * 288 + 18 {
      told += watch.close(ClosedBucket(Bucket(number: Self.start.number + Int32(number)), heard: []))
    }
    #expect(told.map(\.incident.key.rule) == [.silentClient])
  }

  @Test func `the hours of the profile follow the zone's clocks through a change of them`() throws {
    // Berlin: one hour ahead, two from 2026-03-29T01:00Z on.
    let change = try #require(Timestamp("2026-03-29T01:00:00Z"))
    let berlin = ZoneOffsets(
      name: "Europe/Berlin",
      spans: [
        ZoneOffsets.Span(from: Timestamp(microseconds: .min), seconds: 3_600),
        ZoneOffsets.Span(from: change, seconds: 7_200),
      ])
    func hour(_ text: String) throws -> Int {
      Bucket(containing: try #require(Timestamp(text))).hourOfWeek(in: berlin)
    }
    // The nightly batch at two on Berlin's clocks stays in one hour: Friday's 01:00Z, Monday's 00:00Z.
    #expect(try hour("2026-03-27T01:00:00Z") == 2)
    #expect(try hour("2026-03-30T00:00:00Z") == 2)
    // The Sunday of the change has no hour 2: 00:55Z is 01:55, 01:00Z is 03:00 of a weekend.
    #expect(try hour("2026-03-29T00:55:00Z") == 25)
    #expect(try hour("2026-03-29T01:00:00Z") == 27)
  }
}
