import Calls
import Testing

/// Lines that are no calls, each refused by name.
@Suite struct RefusalTests {
  static let deep = String(repeating: "[", count: 80)

  @Test(arguments: [
    ("", "blank"), ("  \t\r", "blank"),
    ("nonsense", "refused bad_json"), ("[1,2]", "refused not_an_object"),
    ("\"text\"", "refused not_an_object"), ("{\"a\":1}}", "refused bad_json"),
    ("{\"a\":1", "refused torn"), ("{\"a\":\"b", "refused torn"), ("{\"a\"", "refused torn"),
    ("{", "refused torn"), ("{\"a\":tru", "refused torn"),
    ("{\"a\":nul1}", "refused bad_json"), ("{\"a\":01}", "refused bad_json"),
    ("{\"a\":1.}", "refused bad_json"), ("{\"a\":+1}", "refused bad_json"),
    ("{\"a\":NaN}", "refused bad_json"), ("{\"a\":\"\\x\"}", "refused bad_json"),
    ("{\"a\":\"\u{1}\"}", "refused bad_json"), ("{'a':1}", "refused bad_json"),
    ("{\"a\":1,}", "refused bad_json"), ("{\"a\":[1,]}", "refused bad_json"),
    ("{\"a\":" + deep, "refused too_deep"),
    (#"{"a":1}"#, "refused no_usage"), (#"{"id":null,"model":null,"usage":null}"#, "refused no_usage"),
    (#"{"id":"","status":200}"#, "refused empty_id"),
    (#"{"id":"a","id":"b","status":200}"#, "refused duplicate_key"),
    (#"{"usage":{"prompt_tokens":1,"prompt_tokens":2}}"#, "refused duplicate_key"),
    (#"{"usage":{"prompt_tokens":1},"usage":{"prompt_tokens":1}}"#, "refused duplicate_key"),
    (#"{"status":200,"tags":{"a":"1","a":"2"}}"#, "refused duplicate_key"),
    (#"{"usage":{"prompt_tokens":-5}}"#, "refused negative_count"),
    (#"{"usage":{"prompt_tokens":5.5}}"#, "refused fractional_count"),
    (#"{"usage":{"prompt_tokens":1e-3}}"#, "refused fractional_count"),
    (#"{"usage":{"prompt_tokens":9223372036854775808}}"#, "refused count_too_large"),
    (#"{"usage":{"prompt_tokens":1e400}}"#, "refused count_too_large"),
    (#"{"usage":{"prompt_tokens":true}}"#, "refused wrong_type"),
    (#"{"usage":[1]}"#, "refused wrong_type"), (#"{"usage":"many"}"#, "refused wrong_type"),
    (#"{"status":200,"team":7}"#, "refused wrong_type"),
    (#"{"status":200,"tags":{"a":1}}"#, "refused wrong_type"),
    (#"{"status":200,"team":"a\u0000b"}"#, "refused bad_text"),
    (#"{"status":200,"team":"\ud800"}"#, "refused bad_text"),
    (#"{"status":200,"at":"yesterday"}"#, "refused bad_time"),
    (#"{"status":200,"at":-5}"#, "refused bad_time"),
    (#"{"status":200,"at":1e300}"#, "refused bad_time"),
    (#"{"status":200,"cost":-1}"#, "refused bad_number"),
    (#"{"status":200,"dialect":"klingon"}"#, "refused wrong_type"),
    (#"{"object":"chat.completion.chunk","usage":null}"#, "ignored stream_part"),
    (#"{"type":"message_delta","usage":{"output_tokens":3}}"#, "ignored stream_part"),
    (#"{"hello":{"v":2,"client":"a"}}"#, "refused bad_hello"),
    (#"{"hello":{"v":1}}"#, "refused bad_hello"), (#"{"hello":"x"}"#, "refused bad_hello"),
    (#"{"hello":{"v":1,"client":"a","defaults":[]}}"#, "refused bad_hello"),
    (#"{"hello":{"v":1,"client":"a","epoch":-1}}"#, "refused bad_hello"),
    (#"{"hello":{"v":1,"client":"a","ack":"no"}}"#, "refused bad_hello"),
    (#"{"id":"a","\u0069d":"b","status":200}"#, "refused duplicate_key"),
    (#"{"usage":{"prompt_tokens":10000000001}}"#, "refused count_too_large"),
    (#"{"status":200,"latency_ms":99999999999}"#, "refused count_too_large"),
    (#"{"operation":"image","params":{"n":10000000001}}"#, "refused count_too_large"),
    (#"{"operation":"image","params":{"n":9999999999,"size":"99999x99999"}}"#, "refused count_too_large"),
    (#"{"operation":"image","params":{"n":1001,"size":"100000x100000"}}"#, "refused count_too_large"),
  ])
  func `a line that is no call is refused by name`(line: String, outcome: String) {
    #expect(Reading.of(line) == outcome)
  }

  @Test func `texts have their limits`() {
    let long = String(repeating: "x", count: 129)
    #expect(Reading.of(#"{"status":200,"team":"\#(long)"}"#) == "refused text_too_long")
    #expect(Reading.of(#"{"status":200,"team":"\#(long.dropLast())"}"#).hasPrefix("ok"))
    let id = String(repeating: "i", count: 201)
    #expect(Reading.of(#"{"status":200,"id":"\#(id)"}"#) == "refused text_too_long")
    let tags = (0..<17).map { #""t\#($0)":"v""# }.joined(separator: ",")
    #expect(Reading.of(#"{"status":200,"tags":{\#(tags)}}"#) == "refused too_many_tags")
  }

  @Test func `bytes that are not UTF-8 are refused, in values we skip too`() {
    #expect(Reading.of(bytes: Array(#"{"status":200,"x":"a"#.utf8) + [0xff] + Array("\"}".utf8)) == "refused not_utf8")
    #expect(Reading.of(bytes: Array(#"{"status":200,"x":"a"#.utf8) + [0] + Array("\"}".utf8)) == "refused bad_json")
    #expect(Reading.of(#"{"status":200,"x":"日本 é","team":"équipe"}"#) == "ok  team=équipe")
  }

  @Test func `a line is cut nowhere: every prefix of an object is torn`() {
    let line =
      #"{"id":"a-1","at":"2026-10-01T00:00:00Z","tags":{"k":"v\/"},"usage":{"prompt_tokens":1.0e1},"x":[1,{"y":null}]}"#
    for length in 1..<line.utf8.count {
      let outcome = Reading.of(bytes: Array(line.utf8.prefix(length)))
      #expect(outcome == "refused torn", "after \(length) bytes: \(outcome)")
    }
    #expect(Reading.of(line).hasPrefix("ok"))
  }
}
