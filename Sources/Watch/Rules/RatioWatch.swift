/// A ratio in the last hour beside the same ratio in the last week: what a rule compares.
///
/// Both are leaky sums of numerator and denominator, so that a busy bucket weighs what its calls weigh.
struct RatioWatch: Sendable {
  private static let hourKept = 1 - 1 / 12.0
  private static let weekKept = 1 - 1 / 2016.0
  /// Buckets before the usual is one: a day.
  static let learningBuckets = Bucket.perDay

  var hour = (above: 0.0, below: 0.0)
  var week = (above: 0.0, below: 0.0)
  var age: Int32 = 0

  /// What the hour is, and what the week before this bucket was; nil in the first day, and without enough in either.
  mutating func step(_ above: Double, of below: Double, least: Double) -> (now: Double, usual: Double)? {
    let usual = week.below > 0 ? week.above / week.below : 0
    let isKnown = age >= Self.learningBuckets && week.below >= least
    hour = (hour.above * Self.hourKept + above, hour.below * Self.hourKept + below)
    week = (week.above * Self.weekKept + above, week.below * Self.weekKept + below)
    if age < Self.learningBuckets { age += 1 }
    guard isKnown, hour.below >= least else { return nil }
    return (hour.above / hour.below, usual)
  }

  /// The same past of the denominator, of which the numerator had no part.
  var withoutNumerator: RatioWatch {
    var other = self
    other.hour.above = 0
    other.week.above = 0
    return other
  }
}
