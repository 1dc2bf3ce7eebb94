import Units

/// What the provider says calls cost drifts from what was booked: one of the two is wrong.
///
/// A card is out of date, or a line leaves usage out. Fires at two hundredths and a dollar of about a day, whichever
/// way; a nano here and there is rounding.
struct StatedDriftRule: Sendable {
  static let leastPart = 0.02
  static let least = Amount(nanos: 1_000_000_000)

  var stated = 0.0
  var booked = 0.0

  mutating func step(_ facts: CallFacts, of model: ServedModel, at bucket: Bucket) -> Finding? {
    let kept = 1 - 1 / Double(Bucket.perDay)
    stated = stated * kept + Double(facts.stated.nanos)
    booked = booked * kept + Double(facts.bookedBesideStated.nanos)
    let drift = (stated - booked).magnitude
    guard facts.stated != facts.bookedBesideStated, drift >= Double(Self.least.nanos), drift >= Self.leastPart * stated
    else { return nil }
    var evidence = IncidentEvidence(since: bucket)
    evidence.view = "stated"
    evidence.strength = drift / max(Double(Self.least.nanos), Self.leastPart * stated)
    evidence.spend = Amount(nanos: IncidentSum.whole(stated))
    evidence.expected = Amount(nanos: IncidentSum.whole(booked))
    return Finding(
      IncidentKey(.statedDrift, model.labels), .seen(evidence, calmBuckets: Bucket.perDay), severity: .warning,
      provider: model.provider)
  }
}
