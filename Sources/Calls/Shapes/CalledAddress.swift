/// What the address of a call says of it: host, operation and, with some providers, the model.
struct CalledAddress {
  let host: String?
  private let path: [Substring]

  init(_ url: String) {
    let whole = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
    var rest = whole[...]
    if let colon = whole.firstIndex(of: ":"), whole[colon...].hasPrefix("://") {
      rest = whole[colon...].dropFirst(3)
      let name = rest.prefix { $0 != "/" && $0 != ":" }
      host = String(name)
      rest = rest.drop { $0 != "/" }
    } else {
      host = nil
    }
    path = rest.split(separator: "/")
  }

  /// The operation by the end of the path; nil for an address that calls no model.
  var operation: String? {
    let end = path.suffix(2).joined(separator: "/")
    switch end {
    case "chat/completions", "v1/messages", "v1/responses", "v2/chat", "v1/chat": return "chat"
    case "v1/completions": return "completion"
    case "v1/embeddings", "v1/embed", "v2/embed": return "embedding"
    case "images/generations", "images/edits", "images/variations": return "image"
    case "audio/transcriptions", "audio/translations": return "transcription"
    case "audio/speech": return "speech"
    case "v1/rerank", "v2/rerank": return "rerank"
    default: break
    }
    guard let last = path.last else { return nil }
    if last.hasSuffix(":generateContent") || last.hasSuffix(":streamGenerateContent") { return "chat" }
    return last.hasSuffix(":embedContent") ? "embedding" : nil
  }

  /// The model in the path behind a provider's name: fal's and Replicate's addresses have it.
  func model(of provider: String) -> String? {
    if let models = path.firstIndex(of: "models"), path.last == "predictions", models + 2 < path.count {
      return path[(models + 1)...(models + 2)].joined(separator: "/")
    }
    guard provider.hasPrefix("fal"), let first = path.lastIndex(of: "fal-ai") else { return nil }
    let tail = path[first...].prefix { $0 != "requests" }
    return tail.count > 1 ? tail.joined(separator: "/") : nil
  }
}
