/// An event of a stream that holds a whole response: OpenAI's `response.completed` and its kin.
///
/// Rule: as the Responses API counts, cached and reasoning tokens inside their wholes. Every other
/// event of such a stream is a part of it.
/// Source: openai-python 3.52 (`ResponseStreamEvent`).
enum StreamEvent: Shape {
  static func fits(_ line: ScannedLine) -> Bool {
    line[.response].kind == .compound && line.has(.type)
  }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    guard let type = root["type"]?.word, type.hasPrefix("response."), let response = root["response"] else {
      return .other
    }
    guard ["response.completed", "response.incomplete", "response.failed"].contains(type),
      response["usage"] != nil || type == "response.failed"
    else { return .ignored(.streamPart) }
    lines.begin(root)
    lines.add("id", response["id"])
    lines.add("status", text: type == "response.failed" ? "error" : "ok")
    lines.add("body", whole: response)
    lines.end()
    return .calls
  }
}
