import Testing

/// Ways in which other books of model calls went wrong, each as lines and what they must come to here.
///
/// A row's outcome is: calls and tokens booked; dead letters; words of other observers; numbers that never came.
@Suite struct KnownFaultTests {
  struct Fault: CustomTestStringConvertible, Sendable {
    let name: String
    /// Who sends, and the line: a connection by its number, a client by its name.
    let lines: [(door: String, line: String)]
    let outcome: String

    var testDescription: String { name }

    init(_ name: String, _ lines: [(String, String)], _ outcome: String) {
      self.name = name
      self.lines = lines.map { (door: $0.0, line: $0.1) }
      self.outcome = outcome
    }
  }

  /// A call of our own lines; 10 in and 1 out where nothing else is said.
  private static func call(_ fields: String, input: Int = 10) -> String {
    #"{"at":1795222800,"provider":"acme","model":"claude-x",\#(fields)"units":{"input":\#(input),"output":1}}"#
  }

  private static func response(_ id: String, _ more: String = "") -> String {
    #"{\#(more)"id":"\#(id)","object":"response","created_at":1795222800,"model":"claude-x","usage":{"input_tokens":10,"output_tokens":1,"total_tokens":11}}"#
  }

  private static func result(_ id: String) -> String {
    #"{"custom_id":"\#(id)","response":{"status_code":200,"request_id":"r\#(id)","body":{"id":"chatcmpl-\#(id)","object":"chat.completion","created":1795222800,"model":"claude-x","usage":{"prompt_tokens":10,"completion_tokens":1,"total_tokens":11}}}}"#
  }

  static let faults: [Fault] = [
    Fault(
      "an empty id is a key, and all calls but the first are gone",
      [("1", call(#""id":"","#)), ("1", call(#""id":"","#)), ("1", call("")), ("1", call(""))],
      "2 calls 22 tokens, 2 letters, 0 observed, 0 missing"),
    Fault(
      "a provider uses an id again, and the second call is dropped in silence",
      [
        ("1", response("resp_1")),
        ("1", response("resp_1").replacing("10,", with: "500,").replacing(":11", with: ":501")),
      ],
      "1 calls 11 tokens, 1 letters, 0 observed, 0 missing"),
    Fault(
      "a response that is fetched later is booked again, under an id of the moment",
      [
        ("hook", response("resp_1", #""n":1,"#)), ("hook", response("resp_1", #""n":2,"#)),
        ("fetch", call(#""n":1,"id":"random-1","provider_request_id":"resp_1","#)),
      ],
      "1 calls 11 tokens, 0 letters, 1 observed, 0 missing"),
    Fault(
      "each call is logged by two of a gateway's loggers",
      [
        ("1", response("resp_1")), ("1", response("resp_1")), ("2", response("resp_2")), ("2", response("resp_2")),
      ],
      "2 calls 22 tokens, 0 letters, 0 observed, 0 missing"),
    Fault(
      "eight of nine calls are logged, and nobody knows",
      (1...9).filter { $0 != 5 }.map { ("hook", call(#""n":\#($0),"#)) },
      "8 calls 88 tokens, 0 letters, 0 observed, 1 missing"),
    Fault(
      "a batch's results are taken in again after a crash between two flags",
      [("1", result("a")), ("1", result("b")), ("1", result("a")), ("1", result("b"))],
      "2 calls 22 tokens, 0 letters, 0 observed, 0 missing"),
    Fault(
      "a record without its payload is dropped",
      [
        (
          "1",
          #"{"request_id":"q1","call_type":"acompletion","custom_llm_provider":"acme","model":"claude-x","prompt_tokens":10,"completion_tokens":1,"total_tokens":11,"startTime":"2026-11-21T10:00:00Z"}"#
        ),
        ("1", #"{"custom_llm_provider":"acme","call_type":"acompletion","model":"claude-x"}"#),
      ],
      "1 calls 11 tokens, 1 letters, 0 observed, 0 missing"),
    Fault(
      "of a message that grows the first line wins",
      [2, 90, 517].map { output in
        (
          "1",
          #"{"type":"assistant","timestamp":"2026-11-21T10:00:00Z","sessionId":"s","requestId":"q","message":{"id":"m","model":"claude-x","usage":{"input_tokens":10,"output_tokens":\#(output)}}}"#
        )
      },
      "1 calls 527 tokens, 0 letters, 0 observed, 0 missing"),
    Fault(
      "a gateway gives all calls one id, and a day is three calls",
      (1...5).map { ("1", call(#""id":"c\#($0)","provider_request_id":"gateway","#, input: 10 * $0)) }
        + [("2", call(#""id":"c6","headers":{"x-request-id":"gateway"},"#))],
      "6 calls 166 tokens, 0 letters, 0 observed, 0 missing"),
    Fault(
      "a log that is copied counts twice",
      (1...4).map { ("\($0 % 2)", call(#""id":"c\#(($0 + 1) / 2)","#)) },
      "2 calls 22 tokens, 0 letters, 0 observed, 0 missing"),
    Fault(
      "where acknowledgements are off an id counts for nothing",
      [
        ("1", call(#""id":"c1","#)), ("hook", call(#""n":1,"id":"c1","#)), ("2", call(#""id":"c1","#)),
        ("hook", call(#""n":1,"id":"c2","#)),
      ],
      "1 calls 11 tokens, 0 letters, 0 observed, 0 missing"),
  ]

  @Test(arguments: faults)
  func `a fault that others had is not ours`(fault: Fault) throws {
    let feed = try PumpedLedger()
    for (door, line) in fault.lines { _ = feed.take(line, of: door) }
    try feed.commit()
    let found = try feed.ask(
      """
      select (select sum(calls) from rollup_day) || ' calls '
        || (select sum(input + cache_read + output) from rollup_day) || ' tokens, '
        || (select count(*) from dead_letter) || ' letters, ' || (select count(*) from observation) || ' observed, '
        || (select ifnull(sum(gaps), 0) from mark) || ' missing'
      """)
    #expect(found == [fault.outcome])
    #expect(try feed.isSound())
    // All of it again, line by line: what has an id or a number is booked as before.
    let isKnown = fault.lines.allSatisfy { $0.line.contains("\"id\":\"") && !$0.line.contains("\"id\":\"\"") }
    guard isKnown else { return }
    let calls = try feed.ask("select sum(calls), sum(input + output) from rollup_day")
    try feed.restart()
    for (door, line) in fault.lines { _ = feed.take(line, of: door) }
    try feed.commit()
    #expect(try feed.ask("select sum(calls), sum(input + output) from rollup_day") == calls)
  }

  @Test func `the samples of a gateway and of its client's log come to one call each`() throws {
    guard let payloads = SampleLines.of("litellm_1.106_standard_logging_payload.jsonl") else { return }
    let feed = try PumpedLedger()
    for _ in 0..<2 {
      for line in payloads { _ = feed.take(String(decoding: line, as: UTF8.self)) }
      try feed.commit()
    }
    let rows = try feed.ask("select count(*), count(distinct substr(key, 1, 8)) from call")
    #expect(rows.first.map { $0.split(separator: " ").first == $0.split(separator: " ").last } == true)
    #expect(try feed.isSound())
  }
}
