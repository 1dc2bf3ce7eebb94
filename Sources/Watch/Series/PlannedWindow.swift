import Units

/// Spend that somebody announced: from one instant up to, and without, another, so many times what is usual.
///
/// Under a plan the expected spend is multiplied and nothing is learnt, so that a load test is neither an alarm
/// nor the new normal.
package struct PlannedWindow: Hashable, Sendable {
  package let from: Timestamp
  package let to: Timestamp
  /// How many times the usual spend; 1 only keeps the window from being learnt.
  package let multiplier: Double
  /// Whose spend; nil for everybody's.
  package let series: SeriesKey?

  package static let multipliers = 0.001...10_000.0

  /// Returns nil when it ends before it begins, or multiplies by something that is no believable factor.
  package init?(from: Timestamp, to: Timestamp, multiplier: Double, series: SeriesKey? = nil) {
    guard from <= to, Self.multipliers.contains(multiplier) else { return nil }
    self.from = from
    self.to = to
    self.multiplier = multiplier
    self.series = series
  }

  /// Whether a bucket's start lies in the window, and its series is meant: itself, or a pair that is a part of it.
  package func covers(_ bucket: Bucket, of key: SeriesKey) -> Bool {
    from <= bucket.start && bucket.start < to && (series.map { $0 == key || key.isPart(of: $0) } ?? true)
  }
}

extension [PlannedWindow] {
  /// The largest multiplier that was announced for a bucket of a series; nil for none.
  func multiplier(at bucket: Bucket, of key: SeriesKey) -> Double? {
    lazy.filter { $0.covers(bucket, of: key) }.map(\.multiplier).max()
  }
}
