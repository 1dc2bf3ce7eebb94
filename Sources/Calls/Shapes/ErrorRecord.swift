/// A client's record of a call that failed: the error's class and the HTTP status.
///
/// Rule: a failed call without usage costs nothing and is counted as an error.
/// Source: openai-python 3.52 (`APIStatusError`).
enum ErrorRecord: Shape {
  static func fits(_ line: ScannedLine) -> Bool { line.has(.statusCode) && line.has(.errorClass) && !line.sawUsage }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    guard let status = root["status_code"]?.count, (400..<600).contains(status) else { return .other }
    lines.begin(root)
    for name in ["id", "at", "provider", "model", "user", "key", "session"] as [StaticString] {
      lines.add("\(name)", root[name])
    }
    lines.add("provider_request_id", root["request_id"])
    lines.add("status", status)
    lines.end()
    return .calls
  }
}

/// Several models in one call of Groq's compound systems: one call a model.
///
/// Rule: as OpenAI counts, each model's usage for itself; the whole is their sum and is not booked.
/// Source: groq 1.7.0 (`usage_breakdown`).
enum ModelBreakdown: Shape {
  static func fits(_ line: ScannedLine) -> Bool { line[.usageBreakdown].kind == .compound }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    let models = root["usage_breakdown"]?["models"]?.children ?? []
    guard !models.isEmpty, models.allSatisfy({ $0["model"]?.word != nil && $0["usage"] != nil }) else { return .other }
    for (place, model) in models.enumerated() {
      lines.begin(root)
      if place == 0 {
        lines.add("id", root["id"])
      } else if let id = root["id"]?.word {
        lines.add("id", text: "\(id):\(place)")
      }
      for name in ["at", "user", "key", "session", "provider", "latency_ms"] as [StaticString] {
        lines.add("\(name)", root[name])
      }
      lines.add("at", root["created"])
      lines.add("provider", text: "groq")
      lines.add("model", model["model"])
      lines.add("tier", first: root["tier"], root["service_tier"])
      lines.add("usage", whole: model["usage"])
      lines.end()
    }
    return .calls
  }
}
