/// Providers under the names of other programs, in ours.
enum ProviderName {
  /// Adds the provider, or the route where the name is a router's.
  static func add(_ value: Outline.Value?, to lines: inout PlainLines) {
    guard let value, let word = value.word else { return }
    add(word, to: &lines)
  }

  static func add(_ word: String, to lines: inout PlainLines) {
    let name = word.lowercased()
    if name == "huggingface" || name == "openrouter" {
      lines.add("route", text: name)
    } else {
      lines.add("provider", text: ours(name))
    }
  }

  /// Source: OpenTelemetry's `gen_ai.provider.name` and `gen_ai.system`, LiteLLM's
  /// `custom_llm_provider`, Vercel's `ai.model.provider`, OpenRouter's display names, 2026-11.
  static func ours(_ name: String) -> String {
    if let known = names[name] { return known }
    // Vercel's are a provider and an API of it: `openai.responses`.
    if let dot = name.firstIndex(of: "."), let known = families[String(name[..<dot])] {
      return names[known] ?? known
    }
    return name
  }

  private static let names: [String: String] = [
    "x_ai": "xai", "grok": "xai", "mistral_ai": "mistral", "together_ai": "together", "togetherai": "together",
    "fireworks_ai": "fireworks", "gemini": "google", "gcp.gemini": "google", "gcp.gen_ai": "google",
    "google ai studio": "google", "google.generative-ai": "google", "google_genai": "google",
    "gcp.vertex_ai": "vertex_ai", "google.vertex.chat": "vertex_ai", "google vertex": "vertex_ai",
    "az.ai.openai": "azure", "azure.ai.openai": "azure", "az.ai.inference": "azure",
    "azure.ai.inference": "azure", "aws.bedrock": "bedrock", "amazon-bedrock": "bedrock",
    "amazon bedrock": "bedrock", "moonshot_ai": "moonshotai", "moonshot": "moonshotai", "zai-org": "zai",
    "text-completion-openai": "openai", "cohere_chat": "cohere",
  ]

  private static let families: [String: String] = [
    "openai": "openai", "anthropic": "anthropic", "mistral": "mistral", "groq": "groq", "xai": "xai",
    "cohere": "cohere", "togetherai": "together", "fireworks": "fireworks", "deepinfra": "deepinfra",
    "deepseek": "deepseek", "cerebras": "cerebras", "azure": "azure", "perplexity": "perplexity",
  ]
}
