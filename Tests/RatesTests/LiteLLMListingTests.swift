import Rates
import Testing
import Units

/// LiteLLM's map, whose figures are floats for one token, image, second or character.
@Suite struct LiteLLMListingTests {
  private static func map(_ prices: String, provider: String = "acme", mode: String = "chat") -> String {
    #"{"sample_spec":{"input_cost_per_token":0.0,"litellm_provider":"one of"},"acme/large":{"litellm_provider":"\#(provider)","mode":"\#(mode)",\#(prices)}}"#
  }

  @Test(arguments: [
    (#""input_cost_per_token":1.5e-07,"output_cost_per_token":6e-07"#, ["acme large: input 0.15, output 0.6"]),
    (
      #""input_cost_per_token":3e-06,"output_cost_per_token":1.5e-05,"cache_read_input_token_cost":3e-07,"cache_creation_input_token_cost":3.75e-06,"cache_creation_input_token_cost_above_1hr":6e-06"#,
      ["acme large: input 3, cache_read 0.3, output 15, cache_write_5m 3.75, cache_write_1h 6"]
    ),
    // What floating point left behind.
    (
      #""input_cost_per_token":4.285999999999999e-06,"output_cost_per_token":2.0000000000000002e-07"#,
      ["acme large: input 4.286, output 0.2"]
    ),
    // Nought fills places, and is no price.
    (
      #""input_cost_per_token":1e-06,"output_cost_per_token":0.0,"output_cost_per_reasoning_token":0"#,
      ["acme large: input 1"]
    ),
    (
      #""input_cost_per_token":0.0,"output_cost_per_token":0.0"#,
      ["left out 1 models without a price above nought"]
    ),
    (#""input_cost_per_token":null,"output_cost_per_token":1e-06"#, ["acme large: output 1"]),
    (#""max_tokens":8192"#, ["left out 1 models without a price above nought"]),
    // Tiers are cards of their own; one that states no cached price has none.
    (
      #""input_cost_per_token":2e-06,"output_cost_per_token":8e-06,"cache_read_input_token_cost":5e-07,"input_cost_per_token_batches":1e-06,"output_cost_per_token_batches":4e-06,"input_cost_per_token_priority":3.5e-06,"input_cost_per_token_flex":1e-06"#,
      [
        "acme large: input 2, cache_read 0.5, output 8", "acme large tier=batch: input 1, output 4",
        "acme large tier=flex: input 1", "acme large tier=priority: input 3.5",
      ]
    ),
    // A band repeats what its threshold does not change.
    (
      #""input_cost_per_token":1.25e-06,"output_cost_per_token":1e-05,"cache_read_input_token_cost":1.25e-07,"input_cost_per_token_above_200k_tokens":2.5e-06,"output_cost_per_token_above_200k_tokens":1.5e-05"#,
      ["acme large: input 1.25, cache_read 0.125, output 10 | over 200000: input 2.5, cache_read 0.125, output 15"]
    ),
    (
      #""input_cost_per_token":1e-06,"input_cost_per_token_above_128k_tokens":2e-06,"input_cost_per_token_above_272k_tokens":3e-06,"input_cost_per_token_flex":5e-07,"input_cost_per_token_above_272k_tokens_flex":1.5e-06"#,
      [
        "acme large: input 1 | over 128000: input 2 | over 272000: input 3",
        "acme large tier=flex: input 0.5 | over 272000: input 1.5",
      ]
    ),
    // A tier for which no threshold is named has no price from the standard one's first on.
    (
      #""input_cost_per_token":1e-06,"input_cost_per_token_above_128k_tokens":2e-06,"input_cost_per_token_above_272k_tokens":3e-06,"input_cost_per_token_batches":5e-07"#,
      [
        "acme large: input 1 | over 128000: input 2 | over 272000: input 3",
        "acme large tier=batch: input 0.5 | over 128000: ",
      ]
    ),
    (
      #""input_cost_per_token":1e-06,"cache_creation_input_token_cost_above_1hr":2e-06,"cache_creation_input_token_cost_above_1hr_above_200k_tokens":4e-06"#,
      ["acme large: input 1, cache_write_1h 2 | over 200000: input 1, cache_write_1h 4"]
    ),
    (
      #""input_cost_per_token":1e-06,"output_cost_per_token_above_200k_tokens_priority":4e-06"#,
      ["acme large: input 1", "left out 1 prices for long prompts without one for short ones"]
    ),
    (
      #""tiered_pricing":[{"input_cost_per_token":5e-08,"output_cost_per_token":4e-07,"range":[0,256000.0]},{"input_cost_per_token":2.5e-07,"output_cost_per_token":2e-06,"range":[256000.0,1e6]}]"#,
      ["acme large: input 0.05, output 0.4 | over 256000: input 0.25, output 2"]
    ),
    (
      #""input_cost_per_token":1e-06,"search_context_cost_per_query":{"search_context_size_low":0.01,"search_context_size_medium":0.01,"search_context_size_high":0.01}"#,
      ["acme large: input 1, searches 10 per 1K searches"]
    ),
    (
      #""input_cost_per_token":1e-06,"search_context_cost_per_query":{"search_context_size_low":0.01,"search_context_size_high":0.02}"#,
      ["acme large: input 1", "left out 1 prices of a search by its size"]
    ),
    (
      #""input_cost_per_token":1e-06,"input_cost_per_audio_token":1e-05,"output_cost_per_audio_token":2e-05,"input_cost_per_image_token":5e-06"#,
      ["acme large: input 1, input_audio 10, output_audio 20, input_image 5"]
    ),
    (
      #""input_cost_per_token":1e-06,"input_cost_per_hologram":1"#,
      [
        "acme large: input 1",
        "fault line 1: acme acme/large: 'input_cost_per_hologram' is a price that no meter is known for. It is in no card.",
        "left out 1 prices named input_cost_per_hologram",
      ]
    ),
    // The figure for a million in the place of that for a token.
    (
      #""input_cost_per_token":0.0032,"output_cost_per_token":0.00971"#,
      [
        "fault line 1: acme acme/large: 'input_cost_per_token' is 0.0032 USD per 1 token, which is over 2000 USD per 1000000 tokens: mostly a mistaken unit. Look it up at the issuer's."
      ]
    ),
    (
      #""input_cost_per_token":"free","output_cost_per_token":1e-06"#,
      [
        "fault line 1: acme acme/large: 'input_cost_per_token' is 'free', which is no price. Look it up at the issuer's."
      ]
    ),
    (
      #""input_cost_per_token":3e-07,"off_peak_pricing":{"input_cost_per_token":1.5e-07,"hours_utc":"16:30-00:30"}"#,
      ["left out 1 models whose price depends on the hour"]
    ),
  ])
  func `a chat model`(prices: String, cards: [String]) throws {
    #expect(try Listing.cards(.litellm, Self.map(prices)) == cards)
  }

  @Test(arguments: [
    ("image_generation", #""output_cost_per_image":0.04"#, ["acme large: images 0.04 per 1 image"]),
    ("image_generation", #""input_cost_per_image":0.04"#, ["acme large: images 0.04 per 1 image"]),
    // What a prompt's image costs is no price of an image that is made.
    (
      "chat", #""input_cost_per_image":0.04,"input_cost_per_token":1e-06"#,
      ["acme large: input 1", "left out 1 prices named input_cost_per_image"]
    ),
    (
      "image_generation", #""input_cost_per_pixel":8.39233e-08,"output_cost_per_pixel":0.0"#,
      ["acme large: megapixels 0.0839233 per 1 megapixel"]
    ),
    (
      "image_generation", #""output_cost_per_image":0.035,"output_cost_per_pixel":3.337860107421875e-08"#,
      ["left out 1 models priced by the image and by the pixel"]
    ),
    // 0.002 and 0.017 a minute, 0.0913 an hour, before a division.
    (
      "audio_transcription", #""input_cost_per_second":3.3333333333333335e-05,"output_cost_per_second":0.0"#,
      ["acme large: audio_seconds 0.002 per 1 minute"]
    ),
    (
      "audio_transcription", #""input_cost_per_second":2.536111111111111e-05"#,
      ["acme large: audio_seconds 0.0913 per 1 hour"]
    ),
    (
      "audio_transcription", #""input_cost_per_second":0.0002833333333333333"#,
      ["acme large: audio_seconds 0.017 per 1 minute"]
    ),
    ("audio_transcription", #""input_cost_per_second":0.0001"#, ["acme large: audio_seconds 0.0001 per 1 second"]),
    ("audio_speech", #""input_cost_per_character":1.5e-05"#, ["acme large: characters 15 per 1M characters"]),
    (
      "video_generation", #""output_cost_per_second":0.1,"output_cost_per_second_720p":0.2"#,
      [
        "acme large: video_seconds 0.1 per 1 second", "acme large resolution=720p: video_seconds 0.2 per 1 second",
      ]
    ),
    ("rerank", #""input_cost_per_query":0.002,"input_cost_per_token":0.0"#, ["acme large: searches 2 per 1K searches"]),
    ("ocr", #""ocr_cost_per_page":0.001"#, ["acme large: pages 0.001 per 1 page"]),
    ("chat", #""input_cost_per_request":0.005"#, ["acme large: requests 0.005 per 1 request"]),
  ])
  func `other units`(mode: String, prices: String, cards: [String]) throws {
    #expect(try Listing.cards(.litellm, Self.map(prices, mode: mode)) == cards)
  }

  @Test func `OpenAI keeps written cache longer, and xAI's threshold is dear itself`() throws {
    #expect(
      try Listing.cards(
        .litellm,
        Self.map(
          #""input_cost_per_token":2e-06,"cache_creation_input_token_cost":2.5e-06,"cache_creation_input_token_cost_above_12hr":5e-06"#,
          provider: "openai")) == ["openai acme/large: input 2, cache_write_30m 2.5, cache_write_12h 5"])
    #expect(
      try Listing.cards(
        .litellm,
        Self.map(#""input_cost_per_token":2e-06,"input_cost_per_token_above_200k_tokens":4e-06"#, provider: "xai"))
        == ["xai acme/large: input 2 | over 199999: input 4"])
  }

  @Test func `hours become cards where cards can say hours`() throws {
    let prices =
      #""input_cost_per_token":3e-07,"output_cost_per_token":1.2e-06,"off_peak_pricing":{"input_cost_per_token":1.5e-07,"windows":[{"hours_utc":["00:00-01:00","10:00-00:00"],"weekdays":[1,2,3,4,5]},{"hours_utc":"00:00-00:00","weekdays":[6,7]}]}"#
    #expect(
      try Listing.cards(.litellm, Self.map(prices), windows: true) == [
        "acme large: input 0.3, output 1.2",
        "acme large hours=00:00-01:00;weekdays=mon,tue,wed,thu,fri;zone=UTC: input 0.15, output 1.2",
        "acme large hours=10:00-00:00;weekdays=mon,tue,wed,thu,fri;zone=UTC: input 0.15, output 1.2",
        "acme large hours=00:00-00:00;weekdays=sat,sun;zone=UTC: input 0.15, output 1.2",
      ])
  }

  @Test func `one model under several keys is one product`() throws {
    let text = #"""
      {"hd/1024-x-1792/paint":{"litellm_provider":"openai","mode":"image_generation","input_cost_per_image":0.12},
       "standard/1024-x-1024/paint":{"litellm_provider":"openai","mode":"image_generation","input_cost_per_image":0.04},
       "chat":{"litellm_provider":"deepseek","input_cost_per_token":1e-06},
       "deepseek/chat":{"litellm_provider":"deepseek","input_cost_per_token":1e-06},
       "twice":{"litellm_provider":"deepseek","input_cost_per_token":1e-06},
       "deepseek/twice":{"litellm_provider":"deepseek","input_cost_per_token":2e-06},
       "image":{"litellm_provider":"openai","mode":"image_generation","input_cost_per_token":5e-06},
       "low/1024-x-1024/image":{"litellm_provider":"openai","mode":"image_generation","input_cost_per_image":0.01}}
      """#
    #expect(
      try Listing.cards(.litellm, text) == [
        "openai paint quality=hd;size=1024x1792: images 0.12 per 1 image",
        "openai paint quality=standard;size=1024x1024: images 0.04 per 1 image", "deepseek chat: input 1",
        "openai image: input 5",
        "fault line 6: deepseek twice: the source has two prices for it. Look up which holds, and give its card by hand.",
        "left out 1 prices by size beside others of the model",
      ])
  }
}
