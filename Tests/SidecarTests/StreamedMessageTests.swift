import Testing

/// Streams whose events come as lines of their own: one call, booked once, with the counts of its end.
///
/// claude-x at acme: input 3, cached .3, written 3.75 and 6, output 15 a million.
@Suite struct StreamedMessageTests {
  private static func start(_ id: String, _ more: String = "", input: Int = 1000) -> String {
    #"{\#(more)"type":"message_start","message":{"id":"\#(id)","model":"claude-x","role":"assistant","content":[],"usage":{"input_tokens":\#(input),"cache_read_input_tokens":500,"cache_creation_input_tokens":100,"cache_creation":{"ephemeral_5m_input_tokens":60,"ephemeral_1h_input_tokens":40},"output_tokens":2}}}"#
  }

  private static func delta(_ output: Int, _ more: String = "") -> String {
    #"{\#(more)"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":\#(output)}}"#
  }

  private static let stop = #"{"type":"message_stop"}"#

  // 1000 × 3 + 500 × .3 + 60 × 3.75 + 40 × 6 = 3000 + 150 + 225 + 240 = 3615; + 200 × 15 = 6615 millionths.
  private static let whole = "1 0 1000 500 200 6615000"

  @Test func `a start and its delta are one call with the counts of the end`() throws {
    let feed = try PumpedLedger()
    #expect(feed.take(Self.start("msg_1")) == "taken")
    #expect(feed.take(#"{"type":"content_block_delta","index":0,"delta":{"text":"secret"}}"#) == "ignored stream_part")
    #expect(feed.take(Self.delta(200)) == "taken")
    #expect(feed.take(Self.stop) == "ignored stream_part")
    #expect(try feed.commit() == "booked 2 deltas 1 duplicates 0 kept 0")
    #expect(try feed.total == [Self.whole])
    #expect(
      try feed.ask("select details from call where seq = 1") == [
        #"{"cache_write_5m":60,"cache_write_1h":40,"flags":["stream_start"]}"#
      ])
    #expect(try feed.isSound())
    // All of it again, and the final message, change nothing.
    for line in [Self.start("msg_1"), Self.delta(200), Self.stop] { _ = feed.take(line) }
    #expect(
      feed.take(
        #"{"id":"msg_1","type":"message","model":"claude-x","usage":{"input_tokens":1000,"cache_read_input_tokens":500,"cache_creation_input_tokens":100,"cache_creation":{"ephemeral_5m_input_tokens":60,"ephemeral_1h_input_tokens":40},"output_tokens":200}}"#
      )
        == "taken")
    #expect(try feed.commit() == "booked 0 deltas 0 duplicates 3 kept 0")
  }

  @Test func `deltas add up to the last, and their input's counts replace the start's`() throws {
    let feed = try PumpedLedger()
    _ = feed.take(Self.start("msg_1"))
    _ = feed.take(Self.delta(50))
    #expect(
      feed.take(
        #"{"type":"message_delta","usage":{"input_tokens":1400,"cache_read_input_tokens":500,"output_tokens":90,"server_tool_use":null}}"#
      )
        == "taken")
    try feed.commit()
    // 1400 × 3 + 150 + 225 + 240 + 90 × 15 = 4200 + 615 + 1350.
    #expect(try feed.total == ["1 0 1400 500 90 6165000"])
    #expect(try feed.isSound())
  }

  @Test func `a stream that breaks off is booked as far as it is known, and counted`() throws {
    let feed = try PumpedLedger()
    _ = feed.take(Self.start("msg_1"), of: "7")
    #expect(feed.leave("7") == 1)
    try feed.commit()
    // 3615 + 2 × 15.
    #expect(try feed.total == ["1 0 1000 500 2 3645000"])
    // Another connection with the same number knows nothing of it.
    #expect(feed.take(Self.delta(200), of: "7") == "refused stream_unknown")
    #expect(feed.leave("7") == 0)
  }

  @Test func `connections are kept apart, and streams of one that are mixed are refused by name`() throws {
    let feed = try PumpedLedger()
    _ = feed.take(Self.start("msg_1"), of: "1")
    _ = feed.take(Self.start("msg_2"), of: "2")
    #expect(feed.take(Self.delta(200), of: "1") == "taken")
    _ = feed.take(Self.start("msg_3"), of: "2")
    #expect(feed.take(Self.delta(100), of: "2") == "refused streams_mixed")
    // Those that name their message are told apart all the same.
    #expect(feed.take(Self.delta(100, #""id":"msg_3","#), of: "2") == "taken")
    _ = feed.take(Self.stop, of: "2")
    #expect(feed.take(Self.delta(100), of: "2") == "refused streams_mixed")
    _ = feed.take(Self.stop, of: "2")
    // Both have ended: the next is alone.
    _ = feed.take(Self.start("msg_4"), of: "2")
    #expect(feed.take(Self.delta(40), of: "2") == "taken")
    try feed.commit()
    #expect(try feed.total == ["4 0 4000 2000 342 19590000"])
    #expect(try feed.isSound())
  }

  @Test func `after its counts a message makes room for the next, though no end was logged`() throws {
    let feed = try PumpedLedger()
    for id in ["msg_1", "msg_2", "msg_3"] {
      #expect(feed.take(Self.start(id)) == "taken")
      #expect(feed.take(Self.delta(200)) == "taken")
    }
    try feed.commit()
    #expect(try feed.total == ["3 0 3000 1500 600 19845000"])
  }

  @Test func `a message without an end is let go after a quarter of an hour`() throws {
    let feed = try PumpedLedger()
    _ = feed.take(Self.start("msg_1"))
    #expect(feed.take(Self.delta(200), minutes: 16) == "refused stream_unknown")
    _ = feed.take(Self.start("msg_2"), minutes: 16)
    #expect(feed.take(Self.delta(200), minutes: 17) == "taken")
    #expect(feed.leave("1") == 1)
  }

  @Test func `a numbered stream is ended after a crash, and nothing of it twice`() throws {
    let feed = try PumpedLedger()
    #expect(feed.take(Self.start("msg_1", #""n":1,"#), of: "hook") == "taken")
    try feed.commit()
    #expect(try feed.ask("select client, epoch, length(messages) > 0 from open_message") == ["hook 1 1"])
    try feed.restart()
    // The client resends what was not acknowledged, and what was.
    #expect(feed.take(Self.start("msg_1", #""n":1,"#), of: "hook") == "replayed")
    #expect(feed.take(Self.delta(200, #""n":2,"#), of: "hook") == "taken")
    #expect(feed.take(Self.delta(200, #""n":2,"#), of: "hook") == "replayed")
    #expect(feed.take(#"{"n":3,"type":"message_stop"}"#, of: "hook") == "ignored stream_part")
    try feed.commit()
    #expect(try feed.total == [Self.whole])
    #expect(try feed.ask("select count(*) from open_message") == ["0"])
    #expect(try feed.ask("select number, gaps from mark") == ["3 0"])
    // An end that comes again ends nothing that began since.
    _ = feed.take(Self.start("msg_2", #""n":4,"#), of: "hook")
    _ = feed.take(#"{"n":3,"type":"message_stop"}"#, of: "hook")
    #expect(feed.take(Self.delta(10, #""n":5,"#), of: "hook") == "taken")
    #expect(try feed.isSound())
  }

  @Test func `events in an envelope are parts of a stream, as nothing says which belong together`() throws {
    let feed = try PumpedLedger()
    for (place, event) in [Self.start("msg_1"), Self.delta(200), Self.stop].enumerated() {
      let line = #"{"specversion":"1.0","id":"e\#(place)","source":"s","type":"t","data":\#(event)}"#
      #expect(feed.take(line) == "ignored stream_part")
    }
  }

  @Test func `a delta whose counts are less than the start's is quarantined`() throws {
    let feed = try PumpedLedger()
    _ = feed.take(Self.start("msg_1"))
    _ = feed.take(#"{"type":"message_delta","usage":{"input_tokens":5,"output_tokens":90}}"#)
    #expect(try feed.commit() == "booked 1 deltas 0 duplicates 0 kept 1")
  }

  @Test func `chunks that state usage up to them are one call, in whatever order they come again`() throws {
    let feed = try PumpedLedger()
    func chunk(_ output: Int) -> String {
      #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1795222800,"model":"claude-x","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":\#(output),"total_tokens":\#(1000 + output)}}"#
    }
    for output in [1, 50, 200, 50, 1, 200] { #expect(feed.take(chunk(output)) == "taken") }
    #expect(try feed.commit() == "booked 3 deltas 2 duplicates 3 kept 0")
    #expect(try feed.total == ["1 0 1000 0 200 6000000"])
  }

  @Test func `chunks of Gemini's stream are one call under the id of their response`() throws {
    let feed = try PumpedLedger()
    func chunk(_ output: Int, thoughts: Int) -> String {
      #"{"responseId":"r1","modelVersion":"claude-x","candidates":[{"content":{"parts":[{"text":"a"}]}}],"usageMetadata":{"promptTokenCount":1000,"candidatesTokenCount":\#(output),"thoughtsTokenCount":\#(thoughts),"totalTokenCount":\#(1000 + output + thoughts)}}"#
    }
    for (output, thoughts) in [(1, 0), (20, 30), (170, 30), (20, 30)] {
      #expect(feed.take(chunk(output, thoughts: thoughts)) == "taken")
    }
    #expect(try feed.commit() == "booked 3 deltas 2 duplicates 1 kept 0")
    #expect(try feed.total == ["1 0 1000 0 170 6000000"])
    #expect(try feed.isSound())
  }

  @Test func `the sample's stream comes to what its final message comes to`() throws {
    guard let lines = SampleLines.of("anthropic_stream_events.jsonl") else { return }
    let feed = try PumpedLedger()
    let fates = lines.map { feed.take(String(decoding: $0, as: UTF8.self)) }
    #expect(fates.filter { $0 == "taken" }.count == 2)
    #expect(try feed.commit() == "booked 2 deltas 1 duplicates 0 kept 0")
    #expect(
      try feed.ask("select sum(input), sum(cache_read), sum(output) from rollup_day") == ["412 18304 332"])
    #expect(
      try feed.ask("select meter, quantity from rollup_meter order by meter") == [
        "cache_write_1h 2048", "cache_write_5m 1024", "reasoning 401", "searches 2",
      ])
  }

  @Test func `a transcript's rows of one message are one call`() throws {
    guard let lines = SampleLines.of("synthetic_other_emitters.jsonl") else { return }
    let feed = try PumpedLedger()
    for line in lines[1...2] + [lines[1]] { #expect(feed.take(String(decoding: line, as: UTF8.self)) == "taken") }
    #expect(try feed.commit() == "booked 2 deltas 1 duplicates 1 kept 0")
    #expect(
      try feed.ask("select sum(calls), sum(input), sum(cache_read), sum(output) from rollup_day") == ["1 3 22137 517"])
  }
}
