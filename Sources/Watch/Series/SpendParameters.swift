import Units

/// The constants of ``SpendBaseline``.
///
/// Chosen on simulated spend (`make watch-bench` draws it anew from any seed) for at most two false alarms in a
/// hundred series and weeks. The alarm levels begin at -log10 of 0.01 false alarms a week, divided among the 2016,
/// 672, 168, 28 and 7 looks at a window that are independent in a week; short windows, which keep well below that,
/// give some of it to long ones, which do not. Chosen on six seeds, and confirmed on ten that nobody had looked at.
package struct SpendParameters: Sendable {
  /// Buckets of the windows: 5 and 15 minutes, an hour, six hours and a day.
  package static let windows: InlineArray<5, Double> = [1, 3, 12, 72, 288]

  /// -log10 of a chance that is an alarm, for each ``SpendReading/View``.
  package var alarms: InlineArray<8, Double> = [4.2, 4.2, 3.6, 2.9, 3.9, 3.7, 4.3, 2.85]
  package var levels = IncidentGate.Levels(
    pending: 1, firing: 1.5, calm: 0.8, calmBuckets: 24, newNormalBuckets: 3 * Bucket.perDay)

  /// Spend below this many times what was expected is no alarm.
  package var leastRatio = 1.5
  /// Spend of the last hour below this many times what was expected is no alarm: it is over.
  package var stillRatio = 1.2
  /// Unit cost below this many times the usual one is no alarm.
  package var leastUnitCostRatio = 1.3
  /// Spend beyond what was expected, in a window of an hour or more, below which there is no alarm: two cents.
  ///
  /// It keeps sparse series of cheap calls quiet. Whom an incident of some dollars wakes is asked where it is told.
  package var leastExcess = Amount(nanos: 20_000_000)
  /// Calls in a window below which its spend is no alarm: one dear call is no spike.
  package var leastCalls = 4.0
  /// Calls in a window below which its unit cost says nothing.
  package var leastUnitCostCalls = 8.0

  /// Buckets of age at which alarms begin.
  package var alarmAge = Bucket.perDay
  /// Buckets of age at which tails are learnt from the series; before, they are the priors alone.
  package var tailAge = 7 * Bucket.perDay

  /// Weight of the newest bucket in the level: a half-life of 14 days.
  package var levelWeight = 1.718_989e-4
  /// Weight of the newest hour in its hour of the week, once that is known.
  package var profileWeight = 0.1
  /// Buckets for which an hour of the week is learnt even within an incident: three such hours.
  package var youngHour: UInt8 = 36
  /// Buckets that an hour is known less well by, for each within an incident.
  ///
  /// An hour that is known is young again after five nights in which it alarmed.
  package var doubt: UInt8 = 4
  /// An hour whose share is this many times that of the hour before or after is steep: short windows say nothing.
  package var steepRatio = 2.5
  /// Hours of the week's mean that a new hour is mixed with.
  package var profilePrior = 0.5
  /// Variance of a level beyond that of single calls, as a part of its square: 14 % noise.
  package var noise = 0.02

  /// The part of deviations below a tail.
  package var tailQuantile = 0.98
  package var quantileRate = 0.02
  package var excessRate = 0.005
  /// What a tail is before the series has told, in standard deviations, and how many buckets that weighs.
  package var priorQuantile = 2.5
  package var priorExcess = 0.8
  package var priorBuckets = 1000.0
  /// How many windows' buckets it weighs at least: a day's mean of each bucket is hardly news after the last one's.
  package var priorWindows = 12.0
  package var leastQuantile = 1.0
  package var leastTailExcess = 0.25

  package init() {}
}
