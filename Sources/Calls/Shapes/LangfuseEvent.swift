/// Events of Langfuse's ingestion API, one a line or a batch of them.
///
/// Rule: that of ``LangfuseUsage``. Of a generation's events the one with usage is the call, under
/// the generation's id; an older `usage` in Langfuse's own words is disjoint too.
/// Source: langfuse.com/docs, "API reference", `POST /api/public/ingestion`.
enum LangfuseEvent: Shape {
  static func fits(_ line: ScannedLine) -> Bool {
    line[.batch].kind == .compound || (line.has(.type) && line.has(.timestamp))
  }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    let events = root["batch"].map { $0.children } ?? [root]
    let kinds = events.compactMap { $0["type"]?.word }
    guard kinds.count == events.count, kinds.allSatisfy({ known.contains($0) }) else { return .other }
    var isCall = false
    for event in events {
      guard let type = event["type"], type.isAny("generation-create", "generation-update"),
        let body = event["body"], hasUsage(body)
      else { continue }
      isCall = true
      add(root, event, body, to: &lines)
    }
    if isCall { return .calls }
    return .ignored(kinds.contains { $0.hasPrefix("generation") } ? .unfinished : .noModelCall)
  }

  private static let known: Set = [
    "trace-create", "span-create", "span-update", "generation-create", "generation-update", "event-create",
    "score-create", "sdk-log", "observation-create", "observation-update",
  ]

  private static func hasUsage(_ body: Outline.Value) -> Bool {
    !(body["usageDetails"]?.children.isEmpty ?? true) || !(body["usage"]?.children.isEmpty ?? true)
  }

  private static func add(
    _ root: Outline.Value, _ event: Outline.Value, _ body: Outline.Value, to lines: inout PlainLines
  ) {
    lines.begin(root)
    lines.add("id", first: body["id"], event["id"])
    lines.add("at", first: body["startTime"], event["timestamp"])
    if let start = SpanTime(body["startTime"]), let end = SpanTime(body["endTime"]),
      end.microseconds >= start.microseconds
    {
      lines.add("latency_ms", (end.microseconds - start.microseconds) / 1000)
    }
    lines.add("model", body["model"])
    lines.add("environment", body["environment"])
    lines.add("status", text: body["level"]?.isText("ERROR") ?? false ? "error" : "ok")
    lines.add("cost", body["costDetails"]?["total"])
    if let details = body["usageDetails"] ?? body["usage"] { LangfuseUsage.add(details, to: &lines) }
    lines.end()
  }
}
