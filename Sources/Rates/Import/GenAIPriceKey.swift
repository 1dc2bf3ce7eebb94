import Calls

/// What a price's name in genai-prices is for: its meter, and the count that the figure is for.
struct GenAIPriceKey {
  let meter: Meter
  /// The figure is for 10^`power` units.
  let power: Int
  /// Seconds in the unit, for prices by the hour.
  let seconds: Int

  private static let meters: [String: (Meter, Int, Int)] = [
    "input_mtok": (.input, 6, 1), "output_mtok": (.output, 6, 1),
    "cache_read_mtok": (.cacheRead, 6, 1), "cache_write_mtok": (.cacheWrite5m, 6, 1),
    "cache_write_5m_mtok": (.cacheWrite5m, 6, 1), "cache_write_1h_mtok": (.cacheWrite1h, 6, 1),
    "output_reasoning_mtok": (.reasoning, 6, 1), "input_audio_mtok": (.inputAudio, 6, 1),
    "output_audio_mtok": (.outputAudio, 6, 1), "input_image_mtok": (.inputImage, 6, 1),
    "output_image_mtok": (.outputImage, 6, 1), "input_video_mtok": (.inputVideo, 6, 1),
    "output_video_mtok": (.outputVideo, 6, 1), "web_searches_kcount": (.searches, 3, 1),
    "requests_kcount": (.requests, 3, 1), "input_document_kpages": (.pages, 3, 1),
    "input_mchars": (.characters, 6, 1), "audio_hours": (.audioSeconds, 0, 3_600),
    "input_audio_hours": (.audioSeconds, 0, 3_600),
  ]
  /// Prices of things that no meter of ours counts.
  static let known: Set = [
    "cache_audio_read_mtok", "cache_image_read_mtok",
    "output_citation_mtok", "storage_searches_kcount", "input_annotated_document_kpages",
    "input_text_messages_kcount", "cache_audio_write_mtok", "cache_text_read_mtok",
  ]

  init?(_ name: String, issuer: String) {
    guard let (meter, power, seconds) = Self.meters[name] else { return nil }
    // OpenAI keeps what is written for half an hour, Anthropic for five minutes.
    self.meter = name == "cache_write_mtok" && issuer == "openai" ? .cacheWrite30m : meter
    self.power = power
    self.seconds = seconds
  }
}
