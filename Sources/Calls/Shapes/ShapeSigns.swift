/// Keys by which the lines of other programs are told from our own.
extension KeyRules {
  static let signs: [(Context, String, KeyAction)] =
    [
      (.top, "resourceSpans", .sign(.spans)), (.top, "resource_spans", .sign(.spans)),
      (.top, "resourceLogs", .sign(.logRecords)), (.top, "resource_logs", .sign(.logRecords)),
      (.top, "resourceMetrics", .sign(.metricPoints)), (.top, "resource_metrics", .sign(.metricPoints)),
      (.top, "attributes", .sign(.attributes)), (.top, "gen_ai.request.model", .sign(.genAIModel)),
      (.top, "gen_ai.usage.input_tokens", .sign(.genAIInput)),
      (.top, "gen_ai.usage.prompt_tokens", .sign(.genAIPrompt)), (.top, "ai", .sign(.gatewayUsage)),
      (.top, "specversion", .sign(.specVersion)), (.top, "data", .sign(.data)),
      (.top, "response", .sign(.response)), (.top, "result", .sign(.result)),
      (.top, "message", .sign(.message)), (.top, "timestamp", .sign(.timestamp)),
      (.top, "custom_id", .sign(.customID)),
      (.top, "response_body", .sign(.responseBody)), (.top, "responseBody", .sign(.responseBody)),
      (.top, "standard_logging_object", .sign(.liteLLMPayload)),
      (.top, "litellm_call_id", .sign(.liteLLMCall)),
      (.top, "custom_llm_provider", .sign(.liteLLMProvider)), (.top, "call_type", .sign(.liteLLMKind)),
      (.top, "providerResponse", .sign(.providerResponse)), (.top, "url", .sign(.url)),
      (.top, "status_code", .sign(.statusCode)), (.top, "error_class", .sign(.errorClass)),
      (.top, "upstream_status", .sign(.upstreamStatus)), (.top, "request_time", .sign(.requestTime)),
      (.top, "response_code", .sign(.responseCode)), (.top, "urls", .sign(.urls)),
      (.top, "metrics", .sign(.metrics)), (.top, "images", .sign(.images)),
      (.top, "video", .sign(.video)), (.top, "timings", .sign(.timings)),
      (.top, "status_url", .sign(.statusURL)), (.top, "queue_position", .sign(.queuePosition)),
      (.top, "native_tokens_prompt", .sign(.nativePrompt)), (.top, "total_cost", .sign(.totalCost)),
      (.top, "prompt_eval_count", .sign(.evaluated)), (.top, "meta", .sign(.meta)),
      (.top, "usage_breakdown", .sign(.usageBreakdown)),
      (.usage, "iterations", .sign(.iterations)), (.usage, "billed_units", .sign(.billedUnits)),
      (.usage, "is_byok", .sign(.ownKey)),
      (.top, "messages", .note(.messages)), (.top, "model_map_information", .note(.modelMap)),
    ] + flat + tools

  private static let flat: [(Context, String, KeyAction)] = [
    (.top, "prompt_tokens", .sign(.flatPrompt)), (.top, "completion_tokens", .sign(.flatCompletion)),
    (.top, "input_tokens", .sign(.flatInput)), (.top, "output_tokens", .sign(.flatOutput)),
    (.top, "promptTokenCount", .sign(.flatGemini)), (.top, "prompt_token_count", .sign(.flatGemini)),
  ]

  /// Names of counts in a usage object, and of objects of them.
  static let usageNames = Set(all.filter { $0.context == .usage && $0.name.contains("oken") }.map(\.name))

  private static let tools: [(Context, String, KeyAction)] = [
    (.top, "output", .descend(.output)), (.body, "output", .descend(.output)),
    (.top, "tool_usage", .descend(.toolUsage)), (.body, "tool_usage", .descend(.toolUsage)),
    (.toolUsage, "web_search", .descend(.toolSearch)),
    (.toolSearch, "num_requests", .slot(.toolSearches)),
  ]
}

extension LineScanner {
  /// Notes the value of a key that another program's line is told by.
  ///
  /// Lists under `data` and a `batch` that is a word are of our own lines too, and are no sign.
  mutating func sign(_ slot: Slot, depth: Int) throws(Refusal) {
    let first = try next()
    let value = try extent(depth: depth)
    try line.set(slot, value)
    switch slot {
    case .batch: if first == UInt8(ascii: "[") { line.sawSign = true }
    case .data: if first == UInt8(ascii: "{") { line.sawSign = true }
    default: if value.kind != .null { line.sawSign = true }
    }
  }

  /// The value at `p` of whatever kind: an object or a list comes out as ``Slice/Kind/compound``.
  mutating func extent(depth: Int) throws(Refusal) -> Slice {
    let first = try next()
    guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return try scalar(depth: depth) }
    let start = p
    try skipValue(depth: depth + 1)
    return Slice(offset: start - base, length: p - start, kind: .compound)
  }

  /// Walks the object at `p`, which is a brace; `member` is given each key, and walks its value.
  mutating func members(
    _ member: (inout LineScanner, Slice) throws(Refusal) -> Void
  ) throws(Refusal) {
    p += 1
    skipSpace()
    if try next() == UInt8(ascii: "}") {
      p += 1
      return
    }
    while true {
      guard try next() == UInt8(ascii: "\"") else { throw .badJSON }
      let key = try text()
      skipSpace()
      guard try next() == UInt8(ascii: ":") else { throw .badJSON }
      p += 1
      skipSpace()
      try member(&self, key)
      skipSpace()
      let byte = try next()
      p += 1
      if byte == UInt8(ascii: "}") { return }
      guard byte == UInt8(ascii: ",") else { throw .badJSON }
      skipSpace()
    }
  }

  /// Counts the searches among the items of a response's `output`, and reads nothing else of them.
  ///
  /// An item is a search when its `type` is `web_search_call` and its action, where it has one, is
  /// `search`: opening a page and finding a word in it are not billed. A failed one is not counted.
  /// Source: platform.openai.com/docs/guides/tools-web-search, "Output and citations".
  mutating func outputItems(depth: Int) throws(Refusal) {
    guard depth <= Limits.depth else { throw .tooDeep }
    try list { (scanner: inout LineScanner) throws(Refusal) in
      guard try scanner.next() == UInt8(ascii: "{") else { return try scanner.skipValue(depth: depth + 2) }
      var isCall = false
      var isSearch = true
      var hasFailed = false
      try scanner.members { (scanner: inout LineScanner, key: Slice) throws(Refusal) in
        let name = scanner.line.bytes(of: key)
        if name.elementsEqual("type".utf8) {
          isCall = scanner.isText(try scanner.scalar(depth: depth), "web_search_call")
        } else if name.elementsEqual("status".utf8) {
          hasFailed = scanner.isText(try scanner.scalar(depth: depth), "failed")
        } else if name.elementsEqual("action".utf8), try scanner.next() == UInt8(ascii: "{") {
          try scanner.members { (scanner: inout LineScanner, key: Slice) throws(Refusal) in
            if scanner.line.bytes(of: key).elementsEqual("type".utf8) {
              isSearch = scanner.isText(try scanner.scalar(depth: depth), "search")
            } else {
              try scanner.skipValue(depth: depth + 3)
            }
          }
        } else {
          try scanner.skipValue(depth: depth + 2)
        }
      }
      if isCall, isSearch, !hasFailed { scanner.line.searches += 1 }
    }
  }

  private func isText(_ slice: Slice, _ text: StaticString) -> Bool {
    slice.kind == .text
      && line.bytes(of: slice).elementsEqual(
        UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
