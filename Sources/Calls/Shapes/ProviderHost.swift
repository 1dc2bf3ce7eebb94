/// Who is behind a host that OpenAI's client, and so its spans and logs, may be pointed at.
///
/// The client names OpenAI whomever it calls; the host does not err. Source: the providers' own
/// documentation of their base addresses, 2026-11.
enum ProviderHost {
  static func add(_ host: String, to lines: inout PlainLines) {
    for (suffix, route, provider) in known where isPart(host.utf8, of: suffix.utf8) {
      if !route.isEmpty { lines.add("route", text: route) }
      if !provider.isEmpty { lines.add("provider", text: provider) }
    }
  }

  /// Whether a host is of that name, or of a name below it.
  private static func isPart(_ host: String.UTF8View, of name: String.UTF8View) -> Bool {
    guard host.count >= name.count, host.suffix(name.count).elementsEqual(name) else { return false }
    return host.count == name.count || host.dropLast(name.count).last == UInt8(ascii: ".")
  }

  private static let known: [(host: String, route: String, provider: String)] = [
    ("router.huggingface.co", "huggingface", ""), ("openrouter.ai", "openrouter", ""),
    ("api.groq.com", "", "groq"), ("api.together.xyz", "", "together"), ("api.together.ai", "", "together"),
    ("api.fireworks.ai", "", "fireworks"), ("api.novita.ai", "", "novita"),
    ("api.deepinfra.com", "", "deepinfra"), ("api.deepseek.com", "", "deepseek"), ("api.x.ai", "", "xai"),
    ("api.cerebras.ai", "", "cerebras"), ("api.cohere.com", "", "cohere"), ("api.cohere.ai", "", "cohere"),
    ("api.mistral.ai", "", "mistral"), ("api.openai.com", "", "openai"), ("api.anthropic.com", "", "anthropic"),
    ("generativelanguage.googleapis.com", "", "google"), ("api.replicate.com", "", "replicate"),
    ("fal.run", "", "fal"), ("api.wavespeed.ai", "", "wavespeed"),
  ]
}
