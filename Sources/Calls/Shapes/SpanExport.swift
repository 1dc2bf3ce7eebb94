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
    if root.first("resourceSpans", "resource_spans") != nil { return read(spansOf: root, into: &lines) }
    if root.first("resourceLogs", "resource_logs") != nil { return read(logsOf: root, into: &lines) }
    return .ignored(.metricPoints)
  }

  static func read(logsOf root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    guard let exports = root.first("resourceLogs", "resource_logs") else { return .ignored(.noModelCall) }
    return AgentEvent.read(root, exports, into: &lines)
  }

  static func read(spansOf root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    guard let exports = root.first("resourceSpans", "resource_spans") else { return .ignored(.noModelCall) }
    var spans: [InferenceSpan] = []
    exports.forEachChild { export in
      let resource = SpanAttributes(export["resource"]?["attributes"])
      export.first("scopeSpans", "scope_spans", "instrumentationLibrarySpans")?.forEachChild { scope in
        scope["spans"]?.forEachChild { span in
          spans.append(
            InferenceSpan(span: span, attributes: SpanAttributes(span["attributes"]), resource: resource))
        }
      }
    }
    let kinds = spans.map(\.kind)
    let above = aboveCalls(spans, kinds)
    var found = false
    for (span, kind) in zip(spans, kinds) where kind == .call {
      if !above.isEmpty, let id = span.spanID, above.contains(id) { continue }
      found = true
      if lines.isFull { break }
      span.add(root, to: &lines)
    }
    guard found else { return .ignored(kinds.contains { $0 != .other } ? .sumOfCalls : .noModelCall) }
    return .calls
  }

  /// Spans with a call somewhere below them in the same export.
  private static func aboveCalls(_ spans: [InferenceSpan], _ kinds: [InferenceSpan.Kind]) -> Set<UInt64> {
    guard spans.count > 1 else { return [] }
    var parents: [UInt64: UInt64] = [:]
    for span in spans { if let parent = span.parentID, let id = span.spanID { parents[id] = parent } }
    var above: Set<UInt64> = []
    for (span, kind) in zip(spans, kinds) where kind == .call {
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
