/// A response's headers as a client's hook sees them, beside the address that was called.
///
/// Rule: the body is not there, so tokens are unknown; `x-fal-billable-units` is the bill's own quantity.
/// `params` of the hook say what was asked for. Fetching media, asking for a state and joining a queue are no
/// calls. `bill_to`, which Hugging Face's client sends as `X-HF-Bill-To`, becomes a tag of that name.
/// Source: huggingface_hub 2.4.0 with an event hook on its HTTP client.
enum HeaderCapture: Shape {
  static func fits(_ line: ScannedLine) -> Bool { line.has(.url) && !line.sawUsage }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    guard let url = root["url"]?.word, root["method"] != nil, let headers = root["headers"], headers.isObject
    else { return .other }
    let isBilled = headers["x-fal-billable-units"] != nil
    let isPost = root["method"]?.isText("POST") ?? false
    let isQueued = headers["x-fal-request-id"] != nil && !isBilled
    if !isBilled, !isPost { return .ignored(.noModelCall) }
    if isQueued { return .ignored(.unfinished) }
    let address = CalledAddress(url)
    lines.begin(root)
    for (field, name) in own { lines.add(field, root[name]) }
    lines.add("id", first: headers["inference-id"], headers["x-fal-request-id"])
    lines.add("headers", whole: headers)
    if let params = root["params"], params.isObject { lines.add("params", whole: params) }
    lines.add("status", root["status"])
    if let host = address.host { ProviderHost.add(host, to: &lines) }
    let billTo = root["bill_to"]
    if headers["x-inference-provider"] != nil || billTo?.isText ?? false { lines.add("route", text: "huggingface") }
    if let provider = headers["x-inference-provider"]?.word {
      lines.add("model", text: address.model(of: provider) ?? "")
    } else if isBilled {
      lines.add("provider", text: "fal-ai")
      lines.add("model", text: address.model(of: "fal-ai") ?? "")
    }
    if let operation = address.operation { lines.add("operation", text: operation) }
    if let billTo, billTo.isText { lines.add("tags") { $0.add("bill_to", billTo) } }
    lines.end()
    return .calls
  }

  private static let own: [(field: String, name: StaticString)] = [
    ("id", "id"), ("at", "at"), ("at", "ts"), ("model", "model"), ("user", "user"), ("key", "key"),
    ("session", "session"), ("latency_ms", "latency_ms"),
  ]
}
