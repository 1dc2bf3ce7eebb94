import Calls
import Testing
import Units

/// The fields of the line contract, one by one.
@Suite struct EnvelopeTests {
  @Test(arguments: [
    (#"{"status":200}"#, "ok "), (#"{"status":"200"}"#, "ok "), (#"{"status":429}"#, "error "),
    (#"{"status":499}"#, "canceled "), (#"{"status":"ok"}"#, "ok "), (#"{"status":"failed"}"#, "error "),
    (#"{"status":"canceled"}"#, "canceled "),
    (#"{"status":200,"at":"2026-10-01T12:00:00.25+02:00"}"#, "ok 2026-10-01T10:00:00.25Z "),
    (#"{"status":200,"at":1790848800}"#, "ok 2026-10-01T10:00:00Z "),
    (#"{"status":200,"at":1790848800.567798}"#, "ok 2026-10-01T10:00:00.567798Z "),
    (#"{"status":200,"at":1790848800250}"#, "ok 2026-10-01T10:00:00.25Z "),
    (#"{"status":200,"at":"1790848800"}"#, "ok 2026-10-01T10:00:00Z "),
    (#"{"status":200,"route":"huggingface","provider":"together","model":"m"}"#, "ok huggingface/together/m"),
    (#"{"status":200,"model":"asked","served_model":"served"}"#, "ok served"),
    // The header names the provider, and with it the route.
    (
      #"{"status":200,"model":"m","headers":{"X-Inference-Provider":"novita","Authorization":"Bearer sk-1"}}"#,
      "ok huggingface/novita/m"
    ),
    (
      #"{"status":200,"provider":"groq","model":"m","headers":{"x-inference-provider":"novita"}}"#,
      "ok huggingface/novita/m !provider_differs"
    ),
    (#"{"status":200,"team":"se\u0061rch \ud83d\ude00"}"#, "ok  team=search 😀"),
    (#"{"status":200,"tags":{"b":"2","a":"1\""}}"#, #"ok  tags={"a":"1\"","b":"2"}"#),
    (#"{"status":200,"service_tier":"flex"}"#, "ok  tier=flex"),
    (#"{"status":200,"tier":"priority","service_tier":"flex"}"#, "ok  tier=priority"),
    (#"{"status":200,"service_tier":"auto"}"#, "ok "),
    (#"{"status":200,"batch":true,"tier":"default"}"#, "ok  tier=batch"),
    (
      #"{"units":{"input":1200,"cache_write_1h":"5","video_seconds":"5.0625"}}"#,
      "ok  input=1200 cache_write_1h=5 video_seconds=5062500"
    ),
    (
      #"{"units":{"megapixels":0.786432,"compute_seconds":1.2345678}}"#, "ok  megapixels=786432 compute_seconds=1234568"
    ),
    (
      #"{"operation":"image","params":{"n":2,"size":"1024x1536","quality":"high"}}"#,
      "ok  variant=quality=high;size=1024x1536 images=2 megapixels=3145728 !from_parameters"
    ),
    (
      #"{"operation":"video","params":{"seconds":"5","resolution":"720p"}}"#,
      "ok  variant=resolution=720p video_seconds=5000000 !from_parameters"
    ),
    (#"{"stream":true,"usage":{"prompt_tokens":"10","completion_tokens":1e1}}"#, "ok  input=10 output=10 !stream"),
    (#"{"status":200,"usage":{"prompt_tokens":-0}}"#, "ok  input=0"),
    ("\u{feff}" + #"{"status":200}"#, "ok "),
    (#"{"body":{"id":"x","model":"m","usage":{"prompt_tokens":3}},"status":200}"#, "ok m input=3"),
    (#"{"hello":{"v":1,"client":"checkout-7","epoch":3,"ack":true}}"#, "hello checkout-7 3"),
    (#"{"hello":{"v":1,"client":"a","epoch":1795240347179748}}"#, "hello a 1795240347179748"),
  ])
  func `a field means what the contract says`(line: String, reading: String) {
    #expect(Reading.of(line) == reading)
  }

  @Test func `defaults fill what a line leaves out, and only that`() {
    let defaults = ["team": "search", "route": "huggingface", "usage": "x"]
    #expect(Reading.of(#"{"status":200,"model":"m"}"#, defaults: defaults) == "ok huggingface/m team=search")
    #expect(
      Reading.of(#"{"status":200,"team":"support","route":"direct"}"#, defaults: defaults)
        == "ok direct team=support")
  }

  @Test func `one subject has one number, whatever its line looks like`() {
    let reader = Reading.Reader()
    _ = reader.read(Array(#"{"team":"a","model":"m","status":200}"#.utf8), defaults: [:])
    _ = reader.read(Array(#"{"status":500, "model":"m", "team":"\u0061"}"#.utf8), defaults: [:])
    #expect(reader.decoder.subjects.subjects.count == 1)
    _ = reader.read(Array(#"{"team":"am","model":"","status":200}"#.utf8), defaults: [:])
    #expect(reader.decoder.subjects.subjects.count == 2)
  }

  @Test func `two thousand subjects each keep their number`() {
    let reader = Reading.Reader()
    for round in 0..<2 {
      for team in 0..<2_000 {
        guard case .call(let call) = reader.decode(Array(#"{"status":200,"team":"t\#(team)"}"#.utf8)) else {
          Issue.record("round \(round): team \(team) is no call")
          return
        }
        #expect(call.subject == Int32(team))
      }
    }
    #expect(reader.read(Array(#"{"status":200,"team":"t77"}"#.utf8), defaults: [:]) == "ok  team=t77")
  }

  @Test func `no prompt, answer, key or header of ours to keep reaches a value`() {
    let canary = "CANARY-5d1c"
    let line = """
      {"id":"1","model":"m","messages":[{"content":"\(canary)"}],"choices":[{"message":{"content":"\(canary)"}}],\
      "input":"\(canary)","api_key":"\(canary)","headers":{"authorization":"Bearer \(canary)","cookie":"\(canary)"},\
      "usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2,"note":"\(canary)"},"error":{"message":"\(canary)"}}
      """
    let reader = Reading.Reader()
    guard case .call(let call) = reader.decode(Array(line.utf8)) else {
      Issue.record("no call")
      return
    }
    #expect(!"\(call) \(reader.decoder.subjects.subjects) \(reader.details(call))".contains(canary))
    #expect(reader.describe(call) == "ok m input=1 output=1")
  }
}
