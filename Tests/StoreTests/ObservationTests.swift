import Books
import Calls
import Store
import Testing
import Units

/// A call that a program's hook and a gateway both tell of is booked once; the second word is noted.
///
/// acme/large: input 3.00, cached 0.30, output 15.00 a million; 1000 × 3 + 200 × 15 = 6000 millionths.
@Suite struct ObservationTests {
  private static let hook = Sender(client: "hook", epoch: 1)
  private static let gateway = Sender(client: "gateway", epoch: 1)

  /// Books a table's lines as those of a client.
  @discardableResult
  private func book(_ ledger: TestLedger, _ client: String, _ table: String) throws -> CommitReport {
    try ledger.writer.commit(
      ledger.batch(table, sender: Sender(client: client, epoch: 1)), at: TestLedger.noon)
  }

  private func said(_ report: CommitReport) -> String {
    "booked \(report.booked) observed \(report.observed) duplicates \(report.duplicates) "
      + "quarantined \(report.quarantined.map(\.reason.rawValue))"
  }

  @Test func `two observers of one call book it once`() throws {
    let ledger = try TestLedger()
    try book(ledger, "hook", "c1  10:00:00  search  large  input 1000  output 200  reference r1")
    let report = try book(ledger, "gateway", "g7  10:00:02  -  large  input 1000  output 200  reference r1")
    #expect(said(report) == "booked 0 observed 1 duplicates 0 quarantined []")
    #expect(report.observedCalls == [0])
    try expectRows(ledger, "select seq, cost_n from call", "1 6000000")
    try expectRows(
      ledger, "select o.seq, b.client, b.shape, o.kind from observation o join observer b on b.id = o.observer",
      "1 gateway 0 0")
    try expectSound(ledger)
  }

  @Test func `in one batch, and after a restart, it is the same`() throws {
    let ledger = try TestLedger()
    let batch = ledger.batch("c1  10:00:00  search  large  input 1000  reference r1", sender: Self.hook)
    try ledger.writer.commit(batch, at: TestLedger.noon)
    try ledger.restart()
    let after = try book(ledger, "gateway", "g1  10:00:00  -  large  input 1000  reference r1")
    #expect(said(after) == "booked 0 observed 1 duplicates 0 quarantined []")
    // The same word again: a duplicate, also after another restart.
    #expect(
      said(try book(ledger, "gateway", "g1  10:00:00  -  large  input 1000  reference r1"))
        == "booked 0 observed 0 duplicates 1 quarantined []")
    try ledger.restart()
    #expect(
      said(try book(ledger, "gateway", "g1  10:00:00  -  large  input 1000  reference r1"))
        == "booked 0 observed 0 duplicates 1 quarantined []")
    #expect(try ledger.count("observation") == 1)
    try expectSound(ledger)
  }

  @Test func `the shape of a line tells observers apart where no client is named`() throws {
    let ledger = try TestLedger()
    let report = try ledger.book(lines: [
      #"{"id":"c1","at":"2026-03-01T10:00:00Z","provider":"acme","model":"large","provider_request_id":"req-1","units":{"input":1000}}"#,
      #"{"request_time":"0.4","status":"200","uri":"/v1/chat/completions","time_iso8601":"2026-03-01T10:00:01+00:00","x_request_id":"req-1","request_id":"a1b2"}"#,
    ])
    #expect(said(report) == "booked 1 observed 1 duplicates 0 quarantined []")
    try expectRows(ledger, "select seq, kind from observation", "1 1")
    let shape = try ledger.rows("select shape from observer").first.flatMap { UInt16($0) } ?? 0
    #expect(Shapes.name(of: shape) == "AccessLine")
  }

  @Test func `a line without usage that came first gets the usage of the second`() throws {
    let ledger = try TestLedger()
    try ledger.book(lines: [
      #"{"request_time":"0.4","status":"200","uri":"/v1/chat/completions","time_iso8601":"2026-03-01T10:00:01+00:00","x_request_id":"req-1","request_id":"a1b2"}"#
    ])
    try expectRows(ledger, "select sum(calls), sum(unpriced), sum(cost_n) from rollup_day", "1 1 0")
    let report = try book(
      ledger, "hook", "c1  10:00:00  search  large  input 1000  output 200  reference req-1")
    #expect(said(report) == "booked 1 observed 1 duplicates 0 quarantined []")
    #expect(report.deltas == 1)
    try expectRows(ledger, "select sum(calls), sum(unpriced), sum(cost_n) from rollup_day", "1 0 6000000")
    #expect(
      said(try book(ledger, "hook", "c1  10:00:00  search  large  input 1000  output 200  reference req-1"))
        == "booked 0 observed 0 duplicates 1 quarantined []")
    try ledger.restart()
    #expect(
      said(try book(ledger, "hook", "c1  10:00:00  search  large  input 1000  output 200  reference req-1"))
        == "booked 0 observed 0 duplicates 1 quarantined []")
    try expectSound(ledger)
  }

  @Test func `two streams that are told of twice end where the larger ends`() throws {
    let ledger = try TestLedger()
    // The hook breaks off at 10; the gateway sees 200; then the hook's line comes again.
    try book(ledger, "hook", "c1  10:00:00  search  large  input 1000  output 10  stream  reference r1")
    let whole = try book(ledger, "gateway", "g1  10:00:01  -  large  input 1000  output 200  stream  reference r1")
    #expect(said(whole) == "booked 1 observed 1 duplicates 0 quarantined []")
    for _ in 0..<2 {
      #expect(
        said(try book(ledger, "hook", "c1  10:00:00  search  large  input 1000  output 10  stream  reference r1"))
          == "booked 0 observed 0 duplicates 1 quarantined []")
      // The hook's own end says the same as the gateway's, and adds nothing.
      #expect(
        said(try book(ledger, "hook", "c1  10:00:00  search  large  input 1000  output 200  stream  reference r1"))
          == "booked 0 observed 0 duplicates 1 quarantined []")
      try ledger.restart()
    }
    // What grows further adds what it grows by, whoever tells of it.
    let more = try book(ledger, "hook", "c1  10:00:00  search  large  input 1000  output 250  stream  reference r1")
    #expect(said(more) == "booked 1 observed 0 duplicates 0 quarantined []")
    try expectRows(
      ledger, "select sum(calls), sum(input), sum(output), sum(cost_n) from rollup_day", "1 1000 250 6750000")
    try expectSound(ledger)
  }

  @Test func `observers that disagree are told, and the first stays`() throws {
    let ledger = try TestLedger()
    try book(ledger, "hook", "c1  10:00:00  search  large  input 1000  output 200  reference r1")
    let report = try book(ledger, "gateway", "g1  10:00:00  -  large  input 1000  output 300  reference r1")
    #expect(said(report) == "booked 0 observed 0 duplicates 0 quarantined [\"observation_differs\"]")
    try expectRows(ledger, "select seq, output from call", "1 200")
    try expectRows(ledger, "select reason, lines from refusal", "observation_differs 1")
  }

  @Test(arguments: [
    ("g1  10:00:00  -  large  input 1000  error  reference r1", "a retry's other status"),
    ("g1  11:00:01  -  large  input 1000  reference r1", "an id that comes again after an hour"),
    ("g1  10:00:00  -  large  input 1000  routed  reference r1", "another issuer"),
    ("g1  10:00:00  -  large  input 1000  reference r2", "another id"),
    ("g1  10:00:00  -  large  input 1000", "no id"),
  ])
  func `what is another call is booked`(line: String, _: String) throws {
    let ledger = try TestLedger()
    try book(ledger, "hook", "c1  10:00:00  search  large  input 1000  reference r1")
    #expect(said(try book(ledger, "gateway", line)) == "booked 1 observed 0 duplicates 0 quarantined []")
    try expectSound(ledger)
  }

  @Test func `an id that one observer tells of twice swallows nothing`() throws {
    let ledger = try TestLedger()
    // A gateway that gives every call one id: 1,000 calls of two programs, all of one usage.
    for client in ["hook", "other"] {
      let report = try book(
        ledger, client,
        (1...500).map { "\(client)\($0)  10:00:00  search  large  input 7  reference constant" }.joined(separator: "\n")
      )
      #expect(said(report) == "booked 500 observed 0 duplicates 0 quarantined []")
      try ledger.restart()
    }
    try expectSound(ledger)
  }

  @Test func `an observer's second call under an id that was noted is booked`() throws {
    let ledger = try TestLedger()
    try book(ledger, "hook", "c1  10:00:00  search  large  input 7  reference r1")
    #expect(
      said(
        try book(
          ledger, "gateway",
          """
          g1  10:00:00  -  large  input 7  reference r1
          g2  10:00:00  -  large  input 7  reference r1
          g3  10:00:00  -  large  input 7  reference r1
          """)) == "booked 2 observed 1 duplicates 0 quarantined []")
    try expectSound(ledger)
  }

  @Test func `the id of a response is an id of the provider's`() throws {
    let ledger = try TestLedger()
    // The program names the call itself; the gateway logs the response as it came.
    try ledger.book(lines: [
      #"{"id":"c1","at":1772359200,"provider":"acme","model":"large","body":{"id":"chatcmpl-1","usage":{"prompt_tokens":1000,"completion_tokens":200,"total_tokens":1200}}}"#
    ])
    let report = try book(ledger, "hook", "")
    #expect(report.booked == 0)
    let gateway = ledger.batch("", sender: Self.gateway)
    ledger.take(
      #"{"id":"chatcmpl-1","object":"chat.completion","created":1772359200,"provider":"acme","model":"large","usage":{"prompt_tokens":1000,"completion_tokens":200,"total_tokens":1200}}"#,
      from: Self.gateway, into: gateway)
    #expect(
      said(try ledger.writer.commit(gateway, at: TestLedger.noon))
        == "booked 0 observed 1 duplicates 0 quarantined []")
    try expectSound(ledger)
  }

  @Test func `what a batch that failed remembered is forgotten`() throws {
    let ledger = try TestLedger()
    try book(ledger, "hook", "c1  10:00:00  search  large  input 1000  reference r1")
    let batch = ledger.batch(
      """
      g1  10:00:00  -  large  input 1000  reference r1
      g2  10:00:00  -  large  input 2000  reference r2
      """, sender: Self.gateway)
    try ledger.change("create trigger full before insert on batch begin select raise(abort, 'x'); end")
    #expect(throws: StoreFault.self) { try ledger.writer.commit(batch, at: TestLedger.noon) }
    try ledger.change("drop trigger full")
    #expect(
      said(try ledger.writer.commit(batch, at: TestLedger.noon))
        == "booked 1 observed 1 duplicates 0 quarantined []")
    try expectSound(ledger)
  }

  @Test func `the shapes have numbers of their own`() {
    let names = (1...UInt16.max).compactMap(Shapes.name(of:))
    #expect(names.count == 24)
    #expect(Set(names).count == 24)
  }

  /// 50 ids are remembered, and 262,144 of the provider's: 200 calls without one come between.
  @Test func `what a stream has grown to is known when the window has forgotten it, and not booked again`() throws {
    let ledger = try TestLedger(limits: WindowTests.limits(50))
    try book(ledger, "hook", "s1  10:00:00  search  large  input 10  output 5  stream  reference r1")
    try book(ledger, "hook", "s1  10:00:00  search  large  input 10  output 9  stream  reference r1")
    try PastIDTests.fill(ledger, 0..<200)
    #expect(
      said(try book(ledger, "gateway", "g1  10:00:01  search  large  input 10  output 9  reference r1"))
        == "booked 0 observed 1 duplicates 0 quarantined []")
    try expectRows(ledger, "select sum(output) from call where seq < 3", "9")
    try expectSound(ledger)
  }

  @Test func `what another observer added is known to the first when the window has forgotten it`() throws {
    let ledger = try TestLedger(limits: WindowTests.limits(50))
    try book(ledger, "hook", "s1  10:00:00  search  large  input 10  output 5  stream  reference r1")
    try PastIDTests.fill(ledger, 0..<60)
    // A minute later by its clock, under an id of its own.
    try book(ledger, "gateway", "g1  10:01:00  search  large  input 10  output 9  stream  reference r1")
    try PastIDTests.fill(ledger, 60..<300)
    #expect(
      said(try book(ledger, "hook", "s1  10:00:00  search  large  input 10  output 9  stream  reference r1"))
        == "booked 0 observed 0 duplicates 1 quarantined []")
    #expect(
      said(try book(ledger, "hook", "s1  10:00:00  search  large  input 10  output 11  stream  reference r1"))
        == "booked 1 observed 0 duplicates 0 quarantined []")
    try expectRows(ledger, "select count(*), sum(output) from call where output > 0", "3 11")
    try expectSound(ledger)
  }
}
