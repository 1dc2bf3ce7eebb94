import Units

/// Gemini's `usageMetadata`: cached inside the prompt, thoughts and tool prompts beside it.
///
/// Source: google-genai 3.4 (`GenerateContentResponseUsageMetadata`): the total is prompt +
/// candidates + tool use + thoughts.
extension UsageReading {
  mutating func readGemini(_ line: ScannedLine) throws(Refusal) {
    let prompt = try Self.count(line, .geminiPrompt) ?? 0
    let tools = try Self.count(line, .geminiToolUse) ?? 0
    let cached = try Self.count(line, .geminiCached) ?? 0
    let thoughts = try Self.count(line, .geminiThoughts) ?? 0
    let live = try Self.count(line, .geminiResponse) ?? 0
    let candidates = try Self.count(line, .geminiCandidates) ?? live
    let heard = line.modalities.prompt.audio - line.modalities.cached.audio
    let seen = line.modalities.prompt.image - line.modalities.cached.image
    let watched = line.modalities.prompt.video - line.modalities.cached.video
    if heard < 0 || seen < 0 || watched < 0 { flags.insert(.contradictory) }
    put(prompt + tools, less: cached + max(heard, 0) + max(seen, 0) + max(watched, 0), in: .input)
    if line.has(.geminiCached) { usage[.cacheRead] = cached }
    if heard > 0 { usage[.inputAudio] = heard }
    if seen > 0 { usage[.inputImage] = seen }
    if watched > 0 { usage[.inputVideo] = watched }
    // Cached audio has a price of its own that no meter holds yet.
    if line.modalities.cached.audio > 0 { flags.insert(.unknownUsage) }
    let spoken = line.modalities.answer.audio
    let drawn = line.modalities.answer.image
    let filmed = line.modalities.answer.video
    put(candidates, less: spoken + drawn + filmed, in: .output)
    if spoken > 0 { usage[.outputAudio] = spoken }
    if drawn > 0 { usage[.outputImage] = drawn }
    if filmed > 0 { usage[.outputVideo] = filmed }
    if thoughts > 0 { usage[.reasoning] = thoughts }
    if let total = try Self.count(line, .geminiTotal), total != prompt + tools + candidates + thoughts {
      flags.insert(.contradictory)
      keep(true, [("total_token_count", total)])
    }
    keep(
      flags.contains(.contradictory),
      [
        ("prompt_token_count", prompt), ("cached_content_token_count", cached),
        ("candidates_token_count", candidates), ("thoughts_token_count", thoughts),
      ])
  }
}
