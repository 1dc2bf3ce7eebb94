/// A place for the value of one key that we read.
///
/// What has no slot is never read into a value.
///
/// This is the allow-list of the contract: prompts, outputs and API keys have no slot.
enum Slot: UInt8, CaseIterable {
  // The envelope.
  case id, at, team, project, user, key, session, environment
  case route, provider, issuer, model, servedModel, operation
  case status, latency, timeToFirstToken, stream, attempt
  case tier, requestedTier, region, batch, dialect, cost, providerRequestID, number
  // Bare responses.
  case object, type, created, createdAt, serviceTier, requestID, modelVersion, responseID
  case bodyID, bodyModel, bodyObject, bodyType, bodyCreated, bodyTier
  // Usage, in the names of its dialects.
  case promptTokens, completionTokens, totalTokens, inputTokens, outputTokens
  case usageType, seconds, usageCost, estimatedCost, geo, usageTier, speed
  case topCached, cacheHit, cacheMiss, cacheReadInput, cacheCreationInput
  case write5m, write1h, write30m, write12h
  case inCached, inWrite, inAudio, inImage, inText
  case outReasoning, outThinking, outAudio, outImage, outText
  case webSearches
  case geminiPrompt, geminiCached, geminiCandidates, geminiThoughts, geminiToolUse, geminiTotal
  case geminiResponse
  // Our own meters, in the order of `Meter`.
  case unit0, unit1, unit2, unit3, unit4, unit5, unit6, unit7, unit8, unit9, unit10
  case unit11, unit12, unit13, unit14, unit15, unit16, unit17, unit18, unit19, unit20, unit21
  case unit22, unit23
  // What prices media.
  case size, count, resolution, steps, hardware, quality, paramSeconds
  // Response headers.
  case headerProvider, headerRequestID, headerInferenceID, headerPlainRequestID, headerFalRequestID
  case headerFalUnits, headerCached
  // The hello of acknowledged mode.
  case helloVersion, helloClient, helloEpoch, helloAck, helloFraming, helloReplay
  // The dead letter that a line of a replay settles.
  case letter
  // Searches of OpenAI's Responses, where they are stated beside the usage.
  case toolSearches
  // Keys by which the shapes of other programs are told; see `Shape`.
  case spans, logRecords, metricPoints, attributes, genAIModel, genAIInput, genAIPrompt, gatewayUsage
  case specVersion, data, response, result, message, timestamp, batchResponse, customID
  case liteLLMPayload, liteLLMCall, liteLLMProvider, liteLLMKind
  case providerResponse, url, statusCode, errorClass, upstreamStatus, requestTime, responseCode
  case urls, metrics, images, video, timings, statusURL, queuePosition
  case nativePrompt, totalCost, evaluated, meta, usageBreakdown, iterations, billedUnits, ownKey, costDetails
  case responseBody
  case flatPrompt, flatCompletion, flatInput, flatOutput, flatGemini
  // Noted so that nobody reads them: prompts, and a catalogue that LiteLLM adds to every line.
  case messages, modelMap

  /// The slot of one of our own meters.
  static func unit(_ meter: Meter) -> Slot {
    Slot(rawValue: Slot.unit0.rawValue + meter.rawValue) ?? .unit0
  }
}
