import Units

/// The rules that look at the calls of each model of each provider, and what they keep: at most so many models.
///
/// Shown each closed bucket once; the order of models in it does not matter.
package struct ModelRules: Sendable {
  /// Models watched at once; those beyond are passed over until one is forgotten.
  package static let modelsMax = 10_000
  /// Buckets without a call after which a model is forgotten: 14 days.
  package static let idleBuckets = 14 * Bucket.perDay

  struct Watched: Sendable {
    var last: Bucket
    var unitPrice = UnitPriceRule()
    var errorRate = ErrorRateRule()
    var latency = LatencyRule()
    var paymentRequired = PaymentRequiredRule()
    var drift = StatedDriftRule()
    var provider: ProviderChangeRule
  }

  var watched: [ServedModel: Watched] = [:]
  var last: Bucket?

  package init() {}

  package var count: Int { watched.count }

  /// Takes what each model's calls came to in a closed bucket, and tells what the rules found, in the keys' order.
  package mutating func close(_ bucket: Bucket, _ facts: [ServedModel: CallFacts]) -> [Finding] {
    guard last.map({ $0 < bucket }) ?? true else { return [] }
    last = bucket
    var ofModel: [String: Int64] = [:]
    for (model, facts) in facts { ofModel[model.model, default: 0] += facts.calls }
    let siblings = Dictionary(
      watched.map { ($0.key.model, $0.key) }, uniquingKeysWith: { min($0, $1) })
    for model in facts.keys.sorted() where watched[model] == nil && watched.count < Self.modelsMax {
      // A provider that is new to a model is held against the week in which others ran it.
      let other = siblings[model.model].flatMap { watched[$0]?.provider }
      watched[model] = Watched(last: bucket, provider: ProviderChangeRule(asOf: other))
    }
    var findings: [Finding] = []
    for (model, old) in watched {
      var one = old
      let facts = facts[model] ?? CallFacts()
      if facts.calls > 0 { one.last = bucket }
      findings += [
        one.unitPrice.step(facts, of: model, at: bucket), one.errorRate.step(facts, of: model, at: bucket),
        one.latency.step(facts, of: model, at: bucket), one.paymentRequired.step(facts, of: model, at: bucket),
        one.drift.step(facts, of: model, at: bucket), UnpricedRule().step(facts, of: model, at: bucket),
        one.provider.step(facts.calls, of: ofModel[model.model] ?? 0, model, at: bucket),
      ].compactMap { $0 }
      watched[model] = bucket.number - one.last.number > Self.idleBuckets ? nil : one
    }
    return findings.sorted { $0.key < $1.key }
  }
}
