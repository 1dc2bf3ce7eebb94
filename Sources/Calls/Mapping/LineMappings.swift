/// The mappings of a file, in its order: of two that hold for a line the first is taken.
package struct LineMappings: Sendable {
  package let all: [LineMapping]
  /// Keys at the top of a line by which one of the mappings may hold.
  let signs: [[UInt8]]

  package static let none = LineMappings([])

  init(_ all: [LineMapping]) {
    self.all = all
    var seen: Set<String> = []
    signs = all.flatMap { mapping in
      mapping.conditions.compactMap { $0.path.words.first }.filter { seen.insert($0).inserted }
    }
    .map { Array($0.utf8) }
  }

  /// Reads a file of mappings; `file` names it in faults.
  ///
  ///     {"mappings": [{"name": "acme", "when": {"kind": "llm_call"},
  ///       "fields": {"id": "trace.id", "model": "llm.model", "usage": "llm.usage", "tags.app": "labels.app"},
  ///       "constants": {"provider": "openai"}}]}
  ///
  /// - Throws: every mistake of the file.
  package init(_ text: String, file: String) throws(LineMappingFaults) {
    var reader = LineMappingReader(file: file)
    let mappings = reader.read(text)
    guard reader.faults.isEmpty else { throw LineMappingFaults(faults: reader.faults) }
    self.init(mappings)
  }

  /// The names of our fields that a mapping can fill: those of a line, and `units.input` and its like.
  static func isField(_ words: [String]) -> Bool {
    guard let first = words.first else { return false }
    if words.count == 1 { return plain.contains(first) }
    let rest = words.dropFirst().joined(separator: ".")
    switch first {
    case "units": return Meter(name: rest) != nil
    case "params", "headers": return KeyRules.all.contains { $0.name == rest && "\($0.context)" == first }
    case "tags": return words.count == 2
    case "usage": return KeyRules.all.contains { $0.name == words[words.count - 1] && isOfUsage($0.context) }
    default: return false
    }
  }

  static let plain: [String] =
    CallDefaults.names + [
      "id", "at", "served_model", "status", "latency_ms", "ttft_ms", "stream", "attempt", "requested_tier", "batch",
      "dialect", "cost", "provider_request_id", "usage", "body",
    ]

  private static func isOfUsage(_ context: Context) -> Bool {
    switch context {
    case .usage, .inputDetails, .outputDetails, .cacheCreation, .writeDetails, .serverTools: true
    default: false
    }
  }
}
