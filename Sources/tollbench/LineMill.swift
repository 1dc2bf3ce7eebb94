import CSystem

/// Makes log lines of about 600 bytes, as many as one likes, cheaply enough not to be the bottleneck.
///
/// The lines are those of 2,000 subjects, common ones more often, about 100,000 a second by their
/// own clock, or each of the instant it is made. Only the number, the id and the instant change from round to round.
struct LineMill {
  private struct Template {
    let bytes: [UInt8]
    let idPlace: Int
    let atPlace: Int
  }

  /// The same for all mills: what each makes of its own would cost the machine half a second a mill.
  private static let templates = makeTemplates()
  private(set) var made: Int64 = 0
  private let isLive: Bool
  private let idPrefix: Int64

  private static let idDigits = 12
  private static let firstMicrosecond: Int64 = 1_793_000_000_000_000
  private static let microsecondsPerLine: Int64 = 10

  /// Route, provider and model of products that have cards.
  private static let products = [
    ("huggingface", "together", "meta-llama/Llama-3.3-70B-Instruct"),
    ("huggingface", "groq", "openai/gpt-oss-120b"),
    ("direct", "openai", "gpt-5-mini"),
    ("huggingface", "novita", "deepseek-ai/DeepSeek-V3"),
    ("direct", "groq", "openai/gpt-oss-120b"),
    ("direct", "openai", "gpt-4.1"),
  ]

  /// Where it is `isLive`, lines bear the instant they are made; else that of the mill's own clock.
  ///
  /// Mills of different prefixes, 0 to 999, make different ids.
  init(isLive: Bool = false, idPrefix: Int64 = 0) {
    self.isLive = isLive
    self.idPrefix = idPrefix
  }

  private static func makeTemplates() -> [Template] {
    var state: UInt64 = 42
    func random(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    return (0..<20_000).map { _ in
      // The smaller of three draws: a few subjects make most calls.
      let subject = min(random(2000), random(2000), random(2000))
      let (route, provider, model) = products[subject % products.count]
      let prompt = 200 + random(3000)
      let cached = random(3) == 0 ? prompt / 2 : 0
      let output = 20 + random(800)
      let status = random(20) == 0 ? 500 : 200
      let usage =
        status == 500
        ? "null"
        : #"{"prompt_tokens":\#(prompt),"completion_tokens":\#(output),"#
          + #""total_tokens":\#(prompt + output),"#
          + #""prompt_tokens_details":{"cached_tokens":\#(cached),"audio_tokens":0},"#
          + #""completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"#
          + #""accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}"#
      let head = #""id":"req-"#
      let middle = #"","at":"#
      let tail =
        #","team":"team-\#(subject % 50)","project":"project-\#(subject / 50 % 8)","#
        + #""key":"key-\#(subject % 5)","user":"user-\#(subject % 3)","environment":"production","#
        + #""route":"\#(route)","provider":"\#(provider)","model":"\#(model)","operation":"chat","#
        + #""status":\#(status),"latency_ms":\#(150 + random(4000)),"stream":false,"attempt":1,"#
        + #""tags":{"feature":"answers-\#(subject / 400)"},"usage":\#(usage)}"#
      let id = String(repeating: "0", count: Self.idDigits)
      let at = "1793000000.000000"
      return Template(
        bytes: Array((head + id + middle + at + tail + "\n").utf8), idPlace: head.utf8.count,
        atPlace: head.utf8.count + id.utf8.count + middle.utf8.count)
    }
  }

  /// Appends the next line, under its number, to `buffer`; the bytes written.
  mutating func put(into buffer: UnsafeMutablePointer<UInt8>) -> Int {
    made += 1
    return put(into: buffer, number: made)
  }

  /// Appends the line of that number.
  func put(into buffer: UnsafeMutablePointer<UInt8>, number made: Int64) -> Int {
    let template = Self.templates[Int((made - 1) % Int64(Self.templates.count))]
    var end = buffer
    func put(_ text: StaticString) {
      end.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
      end += text.utf8CodeUnitCount
    }
    put("{\"n\":")
    end += Self.digits(made, into: end)
    put(",")
    template.bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return }
      end.update(from: start, count: bytes.count)
    }
    Self.padded(idPrefix * 1_000_000_000 + made, digits: Self.idDigits, at: end + template.idPlace)
    let instant = isLive ? tb_wall_us() : Self.firstMicrosecond + made * Self.microsecondsPerLine
    Self.padded(instant / 1_000_000, digits: 10, at: end + template.atPlace)
    Self.padded(instant % 1_000_000, digits: 6, at: end + template.atPlace + 11)
    end += template.bytes.count
    return end - buffer
  }

  private static func digits(_ value: Int64, into place: UnsafeMutablePointer<UInt8>) -> Int {
    var count = 1
    var power: Int64 = 10
    while value >= power {
      count += 1
      power *= 10
    }
    padded(value, digits: count, at: place)
    return count
  }

  private static func padded(_ value: Int64, digits: Int, at place: UnsafeMutablePointer<UInt8>) {
    var rest = value
    for digit in stride(from: digits - 1, through: 0, by: -1) {
      place[digit] = UInt8(truncatingIfNeeded: rest % 10) + 48
      rest /= 10
    }
  }
}
