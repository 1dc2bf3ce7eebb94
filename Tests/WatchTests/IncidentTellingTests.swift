import Testing
import Units
import Watch

/// Of one cause one alert: wholes and parts, one provider's many, silences, feedback.
@Suite struct IncidentTellingTests {
  @Test func `a part that explains four fifths of the whole speaks for it`() throws {
    let timeline = try IncidentTimeline(
      """
      00:00 alarm model=large,team=search 10 600
      00:00 alarm team=search 10 700 model=large,team=search:80%
      02:00 over team=search
      02:00 over model=large,team=search
      """)
    expectTold(
      timeline,
      """
      00:00 fired critical model=large,team=search
      02:00 resolved back_to_normal critical model=large,team=search
      """)
  }

  @Test func `a whole that no part explains speaks for its parts`() throws {
    let timeline = try IncidentTimeline(
      """
      00:00 alarm model=large,team=search 10 400
      00:00 alarm team=search 10 700 model=large,team=search:79%
      00:10 alarm model=small,team=search 10 100
      """)
    expectTold(timeline, "00:00 fired critical team=search")
    #expect(timeline.book.incidents.filter { $0.inhibitor != nil }.count == 2)
  }

  @Test func `one loop in all its pairs is one alert`() throws {
    let timeline = try IncidentTimeline(
      """
      00:00 alarm key=ci 10 600 key=ci,team=search:100%
      00:00 alarm key=ci,model=large 10 600
      00:00 alarm key=ci,team=search 10 600
      00:00 alarm model=large 10 650 model=large,team=search:92%
      00:00 alarm model=large,provider=p 10 650
      00:00 alarm provider=p,route=direct 10 650
      00:00 alarm model=large,team=search 10 600
      00:00 alarm team=search 10 610 model=large,team=search:98%
      """)
    expectTold(timeline, "00:00 fired critical model=large,team=search")
  }

  @Test func `pairs of other money are two alerts`() throws {
    let timeline = try IncidentTimeline(
      "00:00 alarm model=large,team=search 10 600\n00:00 alarm key=ci,team=search 7 400")
    expectTold(
      timeline, "00:00 fired warning key=ci,team=search\n00:00 fired critical model=large,team=search")
  }

  @Test func `pairs of the same money a bucket are one alert, though one is seen later`() throws {
    // Ten dollars in the first bucket, and fifty in the five up to the second's; it shows the rate more fully.
    var book = IncidentBook()
    func finding(_ labels: String, spend: Int64, at bucket: Int32) -> Finding {
      var evidence = IncidentEvidence(since: Bucket(number: 0))
      evidence.at = Bucket(number: bucket)
      evidence.spend = Amount(nanos: spend * 1_000_000_000)
      evidence.dayAhead = Amount(nanos: spend * 24_000_000_000)
      return Finding(IncidentTimeline.key(labels), .alarm(evidence))
    }
    #expect(book.close(Bucket(number: 0), [finding("model=large,team=search", spend: 10, at: 0)]).count == 1)
    // Its 1,200 dollars a day make the one that was told critical.
    let second = book.close(Bucket(number: 4), [finding("key=ci,team=search", spend: 50, at: 4)])
    #expect(second.map(\.kind) == [.updated(.severityRose)])
    // Seven a bucket are other money.
    #expect(book.close(Bucket(number: 5), [finding("key=web,team=search", spend: 42, at: 5)]).count == 1)
  }

  @Test func `what outlasts its inhibitor by two hours is told of itself`() throws {
    let timeline = try IncidentTimeline(
      """
      00:00 alarm team=search 10 700
      00:00 alarm model=large,team=search 10 400
      01:00 over team=search
      04:00 nothing
      """)
    expectTold(
      timeline,
      """
      00:00 fired critical team=search
      01:00 resolved back_to_normal critical team=search
      03:00 fired warning model=large,team=search
      """)
  }

  @Test func `more than ten of one provider within ten minutes are one`() throws {
    let rows = (0..<6).map { "00:00 alarm model=p-\($0),team=t\($0) 10 6\($0)" }
    let later = (6..<11).map { "00:05 alarm model=p-\($0),team=t\($0) 10 9\($0)" }
    let ends = (6..<11).map { "01:00 over model=p-\($0),team=t\($0)" }
    let timeline = try IncidentTimeline((rows + later + ends).joined(separator: "\n"))
    #expect(timeline.told.count == 8)
    // The largest one's figures: 910 dollars a day.
    #expect(
      timeline.told.dropFirst(6) == [
        "00:05 fired critical provider=p", "01:00 resolved back_to_normal critical provider=p",
      ])
    #expect(timeline.moves[6].incident.key.rule == .providerWide)
    // Ten are ten.
    let ten = try IncidentTimeline((rows + later.prefix(4)).joined(separator: "\n"))
    #expect(ten.told.count == 10 && !ten.told.contains { $0.hasSuffix(" provider=p") })
  }

  // MARK: - Silences and feedback

  private static func silence(_ name: String, _ form: Silence.Matcher.Form, _ value: String) throws -> Silence {
    try Silence(
      id: 1, [Silence.Matcher(name, form, value)], from: Bucket(number: 0).start, to: Bucket(number: 12).start,
      author: "ada", reason: "load test")
  }

  @Test func `what fires in a silence is told at its end, if it still fires`() throws {
    var timeline = try IncidentTimeline()
    try timeline.book.add(Self.silence("team", .begins, "se"))
    try timeline.run(
      """
      00:00 alarm team=search 10 60
      00:00 alarm team=sales 10 60
      00:00 alarm team=seo 10 60
      00:30 over team=seo
      01:30 nothing
      """)
    expectTold(timeline, "00:00 fired warning team=sales\n01:00 fired warning team=search")
  }

  @Test func `what had fired before a silence still tells its end`() throws {
    var timeline = try IncidentTimeline("00:00 alarm team=search 10 60")
    try timeline.book.add(Self.silence("rule", .equals, "spend_spike"))
    try timeline.run("00:10 stands team=search 90 900\n00:20 over team=search")
    expectTold(timeline, "00:00 fired warning team=search\n00:20 resolved back_to_normal critical team=search")
  }

  @Test func `a silence needs a span, a matcher, an author and a reason`() throws {
    let (zero, one) = (Timestamp(microseconds: 0), Timestamp(microseconds: 1))
    let any = [Silence.Matcher("team", .differs, "ads")]
    #expect(throws: IncidentFault.self) { try Silence(id: 1, any, from: one, to: one, author: "ada", reason: "x") }
    #expect(throws: IncidentFault.self) { try Silence(id: 1, [], from: zero, to: one, author: "ada", reason: "x") }
    #expect(throws: IncidentFault.self) { try Silence(id: 1, any, from: zero, to: one, author: "", reason: "x") }
    let long = String(repeating: "x", count: Silence.textMax + 1)
    #expect(throws: IncidentFault.self) { try Silence(id: 1, any, from: zero, to: one, author: "ada", reason: long) }
    let year = Timestamp(microseconds: Silence.microsecondsMax + 1)
    #expect(throws: IncidentFault.self) { try Silence(id: 1, any, from: zero, to: year, author: "ada", reason: "x") }
    let typo = [Silence.Matcher("taem", .differs, "ads")]
    #expect(throws: IncidentFault.self) { try Silence(id: 1, typo, from: zero, to: one, author: "ada", reason: "x") }
    func silence(_ id: Int64) throws -> Silence {
      try Silence(id: id, any, from: zero, to: one, author: "ada", reason: "x")
    }
    var book = IncidentBook()
    for id in 1...1_000 { try book.add(silence(Int64(id))) }
    // The same one again takes no room.
    try book.add(silence(7))
    #expect(throws: IncidentFault.tooManySilences(most: 1_000)) { try book.add(silence(1_001)) }
    try book.endSilence(7)
    #expect(throws: IncidentFault.unknownSilence(7)) { try book.endSilence(7) }
    try book.add(silence(1_001))
    #expect(book.silences.count == 1_000)
  }

  @Test func `a silence is of what is told from its beginning on, and of what began before its end`() throws {
    // 00:00 to 00:05 is closed at 00:06, 01:00 to 01:05 at 01:06.
    func silence(from: Int64, to: Int64) throws -> Silence {
      try Silence(
        id: 1, [Silence.Matcher("team", .equals, "search")], from: Timestamp(microseconds: from * 1_000_000),
        to: Timestamp(microseconds: to * 1_000_000), author: "ada", reason: "x")
    }
    let key = IncidentTimeline.key("team=search")
    for (from, to, bucket, isSilent) in [
      (0 as Int64, 3_600 as Int64, 0 as Int32, true), (360, 3_600, 0, true), (361, 3_600, 0, false),
      (361, 3_600, 1, true), (0, 3_600, 11, true), (0, 3_600, 12, false), (0, 3_601, 12, true),
    ] {
      #expect(
        try silence(from: from, to: to).covers(key, at: Bucket(number: bucket)) == isSilent, "\(from) \(to) \(bucket)")
    }
    #expect(try !silence(from: 0, to: 3_600).covers(IncidentTimeline.key("team=ads"), at: Bucket(number: 1)))
  }

  @Test func `a silence that is ended early lets what still fires be told`() throws {
    var timeline = try IncidentTimeline()
    try timeline.book.add(Self.silence("team", .equals, "search"))
    try timeline.run("00:00 alarm team=search 10 60\n00:20 nothing")
    try timeline.book.endSilence(1)
    try timeline.run("00:25 nothing")
    expectTold(timeline, "00:25 fired warning team=search")
  }

  @Test func `after a no it takes fifteen hundredths more for thirty days`() throws {
    var timeline = try IncidentTimeline("00:00 alarm team=search 10 60\n01:00 over team=search")
    let id = try #require(timeline.moves.first).incident.id
    try timeline.book.take(
      .no, of: id, by: "ada", at: Bucket(number: 12).start, until: Bucket(number: 12).start, act: 9)
    try timeline.run(
      """
      20:00 alarm team=search 10 60 1.14
      21:00 over team=search
      30:00 alarm team=search 10 60 1.15
      31:00 over team=search
      721:00 alarm team=search 10 60 1
      """)
    #expect(
      timeline.told.filter { $0.contains("fired") } == [
        "00:00 fired warning team=search", "30:00 fired warning team=search", "721:00 fired warning team=search",
      ])
  }

  @Test func `planned is a silence of the key`() throws {
    var timeline = try IncidentTimeline("00:00 alarm team=search 10 60\n01:00 over team=search")
    let id = try #require(timeline.moves.first).incident.id
    try timeline.book.take(
      .planned, of: id, by: "ada", at: Bucket(number: 12).start, until: Bucket(number: 120).start, act: 9)
    try timeline.run("02:00 alarm team=search 10 60\n02:00 alarm team=ads 10 60\n03:00 over team=search")
    #expect(timeline.told.dropFirst(2) == ["02:00 fired warning team=ads"])
    #expect(timeline.book.silences.first?.reason == "planned")
  }

  // MARK: - Severity

  @Test func `severity is dollars at risk in a day, or their part of a month's budget`() throws {
    let limits = SeverityLimits()
    func severity(_ day: String, _ budget: String? = nil) throws -> Severity {
      limits.severity(dayAhead: try Amount(dollars: day), budget: try budget.map { try Amount(dollars: $0) })
    }
    #expect(try severity("49.999999999") == .info)
    #expect(try severity("50") == .warning)
    #expect(try severity("499.999999999") == .warning)
    #expect(try severity("500") == .critical)
    // Of 100 dollars a month, two are a warning and ten critical.
    #expect(try severity("1.999999999", "100") == .info)
    #expect(try severity("2", "100") == .warning)
    #expect(try severity("10", "100") == .critical)
    #expect(try severity("10", "0") == .info)
  }
}
