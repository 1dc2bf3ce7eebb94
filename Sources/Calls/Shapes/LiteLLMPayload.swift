/// LiteLLM's `StandardLoggingPayload`, the callback arguments that hold one, and the proxy's spend logs.
///
/// Rule: LiteLLM counts as OpenAI does, whatever the provider: cached and written tokens are inside
/// `prompt_tokens`, Anthropic's too, and reasoning inside `completion_tokens`. Where it repeats a
/// count under another name the two are one fact. `response_cost` is kept as stated, but for nought,
/// which LiteLLM writes for a model that it does not know. An answer of LiteLLM's own cache was
/// billed by nobody. The API key's hash stands for the key, cut to its first 12 digits.
/// Source: litellm 1.106.2 (`StandardLoggingPayload`, schema.prisma), and nine of its payloads.
enum LiteLLMPayload: Shape {
  static func fits(_ line: ScannedLine) -> Bool {
    line[.liteLLMPayload].kind == .compound
      || (line.has(.liteLLMKind) && (line.has(.liteLLMProvider) || line.has(.liteLLMCall)))
  }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    let payload = root["standard_logging_object"] ?? root
    if let cached = payload["cache_hit"], cached.kind == .yes || cached.isAny("True", "true") {
      return .ignored(.gatewayCache)
    }
    let kept = Outline.text(payload["metadata"])
    let metadata = payload["metadata"].flatMap { $0.isObject ? $0 : nil } ?? kept?.root
    let response = payload["response"]
    lines.begin(root)
    lines.add("id", first: payload["id"], payload["request_id"], payload["litellm_call_id"])
    lines.add("response_id", response?["id"])
    lines.add("at", payload["startTime"])
    lines.add("latency_ms", payload["response_time"]?.parts(decimals: 3) ?? payload["request_duration_ms"]?.count)
    addNames(payload, metadata, to: &lines)
    lines.add("model", payload["model"])
    lines.add("served_model", response?["model"])
    lines.add("tier", first: response?["service_tier"], payload["cost_breakdown"]?["service_tier"])
    if let operation = operation(payload["call_type"]) { lines.add("operation", text: operation) }
    addOutcome(payload, to: &lines)
    if let cost = payload.first("response_cost", "spend"), cost.parts(decimals: 18) != 0 { lines.add("cost", cost) }
    let headers = payload["hidden_params"]?["additional_headers"]
    lines.add(
      "provider_request_id",
      first: headers?["llm_provider-x-request-id"], headers?["llm_provider-request-id"], response?["id"])
    addUsage(payload, metadata, response, to: &lines)
    lines.end()
    return .calls
  }

  private static func addNames(
    _ payload: Outline.Value, _ metadata: Outline.Value?, to lines: inout PlainLines
  ) {
    ProviderName.add(payload["custom_llm_provider"], to: &lines)
    lines.add(
      "team",
      first: metadata?["user_api_key_team_alias"], metadata?["user_api_key_team_id"], payload["team_id"])
    lines.add(
      "project", first: metadata?["user_api_key_project_alias"], metadata?["user_api_key_project_id"])
    lines.add("user", first: metadata?["user_api_key_user_id"], payload["user"], payload["end_user"])
    lines.add("key", metadata?["user_api_key_alias"])
    if let hash = (metadata?["user_api_key_hash"] ?? payload["api_key"])?.word, hash.utf8.count == 64,
      hash.utf8.allSatisfy({ hexValue($0) != nil })
    {
      lines.add("key", text: String(hash.prefix(12)))
    }
    lines.add("session", payload["session_id"])
    addTags(payload["request_tags"], to: &lines)
  }

  /// `team:blue` is the tag `team` with the value `blue`; a word alone is a tag that is `true`.
  private static func addTags(_ list: Outline.Value?, to lines: inout PlainLines) {
    let tags = (list?.children ?? []).compactMap(\.word).filter {
      $0.utf8.count <= Limits.attributionBytes
    }
    guard !tags.isEmpty else { return }
    lines.add("tags") { lines in
      for tag in tags.prefix(Limits.tags) {
        let parts = tag.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let name = parts.first, !name.isEmpty else { continue }
        lines.add(name, text: parts.count == 2 ? String(parts[1].drop { $0 == " " }) : "true")
      }
    }
  }

  private static func addOutcome(_ payload: Outline.Value, to lines: inout PlainLines) {
    let code = payload["error_information"]?["error_code"]
    if payload["status"]?.isText("failure") ?? false, let status = code?.count, (400..<600).contains(status) {
      lines.add("status", status)
    }
    lines.add("status", payload["status"])
    lines.add("stream", yes: payload["stream"]?.kind == .yes)
  }

  private static func addUsage(
    _ payload: Outline.Value, _ metadata: Outline.Value?, _ response: Outline.Value?,
    to lines: inout PlainLines
  ) {
    let usage = metadata?["usage_object"] ?? response?["usage"]
    let total = payload["total_tokens"]?.count ?? 0
    let isImage = payload["call_type"]?.isAny("image_generation", "aimage_generation") ?? false
    if let usage, usage.isObject, !isImage || total > 0 {
      // Beside the whole it repeats what OpenAI's details say.
      lines.add("usage", whole: usage)
    } else if total > 0 {
      lines.add("usage") { lines in
        lines.add("prompt_tokens", payload["prompt_tokens"])
        lines.add("completion_tokens", payload["completion_tokens"])
        lines.add("total_tokens", payload["total_tokens"])
      }
    } else if isImage {
      let asked = payload["model_parameters"]
      let images = response?["data"]?.children.count ?? 0
      lines.add("params") { lines in
        lines.add("n", images > 0 ? Int64(images) : asked?["n"]?.count ?? 1)
        lines.add("size", first: response?["size"], asked?["size"])
        lines.add("quality", first: response?["quality"], asked?["quality"])
      }
    }
  }

  private static func operation(_ kind: Outline.Value?) -> String? {
    guard let word = kind?.word else { return nil }
    switch word {
    case "completion", "acompletion", "responses", "aresponses", "anthropic_messages", "generate_content",
      "agenerate_content", "generate_content_stream", "agenerate_content_stream":
      return "chat"
    case "text_completion", "atext_completion": return "completion"
    case "embedding", "aembedding": return "embedding"
    case "image_generation", "aimage_generation", "image_edit", "aimage_edit": return "image"
    case "transcription", "atranscription": return "transcription"
    case "speech", "aspeech": return "speech"
    case "rerank", "arerank": return "rerank"
    default: return nil
    }
  }
}
