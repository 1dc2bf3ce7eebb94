import Units

/// Calls take longer than usual.
///
/// A model that slows down is one whose callers time out, retry and pay twice. Fires at twice the week's mean and
/// a fifth of a second more, with 20 calls in the hour that state their latency.
struct LatencyRule: Sendable {
  static let leastCalls = 20.0
  static let ratio = 2.0
  /// Unit: milliseconds.
  static let leastRise = 200.0

  var mean = RatioWatch()

  mutating func step(_ facts: CallFacts, of model: ServedModel, at bucket: Bucket) -> Finding? {
    let (sum, calls) = (Double(facts.latencyMilliseconds), Double(facts.latencyCalls))
    guard let found = mean.step(sum, of: calls, least: Self.leastCalls), facts.latencyCalls > 0,
      found.now >= Self.ratio * found.usual, found.now >= found.usual + Self.leastRise
    else { return nil }
    var evidence = IncidentEvidence(since: bucket)
    evidence.view = "latency"
    evidence.strength = found.now / max(Self.ratio * found.usual, found.usual + Self.leastRise)
    evidence.measure = IncidentEvidence.Measure("latency_ms", now: found.now, usual: found.usual)
    return Finding(
      IncidentKey(.latency, model.labels), .seen(evidence, calmBuckets: 24), severity: .warning,
      provider: model.provider)
  }
}
