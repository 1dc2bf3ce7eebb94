import Units

/// The usage of OpenAI and of the many that speak its words: wholes with their parts inside.
///
/// Source: openai-python 3.52 types (`CompletionUsage`, `ResponseUsage`, `images.Usage`); DeepSeek,
/// Together, Groq, LiteLLM: their SDKs and answers, 2026.
extension UsageReading {
  /// `prompt_tokens` and `completion_tokens`.
  mutating func readOpenAI(_ line: ScannedLine) throws(Refusal) {
    let prompt = try Self.count(line, .promptTokens)
    let completion = try Self.count(line, .completionTokens)
    if let prompt {
      try checkDeepSeek(line, prompt: prompt)
      try readInput(line, whole: prompt)
    }
    if let completion { try readOutput(line, whole: completion) }
    try checkTotal(line, input: prompt, output: completion)
    try readTools(line)
  }

  /// `input_tokens` and `output_tokens` of the Responses, Images and Transcription APIs.
  mutating func readResponses(_ line: ScannedLine) throws(Refusal) {
    let input = try Self.count(line, .inputTokens)
    let output = try Self.count(line, .outputTokens)
    if let input { try readInput(line, whole: input) }
    if let output { try readOutput(line, whole: output) }
    try checkTotal(line, input: input, output: output)
    try readTools(line)
  }

  private mutating func readInput(_ line: ScannedLine, whole: Int64) throws(Refusal) {
    let cached = try cachedTokens(line)
    let audio = try Self.count(line, .inAudio) ?? 0
    let image = try Self.count(line, .inImage) ?? 0
    let writes = try cacheWrites(line)
    let parts = cached + audio + image + writes
    put(whole, less: parts, in: .input)
    if cached > 0 || line.has(.inCached) || line.has(.topCached) || line.has(.cacheHit)
      || line.has(.headerCached)
    {
      usage[.cacheRead] = cached
    }
    if audio > 0 { usage[.inputAudio] = audio }
    if image > 0 { usage[.inputImage] = image }
    if let text = try Self.count(line, .inText), text > 0, text + audio + image > whole {
      flags.insert(.contradictory)
    }
    keep(flags.contains(.contradictory), [("prompt_tokens", whole), ("cached_tokens", cached)])
  }

  private mutating func readOutput(_ line: ScannedLine, whole: Int64) throws(Refusal) {
    let reasoning = try Self.count(line, .outReasoning) ?? 0
    let audio = try Self.count(line, .outAudio) ?? 0
    let image = try Self.count(line, .outImage) ?? 0
    put(whole, less: reasoning + audio + image, in: .output)
    if reasoning > 0 { usage[.reasoning] = reasoning }
    if audio > 0 { usage[.outputAudio] = audio }
    if image > 0 { usage[.outputImage] = image }
    keep(
      flags.contains(.contradictory), [("completion_tokens", whole), ("reasoning_tokens", reasoning)])
  }

  private static let cachedSlots: [Slot] = [.inCached, .topCached, .cacheHit, .cacheReadInput, .headerCached]

  /// Cached tokens, which hosts state in up to three places: they must agree.
  private mutating func cachedTokens(_ line: ScannedLine) throws(Refusal) -> Int64 {
    var found: Int64?
    for slot in Self.cachedSlots {
      guard let count = try Self.count(line, slot) else { continue }
      if let found, found != count { flags.insert(.contradictory) }
      found = max(found ?? 0, count)
    }
    return found ?? 0
  }

  /// Tokens written to the cache, by lifetime where it is stated.
  private mutating func cacheWrites(_ line: ScannedLine) throws(Refusal) -> Int64 {
    let half = try Self.count(line, .write30m) ?? 0
    let long = try Self.count(line, .write12h) ?? 0
    let five = try Self.count(line, .write5m) ?? 0
    let hour = try Self.count(line, .write1h) ?? 0
    let split = half + long + five + hour
    var whole = try Self.count(line, .inWrite)
    // LiteLLM repeats Anthropic's own field beside its alias: one fact, not two.
    if let twin = try Self.count(line, .cacheCreationInput) {
      if let whole, whole != twin { flags.insert(.contradictory) }
      whole = whole ?? twin
    }
    if let whole, split > 0, whole != split { flags.insert(.contradictory) }
    if half > 0 { usage[.cacheWrite30m] = half }
    if long > 0 { usage[.cacheWrite12h] = long }
    if five > 0 { usage[.cacheWrite5m] = five }
    if hour > 0 { usage[.cacheWrite1h] = hour }
    guard split == 0, let whole, whole > 0 else { return split }
    // A whole under Anthropic's name is Anthropic's, whose writes usually live five minutes.
    usage[line.has(.cacheCreationInput) ? .cacheWrite5m : .cacheWrite30m] = whole
    flags.insert(.cacheLifetimeUnknown)
    return whole
  }

  /// DeepSeek's pair: hits and misses are the whole prompt.
  private mutating func checkDeepSeek(
    _ line: ScannedLine, prompt: Int64
  ) throws(Refusal) {
    guard let hit = try Self.count(line, .cacheHit), let miss = try Self.count(line, .cacheMiss)
    else { return }
    if hit + miss != prompt {
      flags.insert(.contradictory)
      keep(true, [("prompt_cache_hit_tokens", hit), ("prompt_cache_miss_tokens", miss)])
    }
  }

  /// The total is the sum of both sides.
  ///
  /// Some xAI endpoints count reasoning beside the completion; then the total says so, and
  /// reasoning is taken as disjoint.
  private mutating func checkTotal(
    _ line: ScannedLine, input: Int64?, output: Int64?
  ) throws(Refusal) {
    guard let total = try Self.count(line, .totalTokens) else { return }
    if input == nil, output == nil {
      // A total alone cannot be parted into meters.
      if total > 0 { flags.insert(.contradictory) }
    } else if total != (input ?? 0) + (output ?? 0) {
      let reasoning = try Self.count(line, .outReasoning) ?? 0
      if reasoning > 0, let output, total == (input ?? 0) + output + reasoning {
        let audio = try Self.count(line, .outAudio) ?? 0
        let image = try Self.count(line, .outImage) ?? 0
        flags.remove(.contradictory)
        try readInput(line, whole: input ?? 0)
        put(output, less: audio + image, in: .output)
        if !flags.contains(.contradictory) { raw = [] }
      } else {
        flags.insert(.contradictory)
      }
    }
    keep(
      flags.contains(.contradictory),
      [("input_tokens", input ?? 0), ("output_tokens", output ?? 0), ("total_tokens", total)])
  }

  mutating func readTools(_ line: ScannedLine) throws(Refusal) {
    // The items of a Responses call's output say what its usage does not.
    var stated = try Self.count(line, .webSearches)
    if stated == nil { stated = try Self.count(line, .toolSearches) }
    let searches = stated ?? line.searches
    if searches > 0 { usage[.searches] = searches }
  }

  /// Keeps the provider's numbers of a contradiction, each name once.
  mutating func keep(
    _ contradicted: Bool, _ numbers: @autoclosure () -> [(name: StaticString, count: Int64)]
  ) {
    guard contradicted else { return }
    for number in numbers() where !raw.contains(where: { "\($0.name)" == "\(number.name)" }) {
      raw.append(number)
    }
  }
}
