import Testing
import Units
import Watch

/// What people say of incidents: how it is written, and what is refused.
@Suite struct ActTests {
  private static let noon = Timestamp("2026-11-21T12:00:00Z") ?? Timestamp(microseconds: 0)
  private static let two = Timestamp("2026-11-21T14:00:00Z") ?? Timestamp(microseconds: 0)
  /// 2026-11-21T12:00:00Z is 1,795,262,400 seconds after 1970.
  private static let table: [(kind: Act.Kind, name: String, incident: String?, body: String)] = [
    (.ack("9f3c-1"), "ack", "9f3c-1", "{}"),
    (.resolve("9f3c-1"), "resolve", "9f3c-1", "{}"),
    (
      .silence(
        [Silence.Matcher("team", .equals, "search"), Silence.Matcher("key", .begins, "svc-")], from: noon, to: two,
        reason: "load \"test\""), "silence", nil,
      #"{"matchers":[{"name":"team","form":"equals","value":"search"},{"name":"key","form":"begins","value":"svc-"}],"#
        + #""from_us":1795262400000000,"until_us":1795269600000000,"reason":"load \"test\""}"#
    ),
    (.unsilence(12), "unsilence", nil, #"{"act":12}"#),
    (.feedback("9f3c-1", .no, until: nil), "feedback", "9f3c-1", #"{"verdict":"no"}"#),
    (
      .feedback("9f3c-1", .planned, until: two), "feedback", "9f3c-1",
      #"{"verdict":"planned","until_us":1795269600000000}"#
    ),
  ]

  @Test func `an act is read as it was written`() throws {
    for row in Self.table {
      let act = try Act(row.kind, author: "ann", at: Self.noon)
      #expect(act.name == row.name && act.incident == row.incident && act.body == row.body)
      #expect(
        try Act(kind: act.name, incident: act.incident, body: act.body, author: "ann", at: Self.noon) == act)
      #expect(try Act(post: act.post, at: Self.noon) == act)
    }
  }

  @Test func `what was planned is silent for a day where nobody says`() throws {
    let act = try Act(.feedback("9f3c-1", .planned, until: nil), author: "ann", at: Self.noon)
    #expect(act.body == #"{"verdict":"planned","until_us":1795348800000000}"#)
  }

  @Test(arguments: [
    ("[]", "What was sent is no JSON object."), ("{", "What was sent is no JSON object."),
    (#"{"author":"a","incident":"i"}"#, "'kind' is no text."),
    (#"{"kind":"snooze","author":"a","incident":"i"}"#, "'snooze' is no kind of act."),
    (#"{"kind":"ack","incident":"i"}"#, "The author is no text"),
    (#"{"kind":"ack","author":"","incident":"i"}"#, "The author is no text"),
    (#"{"kind":"ack","author":"a"}"#, "The incident is no id"),
    (#"{"kind":"ack","author":"a","incident":7}"#, "The incident is no id"),
    (#"{"kind":"ack","author":"a","incident":"a b"}"#, "The incident is no id"),
    (#"{"kind":"ack","author":"a","incident":"i","prompt":"x"}"#, "'prompt' is no member"),
    (#"{"kind":"ack","author":"a","incident":"i","body":{"until_us":1}}"#, "'until_us' is no member"),
    (#"{"kind":"unsilence","author":"a","body":{"act":0}}"#, "'act' is no number of a silence's act."),
    (#"{"kind":"unsilence","author":"a","incident":"i","body":{"act":1}}"#, "The incident is no id"),
    (#"{"kind":"feedback","author":"a","incident":"i","body":{"verdict":"maybe"}}"#, "'verdict' is no yes"),
    (
      #"{"kind":"feedback","author":"a","incident":"i","body":{"verdict":"no","until_us":1}}"#,
      "'until_us' is no member"
    ),
    (#"{"kind":"silence","author":"a","body":{"matchers":[]}}"#, "'reason' is no text."),
    (
      #"{"kind":"silence","author":"a","body":{"matchers":[],"from_us":1,"until_us":2,"reason":"r"}}"#,
      "The silence cannot be: it has 0 matchers"
    ),
    (
      #"{"kind":"silence","author":"a","body":{"matchers":[{"name":"team","form":"like","value":"x"}],"from_us":1,"until_us":2,"reason":"r"}}"#,
      "'matchers' is no list"
    ),
    (
      #"{"kind":"silence","author":"a","body":{"matchers":[{"name":"team","form":"equals","value":"x"}],"from_us":2,"until_us":2,"reason":"r"}}"#,
      "The silence cannot be: it ends before it begins"
    ),
    (
      #"{"kind":"silence","author":"a","body":{"matchers":[{"name":"team","form":"equals","value":"x"}],"from_us":-1,"until_us":2,"reason":"r"}}"#,
      "'from_us' is no instant"
    ),
  ])
  func `what is no act is refused with its reason`(post: String, reason: String) {
    var told = ""
    do throws(ActFault) { _ = try Act(post: post, at: Self.noon) } catch { told = error.description }
    #expect(told.hasPrefix(reason), "\(told)")
  }

  @Test(arguments: [
    ("team=search", "team equals search"), ("model!=large", "model differs large"), ("key^=svc-", "key begins svc-"),
    ("team=", "team equals "), ("team=a=b", "team equals a=b"), ("rule=spend_spike", "rule equals spend_spike"),
    ("team", "'team' is no matcher"), ("=x", "'=x' is no matcher"),
    ("taem=x", "no incident has a label 'taem' (did you mean 'team'?)"), ("!=x", "no incident has a label ''"),
    ("key^=", "every key begins with nothing"),
  ])
  func `a matcher is read as people write it`(text: String, wanted: String) {
    do throws(IncidentFault) {
      let matcher = try Silence.Matcher(text)
      #expect("\(matcher.name) \(matcher.form.name) \(matcher.value)" == wanted)
      #expect(matcher.description == text)
    } catch {
      #expect(error.description.contains(wanted), "\(error)")
    }
  }
}
