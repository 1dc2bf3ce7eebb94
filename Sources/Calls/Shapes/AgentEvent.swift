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
          guard isCall(record, attributes) else { continue }
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
    return attributes["event.name"]?.isAny("api_request", "claude_code.api_request") ?? false
      && attributes["input_tokens"] != nil
  }

  private static func add(
    _ root: Outline.Value, _ record: Outline.Value, _ attributes: SpanAttributes, _ resource: SpanAttributes,
    to lines: inout PlainLines
  ) {
    lines.begin(root)
    for name in ["team", "project", "user", "key", "environment"] {
      lines.add(name, first: attributes["tollbook." + name], resource["tollbook." + name])
    }
    lines.add("id", attributes["request_id"])
    lines.add("id", joined: [attributes["session.id"], attributes["event.sequence"]], by: ":")
    lines.add("at", SpanTime(record.first("timeUnixNano", "observedTimeUnixNano"))?.microseconds)
    lines.add("project", resource["service.name"])
    lines.add("session", attributes["session.id"])
    lines.add("user", first: attributes["user.id"], attributes["user.account_uuid"])
    lines.add("environment", resource.first(SpanAttributes.environment))
    lines.add("provider", text: "anthropic")
    lines.add("model", attributes["model"])
    lines.add("latency_ms", attributes["duration_ms"])
    lines.add("status", text: "ok")
    lines.add("cost", attributes["cost_usd"])
    lines.add("dialect", text: "anthropic")
    lines.add("usage") { lines in
      lines.add("input_tokens", attributes["input_tokens"])
      lines.add("output_tokens", attributes["output_tokens"])
      lines.add("cache_read_input_tokens", attributes["cache_read_tokens"])
      lines.add("cache_creation_input_tokens", attributes["cache_creation_tokens"])
      lines.add("speed", attributes["speed"])
    }
    lines.end()
  }
}
