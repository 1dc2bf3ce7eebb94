/// An answer of Cohere's own API, version 1 or 2: what is billed stands in `billed_units`.
///
/// Rule: billed units are what is paid; `tokens` beside them count the preamble too and are passed
/// over. A search unit is a rerank of up to 100 documents.
/// Source: docs.cohere.com, "Chat v2", `usage`, and "Rerank", `meta`.
enum CohereAnswer: Shape {
  static func fits(_ line: ScannedLine) -> Bool {
    line[.billedUnits].kind == .compound || line[.meta].kind == .compound
  }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    let body = root["body"].flatMap { $0.isObject ? $0 : nil } ?? root
    guard let billed = body["usage"]?["billed_units"] ?? body["meta"]?["billed_units"] else { return .other }
    lines.begin(root)
    lines.add("id", first: root["id"], body["id"], body["generation_id"], body["response_id"])
    for name in ["at", "model", "user", "key", "session", "status", "latency_ms", "tier"] as [StaticString] {
      lines.add("\(name)", root[name])
    }
    lines.add("model", body["model"])
    lines.add("provider", text: "cohere")
    lines.add("status", text: "ok")
    lines.add("units") { lines in
      lines.add("input", billed["input_tokens"])
      lines.add("output", billed["output_tokens"])
      lines.add("searches", billed["search_units"])
      lines.add("images", billed["images"])
    }
    lines.end()
    return .calls
  }
}

/// An answer of Ollama: a model on one's own machine, which nobody bills.
///
/// Rule: `prompt_eval_count` are the tokens read anew, `eval_count` those made; a prompt that was
/// cached is not counted. Durations are nanoseconds.
/// Source: ollama docs/api.md.
enum OllamaAnswer: Shape {
  static func fits(_ line: ScannedLine) -> Bool { line.has(.evaluated) && !line.sawUsage }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    guard root["model"] != nil else { return .other }
    lines.begin(root)
    for name in ["id", "at", "user", "key", "session"] as [StaticString] { lines.add("\(name)", root[name]) }
    lines.add("at", root["created_at"])
    lines.add("provider", text: "ollama")
    lines.add("model", root["model"])
    if let total = root["total_duration"]?.count { lines.add("latency_ms", total / 1_000_000) }
    lines.add("units") { lines in
      lines.add("input", root["prompt_eval_count"])
      lines.add("output", root["eval_count"])
    }
    lines.end()
    return .calls
  }
}
