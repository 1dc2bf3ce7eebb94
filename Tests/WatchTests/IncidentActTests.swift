import Testing
import Units

@testable import Watch

/// What people say, as its rows have it, and what follows.
@Suite struct IncidentActTests {
  static func act(_ kind: String, _ incident: String? = nil, _ body: String = "{}") throws(IncidentFault) -> IncidentAct
  {
    try IncidentAct(at: Timestamp(microseconds: 1_000_000), author: "ada", kind: kind, incident: incident, body: body)
  }

  @Test func `rows become what was said`() throws {
    #expect(try Self.act("ack", "i1").word == .acknowledge(incident: "i1"))
    #expect(try Self.act("resolve", "i1").word == .resolve(incident: "i1"))
    #expect(try Self.act("unsilence", nil, #"{"act":7}"#).word == .unsilence(act: 7))
    let silence = try Silence(
      [
        Silence.Matcher("team", .equals, "search"), Silence.Matcher("model", .begins, "gpt"),
        Silence.Matcher("key", .differs, "ci"),
      ],
      from: Timestamp(microseconds: 5), to: Timestamp(microseconds: 9), author: "ada", reason: "load test")
    let body =
      #"{"matchers":[{"name":"team","form":"equals","value":"search"},{"name":"model","form":"begins","value":"gpt"},"#
      + #"{"name":"key","form":"differs","value":"ci"}],"from_us":5,"until_us":9,"reason":"load test"}"#
    #expect(try Self.act("silence", nil, body).word == .silence(silence))
    let day = Timestamp(microseconds: 1_000_000 + 86_400_000_000)
    #expect(
      try Self.act("feedback", "i1", #"{"verdict":"planned"}"#).word == .feedback(.planned, incident: "i1", until: day))
    let until = Timestamp(microseconds: 7)
    #expect(
      try Self.act("feedback", "i1", #"{"verdict":"no","until_us":7}"#).word
        == .feedback(.no, incident: "i1", until: until))
  }

  @Test(arguments: [
    ("ack", "[", "its body is no JSON"), ("dance", "{}", "'dance' is no kind of it"),
    ("unsilence", "{}", "it names no silence"),
    ("feedback", #"{"verdict":"maybe"}"#, "its verdict is none of yes, no and planned"),
  ])
  func `what cannot be read is said`(kind: String, body: String, why: String) {
    #expect(throws: IncidentFault.badAct(why)) { try Self.act(kind, "i1", body) }
  }

  @Test(arguments: [
    #"{"matchers":[{"name":"team","form":"like","value":"x"}],"from_us":1,"until_us":2,"reason":"x"}"#,
    #"{"matchers":[{"name":"team"}],"from_us":1,"until_us":2,"reason":"x"}"#,
    #"{"matchers":[],"from_us":1,"until_us":2,"reason":"x"}"#,
    #"{"matchers":[{"name":"team","value":"x"}],"from_us":2,"until_us":1,"reason":"x"}"#,
    #"{"matchers":[{"name":"team","value":"x"}],"until_us":1,"reason":"x"}"#,
  ])
  func `a silence that cannot be is no silence`(body: String) {
    #expect(throws: IncidentFault.self) { try Self.act("silence", nil, body) }
  }

  @Test func `what is said is done once, or not at all`() throws {
    var watch = BucketWatch()
    var moves: [IncidentMove] = []
    for number in 0..<3 * 288 {
      let calls: Int64 = number < 2 * 288 + 144 ? 100 : 5_000
      let bucket = Bucket(number: BucketWatchTests.start.number + Int32(number))
      moves += watch.close(
        ClosedBucket(
          bucket, [(BucketWatchTests.subject("search", "large"), BucketWatchTests.facts(calls, calls * 1_000_000))]))
    }
    let fired = try #require(moves.first { $0.kind == .fired })
    let id = fired.incident.id
    #expect(throws: IncidentFault.unknownIncident("i1")) { try watch.take(try Self.act("ack", "i1")) }
    #expect(try watch.take(try Self.act("ack", id)).isEmpty)
    #expect(watch.book.incident(of: fired.incident.key)?.acknowledgedBy == "ada")
    let ended = try watch.take(try Self.act("resolve", id))
    #expect(ended.map(\.kind) == [.resolved(.manual)] && ended[0].eventID == id + "_resolved")
    #expect(throws: IncidentFault.notFiring(id)) { try watch.take(try Self.act("resolve", id)) }
    let body = #"{"matchers":[{"name":"team","value":"x"}],"from_us":1,"until_us":2,"reason":"x"}"#
    let silence = try Self.act("silence", nil, body)
    _ = try watch.take(silence)
    #expect(watch.book.silences.count == 1)
    guard case .silence(let said) = silence.word else { return }
    _ = try watch.take(try Self.act("unsilence", nil, #"{"act":1}"#), ending: said)
    #expect(watch.book.silences.isEmpty)
    #expect(throws: IncidentFault.self) { try watch.take(try Self.act("unsilence", nil, #"{"act":1}"#), ending: said) }
  }
}
