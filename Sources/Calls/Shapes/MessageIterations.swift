/// An Anthropic message whose `usage.iterations` part what was billed: one call a model.
///
/// Rule: as Anthropic counts, cached tokens beside `input_tokens`, thinking inside `output_tokens`.
/// What is billed is the sum of the iterations, for the wholes leave out compaction and the advice
/// of another model. An iteration without a model is the message's own. Searches, tier and region
/// are the message's.
/// Source: anthropic-sdk-python 2.11 (`BetaUsage.iterations`); docs.claude.com, "Compaction",
/// understanding usage, and "Advisor tool", billing.
enum MessageIterations: Shape {
  static func fits(_ line: ScannedLine) -> Bool { line[.iterations].kind == .compound }

  /// The counts of one model's iterations.
  private struct Sums {
    var model: String
    var counts: [(name: StaticString, sum: Int64)] = MessageIterations.names.map { ($0, 0) }
    var hasLifetimes = true
  }

  private static let names: [StaticString] = [
    "input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens",
    "ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens",
  ]

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    let message = root["body"].flatMap { $0.isObject ? $0 : nil } ?? root
    guard let usage = message["usage"], let iterations = usage["iterations"], !iterations.children.isEmpty else {
      return .other
    }
    let own = (message["model"] ?? root["model"])?.word ?? ""
    var models: [Sums] = [Sums(model: own)]
    for iteration in iterations.children {
      let model = iteration["model"]?.word ?? own
      if !models.contains(where: { $0.model == model }) { models.append(Sums(model: model)) }
      guard let place = models.firstIndex(where: { $0.model == model }) else { continue }
      let lifetimes = iteration["cache_creation"]
      if lifetimes == nil, (iteration["cache_creation_input_tokens"]?.count ?? 0) > 0 {
        models[place].hasLifetimes = false
      }
      for index in models[place].counts.indices {
        let name = models[place].counts[index].name
        guard let value = iteration[name] ?? lifetimes?[name] else { continue }
        // What cannot be counted is refused with the message as it stands.
        guard let count = value.count else { return .other }
        models[place].counts[index].sum += count
      }
    }
    for (place, sums) in models.enumerated() where place == 0 || sums.counts.contains(where: { $0.sum > 0 }) {
      add(sums, isOwn: place == 0, of: message, usage, root, to: &lines)
    }
    return .calls
  }

  private static func add(
    _ sums: Sums, isOwn: Bool, of message: Outline.Value, _ usage: Outline.Value, _ root: Outline.Value,
    to lines: inout PlainLines
  ) {
    lines.begin(root)
    let id = root["id"] ?? message["id"]
    if isOwn { lines.add("id", id) } else if let word = id?.word { lines.add("id", text: word + ":" + sums.model) }
    for (field, name) in names(of: root) { lines.add(field, root[name]) }
    lines.add("provider_request_id", first: root["request_id"], message["id"])
    lines.add("provider", text: "anthropic")
    lines.add("model", text: sums.model)
    lines.add("tier", usage["service_tier"])
    lines.add("status", text: "ok")
    lines.add("dialect", text: "anthropic")
    lines.add("usage") { lines in
      for (name, sum) in sums.counts.prefix(4) { lines.add("\(name)", sum) }
      if sums.hasLifetimes {
        lines.add("cache_creation") { lines in
          for (name, sum) in sums.counts.suffix(2) { lines.add("\(name)", sum) }
        }
      }
      lines.add("inference_geo", usage["inference_geo"])
      guard isOwn else { return }
      lines.add("speed", usage["speed"])
      lines.add("output_tokens_details", whole: usage["output_tokens_details"])
      lines.add("server_tool_use", whole: usage["server_tool_use"])
    }
    lines.end()
  }

  /// Fields of our own that may stand beside a message.
  private static func names(of root: Outline.Value) -> [(field: String, name: StaticString)] {
    [
      ("at", "at"), ("user", "user"), ("key", "key"), ("session", "session"), ("tier", "tier"),
      ("region", "region"), ("batch", "batch"), ("status", "status"), ("latency_ms", "latency_ms"),
      ("ttft_ms", "ttft_ms"), ("provider", "provider"), ("requested_tier", "requested_tier"),
      ("stream", "stream"),
    ]
  }
}
