import Calls
import TestSupport
import Testing
import Units

@testable import Watch

/// Of one cause one alert, also where labels do not tell that two series spend the same money.
@Suite struct SharedSpendTests {
  /// Who calls, how often in five minutes, and what a call costs in millidollars.
  private static let callers: [(team: String, project: String, key: String, model: String, calls: Int, milli: Int64)] =
    [
      ("search", "web", "web-0", "large", 3, 30), ("search", "web", "web-1", "small", 8, 5),
      ("search", "api", "api-0", "small", 8, 5), ("search", "api", "api-1", "small", 3, 5),
      ("growth", "mail", "mail-0", "large", 1, 30), ("growth", "mail", "mail-0", "other", 8, 9),
      ("support", "bot", "bot-0", "other", 3, 9), ("support", "voice", "voice-1", "small", 8, 5),
      ("ads", "bid", "bid-0", "large", 3, 30), ("ads", "rank", "rank-0", "small", 1, 5),
    ]

  /// Twelve days; in each of the last five one caller makes so many times its calls for two hours.
  private static func days(_ seed: UInt64, times: Int) -> (buckets: [ClosedBucket], spikes: [Range<Int32>]) {
    var dice = Seeded(seed)
    let start = BucketWatchTests.start.number
    let spikes = (7..<12).map { day in
      (caller: Int(dice.next() % 10), from: start + Int32(day) * 288 + 60 + Int32(dice.next() % 60))
    }
    let buckets = (start..<start + 12 * 288).map { number in
      let facts = callers.enumerated().map { place, caller in
        let isSpike = spikes.contains { $0.caller == place && ($0.from..<$0.from + 24).contains(number) }
        // Up to twice as many, half of them often: real callers are no clocks.
        let usual = (0..<2 * caller.calls).reduce(0) { sum, _ in sum + Int(dice.next() % 2) }
        let calls = Int64(isSpike ? usual + times * caller.calls : usual)
        let cost = (0..<calls).reduce(0) { sum, _ in sum + caller.milli * 500_000 * Int64(1 + dice.next() % 3) }
        var subject = Subject()
        (subject.team, subject.project, subject.key) = (caller.team, caller.project, caller.key)
        (subject.model, subject.route) = (caller.model, "direct")
        subject.provider = caller.model == "other" ? "second" : "first"
        return (subject, BucketWatchTests.facts(calls, cost))
      }
      return ClosedBucket(Bucket(number: number), facts)
    }
    return (buckets, spikes.map { $0.from..<$0.from + 19 * 12 })
  }

  /// Alerts that began in each spike or in the 17 hours after it.
  private static func alerts(_ moves: [IncidentMove], _ spikes: [Range<Int32>]) -> [Int] {
    spikes.map { spike in
      Set(moves.filter { $0.kind == .fired && spike.contains($0.bucket.number) }.map(\.incident.key)).count
    }
  }

  @Test func `a caller that runs away is one alert, whatever it lifts`() throws {
    var (alone, labels, spikes) = (0, 0, 0)
    for seed in 1...2 as ClosedRange<UInt64> {
      let days = Self.days(seed, times: 30)
      var watch = BucketWatch()
      // What labels alone tell of the same.
      var other = BucketWatch()
      var (moves, others): ([IncidentMove], [IncidentMove]) = ([], [])
      for day in days.buckets {
        moves += watch.close(day)
        others += other.book.close(day.bucket, other.find(day))
      }
      let told = Self.alerts(moves, days.spikes)
      #expect(told.allSatisfy { $0 <= 1 }, "seed \(seed): \(told)")
      alone += told.reduce(0, +)
      labels += Self.alerts(others, days.spikes).reduce(0, +)
      spikes += told.count
    }
    #expect(alone >= spikes * 3 / 4 && labels > alone, "\(alone) and \(labels) of \(spikes)")
  }

  @Test func `two callers that run away at once are two alerts`() throws {
    func facts(_ number: Int32) -> [(subject: Subject, facts: CallFacts)] {
      let isSpike = number >= 3 * 288
      return [("search", "large", 40 as Int64), ("ads", "small", 60)].map { team, model, calls in
        let calls = isSpike ? calls * 20 : calls
        return (
          BucketWatchTests.subject(team, model, key: team + "-key"), BucketWatchTests.facts(calls, calls * 10_000_000)
        )
      }
    }
    var watch = BucketWatch()
    var moves: [IncidentMove] = []
    let start = BucketWatchTests.start.number
    for number in 0..<3 * 288 + 6 as Range<Int32> {
      moves += watch.close(ClosedBucket(Bucket(number: start + number), facts(number)))
    }
    let told = moves.filter { $0.kind == .fired }.map { "\($0.incident.key)" }
    #expect(told.contains { $0.contains("search") || $0.contains("large") })
    #expect(told.contains { $0.contains("ads") || $0.contains("small") } || told.contains { $0.contains("provider=") })
  }

  @Test func `a silenced team is not told of by its provider's name`() throws {
    var watch = BucketWatch()
    let start = BucketWatchTests.start.number
    let silence = try Silence(
      id: 1, [Silence.Matcher("team", .equals, "search")], from: Bucket(number: start).start,
      to: Bucket(number: start + 10 * 288).start, author: "ada", reason: "load test")
    try watch.book.add(silence)
    var moves: [IncidentMove] = []
    for number in 0..<3 * 288 + 12 as Range<Int32> {
      let calls: Int64 = number >= 3 * 288 ? 800 : 40
      let facts = [
        (BucketWatchTests.subject("search", "large"), BucketWatchTests.facts(calls, calls * 10_000_000)),
        (BucketWatchTests.subject("ads", "small"), BucketWatchTests.facts(5, 50_000_000)),
      ]
      moves += watch.close(ClosedBucket(Bucket(number: start + number), facts))
    }
    #expect(moves.isEmpty && watch.book.incidents.contains { $0.isFiring }, "\(moves.map(\.incident.key))")
  }

  @Test func `who speaks for others is as urgent as they are`() throws {
    // 45 dollars a day alone alert nobody; the team's 52 do, and the pair speaks for it.
    let timeline = try IncidentTimeline(
      """
      00:00 alarm model=large,team=search 10 45
      00:00 alarm team=search 10 52 model=large,team=search:86%
      """)
    expectTold(timeline, "00:00 fired warning model=large,team=search")
  }
}
