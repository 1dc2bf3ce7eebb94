/// A row of Claude Code's session transcripts.
///
/// Rule: as Anthropic counts, cached tokens beside `input_tokens`. One call has several rows: the
/// first has a provisional output, the last the whole. The message's and the call's id together are
/// the key, and a later row adds what is larger.
/// Source: ccusage issue 888, and transcripts of 2026.
enum AgentTranscript: Shape {
  static func fits(_ line: ScannedLine) -> Bool {
    line.has(.type) && line.has(.timestamp) && !line.sawUsage
  }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    guard root["sessionId"] != nil || root["uuid"] != nil, let type = root["type"] else { return .other }
    guard type.isText("assistant"), let message = root["message"], message["usage"] != nil else {
      let isRow = type.isAny(
        "assistant", "user", "system", "summary", "progress", "file-history-snapshot", "queue-operation")
      return isRow ? .ignored(.noModelCall) : .other
    }
    // Words of the program itself stand under a model of no name.
    if message["model"]?.isText("<synthetic>") ?? false { return .ignored(.noModelCall) }
    lines.begin(root)
    lines.add("id", joined: [message["id"], root["requestId"]], by: ":")
    lines.add("id", first: message["id"], root["uuid"])
    lines.add("provider_request_id", root["requestId"])
    lines.add("at", root["timestamp"])
    lines.add("session", root["sessionId"])
    lines.add("provider", text: "anthropic")
    lines.add("dialect", text: "anthropic")
    lines.add("stream", yes: true)
    lines.add("body", whole: message)
    lines.end()
    return .calls
  }
}
