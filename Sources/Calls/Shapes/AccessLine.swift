/// A gateway's access line in JSON: nginx's own names, Envoy's, and what Envoy AI Gateway and Kong add.
///
/// Rule: a proxy sees no tokens unless it reads the body. nginx's line is a call without usage,
/// unpriced but for a header of billable units; a client that left (499) may have been billed.
/// What Envoy and Kong count follows OpenAI, with everything inside the prompt and the completion.
/// Addresses that call no model are ignored.
/// Source: nginx 1.22 (`log_format … escape=json`); aigateway.envoyproxy.io, "GenAI metrics";
/// developer.konghq.com, "AI Gateway audit log".
enum AccessLine: Shape {
  static func fits(_ line: ScannedLine) -> Bool {
    guard !line.sawUsage else { return false }
    return line.has(.upstreamStatus) || line.has(.requestTime) || line.has(.responseCode)
      || line.has(.genAIInput) || line.has(.genAIPrompt) || line.has(.genAIModel)
      || line[.gatewayUsage].kind == .compound
  }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    if let gateway = root["ai"] { return readKong(root, gateway, into: &lines) }
    let attributes = SpanAttributes(root)
    let input = attributes[.input]
    let address = CalledAddress(root.first("uri", "request_uri", "path", "x-envoy-origin-path")?.word ?? "")
    let units = root.first("fal_units", "x_fal_billable_units", "upstream_http_x_fal_billable_units")?.stated
    let provider = root.first("inference_provider", "x_inference_provider", "upstream_http_x_inference_provider")?
      .stated
    let model = attributes[.model] ?? root["model"]?.stated
    guard input != nil || units != nil || provider != nil || model != nil || address.operation != nil else {
      return .ignored(.noModelCall)
    }
    lines.begin(root)
    lines.add("id", attributes[.responseID])
    lines.add("id", root["request_id"])
    lines.add("at", first: root["at"], root["msec"], root["time_iso8601"], root["time"], root["start_time"])
    addHeaders(root, units: units, provider: provider, to: &lines)
    lines.add("status", first: root["status"], root["response_code"])
    lines.add("latency_ms", root["request_time"]?.parts(decimals: 3) ?? root["duration"]?.count)
    ProviderName.add(attributes[.provider], to: &lines)
    lines.add("model", model)
    lines.add("served_model", attributes[.servedModel])
    if let provider = provider?.word { lines.add("model", text: address.model(of: provider) ?? "") }
    if let operation = address.operation { lines.add("operation", text: operation) }
    for name in ["user", "session"] as [StaticString] { lines.add("\(name)", root[name]) }
    let output = attributes[.output]
    if (input?.count ?? output?.count) != nil {
      lines.add("dialect", text: "openai")
      lines.add("usage") { lines in
        lines.add("prompt_tokens", input)
        lines.add("completion_tokens", output)
        lines.add("total_tokens", attributes[.total])
        lines.add("prompt_tokens_details") { lines in
          lines.add("cached_tokens", attributes[.cacheRead])
          lines.add("cache_write_tokens", attributes[.cacheWrite])
        }
        lines.add("completion_tokens_details") {
          $0.add("reasoning_tokens", attributes[.reasoning])
        }
      }
    }
    lines.end()
    return .calls
  }

  private static func addHeaders(
    _ root: Outline.Value, units: Outline.Value?, provider: Outline.Value?, to lines: inout PlainLines
  ) {
    let reference = root.first("x_request_id", "upstream_http_x_request_id", "upstream_http_request_id")
    guard units != nil || provider != nil || reference?.stated != nil else { return }
    lines.add("headers") { lines in
      lines.add("x-fal-billable-units", units)
      lines.add("x-inference-provider", provider)
      lines.add("x-request-id", reference)
    }
  }

  private static func readKong(
    _ root: Outline.Value, _ gateway: Outline.Value, into lines: inout PlainLines
  ) -> ShapeReading {
    // One member a plugin: `proxy`, or the plugin's own name.
    guard let plugin = gateway.children.first(where: { $0["usage"] != nil && $0["meta"] != nil }),
      let usage = plugin["usage"], let meta = plugin["meta"]
    else { return .other }
    lines.begin(root)
    lines.add("id", first: root["id"], root["request"]?["id"])
    lines.add("at", first: root["at"], root["started_at"])
    ProviderName.add(meta["provider_name"], to: &lines)
    lines.add("model", meta["request_model"])
    lines.add("served_model", meta["response_model"])
    lines.add("latency_ms", meta["llm_latency"]?.parts(decimals: 0))
    lines.add("status", root["response"]?["status"])
    lines.add("status", text: "ok")
    lines.add("user", root["consumer"]?["username"])
    lines.add("cost", usage["cost"])
    lines.add("dialect", text: "openai")
    lines.add("usage") { lines in
      lines.add("prompt_tokens", usage["prompt_tokens"])
      lines.add("completion_tokens", usage["completion_tokens"])
      lines.add("total_tokens", usage["total_tokens"])
    }
    lines.end()
    return .calls
  }
}
