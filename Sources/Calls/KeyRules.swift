/// Which object of a line a key stands in, where it means something.
enum Context: UInt8 {
  case top, body, usage, inputDetails, outputDetails, cacheCreation, writeDetails, serverTools
  case units, tags, params, headers, hello, defaults
  /// Items of a response's `output`, and what OpenAI states of the tools they used.
  case output, toolUsage, toolSearch
  /// Lists of `{modality, tokenCount}`.
  case promptModalities, cacheModalities, candidateModalities
  /// A usage member this version does not know: its numbers are flagged.
  case unknownUsage
}

/// What the scanner does with a key's value.
enum KeyAction {
  case slot(Slot)
  case descend(Context)
  /// As a slot, and says what the line is: a part of a stream has it.
  case kind(Slot)
  /// Known, and of no meaning to a charge.
  case ignore
  /// A key by which another program's line is told; its value is noted, of whatever kind it is.
  case sign(Slot)
  /// Noted of whatever kind it is, and told nothing by.
  case note(Slot)
}

/// Every key that means something, by the object it stands in.
enum KeyRules {
  static let all: [(context: Context, name: String, action: KeyAction)] =
    top + body + usage + details + units + params + headers + hello + defaults + signs

  private static let top: [(Context, String, KeyAction)] = [
    (.top, "id", .slot(.id)), (.top, "at", .slot(.at)), (.top, "team", .slot(.team)),
    (.top, "project", .slot(.project)), (.top, "user", .slot(.user)), (.top, "key", .slot(.key)),
    (.top, "session", .slot(.session)), (.top, "environment", .slot(.environment)),
    (.top, "route", .slot(.route)), (.top, "provider", .slot(.provider)),
    (.top, "issuer", .slot(.issuer)), (.top, "model", .slot(.model)),
    (.top, "served_model", .slot(.servedModel)), (.top, "operation", .slot(.operation)),
    (.top, "status", .slot(.status)), (.top, "latency_ms", .slot(.latency)),
    (.top, "ttft_ms", .slot(.timeToFirstToken)), (.top, "stream", .slot(.stream)),
    (.top, "attempt", .slot(.attempt)), (.top, "tier", .slot(.tier)),
    (.top, "requested_tier", .slot(.requestedTier)), (.top, "region", .slot(.region)),
    (.top, "batch", .sign(.batch)), (.top, "dialect", .slot(.dialect)),
    (.top, "cost", .slot(.cost)), (.top, "provider_request_id", .slot(.providerRequestID)),
    (.top, "n", .slot(.number)), (.top, "tags", .descend(.tags)), (.top, "usage", .descend(.usage)),
    (.top, "units", .descend(.units)), (.top, "params", .descend(.params)),
    (.top, "headers", .descend(.headers)), (.top, "hello", .descend(.hello)),
    (.top, "object", .kind(.object)), (.top, "type", .kind(.type)),
    (.top, "created", .slot(.created)), (.top, "created_at", .slot(.createdAt)),
    (.top, "service_tier", .slot(.serviceTier)), (.top, "request_id", .slot(.requestID)),
    (.top, "modelVersion", .slot(.modelVersion)), (.top, "model_version", .slot(.modelVersion)),
    (.top, "responseId", .slot(.responseID)), (.top, "response_id", .slot(.responseID)),
    (.top, "usageMetadata", .descend(.usage)), (.top, "usage_metadata", .descend(.usage)),
    (.top, "body", .descend(.body)), (.top, "tollbook_letter", .slot(.letter)),
  ]

  private static let body: [(Context, String, KeyAction)] = [
    (.body, "id", .slot(.bodyID)), (.body, "model", .slot(.bodyModel)),
    (.body, "object", .kind(.bodyObject)), (.body, "type", .kind(.bodyType)),
    (.body, "created", .slot(.bodyCreated)), (.body, "created_at", .slot(.bodyCreated)),
    (.body, "service_tier", .slot(.bodyTier)), (.body, "usage", .descend(.usage)),
    (.body, "usageMetadata", .descend(.usage)), (.body, "modelVersion", .slot(.modelVersion)),
    (.body, "responseId", .slot(.responseID)),
  ]

  private static let usage: [(Context, String, KeyAction)] = [
    (.usage, "prompt_tokens", .slot(.promptTokens)),
    (.usage, "completion_tokens", .slot(.completionTokens)),
    (.usage, "total_tokens", .slot(.totalTokens)), (.usage, "input_tokens", .slot(.inputTokens)),
    (.usage, "output_tokens", .slot(.outputTokens)), (.usage, "type", .slot(.usageType)),
    (.usage, "seconds", .slot(.seconds)), (.usage, "cost", .slot(.usageCost)),
    (.usage, "estimated_cost", .slot(.estimatedCost)), (.usage, "inference_geo", .slot(.geo)),
    (.usage, "service_tier", .slot(.usageTier)), (.usage, "speed", .slot(.speed)),
    (.usage, "cached_tokens", .slot(.topCached)),
    (.usage, "prompt_cache_hit_tokens", .slot(.cacheHit)),
    (.usage, "prompt_cache_miss_tokens", .slot(.cacheMiss)),
    (.usage, "cache_read_input_tokens", .slot(.cacheReadInput)),
    (.usage, "cache_creation_input_tokens", .slot(.cacheCreationInput)),
    (.usage, "cache_creation", .descend(.cacheCreation)),
    (.usage, "prompt_tokens_details", .descend(.inputDetails)),
    (.usage, "input_tokens_details", .descend(.inputDetails)),
    (.usage, "input_token_details", .descend(.inputDetails)),
    (.usage, "completion_tokens_details", .descend(.outputDetails)),
    (.usage, "output_tokens_details", .descend(.outputDetails)),
    (.usage, "server_tool_use", .descend(.serverTools)),
    (.usage, "server_tool_use_details", .descend(.serverTools)),
    (.usage, "queue_time", .ignore), (.usage, "prompt_time", .ignore),
    (.usage, "completion_time", .ignore), (.usage, "total_time", .ignore),
    (.usage, "cost_details", .sign(.costDetails)),
    (.usage, "traffic_type", .ignore), (.usage, "trafficType", .ignore),
    (.usage, "promptTokenCount", .slot(.geminiPrompt)),
    (.usage, "prompt_token_count", .slot(.geminiPrompt)),
    (.usage, "cachedContentTokenCount", .slot(.geminiCached)),
    (.usage, "cached_content_token_count", .slot(.geminiCached)),
    (.usage, "candidatesTokenCount", .slot(.geminiCandidates)),
    (.usage, "candidates_token_count", .slot(.geminiCandidates)),
    (.usage, "responseTokenCount", .slot(.geminiResponse)),
    (.usage, "response_token_count", .slot(.geminiResponse)),
    (.usage, "thoughtsTokenCount", .slot(.geminiThoughts)),
    (.usage, "thoughts_token_count", .slot(.geminiThoughts)),
    (.usage, "toolUsePromptTokenCount", .slot(.geminiToolUse)),
    (.usage, "tool_use_prompt_token_count", .slot(.geminiToolUse)),
    (.usage, "totalTokenCount", .slot(.geminiTotal)),
    (.usage, "total_token_count", .slot(.geminiTotal)),
    (.usage, "promptTokensDetails", .descend(.promptModalities)),
    (.usage, "cacheTokensDetails", .descend(.cacheModalities)),
    (.usage, "cache_tokens_details", .descend(.cacheModalities)),
    (.usage, "candidatesTokensDetails", .descend(.candidateModalities)),
    (.usage, "candidates_tokens_details", .descend(.candidateModalities)),
    (.usage, "responseTokensDetails", .descend(.candidateModalities)),
    (.usage, "toolUsePromptTokensDetails", .ignore),
    (.usage, "tool_use_prompt_tokens_details", .ignore),
  ]

  private static let details: [(Context, String, KeyAction)] = [
    (.inputDetails, "cached_tokens", .slot(.inCached)),
    (.inputDetails, "cache_write_tokens", .slot(.inWrite)),
    (.inputDetails, "cache_creation_tokens", .ignore),
    (.inputDetails, "cache_creation_token_details", .descend(.cacheCreation)),
    (.inputDetails, "audio_tokens", .slot(.inAudio)),
    (.inputDetails, "image_tokens", .slot(.inImage)),
    (.inputDetails, "text_tokens", .slot(.inText)),
    (.inputDetails, "cache_write_tokens_details", .descend(.writeDetails)),
    (.usage, "cache_write_tokens_details", .descend(.writeDetails)),
    (.writeDetails, "ttl_30m_tokens", .slot(.write30m)),
    (.writeDetails, "ttl_12h_tokens", .slot(.write12h)),
    (.outputDetails, "reasoning_tokens", .slot(.outReasoning)),
    (.outputDetails, "thinking_tokens", .slot(.outThinking)),
    (.outputDetails, "audio_tokens", .slot(.outAudio)),
    (.outputDetails, "image_tokens", .slot(.outImage)),
    (.outputDetails, "text_tokens", .slot(.outText)),
    (.outputDetails, "accepted_prediction_tokens", .ignore),
    (.outputDetails, "rejected_prediction_tokens", .ignore),
    (.cacheCreation, "ephemeral_5m_input_tokens", .slot(.write5m)),
    (.cacheCreation, "ephemeral_1h_input_tokens", .slot(.write1h)),
    (.serverTools, "web_search_requests", .slot(.webSearches)),
    (.serverTools, "web_fetch_requests", .ignore),
  ]

  private static let units: [(Context, String, KeyAction)] = Meter.allCases.map {
    (.units, $0.name, .slot(.unit($0)))
  }

  private static let params: [(Context, String, KeyAction)] = [
    (.params, "size", .slot(.size)), (.params, "n", .slot(.count)),
    (.params, "resolution", .slot(.resolution)), (.params, "steps", .slot(.steps)),
    (.params, "hardware", .slot(.hardware)), (.params, "quality", .slot(.quality)),
    (.params, "seconds", .slot(.paramSeconds)),
  ]

  private static let headers: [(Context, String, KeyAction)] = [
    (.headers, "x-inference-provider", .slot(.headerProvider)),
    (.headers, "x-request-id", .slot(.headerRequestID)),
    (.headers, "inference-id", .slot(.headerInferenceID)),
    (.headers, "request-id", .slot(.headerPlainRequestID)),
    (.headers, "x-fal-request-id", .slot(.headerFalRequestID)),
    (.headers, "x-fal-billable-units", .slot(.headerFalUnits)),
    (.headers, "fireworks-cached-prompt-tokens", .slot(.headerCached)),
  ]

  private static let hello: [(Context, String, KeyAction)] = [
    (.hello, "v", .slot(.helloVersion)), (.hello, "client", .slot(.helloClient)),
    (.hello, "epoch", .slot(.helloEpoch)), (.hello, "ack", .slot(.helloAck)),
    (.hello, "framing", .slot(.helloFraming)), (.hello, "replay", .slot(.helloReplay)),
    (.hello, "defaults", .descend(.defaults)),
  ]

  /// What a hello can say of all its lines, under the same names as in a line.
  private static let defaults: [(Context, String, KeyAction)] = top.compactMap { _, name, action in
    guard case .slot(let slot) = action, CallDefaults.slots.contains(slot) else { return nil }
    return (.defaults, name, action)
  }
}
