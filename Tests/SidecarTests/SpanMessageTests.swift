import Calls
import TestSupport
import Testing

/// Exports of spans in protobuf come to what their JSON comes to.
@Suite struct SpanMessageTests {
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
    let line = try #require(bytes.withUnsafeBufferPointer(SpanMessage.line))
    #expect(try SampleLines.Reader().read(line).joined(separator: " | ") == fates)
    #expect(!String(decoding: line, as: UTF8.self).contains("messages"))
  }

  @Test func `a span of our own making, and every message that is cut short`() throws {
    // resource_spans { scope_spans { spans { span_id: 0x01ff, attributes { key, int or text } } } }
    func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] { [number << 3 | 2, UInt8(bytes.count)] + bytes }
    func attribute(_ key: String, _ value: [UInt8]) -> [UInt8] {
      field(9, field(1, Array(key.utf8)) + field(2, value))
    }
    let span =
      field(2, [1, 0xff]) + attribute("gen_ai.operation.name", field(1, Array("chat".utf8)))
      + attribute("gen_ai.usage.input_tokens", [3 << 3, 0xac, 0x02])
      + attribute("gen_ai.prompt", field(1, Array("secret".utf8)))
    let message = field(1, field(2, field(2, span)))
    let line = try #require(message.withUnsafeBufferPointer(SpanMessage.line))
    #expect(
      String(decoding: line, as: UTF8.self)
        == #"{"resourceSpans":[{"resource":{"attributes":[]},"scopeSpans":[{"spans":[{"spanId":"01ff","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},{"key":"gen_ai.usage.input_tokens","value":{"intValue":"300"}}]}]}]}]}"#
    )
    for length in 1..<message.count {
      #expect(message.prefix(length).withUnsafeBufferPointer { SpanMessage.line($0) } == nil, "after \(length) bytes")
    }
  }
}
