import Calls
import TestSupport
import Testing

/// Exports in protobuf come to what their JSON comes to.
@Suite struct ExportedCallsTests {
  @Test(arguments: [
    // The sums stand in `SampleTable`, beside the same exports as JSON.
    (
      "otlp_default_traces.pb",
      "exact 0.000016220 input=811 | exact 0.000000000 error"
    ),
    (
      "otlp_default_content_traces.pb",
      "exact 0.000016220 input=811 | exact 0.000000000 error"
    ),
    (
      "otlp_genai_pkg_latest_traces.pb",
      "exact 0.008976375 input=1279 cache_read=8192 output=381 reasoning=1152 | exact 0.000016220 input=811"
        + " | exact 0.000000000 error"
    ),
    (
      "otlp_genai_pkg_latest_content_traces.pb",
      "exact 0.008976375 input=1279 cache_read=8192 output=381 reasoning=1152 | exact 0.000016220 input=811"
        + " | exact 0.000000000 error"
    ),
  ])
  func `an export in protobuf comes to its calls`(file: String, fates: String) throws {
    guard let bytes = SharedFiles.bytes("samples/" + file) else { return }
    let calls = try Self.calls(bytes)
    let reader = try SampleLines.Reader()
    #expect(calls.ranges.flatMap { reader.read(Array(calls.bytes[$0])) }.joined(separator: " | ") == fates)
    #expect(!String(decoding: calls.bytes, as: UTF8.self).contains("messages"))
  }

  @Test(arguments: ["otlp_default", "otlp_default_content", "otlp_genai_pkg_latest", "otlp_genai_pkg_latest_content"])
  func `an export in protobuf is what the same one in JSON is`(sample: String) throws {
    guard let bytes = SharedFiles.bytes("samples/\(sample)_traces.pb"), let lines = SampleLines.of(sample + ".jsonl")
    else { return }
    let inProtobuf = try Self.calls(bytes)
    let inJSON = try lines.map { try Self.calls($0, .json) }
    // JSON writes 64-bit numbers as texts.
    func plain(_ calls: ExportedCalls) -> [String] {
      calls.ranges.map { String(decoding: calls.bytes[$0].filter { $0 != UInt8(ascii: "\"") }, as: UTF8.self) }
    }
    #expect(inJSON.map(plain).contains(plain(inProtobuf)))
  }

  @Test func `log records and metrics of the samples tell of no call that has no span`() throws {
    for name in SharedFiles.names("samples").sorted() where name.hasSuffix("_logs.pb") {
      let calls = try Self.calls(try #require(SharedFiles.bytes("samples/" + name)), .protobuf, .logs)
      #expect(calls.ranges.isEmpty && calls.ignored == .toldBySpan, "\(name)")
    }
    let metrics = try Self.calls([1, 2, 3], .protobuf, .metrics)
    #expect(metrics.ranges.isEmpty && metrics.ignored == .metricPoints)
  }

  @Test func `a span of our own making, and every message that is cut short`() throws {
    // resource_spans { scope_spans { spans { span_id: 0x01ff, start: 1795218617645031609, attributes { key, value } } } }
    let span =
      Self.field(1, [0xab]) + Self.field(2, [1, 0xff]) + [7 << 3 | 1] + Self.fixed(1_795_218_617_645_031_609)
      + Self.attribute("gen_ai.operation.name", Self.field(1, Array("chat".utf8)))
      + Self.attribute("gen_ai.request.model", Self.field(1, Array("a \"b\"\n".utf8)))
      + Self.attribute("gen_ai.usage.input_tokens", [3 << 3, 0xac, 0x02])
      + Self.attribute("gen_ai.prompt", Self.field(1, Array("secret".utf8)))
    let message = Self.field(1, Self.field(2, Self.field(2, span)))
    let calls = try Self.calls(message)
    #expect(
      calls.ranges.map { String(decoding: calls.bytes[$0], as: UTF8.self) } == [
        #"{"id":"ab:01ff","model":"a \"b\"\n","operation":"chat","at":1795218617645031,"status":"ok","dialect":"openai","#
          + #""usage":{"prompt_tokens":300,"prompt_tokens_details":{},"completion_tokens_details":{}}}"#
      ])
    for length in 1..<message.count {
      #expect(throws: ExportedCalls.Fault.malformed, "after \(length) bytes") {
        try Self.calls(Array(message.prefix(length)))
      }
    }
  }

  @Test func `Claude Code's event in protobuf is a call, its cost as it was stated`() throws {
    // log_records { time, body { "claude_code.api_request" }, attributes { … cost_usd: 0.0123 } }
    let record =
      [1 << 3 | 1] + Self.fixed(1_795_218_617_645_031_609)
      + Self.field(5, Self.field(1, Array("claude_code.api_request".utf8)))
      + Self.attribute("model", Self.field(1, Array("claude-sonnet-5".utf8)), 6)
      + Self.attribute("input_tokens", [3 << 3, 7], 6) + Self.attribute("request_id", Self.field(1, [0x72, 0x31]), 6)
      + Self.attribute("cost_usd", [4 << 3 | 1] + Self.fixed((0.0123).bitPattern), 6)
    let calls = try Self.calls(Self.field(1, Self.field(2, Self.field(2, record))), .protobuf, .logs)
    #expect(
      calls.ranges.map { String(decoding: calls.bytes[$0], as: UTF8.self) } == [
        #"{"id":"r1","at":1795218617645031,"provider":"anthropic","model":"claude-sonnet-5","status":"ok","cost":0.0123,"#
          + #""dialect":"anthropic","usage":{"input_tokens":7}}"#
      ])
  }

  @Test func `what a resource says of many spans is repeated up to a limit`() throws {
    let resource = Self.field(1, Self.attribute("service.name", Self.field(1, Array("checkout".utf8)), 1))
    let span = Self.field(2, Self.attribute("gen_ai.request.model", Self.field(1, [0x6d])))
    let message = Self.field(1, resource + Self.field(2, span + span + span))
    let whole = try Self.calls(message)
    #expect(whole.ranges.count == 3)
    #expect(try Self.calls(message, lineBytesMax: whole.bytes.count).ranges.count == 3)
    #expect(throws: ExportedCalls.Fault.tooLarge) { try Self.calls(message, lineBytesMax: whole.bytes.count - 1) }
  }

  @Test(arguments: ["", "[]", "{", "null", #"{"resourceSpans":[{}]} {}"#, "{\"a\":\"\u{1}\"}"])
  func `what is no object of JSON is malformed`(text: String) {
    #expect(throws: ExportedCalls.Fault.malformed) { try Self.calls(Array(text.utf8), .json) }
  }

  // MARK: - Exports

  private static func calls(
    _ bytes: [UInt8], _ encoding: ExportedCalls.Encoding = .protobuf, _ signal: ExportedCalls.Signal = .traces,
    lineBytesMax: Int = Limits.unfoldedBytes
  ) throws -> ExportedCalls {
    try (bytes + [UInt8](repeating: 0, count: 16)).withUnsafeBufferPointer {
      try ExportedCalls(
        UnsafeBufferPointer(rebasing: $0[..<bytes.count]), encoding, signal, lineBytesMax: lineBytesMax,
        decimal: { "\(Double(bitPattern: $0))" })
    }
  }

  private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    let length = bytes.count < 128 ? [UInt8(bytes.count)] : [UInt8(bytes.count & 127) | 128, UInt8(bytes.count >> 7)]
    return [number << 3 | 2] + length + bytes
  }

  private static func attribute(_ key: String, _ value: [UInt8], _ number: UInt8 = 9) -> [UInt8] {
    field(number, field(1, Array(key.utf8)) + field(2, value))
  }

  private static func fixed(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
}
