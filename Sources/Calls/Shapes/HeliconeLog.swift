/// What Helicone's manual logger sends: the provider's answer as it came, and its timing.
///
/// Rule: that of the provider whose answer it is. `Helicone-User-Id`, `Helicone-Session-Id` and
/// `Helicone-Property-…` become user, session and tags.
/// Source: docs.helicone.ai, "Manual logger", `HeliconeAsyncLogRequest`.
enum HeliconeLog: Shape {
  static func fits(_ line: ScannedLine) -> Bool { line[.providerResponse].kind == .compound }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    guard let response = root["providerResponse"] else { return .other }
    let asked = root["providerRequest"]
    let timing = root["timing"]
    let body = response["json"]
    lines.begin(root)
    lines.add("status", response["status"])
    if let headers = response["headers"], headers.isObject { lines.add("headers", whole: headers) }
    addTiming(timing, to: &lines)
    if let url = asked?["url"]?.word, let host = CalledAddress(url).host { ProviderHost.add(host, to: &lines) }
    lines.add("model", asked?["json"]?["model"])
    lines.add("served_model", body?["model"])
    lines.add("user", asked?["meta"]?["Helicone-User-Id"])
    lines.add("session", asked?["meta"]?["Helicone-Session-Id"])
    let properties = (asked?["meta"]?.children ?? []).filter {
      $0.isText && $0.key.starts(with: Array("Helicone-Property-".utf8))
    }
    if !properties.isEmpty {
      lines.add("tags") { lines in
        for property in properties.prefix(Limits.tags) {
          lines.add(String(decoding: property.key.dropFirst(18), as: UTF8.self).lowercased(), property)
        }
      }
    }
    lines.add("body", whole: body)
    lines.end(isNested: true)
    return .calls
  }

  /// Seconds and milliseconds of the second.
  private static func addTiming(_ timing: Outline.Value?, to lines: inout PlainLines) {
    func milliseconds(_ time: Outline.Value?) -> Int64? {
      guard let seconds = time?["seconds"]?.count else { return nil }
      return seconds * 1000 + (time?["milliseconds"]?.count ?? 0)
    }
    let start = milliseconds(timing?["startTime"])
    let end = milliseconds(timing?["endTime"])
    lines.add("at", start)
    if let start, let end, end >= start { lines.add("latency_ms", end - start) }
    lines.add("ttft_ms", timing?["timeToFirstToken"]?.parts(decimals: 0))
  }
}
