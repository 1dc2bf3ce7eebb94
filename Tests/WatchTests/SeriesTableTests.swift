import Testing
import Units
import Watch

/// Many series: who comes, who goes, and that the order does not matter.
@Suite struct SeriesTableTests {
  private static func turnover(_ team: String, _ nanos: Int64, _ calls: Int64 = 1) -> SeriesTable.Turnover {
    SeriesTable.Turnover(key: SeriesKey(.team, team), spend: Amount(nanos: nanos), calls: calls)
  }

  private static func bucket(_ place: Int) -> Bucket { Bucket(number: Int32(1152 + place)) }

  /// A fortnight of forty series with loops among them, by a formula.
  private static func day(_ place: Int) -> [SeriesTable.Turnover] {
    (0..<40).map { one in
      let word = (UInt64(place) &* 40 &+ UInt64(one)) &* 0x9E37_79B9_7F4A_7C15
      let calls = Int64(5 + word >> 61) * (one % 8 == 3 && place / 288 == 9 ? 30 : 1)
      return turnover("team-\(one)", calls * 10_000_000, calls)
    }
  }

  @Test func `a replay from a snapshot says the same, to the last bit`() throws {
    var whole = SeriesTable()
    var told: [String] = []
    for place in 0..<8 * 288 { _ = whole.close(Self.bucket(place), Self.day(place)) }
    var resumed = try SeriesTable(snapshot: whole.snapshot)
    #expect(resumed.snapshot == whole.snapshot)
    var again: [String] = []
    for place in 8 * 288..<11 * 288 {
      told += whole.close(Self.bucket(place), Self.day(place)).map { "\($0.key) \($0.change)" }
      again += resumed.close(Self.bucket(place), Self.day(place)).map { "\($0.key) \($0.change)" }
    }
    #expect(told.count > 10 && told == again)
    #expect(resumed.snapshot == whole.snapshot)
  }

  @Test func `the order of series in a bucket does not matter`() {
    var one = SeriesTable()
    var other = SeriesTable()
    for place in 0..<10 * 288 {
      let turnovers = Self.day(place)
      let shuffled = turnovers.indices.map { turnovers[($0 * 7 + place) % turnovers.count] }
      let told = one.close(Self.bucket(place), turnovers).map { "\($0.key) \($0.change)" }
      #expect(told == other.close(Self.bucket(place), shuffled).map { "\($0.key) \($0.change)" })
    }
    #expect(one.snapshot == other.snapshot)
  }

  @Test func `buckets that are not shown had no calls`() {
    var shown = SeriesTable()
    var passed = SeriesTable()
    for place in 0..<3 * 288 {
      _ = shown.close(Self.bucket(place), Self.day(place))
      _ = passed.close(Self.bucket(place), Self.day(place))
    }
    for place in 3 * 288..<4 * 288 { _ = shown.close(Self.bucket(place), []) }
    _ = shown.close(Self.bucket(4 * 288), Self.day(0))
    _ = passed.close(Self.bucket(4 * 288), Self.day(0))
    #expect(shown.snapshot == passed.snapshot)
  }

  @Test func `a bucket that was closed is not taken again`() {
    var table = SeriesTable()
    _ = table.close(Self.bucket(5), [Self.turnover("search", 10)])
    let before = table.snapshot
    #expect(table.close(Self.bucket(5), [Self.turnover("search", 10)]).isEmpty)
    #expect(table.close(Self.bucket(4), [Self.turnover("search", 10)]).isEmpty)
    #expect(table.snapshot == before)
  }

  @Test func `parts of a bucket are added up`() {
    var whole = SeriesTable()
    var parts = SeriesTable()
    _ = whole.close(Self.bucket(0), [Self.turnover("search", 30, 3)])
    _ = parts.close(Self.bucket(0), [Self.turnover("search", 10, 1), Self.turnover("search", 20, 2)])
    #expect(whole.snapshot == parts.snapshot)
  }

  // MARK: - Bounds

  @Test func `a full table turns newcomers away, the cheapest first, and lets the idle go`() {
    var limits = SeriesTable.Limits()
    limits.seriesMax = 3
    var table = SeriesTable(limits: limits)
    _ = table.close(
      Self.bucket(0), [Self.turnover("a", 1), Self.turnover("b", 4), Self.turnover("c", 3), Self.turnover("d", 2)])
    #expect(table.keys.map(\.first) == ["b", "c", "d"])
    #expect(table.turnedAway == 1)
    // Within a day nobody yields. After it the one that was idle longest does.
    _ = table.close(Self.bucket(10), [Self.turnover("b", 1), Self.turnover("a", 9)])
    #expect(table.keys.map(\.first) == ["b", "c", "d"])
    _ = table.close(Self.bucket(290), [Self.turnover("c", 1)])
    _ = table.close(Self.bucket(299), [Self.turnover("a", 9)])
    #expect(table.keys.map(\.first) == ["a", "b", "c"])
    #expect(table.turnedAway == 2)
  }

  @Test func `a series without a call for a fortnight is forgotten`() {
    var table = SeriesTable()
    _ = table.close(Self.bucket(0), [Self.turnover("search", 10), Self.turnover("ads", 10)])
    _ = table.close(Self.bucket(1), [Self.turnover("ads", 10)])
    _ = table.close(Self.bucket(14 * 288), [])
    #expect(table.keys.map(\.first) == ["ads", "search"])
    _ = table.close(Self.bucket(14 * 288 + 1), [])
    #expect(table.keys.map(\.first) == ["ads"])
    // A year's silence is no year's work.
    _ = table.close(Self.bucket(365 * 288), [])
    #expect(table.count == 0)
  }

  // MARK: - Newcomers and contributors

  @Test func `a newcomer that spends much in its first day is told of once`() throws {
    var table = SeriesTable()
    var told: [String] = []
    for place in 0..<4 * 288 {
      var turnovers = [Self.turnover("search", 200_000_000_000)]
      // Ten dollars a bucket: the third takes it past twenty-five.
      if place >= 600 {
        turnovers.append(
          SeriesTable.Turnover(key: SeriesKey(.key, "ci"), spend: Amount(nanos: 10_000_000_000), calls: 1))
      }
      told += table.close(Self.bucket(place), turnovers).map { "\(place) \($0.key) \($0.change)" }
    }
    #expect(told.count == 1)
    #expect(told.first?.hasPrefix("602 key=ci newSpender") ?? false)
  }

  @Test func `an incident names the parts that spend most beyond the expected`() throws {
    var table = SeriesTable()
    var opened: [SeriesContribution] = []
    for place in 0..<14 * 288 + 2 {
      let loop: Int64 = place >= 14 * 288 ? 40 : 1
      let parts: [(String, Int64)] = [("large", 10 * loop), ("small", 10), ("medium", 10 + loop)]
      var turnovers = parts.map { model, calls in
        SeriesTable.Turnover(
          key: SeriesKey(.teamModel, "search", model), spend: Amount(nanos: calls * 10_000_000), calls: calls)
      }
      let calls = parts.reduce(0) { $0 + $1.1 }
      turnovers.append(Self.turnover("search", calls * 10_000_000, calls))
      for news in table.close(Self.bucket(place), turnovers) where news.key.kind == .team {
        if case .opened(_, let contributors) = news.change { opened = contributors }
      }
    }
    #expect(opened.map(\.key.second) == ["large", "medium"])
    #expect(opened.first.map { $0.excess.nanos > 9 * opened[1].excess.nanos } ?? false)
  }

  // MARK: - Snapshots that cannot be used

  @Test func `a snapshot that is damaged, foreign or too large is refused in words`() throws {
    var table = SeriesTable()
    _ = table.close(Self.bucket(0), Self.day(0))
    let sound = table.snapshot
    #expect(throws: WatchFault.noSnapshot) { try SeriesTable(snapshot: []) }
    #expect(throws: WatchFault.noSnapshot) { try SeriesTable(snapshot: Array("{}{}{}{}".utf8)) }
    var other = sound
    other[4] = 9
    #expect(throws: WatchFault.otherVersion(9, known: 1)) { try SeriesTable(snapshot: other) }
    for place in stride(from: 6, to: sound.count, by: 97) {
      var damaged = sound
      damaged[place] ^= 1
      #expect(throws: WatchFault.damaged) { try SeriesTable(snapshot: damaged) }
    }
    for length in stride(from: 6, to: sound.count, by: 101) {
      #expect(throws: WatchFault.damaged) { try SeriesTable(snapshot: Array(sound.prefix(length))) }
    }
    var limits = SeriesTable.Limits()
    limits.seriesMax = 39
    #expect(throws: WatchFault.tooManySeries(40, most: 39)) { try SeriesTable(snapshot: sound, limits: limits) }
    #expect(WatchFault.damaged.description.contains("learnt anew"))
  }
}
