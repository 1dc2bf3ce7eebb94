import Testing
import Units
import Watch

/// The life of one incident, on timelines.
@Suite struct IncidentTests {
  // MARK: - Begin and end

  @Test func `what is pending is told nobody, and one that fires is told once and ends once`() throws {
    let timeline = try IncidentTimeline(
      """
      00:00 pending team=search 1 60
      00:10 alarm team=search 2 60
      00:15 alarm team=search 2 60
      03:00 over team=search
      03:05 over team=search
      """)
    expectTold(
      timeline,
      """
      00:10 fired warning team=search
      03:00 resolved back_to_normal warning team=search
      """)
  }

  @Test func `what was pending and passed was no incident`() throws {
    let timeline = try IncidentTimeline("00:00 pending team=search 1 600\n00:30 passed team=search")
    #expect(timeline.told.isEmpty && timeline.book.incidents.isEmpty)
  }

  @Test func `less than fifty dollars a day is for the digest, until it is more`() throws {
    let timeline = try IncidentTimeline(
      """
      00:00 alarm team=search 2 49.999999999
      00:05 stands team=search 3 50
      00:10 over team=search
      01:00 alarm team=ads 2 10
      02:00 over team=ads
      """)
    expectTold(
      timeline,
      """
      00:00 noted info team=search
      00:05 fired warning team=search
      00:10 resolved back_to_normal warning team=search
      01:00 noted info team=ads
      """)
  }

  @Test func `what is only seen ends two hours after it was last seen`() throws {
    let timeline = try IncidentTimeline(
      "00:00 seen team=search 1 60\n01:00 seen team=search 1 60\n04:00 nothing")
    expectTold(
      timeline, "00:00 fired warning team=search\n03:00 resolved back_to_normal warning team=search")
  }

  // MARK: - Updates

  @Test func `it is told again when it rises, doubles, or has stood for a day`() throws {
    let timeline = try IncidentTimeline(
      """
      00:00 alarm team=search 10 60
      01:00 stands team=search 19.999999999 60
      02:00 stands team=search 20 60
      03:00 stands team=search 21 500
      07:05 nothing
      """)
    // From 03:00 on it is critical, and such a one is repeated every four hours.
    expectTold(
      timeline,
      """
      00:00 fired warning team=search
      02:00 updated excessDoubled warning team=search
      03:00 updated severityRose critical team=search
      07:00 updated repeated critical team=search
      """)
    var calm = try IncidentTimeline("00:00 alarm team=search 10 60\n23:55 nothing")
    expectTold(calm, "00:00 fired warning team=search")
    try calm.run("24:00 nothing")
    #expect(calm.told.last == "24:00 updated repeated warning team=search")
  }

  @Test func `what a budget has come to is told once, however long the month is`() throws {
    var book = IncidentBook()
    func finding(_ rule: AlertRule, _ labels: String) -> Finding {
      Finding(
        IncidentTimeline.key(labels, rule: rule), .alarm(IncidentEvidence(since: Bucket(number: 0))),
        severity: .critical)
    }
    let found = [finding(.budgetThreshold, "budget=all,percent=100"), finding(.budgetExhaustion, "budget=all")]
    #expect(book.close(Bucket(number: 0), found).map(\.kind) == [.fired, .fired])
    for number in 1...2_880 { #expect(book.close(Bucket(number: Int32(number)), []).isEmpty) }
  }

  @Test func `what is acknowledged is repeated no more, but its growth and its end are told`() throws {
    var timeline = try IncidentTimeline("00:00 alarm team=search 10 60")
    let id = try #require(timeline.moves.first).incident.id
    try timeline.book.acknowledge(id, by: "ada")
    #expect(timeline.book.incidents.first?.acknowledgedBy == "ada")
    try timeline.run("30:00 nothing\n31:00 stands team=search 20 60\n32:00 over team=search")
    expectTold(
      timeline,
      """
      00:00 fired warning team=search
      31:00 updated excessDoubled warning team=search
      32:00 resolved back_to_normal warning team=search
      """)
    #expect(throws: IncidentFault.notFiring(id)) { try timeline.book.acknowledge(id, by: "ada") }
    #expect(throws: IncidentFault.unknownIncident("x")) { try timeline.book.acknowledge("x", by: "ada") }
  }

  @Test func `somebody ends it, and that it still stands does not open it again`() throws {
    var timeline = try IncidentTimeline("00:00 alarm team=search 10 60")
    let id = try #require(timeline.moves.first).incident.id
    timeline.hear(try timeline.book.resolve(id, at: try IncidentTimeline.bucket("00:05")))
    try timeline.run("00:10 stands team=search 40 60\n01:00 alarm team=search 9 60")
    expectTold(
      timeline,
      """
      00:00 fired warning team=search
      00:05 resolved manual warning team=search
      01:00 fired#2 warning team=search
      """)
  }

  // MARK: - Cool-down and flapping

  @Test func `within six hours of its end it is the same incident, later another`() throws {
    let timeline = try IncidentTimeline(
      """
      00:00 alarm team=search 10 60
      01:00 over team=search
      07:00 alarm team=search 10 60
      08:00 over team=search
      14:05 alarm team=search 10 60
      """)
    expectTold(
      timeline,
      """
      00:00 fired warning team=search
      01:00 resolved back_to_normal warning team=search
      07:00 fired#2 warning team=search
      08:00 resolved back_to_normal warning team=search
      14:05 fired warning team=search
      """)
    // 14:05 is bucket 169: 4 × 36 + 25.
    let print = IncidentTimeline.key("team=search").fingerprint
    #expect(
      timeline.moves.map(\.eventID) == [
        "\(print)-0_firing", "\(print)-0_resolved", "\(print)-0_firing_2", "\(print)-0_resolved_2",
        "\(print)-4p_firing",
      ])
    #expect(print.count == 32 && Set(timeline.moves.map(\.eventID)).count == 5)
  }

  @Test func `the third time in a day that it opens again it is held for a day`() throws {
    let timeline = try IncidentTimeline(
      """
      00:00 alarm team=search 10 60
      01:00 over team=search
      02:00 alarm team=search 10 60
      03:00 over team=search
      04:00 alarm team=search 10 60
      05:00 over team=search
      06:00 alarm team=search 10 60
      07:00 over team=search
      08:00 alarm team=search 10 60
      09:00 over team=search
      31:00 nothing
      """)
    #expect(
      timeline.told.filter { $0.contains("fired") } == [
        "00:00 fired warning team=search", "02:00 fired#2 warning team=search", "04:00 fired#3 warning team=search",
        "06:00 fired#4 warning team=search",
      ])
    #expect(
      timeline.told.filter { $0.contains("resolved") }.last == "30:00 resolved back_to_normal warning team=search")
    #expect(timeline.told.filter { $0.contains("resolved") }.count == 4)
    #expect(timeline.moves.first { $0.eventID.hasSuffix("firing_4") }?.incident.isFlapping == true)
  }

  // MARK: - Replay, snapshots and bounds

  @Test func `a book that goes on from its snapshot tells the same`() throws {
    let rows = (0..<600).map { place -> String in
      let word = (UInt64(place) &+ 1) &* 0x9E37_79B9_7F4A_7C15 >> 33
      let change = ["pending", "passed", "alarm", "stands", "seen", "over", "alarm"][Int(word % 7)]
      let key = ["team=a", "team=b", "model=p-x,team=a", "key=k,model=p-x"][Int(word / 7 % 4)]
      return "\(place / 4):\(place % 4 * 15) \(change) \(key) \(word % 97) \(word % 701) model=p-x,team=a:90%"
    }
    var whole = try IncidentTimeline(rows.prefix(300).joined(separator: "\n"))
    let key = IncidentTimeline.key("team=b")
    try whole.book.add(
      Silence(
        id: 1, [Silence.Matcher("team", .equals, "b")], from: Timestamp(microseconds: 0),
        to: Bucket(number: 1000).start, author: "ada", reason: "moving"))
    if let id = whole.book.incident(of: IncidentTimeline.key("team=a"))?.id {
      try whole.book.take(
        .no, of: id, by: "ada", at: Bucket(number: 900).start, until: Bucket(number: 901).start, act: 2)
    }
    var resumed = IncidentTimeline.resumed(try IncidentBook(snapshot: whole.book.snapshot))
    #expect(resumed.book.snapshot == whole.book.snapshot)
    let before = whole.told.count
    try whole.run(rows.suffix(300).joined(separator: "\n"))
    try resumed.run(rows.suffix(300).joined(separator: "\n"))
    #expect(resumed.told == Array(whole.told.dropFirst(before)) && resumed.told.count > 20)
    #expect(resumed.book.snapshot == whole.book.snapshot)
    #expect(whole.told.dropFirst(before).allSatisfy { !$0.hasSuffix(" \(key)") })
    #expect(Set(whole.moves.map(\.eventID)).count == whole.moves.count)
    // Each end is of one that was told.
    for end in whole.moves where end.eventID.contains("_resolved") {
      let begin = end.eventID.replacing("_resolved", with: "_firing")
      #expect(whole.moves.contains { $0.eventID == begin })
    }
  }

  @Test func `a snapshot that is damaged or foreign is refused in words`() throws {
    let sound = try IncidentTimeline("00:00 alarm team=search 10 60 key=k,team=search:90%").book.snapshot
    #expect(throws: IncidentFault.noSnapshot) { try IncidentBook(snapshot: []) }
    var other = sound
    other[4] = 9
    #expect(throws: IncidentFault.otherVersion(9, known: 1)) { try IncidentBook(snapshot: other) }
    for place in stride(from: 6, to: sound.count, by: 7) {
      var damaged = sound
      damaged[place] ^= 1
      #expect(throws: IncidentFault.damaged) { try IncidentBook(snapshot: damaged) }
      #expect(throws: IncidentFault.damaged) { try IncidentBook(snapshot: Array(sound.prefix(place))) }
    }
    var limits = IncidentLimits()
    limits.incidentsMax = 0
    #expect(throws: IncidentFault.tooManyIncidents(1, most: 0)) { try IncidentBook(snapshot: sound, limits: limits) }
  }

  @Test func `a full book lets go of what ended, and else turns away`() throws {
    var limits = IncidentLimits()
    limits.incidentsMax = 2
    let timeline = try IncidentTimeline(
      """
      00:00 alarm team=a 1 60
      00:05 alarm team=b 1 60
      00:10 alarm team=c 1 60
      00:15 over team=a
      00:20 alarm team=d 1 60
      """, limits: limits)
    #expect(timeline.book.incidents.map { $0.key.labels[0].value } == ["b", "d"])
    #expect(timeline.book.turnedAway == 1)
  }
}

extension IncidentTimeline {
  static func resumed(_ book: IncidentBook) -> IncidentTimeline {
    IncidentTimeline(book)
  }

  private init(_ book: IncidentBook) { self.book = book }
}
