extension CallDecoder {
  /// What a line is that says its kind and tells of no call; nil for all others.
  func partOrSum(_ defaults: CallDefaults) -> Ignored? {
    // A batch object has the usage of all its results, each of which has a line of its own.
    if says(.object, "batch") || says(.bodyObject, "batch") || says(.type, "message_batch") { return .sumOfCalls }
    return isStreamPart(defaults) ? .streamPart : nil
  }

  /// A piece of a stream that is not its end: its usage, if any, is provisional or not whole.
  ///
  /// OpenAI's chunks have `usage` in the last one at most. Anthropic's `message_start` has the
  /// input's counts and a provisional output; `message_delta` has them all, summed up to its end,
  /// but names neither the message nor its model: it is a call where the sender names the model.
  /// Source: anthropic-sdk-python 2.11 (`MessageDeltaUsage`: "cumulative"), openai-python 3.52.
  func isStreamPart(_ defaults: CallDefaults) -> Bool {
    for (object, type) in [(Slot.object, Slot.type), (.bodyObject, .bodyType)] {
      if says(object, "chat.completion.chunk"), !line.sawUsage { return true }
      if says(type, "message_delta") {
        let names = line.has(.model) || line.has(.servedModel) || defaults.texts[.model] != nil
        return !(names && line.has(.inputTokens) && line.has(.outputTokens))
      }
      if says(
        type, "message_start", "message_stop", "content_block_start", "content_block_delta",
        "content_block_stop", "ping")
      {
        return true
      }
    }
    return false
  }

  /// Whether a later line may add to the call, and whether it is the first of several.
  ///
  /// Chunks of OpenAI's and Gemini's streams have the usage up to them where they have any, under one id.
  func readStream(_ call: inout Call) {
    switch line[.stream].kind {
    case .yes: call.flags.insert(.stream)
    case .text where says(.stream, "start"): call.flags.formUnion([.stream, .streamStart])
    default: break
    }
    if line.sawKind, says(.object, "chat.completion.chunk") || says(.bodyObject, "chat.completion.chunk") {
      call.flags.insert(.stream)
    }
    if line.has(.responseID), !line.has(.id), !unfolding.isOpen, line.has(.geminiPrompt) || line.has(.geminiTotal) {
      call.flags.insert(.stream)
    }
  }

  private func says(_ slot: Slot, _ names: StaticString...) -> Bool {
    guard line[slot].kind == .text else { return false }
    let text = line.bytes(of: line[slot])
    return names.contains {
      text.elementsEqual(UnsafeBufferPointer(start: $0.utf8Start, count: $0.utf8CodeUnitCount))
    }
  }
}
