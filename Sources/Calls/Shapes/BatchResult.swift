/// A line of a batch's output file: OpenAI's, Anthropic's and Gemini's.
///
/// Rule: the answer is counted as the provider counts it outside a batch, and was served at the tier
/// `batch`, which has a price of its own. The batch object itself adds up its lines, and is ignored.
/// Source: platform.openai.com/docs/guides/batch, "Retrieve the results"; anthropic-sdk-python 2.11
/// (`MessageBatchIndividualResponse`); ai.google.dev/gemini-api/docs/batch-api.
enum BatchResult: Shape {
  static func fits(_ line: ScannedLine) -> Bool {
    if line.has(.customID) { return line[.response].kind != .absent || line[.result].kind == .compound }
    // Gemini's has a `key` of the caller's and the answer.
    return line[.response].kind == .compound && line.has(.key) && !line.has(.liteLLMKind)
  }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    if let result = root["result"], result.isObject { return readAnthropic(root, result, into: &lines) }
    let response = root["response"]
    let body = response?["body"] ?? response?["usageMetadata"].flatMap { _ in response }
    guard body != nil || root["error"] != nil else { return .other }
    lines.begin(root)
    lines.add("id", first: root["id"], body?["id"])
    lines.add("provider_request_id", first: response?["request_id"], body?["id"])
    lines.add("status", response?["status_code"])
    if root["error"] != nil { lines.add("status", text: "error") }
    lines.add("status", text: "ok")
    lines.add("batch", yes: true)
    lines.add("body", whole: body)
    lines.end()
    return .calls
  }

  private static func readAnthropic(
    _ root: Outline.Value, _ result: Outline.Value, into lines: inout PlainLines
  ) -> ShapeReading {
    guard let type = result["type"] else { return .other }
    lines.begin(root)
    lines.add("id", result["message"]?["id"])
    // Only what succeeded is billed.
    lines.add("status", text: type.isText("succeeded") ? "ok" : type.isAny("canceled", "expired") ? "error" : "error")
    lines.add("provider", text: "anthropic")
    lines.add("batch", yes: true)
    lines.add("body", whole: result["message"])
    lines.end(isNested: true)
    return .calls
  }
}
