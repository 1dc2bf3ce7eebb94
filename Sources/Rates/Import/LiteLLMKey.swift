import Calls
import Units

/// What a price's name in LiteLLM's map says: `cache_read_input_token_cost_above_272k_tokens_flex`
/// is the cached read of prompts over 272,000 tokens, served in the flex tier.
struct LiteLLMKey: Equatable {
  /// The name without threshold, tier and resolution.
  let base: String
  /// Prompt tokens strictly over this pay it; 0 for the base.
  let over: Int64
  /// Empty for the standard tier.
  let tier: String
  /// Empty, or `720p`.
  let resolution: String

  /// Endings that name a tier, and what a line calls it.
  ///
  /// `fast` is billed by the prices of `priority`.
  private static let tiers = [
    ("_batches", "batch"), ("_priority", "priority"), ("_flex", "flex"), ("_balanced", "balanced"),
    ("_ultrafast", "ultrafast"), ("_decisions", "decisions"),
  ]
  private static let resolutions = ["480p", "720p", "768p", "1080p", "2k", "4k"]

  init(_ name: String) {
    var name = name[...]
    var tier = ""
    for (ending, word) in Self.tiers where name.hasSuffix(ending) {
      name = name.dropLast(ending.count)
      tier = word
      break
    }
    var over: Int64 = 0
    if name.hasSuffix("k_tokens"), let mark = name.ranges(of: "_above_").last,
      let thousands = Int64(name[mark.upperBound...].dropLast("k_tokens".count)),
      (1...100_000).contains(thousands)
    {
      over = thousands * 1_000
      name = name[..<mark.lowerBound]
    }
    var resolution = ""
    for ending in Self.resolutions where name.hasSuffix("_per_second_" + ending) {
      name = name.dropLast(ending.count + 1)
      resolution = ending
    }
    base = String(name)
    self.over = over
    self.tier = tier
    self.resolution = resolution
  }

  /// The meter that a price of that name is for, at a model of that mode; nil when none counts it so.
  ///
  /// `keepsLong`: the issuer keeps written cache for half an hour and longer, as OpenAI does.
  func meter(mode: String, keepsLong: Bool) -> Meter? {
    switch base {
    case "input_cost_per_token": .input
    case "output_cost_per_token": .output
    case "cache_read_input_token_cost": .cacheRead
    case "cache_creation_input_token_cost": keepsLong ? .cacheWrite30m : .cacheWrite5m
    case "cache_creation_input_token_cost_above_1hr": .cacheWrite1h
    case "cache_creation_input_token_cost_above_12hr": .cacheWrite12h
    case "output_cost_per_reasoning_token": .reasoning
    case "input_cost_per_audio_token": .inputAudio
    case "output_cost_per_audio_token": .outputAudio
    case "input_cost_per_image_token": .inputImage
    case "output_cost_per_image_token": .outputImage
    case "input_cost_per_video_token": .inputVideo
    case "output_cost_per_video_token": .outputVideo
    case "output_cost_per_image": .images
    case "input_cost_per_image": ["image_generation", "image_edit"].contains(mode) ? .images : nil
    case "input_cost_per_pixel", "output_cost_per_pixel":
      ["image_generation", "image_edit"].contains(mode) ? .megapixels : nil
    case "input_cost_per_second": mode == "audio_transcription" ? .audioSeconds : nil
    case "input_cost_per_audio_per_second": mode == "audio_transcription" ? .audioSeconds : nil
    case "output_cost_per_second":
      mode == "video_generation" ? .videoSeconds : mode == "audio_speech" ? .audioSeconds : nil
    case "output_cost_per_video_per_second": .videoSeconds
    case "input_cost_per_character": mode == "audio_speech" ? .characters : nil
    case "input_cost_per_query": ["rerank", "search"].contains(mode) ? .searches : nil
    case "input_cost_per_request": .requests
    case "ocr_cost_per_page": .pages
    default: nil
    }
  }

  /// Names that are prices, and that no meter counts so: known, and left out.
  static let others: Set = [
    "input_cost_per_token_cache_hit", "explicit_cache_read_input_token_cost", "citation_cost_per_token",
    "cache_creation_input_audio_token_cost", "cache_read_input_audio_token_cost",
    "cache_read_input_image_token_cost",
    "input_cost_per_video_per_second", "input_cost_per_video_per_second_above_15s_interval",
    "input_cost_per_video_per_second_above_8s_interval", "cost_per_second", "output_cost_per_character",
    "input_dbu_cost_per_token", "output_dbu_cost_per_token", "annotation_cost_per_page",
    "ocr_cost_per_credit", "input_cost_per_text_message", "code_interpreter_cost_per_session",
    "guardrail_cost_per_unit", "google_maps_grounding_cost_per_query", "file_search_cost_per_1k_calls",
    "file_search_cost_per_gb_per_day", "vector_store_cost_per_gb_per_day",
    "computer_use_input_cost_per_1k_tokens", "computer_use_output_cost_per_1k_tokens",
    "regional_endpoint_uplift_multiplier", "regional_processing_uplift_multiplier_eu",
    "regional_processing_uplift_multiplier_us", "provider_specific_entry",
    "output_cost_per_image_0.5K", "output_cost_per_image_1K", "output_cost_per_image_2K",
    "output_cost_per_image_4K", "output_cost_per_image_512", "output_cost_per_image_1024",
    "output_cost_per_image_1536", "output_cost_per_image_above_512_and_512_pixels",
  ]

  /// Whether a member of a model tells a price at all.
  static func isPrice(_ name: String) -> Bool {
    name.contains("cost") || name.contains("pric") || name.contains("multiplier")
      || name == "provider_specific_entry"
  }
}

/// The issuer and the model of a key of LiteLLM's map.
struct LiteLLMName: Equatable {
  let issuer: String
  let model: String
  /// Of a key such as `hd/1024-x-1792/dall-e-3`: `size` and `quality`.
  let when: [String: String]

  /// Issuers that the map splits by kind of model.
  private static let issuers = [
    "text-completion-openai": "openai", "cohere_chat": "cohere", "azure_text": "azure",
    "bedrock_converse": "bedrock", "fireworks_ai-embedding-models": "fireworks_ai",
    "text-completion-codestral": "codestral", "text-completion-inception": "inception",
  ]
  private static let qualities: Set = ["hd", "standard", "low", "medium", "high"]

  init(key: String, provider: String) {
    var issuer = Self.issuers[provider] ?? provider
    if provider.hasPrefix("vertex_ai-") { issuer = "vertex_ai" }
    var parts = key.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count > 1, parts[0] == issuer || parts[0] == provider { parts.removeFirst() }
    var when: [String: String] = [:]
    while parts.count > 1, let first = parts.first {
      let sides = first.split(separator: "-", omittingEmptySubsequences: false)
      if sides.count == 3, sides[1] == "x", Int(sides[0]) != nil, Int(sides[2]) != nil {
        when["size"] = "\(sides[0])x\(sides[2])"
      } else if Self.qualities.contains(String(first)) {
        when["quality"] = String(first)
      } else {
        break
      }
      parts.removeFirst()
    }
    self.issuer = issuer
    self.when = when
    model = parts.joined(separator: "/")
  }
}
