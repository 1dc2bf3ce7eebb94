import Units

/// What an incident of spend rests on, in whole nanodollars: how much, since when, and whether calls or their
/// unit cost did it.
package struct SpendEvidence: Hashable, Sendable {
  /// The view that shows it most, and its evidence in units of an alarm.
  package let view: SpendReading.View
  package let evidence: Double
  /// The strongest evidence so far.
  package let peak: Double
  /// The bucket in which it became pending.
  package let since: Bucket
  /// Exact sums since then.
  package let sum: IncidentSum
  /// The view's window: spend of it, as a leaky mean times its length, and what was expected.
  ///
  /// Estimates, in whole nanos, halves to even: the window forgets slowly and has no sharp end.
  package let windowSpend: Amount
  package let windowExpected: Amount

  /// What a day costs beyond what is expected, at the rate of the last hour.
  package let dayAhead: Amount
}

extension SpendBaseline {
  /// What a reading, the last of this series, rests on.
  package func evidence(of reading: SpendReading, since: Bucket) -> SpendEvidence {
    let view = reading.strongest
    let w = view.window
    let length = SpendParameters.windows[w]
    let mean =
      switch view {
      case .unitCost1h: usual[0]
      case .unitCost1d: usual[1]
      default: expected[w]
      }
    func whole(_ mean: Float, _ buckets: Double) -> Amount {
      Amount(nanos: IncidentSum.whole(Double(mean) * buckets))
    }
    return SpendEvidence(
      view: view, evidence: reading.evidence, peak: Double(peak), since: since, sum: sum,
      windowSpend: whole(spends[w], length), windowExpected: whole(mean, length),
      dayAhead: whole(spends[2] - expected[2], Double(Bucket.perDay)))
  }
}
