import CSystem

/// The lines of a ``Neighbour``, one after another.
struct NeighbourLines {
  private let kind: Neighbour.Kind
  private let past: Int64
  private var mill: LineMill
  private var made: Int64 = 0
  private let filling: String

  /// Lines of a resend that are skipped from one to the next: no two of a row are neighbours in the ledger.
  private static let stride: Int64 = 1_299_709
  private static let callsOfExport = 1_500

  init(_ kind: Neighbour.Kind, thread: Int, past: Int64) {
    self.kind = kind
    self.past = past
    mill = LineMill(isLive: !kind.needsPast, idPrefix: kind.needsPast ? 0 : Int64(thread) + 1)
    filling = kind == .long ? String(repeating: "a word and ", count: 90_000) : ""
  }

  /// Appends the next line to `buffer`; the bytes written.
  mutating func put(into buffer: UnsafeMutablePointer<UInt8>) -> Int {
    made += 1
    switch kind {
    case .flood, .floods, .posts: return mill.put(into: buffer)
    case .resent: return mill.put(into: buffer, number: (made - 1) % past + 1)
    case .shuffled: return mill.put(into: buffer, number: made * Self.stride % past + 1)
    case .subjects:
      return put(
        call(id: "subject-\(made)", team: "team-\(made)", model: "model-\(made)", output: 20, ""), buffer)
    case .nonsense: return put("no line of a log, number \(made)\n", buffer)
    case .long:
      return put(call(id: "long-\(made)", team: "team-1", model: "gpt-4.1", output: 20, filling), buffer)
    case .growing:
      return put(
        call(id: "growing-\(made / 900)", team: "team-1", model: "gpt-4.1", output: Int(made % 900), ""), buffer)
    case .scattered:
      let second = 1_500_000_000 + made * Self.stride % 300_000_000
      return put(
        call(id: "scattered-\(made)", at: "\(second)", team: "team-1", model: "gpt-4.1", output: 20, ""), buffer)
    case .conflicts:
      return put(call(id: "one", team: "team-\(made % 50)", model: "gpt-4.1", output: 20, ""), buffer)
    case .exports: return put(export(), buffer)
    }
  }

  private func put(_ line: String, _ buffer: UnsafeMutablePointer<UInt8>) -> Int {
    var line = line
    return line.withUTF8 { bytes in
      guard let start = bytes.baseAddress else { return 0 }
      buffer.update(from: start, count: bytes.count)
      return bytes.count
    }
  }

  private func call(
    id: String, at: String? = nil, team: String, model: String, output: Int, _ prompt: String
  ) -> String {
    #"{"id":"\#(id)","at":"\#(at ?? instant)","team":"\#(team)","route":"direct","provider":"openai","#
      + #""model":"\#(model)","status":200,"stream":true,"prompt":"\#(prompt)","#
      + #""usage":{"prompt_tokens":100,"completion_tokens":\#(output)}}"# + "\n"
  }

  private var instant: String {
    let now = tb_wall_us()
    let fraction = "\(now % 1_000_000)"
    return "\(now / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count) + fraction
  }

  /// One line as a collector writes it to a file: spans of calls.
  private func export() -> String {
    let end = "\(tb_wall_us())000"
    let spans = (0..<Self.callsOfExport).map { place in
      let span = Self.hexadecimal(UInt64(made) << 16 | UInt64(place))
      return #"{"traceId":"\#(span)\#(span)","spanId":"\#(span)","name":"chat","startTimeUnixNano":"\#(end)","#
        + #""endTimeUnixNano":"\#(end)","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},"#
        + #"{"key":"gen_ai.provider.name","value":{"stringValue":"openai"}},"#
        + #"{"key":"gen_ai.request.model","value":{"stringValue":"gpt-4.1"}},"#
        + #"{"key":"gen_ai.usage.input_tokens","value":{"intValue":"100"}},"#
        + #"{"key":"gen_ai.usage.output_tokens","value":{"intValue":"20"}}]}"#
    }
    return #"{"resourceSpans":[{"scopeSpans":[{"spans":["# + spans.joined(separator: ",") + "]}]}]}\n"
  }

  private static func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
