import Units

/// Calls have no price, so that no report and no budget sees them.
///
/// The field's commonest fault: a model's card is missing and its spend counts as nought. Fires at the first call,
/// and ends when a day had none.
struct UnpricedRule: Sendable {
  func step(_ facts: CallFacts, of model: ServedModel, at bucket: Bucket) -> Finding? {
    guard facts.unpriced > 0 else { return nil }
    var evidence = IncidentEvidence(since: bucket)
    evidence.view = "unpriced"
    evidence.measure = IncidentEvidence.Measure("unpriced_calls", now: Double(facts.unpriced), usual: 0)
    return Finding(
      IncidentKey(.unpricedCalls, model.labels), .seen(evidence, calmBuckets: Bucket.perDay), severity: .warning,
      provider: model.provider)
  }
}
