import Units

/// The usage of Anthropic's Messages API: cached tokens stand beside `input_tokens`.
///
/// Source: anthropic-sdk-python 2.11 (`Usage`): `output_tokens` "remains the inclusive,
/// authoritative total used for billing", thinking included.
extension UsageReading {
  mutating func readAnthropic(_ line: ScannedLine) throws(Refusal) {
    if let input = try Self.count(line, .inputTokens) { usage[.input] = input }
    if let read = try Self.count(line, .cacheReadInput) { usage[.cacheRead] = read }
    try readCacheCreation(line)
    if let output = try Self.count(line, .outputTokens) {
      let thinking = try Self.count(line, .outThinking) ?? 0
      put(output, less: thinking, in: .output)
      if thinking > 0 { usage[.reasoning] = thinking }
      keep(
        flags.contains(.contradictory), [("output_tokens", output), ("thinking_tokens", thinking)])
    }
    try readTools(line)
  }

  /// Cache writes by lifetime; the sum stands in `cache_creation_input_tokens`.
  private mutating func readCacheCreation(_ line: ScannedLine) throws(Refusal) {
    let whole = try Self.count(line, .cacheCreationInput)
    let five = try Self.count(line, .write5m)
    let hour = try Self.count(line, .write1h)
    if five == nil, hour == nil {
      guard let whole, whole > 0 else { return }
      // Only the sum: five minutes is the default lifetime, but an hour's write is dearer.
      usage[.cacheWrite5m] = whole
      flags.insert(.cacheLifetimeUnknown)
      return
    }
    let split = (five ?? 0) + (hour ?? 0)
    if let whole, whole != split {
      flags.insert(.contradictory)
      keep(true, [("cache_creation_input_tokens", whole), ("ephemeral_input_tokens", split)])
    }
    if let five, five > 0 { usage[.cacheWrite5m] = five }
    if let hour, hour > 0 { usage[.cacheWrite1h] = hour }
  }
}
