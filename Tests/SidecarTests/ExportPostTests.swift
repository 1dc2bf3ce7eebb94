import Foundation
import TestSupport
import Testing

/// OpenTelemetry's exports over HTTP, posted by curl: what an exporter is answered, and what is in the books then.
@Suite(.serialized) struct ExportPostTests {
  /// A span of acme's model, 2 dollars a million in: `attributes` are JSON members behind those.
  private static func span(_ id: String, input: Int, parent: String = "", _ attributes: String = "") -> String {
    #"{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"\#(id)","parentSpanId":"\#(parent)","#
      + #""startTimeUnixNano":"1790812800000000000","endTimeUnixNano":"1790812801000000000","attributes":["#
      + #"{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},"#
      + #"{"key":"gen_ai.provider.name","value":{"stringValue":"acme"}},"#
      + #"{"key":"gen_ai.request.model","value":{"stringValue":"m"}},"#
      + #"{"key":"gen_ai.usage.input_tokens","value":{"intValue":"\#(input)"}}\#(attributes)]}"#
  }

  private static func export(_ spans: String...) -> String {
    #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"#
      + #""scopeSpans":[{"spans":[\#(spans.joined(separator: ","))]}]}]}"#
  }

  private static let accepted = HTTPReply(status: "200", body: "{}")

  private func post(
    _ daemon: DaemonProcess, _ body: String, to target: String = "/v1/traces", _ more: String...
  ) throws -> HTTPReply {
    // A daemon that has just been started may not listen here yet: an exporter goes on trying too.
    for _ in 0..<200 {
      let reply = try daemon.startPost(body, to: target, type: "application/json", more).reply()
      if reply.status != "000" { return reply }
    }
    return HTTPReply(status: "000", body: "")
  }

  @Test func `spans are booked once, however often they are exported`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    // An agent's span, a tool's and a wrapper's above the second call are no calls, and no rejection either.
    func other(_ id: String, _ operation: String) -> String {
      #"{"spanId":"\#(id)","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"\#(operation)"}}]}"#
    }
    let agent = other("a1", "invoke_agent")
    let tool = other("a2", "execute_tool")
    let body = Self.export(
      agent, tool, Self.span("b1", input: 1000, parent: "a1"), Self.span("b2", input: 7, parent: "a1"),
      Self.span("b3", input: 500, parent: "b2"))
    #expect(try post(daemon, body) == Self.accepted)
    #expect(try post(daemon, body) == Self.accepted)
    #expect(try post(daemon, Self.export(Self.span("b3", input: 500), Self.span("b4", input: 1))) == Self.accepted)
    daemon.kill()
    try daemon.start()
    #expect(try post(daemon, body) == Self.accepted)
    // 1,000 + 500 + 1 tokens at 2,000 nanodollars.
    #expect(try daemon.ask("select count(*), sum(input), sum(cost_n) from call") == ["3 1501 3002000"])
    #expect(daemon.stop() == 0)
    let spend = try daemon.run("spend", "--by", "project", "--json", "--from", "2026-10-01", "--to", "2026-10-02")
    #expect(spend.out.contains(#""project":"shop","calls":3"#), "\(spend.out)")
    #expect(try daemon.run("verify").status == 0)
  }

  @Test func `spans whose ids are all noughts have none, and swallow each other no more than those without`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let one = Self.span("0000000000000000", input: 10)
    let other = Self.span("0000000000000000", input: 20)
    #expect(try post(daemon, Self.export(one, one, other)) == Self.accepted)
    #expect(try daemon.ask("select count(*), sum(input) from call") == ["3 40"])
    #expect(daemon.stop() == 0)
  }

  @Test func `what is refused of an export is counted, and the rest is booked`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    #expect(try post(daemon, Self.export(Self.span("c1", input: 10))) == Self.accepted)
    let secret = #",{"key":"gen_ai.input.messages","value":{"stringValue":"my secret"}}"#
    let reply = try post(
      daemon,
      Self.export(
        Self.span("c1", input: 11, parent: "", secret), Self.span("c2", input: -4), Self.span("c3", input: -5),
        Self.span("c4", input: 1)))
    #expect(
      reply.body
        == #"{"partialSuccess":{"rejectedSpans":"3","errorMessage":"Kept as dead letters: "#
        + "1 id_conflict (The id was booked before with other content. Send each call under an id of its own.), "
        + #"2 negative_count (A count is negative. Send what was used, nought or more.)"}}"#)
    #expect(reply.status == "200")
    #expect(try daemon.ask("select count(*), sum(input) from call") == ["2 11"])
    #expect(try daemon.ask("select count(*) from dead_letter") == ["3"])
    #expect(daemon.stop() == 0)
  }

  @Test func `exports in protobuf are booked and answered in protobuf`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    // trace_id, span_id, then three attributes; in the second span the tokens are -1, ten bytes of 7 bits.
    func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
      let length = bytes.count < 128 ? [UInt8(bytes.count)] : [UInt8(bytes.count & 127) | 128, UInt8(bytes.count >> 7)]
      return [number << 3 | 2] + length + bytes
    }
    func attribute(_ key: String, _ value: [UInt8]) -> [UInt8] {
      field(9, field(1, Array(key.utf8)) + field(2, value))
    }
    func span(_ id: UInt8, _ tokens: [UInt8]) -> [UInt8] {
      field(
        2,
        field(1, [1]) + field(2, [id]) + attribute("gen_ai.system", field(1, Array("acme".utf8)))
          + attribute("gen_ai.request.model", field(1, Array("m".utf8)))
          + attribute("gen_ai.usage.input_tokens", [3 << 3] + tokens))
    }
    let minus = [UInt8](repeating: 0xff, count: 9) + [1]
    let body = field(1, field(2, span(1, [100]) + span(2, minus)))
    try Data(body).write(to: URL(filePath: daemon.folder + "/export"))
    try Data("no protobuf".utf8).write(to: URL(filePath: daemon.folder + "/other"))
    func post(_ file: String, _ more: String...) throws -> (head: String, body: [UInt8]) {
      _ = try daemon.startCurl(
        "/v1/traces",
        [
          "--header", "Content-Type: application/x-protobuf", "--header", "Tollbook-Team: search", "--data-binary",
          "@\(daemon.folder)/\(file)", "--output", daemon.folder + "/answer", "--dump-header", daemon.folder + "/head",
        ] + more
      ).reply()
      return (
        try String(contentsOfFile: daemon.folder + "/head", encoding: .utf8),
        Array(try Data(contentsOf: URL(filePath: daemon.folder + "/answer")))
      )
    }
    // partial_success { rejected_spans: 1, error_message }
    let words = Array(
      "Kept as dead letters: 1 negative_count (A count is negative. Send what was used, nought or more.)".utf8)
    let first = try post("export")
    #expect(first.head.hasPrefix("HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\n"))
    #expect(first.body == field(1, [1 << 3, 1] + field(2, words)))
    // Status { code: INVALID_ARGUMENT, message }
    let other = try post("other")
    #expect(other.head.hasPrefix("HTTP/1.1 400 Bad Request\r\nContent-Type: application/x-protobuf\r\n"))
    #expect(other.body.starts(with: [1 << 3, 3, 2 << 3 | 2]))
    #expect(String(decoding: other.body, as: UTF8.self).contains("bad_export: The body is no export in protobuf."))
    #expect(!other.head.contains("Retry-After"))
    #expect(try daemon.ask("select count(*), sum(cost_n) from call") == ["1 200000"])
    #expect(try daemon.ask("select distinct team from call_detail") == ["search"])
    #expect(daemon.stop() == 0)
  }

  @Test func `logs and metrics are taken and book nothing, but for Claude Code's calls`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    #expect(try post(daemon, #"{"resourceMetrics":[{}]}"#, to: "/v1/metrics") == Self.accepted)
    #expect(try post(daemon, "{}", to: "/v1/metrics") == Self.accepted)
    #expect(try post(daemon, "{}") == Self.accepted)
    func event(_ name: String) -> String {
      #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1790812800000000000","body":{"stringValue":"\#(name)"},"#
        + #""attributes":[{"key":"request_id","value":{"stringValue":"r"}},{"key":"model","value":{"stringValue":"m"}},"#
        + #"{"key":"input_tokens","value":{"intValue":"5"}}]}]}]}]}"#
    }
    #expect(try post(daemon, event("gen_ai.client.inference.operation.details"), to: "/v1/logs") == Self.accepted)
    #expect(try post(daemon, event("claude_code.api_request"), to: "/v1/logs") == Self.accepted)
    #expect(try post(daemon, event("claude_code.api_request"), to: "/v1/logs") == Self.accepted)
    #expect(try daemon.ask("select count(*), sum(input) from call") == ["1 5"])
    let metrics = try daemon.curl("/metrics").body
    for line in [
      #"tollbook_lines_ignored_total{reason="metric_points"} 2"#,
      #"tollbook_lines_ignored_total{reason="told_by_span"} 1"#,
      #"tollbook_lines_ignored_total{reason="no_model_call"} 1"#,
    ] { #expect(metrics.contains(line + "\n"), "\(line)") }
    #expect(daemon.stop() == 0)
  }

  @Test func `what cannot be taken is refused as OTLP lays it down`() throws {
    let daemon = try DaemonProcess()
    try daemon.configure("rate_limit = 1\n")
    try daemon.start()
    let body = Self.export(Self.span("d1", input: 1), Self.span("d2", input: 1))
    func told(_ reply: HTTPReply) -> String {
      let found = reply.body.firstMatch(of: #/^\{"code":(\d+),"message":"([a-z_]+):/#)
      return reply.status + " " + (found.map { "\($0.1) \($0.2)" } ?? reply.body)
    }
    #expect(told(try post(daemon, "{")) == "400 3 bad_export")
    #expect(told(try post(daemon, body, to: "/v1/traces?client=c&first_n=1")) == "400 3 bad_query")
    #expect(told(try post(daemon, body, "--header", "Content-Encoding: br")) == "415 3 wrong_encoding")
    #expect(told(try daemon.startPost(body, to: "/v1/traces").reply()) == "415 3 wrong_content_type")
    #expect(told(try post(daemon, body, "--header", "Origin: http://evil.example")) == "403 7 from_a_browser")
    #expect(told(try daemon.curl("/v1/logs")) == "405 12 wrong_method")
    let large = "{" + String(repeating: " ", count: 17 << 20) + "}"
    #expect(told(try post(daemon, large)) == "413 3 body_too_large")
    let many = #"{"resourceSpans":["# + String(repeating: "0,", count: 1 << 20) + "0]}"
    #expect(told(try post(daemon, many)) == "413 3 export_too_large")
    #expect(try post(daemon, body, to: "/api/public/otel/v1/traces") == Self.accepted)
    let late = try post(daemon, body, "--include")
    #expect(late.status == "429" && late.body.contains("Retry-After: "), "\(late.body)")
    #expect(try daemon.ask("select count(*) from call") == ["2"])
    #expect(daemon.stop() == 0)
  }

  @Test func `a daemon killed between export and answer books a repeated export once`() throws {
    let daemon = try DaemonProcess(flushMilliseconds: 5)
    try daemon.start()
    var dice = Seeded(KillTests.seed)
    var spans = 0
    var tokens = 0
    var killed = 0
    for _ in 0..<KillTests.cycles {
      let batch = (0...Int(dice.next() % 800)).map { _ in
        spans += 1
        let input = Int(dice.next() % 900) + 1
        tokens += input
        return Self.span(String(spans, radix: 16), input: input)
      }
      let body = Self.export(batch.joined(separator: ","))
      let posting = try daemon.startPost(body, to: "/v1/traces", type: "application/json")
      usleep(UInt32(dice.next() % 60_000))
      daemon.kill()
      if posting.reply().status != "200" { killed += 1 }
      try daemon.start()
      #expect(try post(daemon, body) == Self.accepted)
    }
    #expect(killed > 0)
    #expect(daemon.stop() == 0)
    #expect(
      try daemon.ask("select count(*), sum(input), sum(cost_n) from call") == ["\(spans) \(tokens) \(tokens * 2000)"])
    #expect(try daemon.run("verify").status == 0)
  }

  @Test func `real exports come to the books as they do line by line`() throws {
    guard SharedFiles.bytes("samples/otlp_genai_pkg_latest_traces.pb") != nil else { return }
    let daemon = try DaemonProcess()
    try daemon.start()
    for name in SharedFiles.names("samples").sorted() where name.hasSuffix("_traces.pb") {
      let file = daemon.folder + "/" + name
      try Data(try #require(SharedFiles.bytes("samples/" + name))).write(to: URL(filePath: file))
      for _ in 1...2 {
        let reply = try daemon.curl(
          "/v1/traces", "--header", "Content-Type: application/x-protobuf", "--data-binary", "@" + file)
        #expect(reply == HTTPReply(status: "200", body: ""), "\(name)")
      }
    }
    // Of each export the embedding of 811 tokens and the failed call; of the two later ones the answer too:
    // 1,279 + 8,192 cached, 381 and 1,152 of reasoning.
    #expect(
      try daemon.ask("select count(*), sum(input), sum(cache_read), sum(output) from call") == ["10 5802 16384 762"])
    #expect(daemon.stop() == 0)
  }
}
