/// How long an incident waits, how often it speaks, and how many there may be.
///
/// Unit of times: buckets.
package struct IncidentLimits: Hashable, Sendable {
  /// An alarm this soon after an end is the same incident again: 6 hours.
  package var coolDownBuckets: Int32 = 72
  /// So many re-openings within ``flapBuckets`` make it flap.
  package var reopeningsMax = 3
  /// The time in which re-openings count, and for which a flapping incident is held firing: 24 hours.
  package var flapBuckets = Bucket.perDay
  /// What stands is told again after this long: 24 hours, 4 of a critical one.
  package var repeatBuckets = Bucket.perDay
  package var criticalRepeatBuckets: Int32 = 48
  /// An inhibited incident that outlasts its inhibitor by this is told of itself: 2 hours.
  package var releaseBuckets: Int32 = 24
  /// A part that explains this much of a whole's excess speaks for it.
  ///
  /// Unit: hundredths.
  package var explainsPercent: Int64 = 80
  /// Buckets within which two parts of nearly the same excess are one incident seen twice: an hour.
  package var siblingBuckets: Int32 = 12
  /// More than so many incidents of one provider, within ``rollUpBuckets``, are told as one.
  package var rollUpIncidents = 10
  package var rollUpBuckets: Int32 = 2
  /// What a level is multiplied by when somebody says an alert was none, how often at most, and for how long.
  package var feedbackFactor = 1.15
  package var feedbackFactorMax = 2.0
  package var feedbackBuckets = 30 * Bucket.perDay

  /// Incidents held at once, with those that ended within a day.
  package var incidentsMax = 4_096
  package var silencesMax = 1_000
  package var raisedLevelsMax = 4_096

  package init() {}
}
