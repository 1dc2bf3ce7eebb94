import Units

/// More calls fail than usual.
///
/// Failed calls are retried, and retries are paid for: an error rate that rises goes before a spike. Fires at
/// five points and twice the week's rate, with 20 calls in the hour; half of all calls is critical.
struct ErrorRateRule: Sendable {
  static let leastCalls = 20.0
  static let leastRise = 0.05
  static let ratio = 2.0
  static let critical = 0.5

  var rate = RatioWatch()

  mutating func step(_ facts: CallFacts, of model: ServedModel, at bucket: Bucket) -> Finding? {
    guard let found = rate.step(Double(facts.errors), of: Double(facts.calls), least: Self.leastCalls),
      facts.calls > 0, found.now >= found.usual + Self.leastRise, found.now >= Self.ratio * found.usual
    else { return nil }
    var evidence = IncidentEvidence(since: bucket)
    evidence.view = "error_rate"
    evidence.strength = found.now / max(found.usual + Self.leastRise, Self.ratio * found.usual)
    evidence.measure = IncidentEvidence.Measure("error_percent", now: found.now * 100, usual: found.usual * 100)
    return Finding(
      IncidentKey(.errorRate, model.labels), .seen(evidence, calmBuckets: 24),
      severity: found.now >= Self.critical ? .critical : .warning, provider: model.provider)
  }
}
