import Units

/// Another provider runs a model than the one that did.
///
/// A router's "auto" moves a model between hosts whose prices differ up to tenfold, and says nothing. Fires when a
/// provider that had less than a twentieth of a model's calls in the week has half of them in the hour, with 20 calls.
struct ProviderChangeRule: Sendable {
  static let leastCalls = 20.0
  static let rare = 0.05
  static let common = 0.5

  var share = RatioWatch()

  /// `calls` of the model are by this provider, of `all` of the model.
  mutating func step(_ calls: Int64, of all: Int64, _ model: ServedModel, at bucket: Bucket) -> Finding? {
    guard let found = share.step(Double(calls), of: Double(all), least: Self.leastCalls), calls > 0,
      found.usual < Self.rare, found.now >= Self.common
    else { return nil }
    var evidence = IncidentEvidence(since: bucket)
    evidence.view = "provider_share"
    evidence.strength = found.now / Self.common
    evidence.measure = IncidentEvidence.Measure("share_percent", now: found.now * 100, usual: found.usual * 100)
    return Finding(
      IncidentKey(.providerChange, model.labels), .seen(evidence, calmBuckets: 24), severity: .warning,
      provider: model.provider)
  }

  /// What a provider that is new to a model has seen of it: none of its calls.
  init(asOf other: ProviderChangeRule?) {
    if let other { share = other.share.withoutNumerator }
  }
}
