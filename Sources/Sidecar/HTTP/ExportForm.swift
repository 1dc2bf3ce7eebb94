import Calls
import Units

/// How OpenTelemetry's exporters post, and how they are answered: OTLP over HTTP.
///
/// An answer is in the encoding of what was posted. Exporters try again after 429 and 503 alone, and never what was
/// refused in part. Source: opentelemetry.io/docs/specs/otlp, "OTLP/HTTP" (1.7).
struct ExportForm {
  let signal: ExportedCalls.Signal
  let encoding: ExportedCalls.Encoding

  /// What is posted to the path; nil for a path of another kind.
  ///
  /// Langfuse's SDKs put their own words before it.
  static func signal(of path: String) -> ExportedCalls.Signal? {
    switch path.hasPrefix(langfuse) ? path.dropFirst(langfuse.count) : path[...] {
    case "/v1/traces": .traces
    case "/v1/logs": .logs
    case "/v1/metrics": .metrics
    default: nil
    }
  }

  private static let langfuse = "/api/public/otel"

  /// The encoding that the head names; JSON where it names neither, which is refused in JSON.
  init(_ signal: ExportedCalls.Signal, _ head: HTTPHead) {
    self.signal = signal
    encoding = UsagePost.type(head) == Self.protobuf ? .protobuf : .json
  }

  static let protobuf = "application/x-protobuf"

  /// A floating point number by its bits, as the shortest text that reads as the same.
  static func decimal(_ bits: UInt64) -> String { "\(Double(bitPattern: bits))" }

  // MARK: - Answers

  /// All of it is settled; what was refused of it is counted, and its reasons are named.
  func answer(_ post: LinePost) -> HTTPAnswer {
    if let refusal = post.refusal { return answer(refusal) }
    guard post.refusedCount > 0 else { return accepted }
    let reasons = post.reasons.sorted { $0.key.rawValue < $1.key.rawValue }
      .map { "\($0.value) \($0.key.rawValue) (\($0.key.explanation))" }
    let words = "Kept as dead letters: " + reasons.joined(separator: ", ")
    switch encoding {
    case .protobuf:
      return encoded(200, Self.field(1, Self.field(1, post.refusedCount) + Self.field(2, Array(words.utf8))))
    case .json:
      let part = [(rejected, JSONText.quoted("\(post.refusedCount)")), ("errorMessage", JSONText.quoted(words))]
      return HTTPAnswer(200, JSONText.object([("partialSuccess", JSONText.object(part))]))
    }
  }

  /// All of it is settled, and nothing refused.
  var accepted: HTTPAnswer {
    switch encoding {
    case .protobuf: encoded(200, [])
    case .json: HTTPAnswer(200, "{}")
    }
  }

  /// A refusal as a `google.rpc.Status`.
  ///
  /// What came too slowly may come again: 408 would be final for an exporter.
  func answer(_ refusal: HTTPRefusal) -> HTTPAnswer {
    let isSlow = refusal.status == 408
    var answer: HTTPAnswer
    let status = isSlow ? 503 : refusal.status
    let words = "\(refusal.code): \(refusal.description)"
    switch encoding {
    case .protobuf:
      answer = encoded(status, Self.field(1, Self.code(of: status)) + Self.field(2, Array(words.utf8)))
    case .json:
      answer = HTTPAnswer(
        status, JSONText.object([("code", "\(Self.code(of: status))"), ("message", JSONText.quoted(words))]))
    }
    if let seconds = refusal.retryAfterSeconds ?? (isSlow ? 1 : nil) {
      answer.headers.append(("Retry-After", "\(seconds)"))
    }
    if let allow = refusal.allow { answer.headers.append(("Allow", allow)) }
    return answer
  }

  private var rejected: String {
    switch signal {
    case .traces: "rejectedSpans"
    case .logs: "rejectedLogRecords"
    case .metrics: "rejectedDataPoints"
    }
  }

  private func encoded(_ status: Int, _ body: [UInt8]) -> HTTPAnswer {
    HTTPAnswer(status, body: body, type: Self.protobuf)
  }

  /// The code of google.rpc that stands for the status.
  private static func code(of status: Int) -> Int {
    switch status {
    case 403, 421: 7
    case 404: 5
    case 405: 12
    case 429: 8
    case 503: 14
    default: 3
    }
  }

  /// A field of protobuf with a whole number, nought or more.
  private static func field(_ number: UInt8, _ value: Int) -> [UInt8] { [number << 3] + varint(value) }

  private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    [number << 3 | 2] + varint(bytes.count) + bytes
  }

  private static func varint(_ value: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = UInt64(value)
    while rest > 127 {
      bytes.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}
