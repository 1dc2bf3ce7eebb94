import Units

/// Calls are answered with 402: credits are used up or a card was declined, and nothing will work until it is paid.
///
/// Providers send it at once for every call, and many clients retry it as if it were a moment's fault. Fires at five
/// within about an hour; one may be a test of a new key.
struct PaymentRequiredRule: Sendable {
  static let least = 5.0

  var hour = 0.0

  mutating func step(_ facts: CallFacts, of model: ServedModel, at bucket: Bucket) -> Finding? {
    hour = hour * (1 - 1 / 12.0) + Double(facts.paymentRequired)
    guard facts.paymentRequired > 0, hour >= Self.least else { return nil }
    var evidence = IncidentEvidence(since: bucket)
    evidence.view = "payment_required"
    evidence.strength = hour / Self.least
    evidence.measure = IncidentEvidence.Measure("calls_402", now: Double(facts.paymentRequired), usual: 0)
    return Finding(
      IncidentKey(.paymentRequired, model.labels), .seen(evidence, calmBuckets: 24), severity: .critical,
      provider: model.provider)
  }
}
