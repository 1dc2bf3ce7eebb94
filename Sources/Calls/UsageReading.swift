import Units

/// What a line's usage comes to: disjoint meters, and what was noticed on the way.
struct UsageReading {
  var usage = Usage()
  var flags: CallFlags = []
  /// The provider's own numbers, kept where they contradict each other.
  var raw: [(name: StaticString, count: Int64)] = []

  /// Reads usage and units out of a scanned line.
  ///
  /// Nothing is clamped: where a part exceeds its whole the meters stay empty, the numbers are kept
  /// as they came, and ``CallFlags/contradictory`` is set.
  static func read(_ line: ScannedLine, dialect: Dialect?) throws(Refusal) -> UsageReading {
    var reading = UsageReading()
    if line.sawUsage {
      switch dialect ?? Dialect.detect(line) {
      case .openAI: try reading.readOpenAI(line)
      case .responses: try reading.readResponses(line)
      case .anthropic: try reading.readAnthropic(line)
      case .gemini: try reading.readGemini(line)
      case .duration: try reading.readDuration(line)
      case .none: break
      }
      if line.has(.inputTokens), line.has(.promptTokens), dialect == nil {
        reading.flags.insert(.ambiguousDialect)
      }
    }
    if line.unknownCount > 0 { reading.flags.insert(.unknownUsage) }
    if line.sawUnits { try reading.readUnits(line) }
    if reading.flags.contains(.contradictory) { reading.usage = Usage() }
    for meter in 0..<Meter.count where reading.usage.quantities[meter] > Usage.wholeQuantityMax {
      if Meter(rawValue: UInt8(meter))?.unit.parts == 1 { throw .countTooLarge }
    }
    return reading
  }

  /// A count, or nil when the line does not state it.
  static func count(_ line: ScannedLine, _ slot: Slot) throws(Refusal) -> Int64? {
    let slice = line[slot]
    switch slice.kind {
    case .number, .text: return try CountText.whole(line.bytes(of: slice))
    case .absent, .null: return nil
    default: throw .wrongType
    }
  }

  /// Puts `whole` less its `parts` into `meter`; a part beyond the whole is a contradiction.
  mutating func put(_ whole: Int64, less parts: Int64, in meter: Meter) {
    if parts > whole { flags.insert(.contradictory) } else { usage[meter] = whole - parts }
  }

  /// Our own meters: decimals in the meter's unit, disjoint by contract.
  private mutating func readUnits(_ line: ScannedLine) throws(Refusal) {
    for meter in Meter.allCases {
      let slice = line[.unit(meter)]
      guard slice.kind != .absent, slice.kind != .null else { continue }
      guard slice.kind == .number || slice.kind == .text else { throw .wrongType }
      let quantity = try CountText.parts(
        line.bytes(of: slice), decimals: meter.unit.decimals,
        fractionIsRounded: meter.unit == .second)
      // The same meter from both usage and units: two statements of one fact.
      if usage.has(meter), usage[meter] != quantity { flags.insert(.contradictory) }
      usage[meter] = quantity
    }
  }

  /// Seconds of audio, as transcription services bill them.
  private mutating func readDuration(_ line: ScannedLine) throws(Refusal) {
    guard line.has(.seconds) else { return }
    usage[.audioSeconds] = try CountText.parts(
      line.bytes(of: line[.seconds]), decimals: 6, fractionIsRounded: true)
  }
}

/// Whose words a usage object is in.
///
/// The convention belongs to the API, never to the model.
enum Dialect {
  /// `prompt_tokens` with cached and audio tokens inside, reasoning inside `completion_tokens`.
  case openAI
  /// `input_tokens` with cached tokens inside; also images and token transcriptions.
  case responses
  /// `input_tokens` with cached tokens beside it.
  case anthropic
  /// `promptTokenCount` with cached inside, thoughts beside `candidatesTokenCount`.
  case gemini
  /// `{"type":"duration","seconds":27.0}`.
  case duration

  /// The dialect of that name in a line's `dialect`.
  init?(named name: UnsafeBufferPointer<UInt8>) {
    func isAny(_ names: StaticString...) -> Bool {
      names.contains { candidate in
        name.elementsEqual(
          UnsafeBufferPointer(start: candidate.utf8Start, count: candidate.utf8CodeUnitCount))
      }
    }
    if isAny(
      "openai", "huggingface", "groq", "together", "fireworks", "novita", "deepseek", "xai",
      "deepinfra", "cerebras", "openrouter", "litellm")
    {
      self = .openAI
    } else if isAny("openai_responses", "responses") {
      self = .responses
    } else if isAny("anthropic") {
      self = .anthropic
    } else if isAny("gemini", "google") {
      self = .gemini
    } else {
      return nil
    }
  }

  /// The dialect by the keys that only it has; nil when none of its counts is stated.
  static func detect(_ line: ScannedLine) -> Dialect? {
    if line.has(.promptTokens) || line.has(.completionTokens) { return .openAI }
    if line.has(.geminiPrompt) || line.has(.geminiTotal) || line.has(.geminiCandidates)
      || line.has(.geminiResponse)
    {
      return .gemini
    }
    if line.has(.inputTokens) || line.has(.outputTokens) {
      let anthropic =
        line.has(.cacheReadInput) || line.has(.cacheCreationInput) || line.has(.write5m)
        || line.has(.write1h)
      return anthropic ? .anthropic : .responses
    }
    if line.has(.seconds) { return .duration }
    return line.has(.totalTokens) ? .openAI : nil
  }
}
