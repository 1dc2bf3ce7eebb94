import Units

/// What the watch goes by: what people have set, and the constants.
package struct WatchSettings: Sendable {
  /// Whose hours the profile's hours are.
  package var zone = ZoneOffsets.utc
  package var budgets: [Budget] = []
  package var planned: [PlannedWindow] = []
  package var series = SeriesTable.Limits()
  package var spend = SpendParameters()
  package var incidents = IncidentLimits()
  package var severities = SeverityLimits()

  package init() {}

  /// The month's amount for everybody, where there is one.
  package var wholeBudget: Amount? { budgets.first { $0.labels.isEmpty }?.amount }

  /// How long before it is shown the present the watch learns: 28 days.
  package static let learningBuckets = 28 * Bucket.perDay

  /// The first bucket to learn from when `bucket` is the first that counts: four weeks before, and for budgets
  /// their month's first.
  package func learningStart(before bucket: Bucket) -> Bucket {
    let month = budgets.map { $0.period(at: bucket.start).buckets.lowerBound }.min() ?? bucket.number
    return Bucket(number: min(bucket.number - Self.learningBuckets, month))
  }
}
