/// A call and its answer as a gateway or a wire log writes them: `request` and `response`, or the parts
/// of both side by side, as `response_body`.
///
/// Rule: that of the provider whose answer stands in the response's body, as an object or as a text
/// that holds one. An exchange without usage is a call only where it failed at an address of a model.
enum Exchange: Shape {
  static func fits(_ line: ScannedLine) -> Bool {
    (line[.response].kind == .compound || line.has(.responseBody)) && !line.sawUsage && !line.has(.liteLLMKind)
  }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    let response = root["response"].flatMap { $0.isObject ? $0 : nil }
    let request = root["request"] ?? root["req"]
    let answer = response?.first("body", "json") ?? root.first("response_body", "responseBody")
    guard answer != nil || (response != nil && request != nil) else { return .other }
    let kept = Outline.text(answer)
    let body = answer.flatMap { $0.isObject ? $0 : nil } ?? kept?.root
    let status = (response ?? root).first("status", "status_code", "statusCode")
    let headers = response?["headers"] ?? root.first("response_headers", "responseHeaders")
    let address = CalledAddress((request?.first("url", "uri", "path") ?? root.first("url", "uri", "path"))?.word ?? "")
    let tells =
      body?.first("usage", "usageMetadata", "usage_metadata", "meta") != nil
      || headers?["x-fal-billable-units"] != nil
    let failed = (status?.count ?? 0) >= 400 && address.operation != nil
    guard tells || failed else { return .ignored(.noModelCall) }
    let question = request?.first("body", "json") ?? root.first("request_body", "requestBody")
    let asked = Outline.text(question)
    let sent = question.flatMap { $0.isObject ? $0 : nil } ?? asked?.root
    lines.begin(root)
    for name in ["id", "at", "user", "key", "session", "latency_ms"] as [StaticString] {
      lines.add("\(name)", root[name])
    }
    lines.add("at", first: root["time"], root["timestamp"], root["ts"])
    lines.add("status", status)
    if let headers, headers.isObject { lines.add("headers", whole: headers) }
    if let host = address.host { ProviderHost.add(host, to: &lines) }
    if let operation = address.operation { lines.add("operation", text: operation) }
    lines.add("model", sent?["model"])
    if tells { lines.add("body", whole: body) }
    lines.end(isNested: true)
    return .calls
  }
}
