/// Langfuse's `usageDetails`: counts under names of one's own, disjoint by convention.
///
/// Rule: the SDK's names are disjoint, cached tokens beside `input` and reasoning beside `output`.
/// An object in OpenAI's own words is read as OpenAI's. Numbers under other names are flagged.
/// Source: Langfuse SDK 5.0 (`usage_details`), langfuse.com/docs, "Token and cost tracking".
enum LangfuseUsage {
  private static let known: [(meter: String, names: [StaticString])] = [
    ("input", ["input", "input_tokens"]), ("output", ["output", "output_tokens"]),
    (
      "cache_read",
      ["cache_read_input_tokens", "input_cached_tokens", "input_cache_read", "input_cache_read_tokens"]
    ),
    ("cache_write_1h", ["input_cache_creation_1h"]),
    ("cache_write_5m", ["input_cache_creation_5m"]),
    ("reasoning", ["output_reasoning_tokens", "output_reasoning"]),
    ("input_audio", ["input_audio_tokens", "input_audio"]),
    ("output_audio", ["output_audio_tokens", "output_audio"]),
  ]
  private static let written: [StaticString] = [
    "cache_creation_input_tokens", "input_cache_creation", "input_cache_creation_tokens",
  ]

  static func add(_ details: Outline.Value, to lines: inout PlainLines) {
    guard details["prompt_tokens"] == nil, details["completion_tokens"] == nil else {
      return lines.add("usage", whole: details)
    }
    lines.add("units") { lines in
      for (meter, names) in known {
        for name in names { lines.add(meter, details[name]) }
      }
    }
    // What has no meter of ours is left to the reading of usage, which flags it.
    var taken = Set(known.flatMap { $0.names.map { "\($0)" } })
    taken.formUnion(["total", "total_tokens", "unit"])
    let rest = details.children.filter { !taken.contains(String(decoding: $0.key, as: UTF8.self)) }
    guard !rest.isEmpty else { return }
    lines.add("dialect", text: "anthropic")
    lines.add("usage") { lines in
      for name in written { lines.add("cache_creation_input_tokens", details[name]) }
      for child in rest {
        let name = String(decoding: child.key, as: UTF8.self)
        if !written.contains(where: { "\($0)" == name }) { lines.add(name, child) }
      }
    }
  }
}
