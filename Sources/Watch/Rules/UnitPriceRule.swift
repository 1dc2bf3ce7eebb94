import Units

/// The same model costs more a token than it did: a price, a tier, a cache or an answer's length has changed.
///
/// Bills double without a call more when a router moves a model to a dearer host, or a prompt no longer meets its
/// cache; the field's dashboards show both as "spend". Fires at one and a half times the week's, with 20 calls in
/// the hour, so that one long answer is none.
struct UnitPriceRule: Sendable {
  static let leastCalls = 20.0
  static let ratio = 1.5

  var price = RatioWatch()
  var calls = RatioWatch()

  mutating func step(_ facts: CallFacts, of model: ServedModel, at bucket: Bucket) -> Finding? {
    let priced = facts.calls - facts.unpriced
    let seen = calls.step(Double(priced), of: Double(priced), least: Self.leastCalls)
    // Nanodollars a token are dollars a thousand million: a thousandth of that is the price lists' unit.
    guard let now = price.step(Double(facts.spend.nanos), of: Double(facts.tokens), least: 1), seen != nil,
      facts.calls > 0, now.usual > 0, now.now >= Self.ratio * now.usual
    else { return nil }
    var evidence = IncidentEvidence(since: bucket)
    evidence.view = "unit_price"
    evidence.strength = now.now / (Self.ratio * now.usual)
    evidence.measure = IncidentEvidence.Measure("usd_per_1m_tokens", now: now.now / 1000, usual: now.usual / 1000)
    return Finding(
      IncidentKey(.unitPriceJump, model.labels), .seen(evidence, calmBuckets: 24), severity: .warning,
      provider: model.provider)
  }
}
