/// The attributes of a span that mean something, by all the names they go by.
///
/// Of two names for one thing the earlier of its list holds.
struct SpanAttributes {
  typealias Value = Outline.Value

  private var values: [String: Value] = [:]

  /// Takes attributes as OTLP lists them, `{"key":…,"value":{"intValue":"5"}}`, or as a plain object.
  init(_ attributes: Value?) {
    guard let attributes else { return }
    if attributes.isObject {
      for child in attributes.children { keep(child.key, child) }
      return
    }
    for item in attributes.children {
      guard let key = item["key"], key.kind == .text, let value = item["value"] else { continue }
      let scalar =
        value.first("stringValue", "intValue", "doubleValue", "boolValue", "string_value", "int_value")
        ?? value.first("double_value", "bool_value")
      if let scalar { keep(key.bytes, scalar) }
    }
  }

  private mutating func keep(_ key: UnsafeBufferPointer<UInt8>, _ value: Value) {
    guard key.count <= Self.longest else { return }
    let name = String(decoding: key, as: UTF8.self)
    // Envoy writes a dash for what it does not have.
    guard Self.known.contains(name), values[name] == nil, !value.isText("-") else { return }
    values[name] = value
  }

  /// The first of the attributes of these names that is there.
  func first(_ names: [String]) -> Value? {
    for name in names { if let value = values[name] { return value } }
    return nil
  }

  subscript(name: String) -> Value? { values[name] }

  var isEmpty: Bool { values.isEmpty }

  // MARK: - Names

  static let operation = ["gen_ai.operation.name"]
  static let provider = ["gen_ai.provider.name", "gen_ai.system", "ai.model.provider", "llm.provider", "llm.system"]
  static let model = ["gen_ai.request.model", "ai.model.id", "llm.request.model", "langfuse.observation.model.name"]
  static let servedModel = ["gen_ai.response.model", "ai.response.model", "llm.response.model", "llm.model_name"]
  static let responseID = ["gen_ai.response.id", "ai.response.id", "llm.response.id"]
  static let tier = [
    "openai.response.service_tier", "gen_ai.openai.response.service_tier", "gen_ai.response.service_tier",
  ]
  static let askedTier = ["openai.request.service_tier", "gen_ai.openai.request.service_tier"]
  static let input = [
    "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "ai.usage.inputTokens", "ai.usage.promptTokens",
    "llm.usage.prompt_tokens", "llm.token_count.prompt", "ai.usage.tokens",
  ]
  static let output = [
    "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "ai.usage.outputTokens",
    "ai.usage.completionTokens", "llm.usage.completion_tokens", "llm.token_count.completion",
  ]
  static let total = [
    "gen_ai.usage.total_tokens", "llm.usage.total_tokens", "llm.token_count.total", "ai.usage.totalTokens",
  ]
  static let cacheRead = [
    "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens",
    "gen_ai.usage.input_tokens.cached", "gen_ai.usage.cached_tokens", "llm.usage.cache_read_input_tokens",
    "ai.usage.inputTokenDetails.cacheReadTokens", "ai.usage.cachedInputTokens",
    "llm.token_count.prompt_details.cache_read", "llm.token_count.prompt_details.cache_input",
  ]
  static let cacheWrite = [
    "gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens", "gen_ai.usage.cache_write_input_tokens",
    "gen_ai.usage.input_tokens.cache_write", "llm.usage.cache_creation_input_tokens",
    "ai.usage.inputTokenDetails.cacheWriteTokens", "llm.token_count.prompt_details.cache_write",
  ]
  static let reasoning = [
    "gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.output_tokens.reasoning",
    "gen_ai.usage.reasoning_tokens", "llm.usage.reasoning_tokens", "ai.usage.outputTokenDetails.reasoningTokens",
    "ai.usage.reasoningTokens", "llm.token_count.completion_details.reasoning",
  ]
  static let inputAudio = ["gen_ai.usage.audio.input_tokens", "llm.token_count.prompt_details.audio"]
  static let outputAudio = ["gen_ai.usage.audio.output_tokens", "llm.token_count.completion_details.audio"]
  static let inputImage = ["gen_ai.usage.image.input_tokens"]
  static let outputImage = ["gen_ai.usage.image.output_tokens"]
  static let session = ["session.id", "gen_ai.conversation.id", "langfuse.session.id"]
  static let user = ["enduser.id", "user.id", "langfuse.user.id"]
  static let environment = ["deployment.environment.name", "deployment.environment", "langfuse.environment"]
  static let host = ["server.address", "gen_ai.request.base_url", "net.peer.name"]

  private static let others = [
    "ai.operationId", "operation.name", "llm.request.type", "openinference.span.kind",
    "langfuse.observation.type", "langfuse.observation.usage_details", "langfuse.observation.cost_details",
    "ai.usage.inputTokenDetails.noCacheTokens", "error.type", "service.name", "gen_ai.request.stream",
    "tollbook.team", "tollbook.project", "tollbook.user", "tollbook.key", "tollbook.environment",
    "tollbook.session", "tollbook.route", "tollbook.id", "http.response.status_code",
    "llm.is_streaming", "gen_ai.is_streaming", "traceloop.span.kind",
    // Claude Code's event.
    "event.name", "event.sequence", "event.timestamp", "model", "input_tokens", "output_tokens",
    "cache_read_tokens", "cache_creation_tokens", "cost_usd", "duration_ms", "request_id", "speed",
    "user.account_uuid", "organization.id", "terminal.type",
  ]

  static let known = Set(
    [
      operation, provider, model, servedModel, responseID, tier, askedTier, input, output, total,
      cacheRead, cacheWrite, reasoning, inputAudio, outputAudio, inputImage, outputImage, session,
      user, environment, host, others,
    ].joined())
  private static let longest = known.map(\.utf8.count).max() ?? 0
}
