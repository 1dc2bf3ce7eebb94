/// Events of OpenTelemetry's logs: all but Claude Code's `api_request` repeat a span, or none at all.
///
/// Rule: as Anthropic counts, cached tokens beside `input_tokens`; the lifetime of cache writes is
/// not stated. The id is the call's, or the session's with the event's number.
/// Source: code.claude.com/docs, "Monitoring", events.
enum AgentEvent {
  static func read(
    _ root: Outline.Value, _ exports: Outline.Value, into lines: inout PlainLines
  ) -> ShapeReading {
    var found = false
    for export in exports.children {
      let resource = SpanAttributes(export["resource"]?["attributes"])
      for scope in export.first("scopeLogs", "scope_logs", "instrumentationLibraryLogs")?.children ?? [] {
        for record in scope.first("logRecords", "log_records")?.children ?? [] {
          let attributes = SpanAttributes(record["attributes"])
          guard !lines.isFull, isCall(record, attributes) else { continue }
          found = true
          add(root, record, attributes, resource, to: &lines)
        }
      }
    }
    return found ? .calls : .ignored(.toldBySpan)
  }

  private static func isCall(_ record: Outline.Value, _ attributes: SpanAttributes) -> Bool {
    if record["body"]?["stringValue"]?.isText("claude_code.api_request") ?? false { return true }
    if record["eventName"]?.isText("claude_code.api_request") ?? false { return true }
    return attributes[.eventName]?.isAny("api_request", "claude_code.api_request") ?? false
      && attributes[.eventInput] != nil
  }

  private static func add(
    _ root: Outline.Value, _ record: Outline.Value, _ attributes: SpanAttributes, _ resource: SpanAttributes,
    to lines: inout PlainLines
  ) {
    lines.begin(root)
    for (field, attribute) in InferenceSpan.ownNames where attribute != .ownSession && attribute != .ownRoute {
      lines.add(field, first: attributes[attribute], resource[attribute])
    }
    lines.add("id", attributes[.eventCall])
    lines.add("id", joined: [attributes[.session], attributes[.eventNumber]], by: ":")
    lines.add("at", SpanTime(record.first("timeUnixNano", "observedTimeUnixNano"))?.microseconds)
    lines.add("project", resource[.service])
    lines.add("session", attributes[.session])
    lines.add("user", first: attributes[.user], attributes[.eventAccount])
    lines.add("environment", resource[.environment])
    lines.add("provider", text: "anthropic")
    lines.add("model", attributes[.eventModel])
    lines.add("latency_ms", attributes[.eventDuration])
    lines.add("status", text: "ok")
    lines.add("cost", attributes[.eventCost])
    lines.add("dialect", text: "anthropic")
    lines.add("usage") { lines in
      lines.add("input_tokens", attributes[.eventInput])
      lines.add("output_tokens", attributes[.eventOutput])
      lines.add("cache_read_input_tokens", attributes[.eventCacheRead])
      lines.add("cache_creation_input_tokens", attributes[.eventCacheWrite])
      lines.add("speed", attributes[.eventSpeed])
    }
    lines.end()
  }
}
