import Units

/// A span of OpenTelemetry's GenAI conventions, in any of their spellings, OpenInference's,
/// Traceloop's, Vercel's and Langfuse's.
///
/// Rule: cached and written tokens are inside the input, reasoning inside the output: "SHOULD
/// include all types of input tokens, including cached". Two exceptions. Langfuse's `usage_details`
/// are disjoint by convention, unless they are in OpenAI's words. Before version 6 Vercel's SDK gives
/// Anthropic's counts as Anthropic does, cached tokens beside the input.
/// Booked are leaf inference spans alone: an agent's, a tool's and a workflow's span repeat what the
/// calls below them used, and so do Vercel's `ai.generateText` and a wrapper's span above another's.
/// Source: semantic-conventions-genai 32c328e8 (client-inference.md, migration.md); Vercel's
/// ai-sdk-core/telemetry; Langfuse SDK 5.0; OpenInference's semantic conventions.
struct InferenceSpan {
  typealias Value = Outline.Value

  let span: Value
  let attributes: SpanAttributes
  let resource: SpanAttributes

  /// What a span is: a call, the sum of calls, or none of a model's business.
  enum Kind { case call, sum, other }

  var kind: Kind {
    if let id = attributes[.vercelOperation]?.word {
      let leaf = id.hasSuffix(".doGenerate") || id.hasSuffix(".doStream") || id.hasSuffix(".doEmbed")
      return leaf ? .call : id == "ai.toolCall" ? .other : .sum
    }
    if let type = attributes[.langfuseKind] {
      return type.isAny("generation", "embedding") ? .call : type.isAny("agent", "chain") ? .sum : .other
    }
    if let operation = attributes[.operation] {
      if Self.operation(operation) != nil { return .call }
      return operation.isAny("invoke_agent", "invoke_workflow", "create_agent", "plan") ? .sum : .other
    }
    if let span = attributes[.openInferenceKind] {
      return span.isAny("LLM", "EMBEDDING", "RERANKER") ? .call : span.isAny("AGENT", "CHAIN") ? .sum : .other
    }
    if let traceloop = attributes[.traceloopKind] {
      return traceloop.isAny("workflow", "agent", "task") ? .sum : .other
    }
    let names = attributes[.model] ?? attributes[.servedModel]
    return names != nil || attributes[.askedKind] != nil ? .call : .other
  }

  var spanID: UInt64? { (span.first("spanId", "span_id") ?? span["context"]?["span_id"]).flatMap(Self.digest) }
  var parentID: UInt64? { span.first("parentSpanId", "parent_span_id", "parent_id").flatMap(Self.digest) }

  /// Names of spans are told apart by their digests.
  private static func digest(_ name: Value) -> UInt64? {
    guard name.kind == .text, let name = valid(name) else { return nil }
    return Digest64.of(UnsafeRawBufferPointer(name.bytes))
  }

  /// The name of a trace or a span; one that is empty or all noughts names none.
  ///
  /// Source: opentelemetry-proto 1.x, `Span`: "An ID with all zeroes … is considered invalid".
  private static func valid(_ name: Value) -> Value? {
    name.bytes.allSatisfy { $0 == UInt8(ascii: "0") } ? nil : name
  }

  /// Adds the span as a line of our own.
  func add(_ root: Value, to lines: inout PlainLines) {
    lines.begin(root)
    addNames(to: &lines)
    addTimes(to: &lines)
    let stream = attributes[.stream]
    lines.add("stream", yes: stream?.kind == .yes)
    addOutcome(to: &lines)
    addUsage(to: &lines)
    lines.end()
  }

  /// Fields of a line that the caller may set by attributes of our own name.
  static let ownNames: [(field: String, attribute: SpanAttribute)] = [
    ("team", .ownTeam), ("project", .ownProject), ("user", .ownUser), ("key", .ownKey),
    ("environment", .ownEnvironment), ("session", .ownSession), ("route", .ownRoute), ("id", .ownID),
  ]

  private func addNames(to lines: inout PlainLines) {
    for (field, attribute) in Self.ownNames { lines.add(field, first: attributes[attribute], resource[attribute]) }
    lines.add("id", attributes[.responseID])
    lines.add("response_id", attributes[.responseID])
    let trace = span.first("traceId", "trace_id") ?? span["context"]?["trace_id"]
    let name = span.first("spanId", "span_id") ?? span["context"]?["span_id"]
    lines.add("id", joined: [trace.flatMap(Self.valid), name.flatMap(Self.valid)], by: ":")
    if let host = attributes[.host]?.word { ProviderHost.add(host, to: &lines) }
    ProviderName.add(attributes[.provider], to: &lines)
    lines.add("model", first: attributes[.model], attributes[.servedModel])
    lines.add("served_model", attributes[.servedModel])
    lines.add("tier", attributes[.tier])
    lines.add("requested_tier", attributes[.askedTier])
    lines.add("project", resource[.service])
    lines.add(
      "environment",
      first: resource[.environment], attributes[.environment])
    lines.add("session", attributes[.session])
    lines.add("user", attributes[.user])
    if let operation = (attributes[.operation] ?? attributes[.askedKind])
      .flatMap(Self.operation)
    {
      lines.add("operation", text: operation)
    }
  }

  /// Nanoseconds since 1970 in OTLP; the rest below a microsecond is cut off.
  private func addTimes(to lines: inout PlainLines) {
    let start = SpanTime(span.first("startTimeUnixNano", "start_time_unix_nano", "startTime", "start_time"))
    let end = SpanTime(span.first("endTimeUnixNano", "end_time_unix_nano", "endTime", "end_time"))
    lines.add("at", start?.microseconds)
    if let start, let end, end.microseconds >= start.microseconds {
      lines.add("latency_ms", (end.microseconds - start.microseconds) / 1000)
    }
  }

  private func addOutcome(to lines: inout PlainLines) {
    let status = attributes[.status]?.count
    if let status, (100..<600).contains(status) { lines.add("status", status) }
    let code = span["status"]?.first("code", "status_code")
    let failed = code?.count == 2 || code?.isAny("STATUS_CODE_ERROR", "ERROR") ?? false
    let canceled = attributes[.fault]?.isAny("cancelled", "canceled", "CancelledError", "asyncio.CancelledError")
    if canceled ?? false { lines.add("status", text: "canceled") }
    lines.add("status", text: failed || attributes[.fault] != nil ? "error" : "ok")
  }

  private func addUsage(to lines: inout PlainLines) {
    if let details = Outline.text(attributes[.langfuseUsage]) {
      if let costs = Outline.text(attributes[.langfuseCost]) {
        lines.add("cost", costs.root["total"])
      }
      return LangfuseUsage.add(details.root, to: &lines)
    }
    let input = attributes[.input]
    let output = attributes[.output]
    guard input != nil || output != nil else { return }
    let read = attributes[.cacheRead]
    let isDisjoint =
      attributes[.vercelOperation] != nil && attributes[.vercelUncached] == nil
      && attributes[.vercelProvider]?.word?.hasPrefix("anthropic") ?? false
    if isDisjoint {
      lines.add("dialect", text: "anthropic")
      lines.add("usage") { lines in
        lines.add("input_tokens", input)
        lines.add("output_tokens", output)
        lines.add("cache_read_input_tokens", read)
        lines.add("cache_creation_input_tokens", attributes[.cacheWrite])
      }
      return
    }
    lines.add("dialect", text: "openai")
    lines.add("usage") { lines in
      lines.add("prompt_tokens", input)
      lines.add("completion_tokens", output)
      lines.add("total_tokens", attributes[.total])
      lines.add("prompt_tokens_details") { lines in
        lines.add("cached_tokens", read)
        lines.add("cache_write_tokens", attributes[.cacheWrite])
        lines.add("audio_tokens", attributes[.inputAudio])
        lines.add("image_tokens", attributes[.inputImage])
      }
      lines.add("completion_tokens_details") { lines in
        lines.add("reasoning_tokens", attributes[.reasoning])
        lines.add("audio_tokens", attributes[.outputAudio])
        lines.add("image_tokens", attributes[.outputImage])
      }
    }
  }

  /// Our word for an operation of a model; nil for an operation that calls none.
  static func operation(_ value: Value) -> String? {
    guard let word = value.word else { return nil }
    switch word {
    case "chat", "generate_content": return "chat"
    case "text_completion", "completion": return "completion"
    case "embeddings", "embedding": return "embedding"
    case "image_generation", "generate_image": return "image"
    case "speech", "text_to_speech": return "speech"
    case "transcription", "speech_to_text": return "transcription"
    case "rerank": return "rerank"
    default: return nil
    }
  }
}
