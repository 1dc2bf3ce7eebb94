import Testing
import Units

@testable import Watch

/// What is told of a series, bucket by bucket.
@Suite struct SpendTimelineTests {
  @Test func `a baseline takes at most 512 bytes`() {
    #expect(MemoryLayout<SpendBaseline>.stride <= 512)
    #expect(MemoryLayout<ValueBaseline>.stride <= 512)
  }

  /// Calls and dollars of each bucket: usual, one nano, the most that 64 bits hold, and calls that are free.
  @Test(arguments: ["10 0.10", "1 0.000000001", "7 9223372036.854775807", "3 0", "0 0", "0 5"])
  func `what stays the same is never told of`(bucket: String) throws {
    let timeline = try Timeline("15d \(bucket)")
    #expect(timeline.told.filter { !$0.contains("new spender") } == [])
  }

  @Test func `a loop opens an incident in its first bucket, which closes when the hour is as usual`() throws {
    let timeline = try Timeline(
      """
      14d  10   0.10
      6h   200  2.00
      1d   10   0.10
      """)
    // An hour's leaky mean falls by a twelfth a bucket: from 19 times too much it is below 0.2 times too much in
    // the 53rd, (11/12)^53 × 19 = 0.19, which begins at 10:20. That and 23 more are calm.
    #expect(timeline.turns == ["15 00:00 opened spend5m", "15 12:15 closed backToNormal"])
  }

  @Test func `an incident's figures are exact`() throws {
    var timeline = try Timeline("14d 10 0.10")
    let turnover = SeriesTable.Turnover(key: Timeline.key, spend: try Amount(dollars: "2.00"), calls: 200)
    var news = timeline.table.close(timeline.next, [turnover])
    var evidence = try #require(news.first.flatMap { Timeline.evidence($0.change) })
    #expect(evidence.since == timeline.next)
    #expect(evidence.sum.spend.description == "2.000000000")
    #expect(evidence.sum.expected.description == "0.100000000")
    #expect(evidence.sum.excess.description == "1.900000000")
    // 190 calls beyond the expected at a cent each, and no call dearer.
    #expect(evidence.sum.byCalls.description == "1.900000000")
    #expect(evidence.sum.byUnitCost.description == "0.000000000")
    // The next bucket doubles the excess: 3.80 beyond the expected.
    news = timeline.table.close(timeline.next.next, [turnover])
    guard case .updated(let second) = news.first?.change else { throw Untold() }
    evidence = second
    #expect(evidence.sum.excess.description == "3.800000000")
    #expect(evidence.sum.calls == 400)
  }

  struct Untold: Error {}

  @Test func `a dearer model is told of as such, and is the new normal after three days`() throws {
    let timeline = try Timeline(
      """
      14d  10  0.10
      5d   10  0.30
      """)
    // Three days from the bucket in which it became pending, to the bucket.
    #expect(
      timeline.turns == ["15 00:10 pending unitCost1h", "15 00:15 opened unitCost1h", "18 00:10 closed newNormal"])
    let baseline = try #require(timeline.table.baseline(of: Timeline.key))
    #expect(abs(baseline.unitCost - 30_000_000) < 1_000_000)
  }

  @Test func `four dear hours are over when an hour costs what it used to, whatever a day remembers`() throws {
    let timeline = try Timeline(
      """
      14d  10  0.10
      4h   10  1.00
      4d   10  0.10
      """)
    // At 04:00 the last hour's leaky mean stands at 1 + 9 × (1 - (11/12)^48) = 9.86 times the usual. It is below 1.2
    // times in the 44th bucket after, 8.86 × (11/12)^44 = 0.193, which begins at 07:35; that and 23 more are calm.
    #expect(timeline.turns.last == "15 09:30 closed backToNormal")
  }

  @Test func `dearer calls and more calls are told apart`() throws {
    var timeline = try Timeline("14d 10 0.10\n1h 10 0.30")
    let turnover = SeriesTable.Turnover(key: Timeline.key, spend: try Amount(dollars: "0.30"), calls: 10)
    var sum: IncidentSum?
    for _ in 0..<288 {
      let news = timeline.table.close(timeline.next, [turnover])
      timeline.step(10, try Amount(dollars: "0.30"))
      sum = news.compactMap { Timeline.evidence($0.change)?.sum }.last ?? sum
    }
    let last = try #require(sum)
    #expect(last.byCalls + last.byUnitCost == last.excess)
    // What was learnt before it was pending is in the expected: not a hundredth of the excess.
    #expect(last.excess > .zero && abs(last.byCalls.nanos) < last.excess.nanos / 100)
  }

  @Test func `a level that stays is accepted after three days, and then it is what is expected`() throws {
    let timeline = try Timeline(
      """
      14d  10  0.10
      5d   30  0.30
      """)
    #expect(
      timeline.turns == ["15 00:05 pending calls15m", "15 01:10 opened calls1h", "18 00:05 closed newNormal"])
  }

  @Test func `nothing is learnt while an incident is open`() throws {
    var timeline = try Timeline("14d 10 0.10")
    let before = try #require(timeline.table.baseline(of: Timeline.key))
    try timeline.run("6h 200 2.00")
    let within = try #require(timeline.table.baseline(of: Timeline.key))
    #expect(within.level == before.level && within.unitCost == before.unitCost)
    #expect(within.spendMean == before.spendMean && within.dearness == before.dearness)
    #expect(within.learnt[0] == before.learnt[0])
    for cell in 0..<HourProfile.cells { #expect(within.profile.shares[cell] == before.profile.shares[cell]) }
  }

  @Test func `the first day is silent, whatever it brings`() throws {
    let quiet = try Timeline(
      """
      12h  10    0.10
      11h  5000  50.00
      """)
    #expect(quiet.turns == [])
    let loud = try Timeline(
      """
      1d   10    0.10
      1h   5000  50.00
      """)
    #expect(loud.turns == ["2 00:00 opened spend5m"])
  }

  @Test func `a planned load test is silent and teaches nothing`() throws {
    var timeline = try Timeline("14d 10 0.10")
    let before = try #require(timeline.table.baseline(of: Timeline.key))
    try timeline.run("4h 100 1.00 x10\n")
    let after = try #require(timeline.table.baseline(of: Timeline.key))
    #expect(after.level == before.level && after.learnt[0] == before.learnt[0])
    try timeline.run("7d 10 0.10")
    #expect(timeline.told == [])
    // The same without a plan, and twice what was planned.
    #expect(try Timeline("14d 10 0.10\n4h 100 1.00").turns.count == 1)
    #expect(try Timeline("14d 10 0.10\n4h 200 2.00 x4").turns.count == 1)
  }

  @Test func `a planned price is silent too`() throws {
    #expect(try Timeline("14d 10 0.10\n4h 10 0.40 x4\n2d 10 0.10").told == [])
  }

  @Test func `a few calls a day are silent, and a leaked key among them is told of within half an hour`() throws {
    var timeline = try Timeline()
    for day in 0..<21 {
      try timeline.run("\(1 + day * 7 % 9)h 0 0\n5m 1 0.02\n\(1 + day * 5 % 7)h 0 0\n5m 2 0.05")
      try timeline.run("\(23 - 1 - day * 7 % 9 - day * 5 % 7)h 0 0\n50m 0 0")
    }
    #expect(timeline.told == [])
    try timeline.run("30m 3 0.06")
    #expect(timeline.turns.contains { $0.contains("opened") })
  }

  @Test func `a nightly batch is learnt`() throws {
    var timeline = try Timeline()
    for _ in 0..<14 { try timeline.run("2h 5 0.05\n50m 75 0.75\n21h 5 0.05\n10m 5 0.05") }
    // Told of in its first nights at most.
    #expect(timeline.told.allSatisfy { (Int($0.prefix { $0 != " " }) ?? 0) <= 7 })
    #expect(timeline.told.contains { $0.contains("opened") })
  }

  @Test func `a batch that comes to a known series is learnt after some nights`() throws {
    var timeline = try Timeline("14d 5 0.05")
    for _ in 0..<35 { try timeline.run("2h 5 0.05\n50m 75 0.75\n21h 5 0.05\n10m 5 0.05") }
    let days = timeline.turns.filter { $0.contains("opened") }.compactMap { Int($0.prefix { $0 != " " }) }
    #expect(days.first == 15)
    // Weekends come seldom, and so are learnt last.
    #expect((days.last ?? 0) < 42)
  }

  @Test func `cents are no alarm`() throws {
    // Forty times the calls, and in an hour not two cents beyond the expected.
    #expect(try Timeline("14d 10 0.00001\n1h 400 0.0004").told == [])
  }
}
