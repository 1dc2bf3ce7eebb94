/// The constants of ``ValueBaseline``.
///
/// Chosen once, for all kinds of series together, on the labelled series of the Numenta Anomaly Benchmark (commit
/// ea702d75). Moving all of them at random by a tenth moves its score by about two points. Counts are points.
package struct ValueParameters: Hashable, Sendable {
  /// Points that the level is a mean of.
  package var levelPoints = 6.0
  /// Points of the long memory that the level is held against.
  package var memoryPoints = 10_000.0
  /// Points that the roughness is a mean of.
  package var roughnessPoints = 20.0
  /// Points of the mean whose records are watched.
  package var meanPoints = 10.0

  /// -log10 of a chance that makes a level's tail an alarm.
  package var levelAlarm = 2.7
  /// The same for roughness.
  package var roughnessAlarm = 3.0
  /// How far beyond the envelope a record is an alarm, as a part of the envelope's width.
  package var recordAlarm = 0.03
  package var meanRecordAlarm = 0.04
  /// What the envelope of values draws in by at each point, as a part of its half width.
  package var envelopeShrink = 2e-5
  package var meanEnvelopeShrink = 1e-4
  /// No view says more than this many alarms.
  package var evidenceMax = 20.0

  /// The part of points below a tail.
  package var tailQuantile = 0.97
  package var quantileRate = 0.02
  package var excessRate = 0.01
  /// Points from which a tail is first learnt; it says nothing before.
  package var tailWarmUp = 144.0
  /// The least mean excess over a tail, in standard deviations: else series of zeros alarm at anything.
  package var leastExcess = 0.3
  /// The least standard deviation, as a part of the mean.
  package var leastDeviation = 0.01
  /// Points after which records count.
  package var recordWarmUp: Int32 = 72

  package init() {}

  /// For a person's attention now and then: a look at a chart.
  package static let glance = IncidentGate.Levels(
    pending: 1, firing: 1, calm: 0.8, calmBuckets: 24, newNormalBuckets: .max)
  /// For waking somebody: an eighth of the false alarms, with two thirds of the incidents.
  package static let page = IncidentGate.Levels(
    pending: 1, firing: 2, calm: 0.8, calmBuckets: 24, newNormalBuckets: .max)
}
