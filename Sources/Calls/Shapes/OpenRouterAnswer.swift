/// An answer that came by OpenRouter: told by what its `usage` says of whose key was used.
///
/// Rule: as OpenAI counts, cached, written and reasoning tokens inside their wholes. `usage.cost` is
/// what OpenRouter bills, in dollars, and is kept as stated. With one's own key the provider bills.
/// Source: openrouter 1.3.84 (`ChatUsage`); openrouter.ai/docs, "Usage accounting".
enum OpenRouterAnswer: Shape {
  static func fits(_ line: ScannedLine) -> Bool {
    (line.has(.ownKey) || line[.costDetails].kind == .compound) && !line.has(.route)
  }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    let body = root["body"].flatMap { $0.isObject ? $0 : nil }
    let answer = body ?? root
    let isOwnKey = answer["usage"]?["is_byok"]?.kind == .yes
    lines.begin(root)
    lines.add("route", text: "openrouter")
    if let provider = answer["provider"]?.word {
      lines.add("provider", text: ProviderName.ours(provider.lowercased()))
      if isOwnKey { lines.add("issuer", text: ProviderName.ours(provider.lowercased())) }
    }
    for child in root.children {
      let name = String(decoding: child.key, as: UTF8.self)
      if !["choices", "data", "output"].contains(name) { lines.add(name, whole: child) }
    }
    lines.end()
    return .calls
  }
}

/// What OpenRouter says of a generation when asked by its id.
///
/// Rule: priced are the native counts, those of the model's own tokenizer, with cached and reasoning
/// tokens inside; the normalised ones are other numbers. `total_cost` is kept as stated.
/// Source: openrouter 1.3.84 (`GenerationResponse`).
enum OpenRouterGeneration: Shape {
  static func fits(_ line: ScannedLine) -> Bool {
    line[.data].kind == .compound || line.has(.nativePrompt) || line.has(.totalCost)
  }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    let data = root["data"].flatMap { $0.isObject ? $0 : nil } ?? root
    guard data["total_cost"] != nil, data.first("native_tokens_prompt", "tokens_prompt", "provider_name") != nil
    else { return .other }
    lines.begin(root)
    lines.add("id", data["id"])
    lines.add("at", data["created_at"])
    lines.add("route", text: "openrouter")
    if let provider = data["provider_name"]?.word {
      let name = ProviderName.ours(provider.lowercased())
      lines.add("provider", text: name)
      if data["is_byok"]?.kind == .yes { lines.add("issuer", text: name) }
    }
    lines.add("model", data["model"])
    lines.add("tier", data["service_tier"])
    lines.add("latency_ms", first: data["generation_time"], data["latency"])
    lines.add("stream", yes: data["streamed"]?.kind == .yes)
    lines.add("status", text: data["cancelled"]?.kind == .yes ? "canceled" : "ok")
    lines.add("cost", data["total_cost"])
    lines.add("provider_request_id", data["upstream_id"])
    if data.first("native_tokens_prompt", "native_tokens_completion") != nil {
      lines.add("usage") { lines in
        lines.add("prompt_tokens", data["native_tokens_prompt"])
        lines.add("completion_tokens", data["native_tokens_completion"])
        lines.add("prompt_tokens_details") { $0.add("cached_tokens", data["native_tokens_cached"]) }
        lines.add("completion_tokens_details") { lines in
          lines.add("reasoning_tokens", data["native_tokens_reasoning"])
          lines.add("image_tokens", data["native_tokens_completion_images"])
        }
      }
    }
    lines.end()
    return .calls
  }
}
