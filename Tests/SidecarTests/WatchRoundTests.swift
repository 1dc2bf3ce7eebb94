import Store
import TestSupport
import Testing
import Units
import Watch

@testable import Sidecar

/// The watch on a ledger, round by round: time is what the test says it is, and a daemon may end anywhere.
@Suite struct WatchRoundTests {
  /// Three days of 0.1 dollars a bucket, and a loop of 3 dollars a bucket from 60:00 to 61:00.
  static let loop = """
    search  ci  0   72  1   100000
    search  ci  60  61  30  100000
    """

  @Test func `a loop is told once, and its end`() throws {
    let day = try WatchTimeline(Self.loop)
    // The first round learns 2 days and 6 hours, and tells nobody of them.
    try day.turn(54)
    #expect(day.reports.count == 1 && day.reports[0].buckets == 54 * 12 - 1 && day.reports[0].told.isEmpty)
    guard case .first = day.reports[0].learning else { throw StoreFault.closed(path: "not learnt") }
    try day.run(54, 71)
    let told = try day.sent()
    #expect(told.first == "firing spend_spike" && told.last == "resolved spend_spike")
    #expect(told.filter { $0.hasPrefix("firing") }.count == 1 && told.filter { $0.hasPrefix("resolved") }.count == 1)
    #expect(try day.rows("select state, rule, opened_us from incident").count == 1)
    // It says who, how much against what, since when and why.
    let firing = try #require(day.reports.flatMap(\.told).first).notice
    #expect(firing.summary.hasPrefix("team search, model m: $"))
    #expect(firing.summary.contains("spent since 2026-03-04 12:") && firing.summary.contains(" UTC, where $"))
    #expect(firing.summary.contains("times as much, by more calls."))
    #expect(firing.contributors.first?.dimension == "key" && firing.contributors.first?.value == "ci")
    #expect(firing.calls.count == 3 && firing.calls.allSatisfy { $0.hasPrefix("#") })
    #expect(firing.impact.map { $0.actual > $0.expected && $0.windowSeconds >= 300 } == true)
    // So do those that follow, for who comes late.
    #expect(day.reports.flatMap(\.told).allSatisfy { $0.notice.contributors.first?.value == "ci" })
    try expectGolden(firing.lines.joined(separator: "\n") + "\n", "watch-alert.txt")
    // Nothing is left to do until the next bucket is closed.
    let before = day.reports.count
    try day.turn(71.03)
    #expect(day.reports.count == before)
  }

  @Test func `what is too small to alert anybody is told once, when its day is over`() throws {
    // 1 cent a bucket, and 20 more for half an hour on the third day: some 20 dollars a day ahead at most.
    let day = try WatchTimeline(
      """
      search  ci  0   80    1   10000
      search  ci  60  60.5  20  10000
      """)
    try day.turn(54)
    try day.run(54, 71.9)
    #expect(try day.rows("select kind from outbox").isEmpty)
    try day.run(71.9, 80)
    #expect(try day.rows("select kind from outbox") == ["digest"])
    let digest = try #require(day.reports.flatMap(\.told).last).notice
    #expect(digest.id == "digest-2026-03-04" && digest.at == WatchTimeline.at(72))
    #expect(digest.summary == "2026-03-04: one incident too small to alert anybody.")
    #expect(digest.evidence.count == 1 && digest.evidence[0].hasPrefix("team search, model m: $"))
    // It is no alert's state, and not for those who want warnings.
    let others = try Configuration(
      flags: [:], environment: [:],
      file: (
        "t.conf",
        """
        receiver.am = alertmanager http://127.0.0.1:1 severity=info
        receiver.hook = webhook http://127.0.0.1:1
        """
      )
    ).receivers
    #expect(others.count == 2 && AlertDesk.letters(digest, others).isEmpty)
  }

  @Test func `the past tells in a backtest what the daemon told`() throws {
    let day = try WatchTimeline(Self.loop)
    try day.turn(50)
    try day.run(50, 71)
    let from = Bucket(containing: WatchTimeline.at(50))
    var backtest = Backtest(from: from)
    let first = Bucket(containing: WatchTimeline.start).number
    try LedgerReader(folder: day.folder).buckets(first..<first + 71 * 12) { backtest.close($0, $1) }
    let told = backtest.moves.filter { $0.kind != .noted }.map(\.eventID)
    #expect(told == (try day.rows("select event_id from outbox order by id")))
    #expect(told.count >= 2)
  }

  @Test(arguments: [1, 2, 3]) func `a daemon that ends between round and commit loses nothing and doubles nothing`(
    seed: UInt64
  ) throws {
    let whole = try WatchTimeline(Self.loop)
    try whole.turn(58)
    try whole.run(58, 66)
    let day = try WatchTimeline(Self.loop)
    var dice = Seeded(seed)
    try day.turn(58, breaksOff: .before)
    try day.turn(58, breaksOff: .after)
    var hours = 58.0
    while hours < 66 - 0.001 {
      hours += 1.0 / 12
      while dice.next() % 3 == 0 { try day.turn(hours + 0.02, breaksOff: .before) }
      try day.turn(hours + 0.02, breaksOff: dice.next() % 3 == 0 ? .after : .never)
    }
    #expect(try day.outbox() == (try whole.outbox()))
    #expect(try day.outbox().count >= 2)
    // What either has kept makes the same watch, whenever it was written.
    for timeline in [day, whole] {
      timeline.restart()
      try timeline.turn(66.12)
    }
    #expect(day.round.watch?.snapshot != nil && day.round.watch?.snapshot == whole.round.watch?.snapshot)
  }

  @Test func `what fired while nobody watched is told if it still stands, and else only kept`() throws {
    // One loop from 50:00 to 51:00, over when the daemon is back; one from 60:00 on, which is not.
    let rows = """
      search   ci  0   72  1   100000
      search   ci  50  51  30  100000
      support  ci  0   72  1   50000
      support  ci  60  72  40  50000
      """
    let day = try WatchTimeline(rows)
    try day.turn(48)
    day.restart()
    try day.turn(66)
    let incidents = try day.rows(
      "select state, labels from incident where rule = 'spend_spike' order by opened_us")
    #expect(incidents == [#"resolved {"model":"m","team":"search"}"#, #"firing {"model":"m","team":"support"}"#])
    #expect(try day.sent() == ["firing spend_spike"])
    #expect(try day.rows("select made_us from outbox") == ["\(WatchTimeline.at(66).microseconds)"])
    // It fired at noon and a while, and that is what its name and its beginning say.
    let since = try #require(day.reports.last?.told.last).notice.since
    #expect(since >= WatchTimeline.at(60) && since < WatchTimeline.at(61))
  }

  @Test func `a state that is damaged is learnt again, and nothing is told twice`() throws {
    let day = try WatchTimeline("search  ci  0  72  1  100000\nsearch  ci  60  72  30  100000")
    try day.turn(58)
    try day.run(58, 63)
    let before = try day.outbox()
    #expect(before.count >= 1)
    try day.execute("update watch_state set body = cast(x'00' || substr(body, 2) as blob) where part = 'rules'")
    day.restart()
    try day.turn(63.2)
    guard case .again(let reason) = day.reports.last?.learning else { throw StoreFault.closed(path: "not learnt") }
    #expect(reason.contains("no snapshot"))
    #expect(try day.outbox() == before)
    #expect(try day.rows("select state from incident") == ["firing"])
    // Its end is told to who heard of it.
    let end = try WatchTimeline(Self.loop)
    try end.turn(58)
    try end.run(58, 60.75)
    try end.execute("delete from watch_state where part = 'series'")
    end.restart()
    try end.run(60.75, 71)
    let told = try end.sent()
    #expect(told.filter { $0.hasPrefix("firing") }.count == 1 && told.last == "resolved spend_spike")
  }

  @Test func `an incident that is not found again is ended`() throws {
    let day = try WatchTimeline(Self.loop)
    try day.turn(58)
    try day.run(58, 60.75)
    // Another version, to whose eyes there is no incident: the ledger's past has no loop in it.
    try day.execute("update incident set id = 'older-' || id, fingerprint = 'older'")
    try day.execute("update outbox set state = 'sent', delivered_us = 1")
    try day.execute("delete from watch_state")
    try day.execute("insert into watch_state values ('series', 1, x'00')")
    day.restart()
    try day.turn(60.8)
    #expect(try day.rows("select state from incident where id like 'older-%'") == ["resolved"])
  }

  @Test func `constant, zero, huge and tiny spend is no alarm`() throws {
    let day = try WatchTimeline(
      """
      constant  a  0  60  2  100000
      zero      b  0  60  1  0
      huge      c  0  60  1  9000000000
      tiny      d  0  60  1  1
      """)
    try day.turn(30)
    try day.run(30, 60)
    #expect(try day.sent().isEmpty)
    #expect(day.round.watch?.table.count ?? 0 >= 12)
    #expect(day.round.watch?.book.incidents.isEmpty == true)
  }

  @Test func `acts are answered in their order, in the transaction that keeps what follows`() throws {
    let day = try WatchTimeline(Self.loop)
    try day.turn(58)
    try day.run(58, 60.75)
    let id = try #require(try day.rows("select id from incident").first)
    let now = WatchTimeline.at(60.8).microseconds
    func say(_ kind: String, _ incident: String?, _ body: String = "{}") throws {
      let incident = incident.map { "'\($0)'" } ?? "null"
      try day.execute(
        "insert into act (at_us, author, kind, incident, body) values (\(WatchTimeline.at(60.8).microseconds), 'ada', "
          + "'\(kind)', \(incident), '\(body)')")
    }
    try say("ack", id)
    try say("ack", "gone")
    try say(
      "silence", nil,
      #"{"matchers":[{"name":"team","form":"equals","value":"x"}],"from_us":\#(now),"until_us":\#(now + 7_200_000_000),"reason":"r"}"#
    )
    try say("unsilence", nil, #"{"act":3}"#)
    try say("unsilence", nil, #"{"act":1}"#)
    try say("feedback", id, #"{"verdict":"yes"}"#)
    // The daemon ends before any of it is on disk, and then once more right after.
    try day.turn(60.78, breaksOff: .before)
    #expect(try day.rows("select count(*) from act where answer is null") == ["6"])
    try day.turn(60.78, breaksOff: .after)
    #expect(
      try day.rows("select answer from act order by id") == [
        "done", "There is no incident gone. List those that there are.", "done", "done",
        "No silence 1 is in force. List those that are: `tollbook alerts silences`.", "done",
      ])
    #expect(try day.rows("select state, acked_by from incident") == ["acked ada"])
    try say("resolve", id)
    try day.turn(60.79)
    #expect(try day.rows("select state from incident") == ["resolved"])
    #expect(try day.sent().last == "resolved spend_spike")
    #expect(day.round.watch?.book.silences.isEmpty == true)
  }

  @Test func `a month's budget that is set later is told of what is reached`() throws {
    let day = try WatchTimeline("search  ci  0  72  1  100000")
    try day.turn(60)
    #expect(try day.sent().isEmpty)
    // By 60:00 720 buckets of a dime are 72 dollars, of 80: found in the first bucket that is closed with it.
    day.settings.budgets = [Budget(name: "search", amount: Amount(nanos: 80_000_000_000))].compactMap { $0 }
    day.restart()
    try day.turn(60.11)
    let told = day.reports.last?.told.map(\.notice.summary) ?? []
    #expect(!told.contains { $0.hasPrefix("budget search: 80 %") }, "\(told)")
    #expect(told.contains("budget search: 90 % is reached in 2026-03, $72.00 of $80.00."), "\(told)")
    let before = try day.outbox()
    day.restart()
    try day.turn(60.2)
    #expect(try day.outbox() == before)
  }
}
