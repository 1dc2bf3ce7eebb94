/// What an attribute of a span says, whichever of its names it goes by.
enum SpanAttribute: UInt8, CaseIterable {
  case operation, provider, model, servedModel, responseID, tier, askedTier
  case input, output, total, cacheRead, cacheWrite, reasoning
  case inputAudio, outputAudio, inputImage, outputImage
  case session, user, environment, host, service, stream, status, fault
  case vercelOperation, vercelProvider, vercelUncached, openInferenceKind, traceloopKind, askedKind
  case langfuseKind, langfuseUsage, langfuseCost
  case ownTeam, ownProject, ownUser, ownKey, ownEnvironment, ownSession, ownRoute, ownID
  // Claude Code's event.
  case eventName, eventNumber, eventModel, eventInput, eventOutput, eventCacheRead, eventCacheWrite
  case eventCost, eventDuration, eventCall, eventSpeed, eventAccount

  /// The names it goes by; of two that are there the earlier holds.
  var names: [String] {
    switch self {
    case .operation: ["gen_ai.operation.name"]
    case .provider: ["gen_ai.provider.name", "gen_ai.system", "ai.model.provider", "llm.provider", "llm.system"]
    case .model: ["gen_ai.request.model", "ai.model.id", "llm.request.model", "langfuse.observation.model.name"]
    case .servedModel: ["gen_ai.response.model", "ai.response.model", "llm.response.model", "llm.model_name"]
    case .responseID: ["gen_ai.response.id", "ai.response.id", "llm.response.id"]
    case .tier:
      ["openai.response.service_tier", "gen_ai.openai.response.service_tier", "gen_ai.response.service_tier"]
    case .askedTier: ["openai.request.service_tier", "gen_ai.openai.request.service_tier"]
    case .input, .output, .total, .cacheRead, .cacheWrite, .reasoning, .inputAudio, .outputAudio, .inputImage,
      .outputImage:
      counts
    case .session: ["session.id", "gen_ai.conversation.id", "langfuse.session.id"]
    case .user: ["enduser.id", "user.id", "langfuse.user.id"]
    case .environment: ["deployment.environment.name", "deployment.environment", "langfuse.environment"]
    case .host: ["server.address", "gen_ai.request.base_url", "net.peer.name"]
    case .service: ["service.name"]
    case .stream: ["gen_ai.request.stream", "llm.is_streaming", "gen_ai.is_streaming"]
    case .status: ["http.response.status_code"]
    case .fault: ["error.type"]
    case .vercelOperation: ["ai.operationId"]
    case .vercelProvider: ["ai.model.provider"]
    case .vercelUncached: ["ai.usage.inputTokenDetails.noCacheTokens"]
    case .openInferenceKind: ["openinference.span.kind"]
    case .traceloopKind: ["traceloop.span.kind"]
    case .askedKind: ["llm.request.type"]
    case .langfuseKind: ["langfuse.observation.type"]
    case .langfuseUsage: ["langfuse.observation.usage_details"]
    case .langfuseCost: ["langfuse.observation.cost_details"]
    case .ownTeam: ["tollbook.team"]
    case .ownProject: ["tollbook.project"]
    case .ownUser: ["tollbook.user"]
    case .ownKey: ["tollbook.key"]
    case .ownEnvironment: ["tollbook.environment"]
    case .ownSession: ["tollbook.session"]
    case .ownRoute: ["tollbook.route"]
    case .ownID: ["tollbook.id"]
    case .eventName: ["event.name"]
    case .eventNumber: ["event.sequence"]
    case .eventModel: ["model"]
    case .eventInput: ["input_tokens"]
    case .eventOutput: ["output_tokens"]
    case .eventCacheRead: ["cache_read_tokens"]
    case .eventCacheWrite: ["cache_creation_tokens"]
    case .eventCost: ["cost_usd"]
    case .eventDuration: ["duration_ms"]
    case .eventCall: ["request_id"]
    case .eventSpeed: ["speed"]
    case .eventAccount: ["user.account_uuid"]
    }
  }

  private var counts: [String] {
    switch self {
    case .input:
      [
        "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "ai.usage.inputTokens", "ai.usage.promptTokens",
        "llm.usage.prompt_tokens", "llm.token_count.prompt", "ai.usage.tokens",
      ]
    case .output:
      [
        "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "ai.usage.outputTokens",
        "ai.usage.completionTokens", "llm.usage.completion_tokens", "llm.token_count.completion",
      ]
    case .total:
      ["gen_ai.usage.total_tokens", "llm.usage.total_tokens", "llm.token_count.total", "ai.usage.totalTokens"]
    case .cacheRead:
      [
        "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens",
        "gen_ai.usage.input_tokens.cached", "gen_ai.usage.cached_tokens", "llm.usage.cache_read_input_tokens",
        "ai.usage.inputTokenDetails.cacheReadTokens", "ai.usage.cachedInputTokens",
        "llm.token_count.prompt_details.cache_read", "llm.token_count.prompt_details.cache_input",
      ]
    case .cacheWrite:
      [
        "gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens",
        "gen_ai.usage.cache_creation_input_tokens", "gen_ai.usage.cache_write_input_tokens",
        "gen_ai.usage.input_tokens.cache_write", "llm.usage.cache_creation_input_tokens",
        "ai.usage.inputTokenDetails.cacheWriteTokens", "llm.token_count.prompt_details.cache_write",
      ]
    case .reasoning:
      [
        "gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.output_tokens.reasoning",
        "gen_ai.usage.reasoning_tokens", "llm.usage.reasoning_tokens", "ai.usage.outputTokenDetails.reasoningTokens",
        "ai.usage.reasoningTokens", "llm.token_count.completion_details.reasoning",
      ]
    case .inputAudio: ["gen_ai.usage.audio.input_tokens", "llm.token_count.prompt_details.audio"]
    case .outputAudio: ["gen_ai.usage.audio.output_tokens", "llm.token_count.completion_details.audio"]
    case .inputImage: ["gen_ai.usage.image.input_tokens"]
    case .outputImage: ["gen_ai.usage.image.output_tokens"]
    default: []
    }
  }
}
