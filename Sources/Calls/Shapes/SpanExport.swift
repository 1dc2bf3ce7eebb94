/// OpenTelemetry's exports as JSON: spans, events and metrics.
///
/// Each leaf inference span is a call; see ``InferenceSpan``. Metrics add up many calls, and events
/// repeat their span: neither is booked. Claude Code has no spans: its event is the call.
/// Source: opentelemetry-proto 1.x (JSON encoding: 64-bit numbers are texts), and exports of five
/// instrumentations of the same calls.
enum SpanExport: Shape {
  static func fits(_ line: ScannedLine) -> Bool {
    line[.spans].kind == .compound || line[.logRecords].kind == .compound || line[.metricPoints].kind == .compound
  }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    if let exports = root.first("resourceSpans", "resource_spans") { return readSpans(root, exports, into: &lines) }
    if let exports = root.first("resourceLogs", "resource_logs") {
      return AgentEvent.read(root, exports, into: &lines)
    }
    return .ignored(.metricPoints)
  }

  private static func readSpans(
    _ root: Outline.Value, _ exports: Outline.Value, into lines: inout PlainLines
  ) -> ShapeReading {
    var spans: [InferenceSpan] = []
    for export in exports.children {
      let resource = SpanAttributes(export["resource"]?["attributes"])
      for scope in export.first("scopeSpans", "scope_spans", "instrumentationLibrarySpans")?.children ?? [] {
        for span in scope["spans"]?.children ?? [] {
          spans.append(
            InferenceSpan(span: span, attributes: SpanAttributes(span["attributes"]), resource: resource))
        }
      }
    }
    let above = aboveCalls(spans)
    let leaves = spans.filter { $0.kind == .call && !($0.spanID.map(above.contains) ?? false) }
    guard !leaves.isEmpty else {
      return .ignored(spans.contains { $0.kind != .other } ? .sumOfCalls : .noModelCall)
    }
    for leaf in leaves { leaf.add(root, to: &lines) }
    return .calls
  }

  /// Spans with a call somewhere below them in the same export.
  private static func aboveCalls(_ spans: [InferenceSpan]) -> Set<String> {
    guard spans.count > 1 else { return [] }
    var parents: [String: String] = [:]
    for span in spans { if let id = span.spanID, let parent = span.parentID { parents[id] = parent } }
    var above: Set<String> = []
    for span in spans where span.kind == .call {
      var place = span.parentID
      while let id = place, above.insert(id).inserted { place = parents[id] }
    }
    return above
  }
}

/// One span as an object of its own, as console exporters and collectors' file exporters write it.
///
/// Rule: that of ``InferenceSpan``. Whether another call stands below it cannot be seen.
enum LoneSpan: Shape {
  static func fits(_ line: ScannedLine) -> Bool { line[.attributes].kind == .compound && !line.sawUsage }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    guard root.first("spanId", "span_id", "traceId", "trace_id", "context") != nil else { return .other }
    let resource = root["resource"]
    let span = InferenceSpan(
      span: root, attributes: SpanAttributes(root["attributes"]),
      resource: SpanAttributes(resource?["attributes"] ?? resource))
    switch span.kind {
    case .other: return .ignored(.noModelCall)
    case .sum: return .ignored(.sumOfCalls)
    case .call:
      span.add(root, to: &lines)
      return .calls
    }
  }
}
