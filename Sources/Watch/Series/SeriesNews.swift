import Units

/// What a closed bucket brought for one series that is worth telling.
package struct SeriesNews: Sendable {
  package let key: SeriesKey
  package let bucket: Bucket
  package let change: Change

  /// How an incident moved.
  package enum Change: Hashable, Sendable {
    /// Worth a look, not yet an alert.
    case pending(SpendEvidence)
    /// What was pending is over, and never was an alert.
    case passed(IncidentGate.Ending)
    /// An alert: once an incident.
    case opened(SpendEvidence, contributors: [SeriesContribution])
    /// Its excess has doubled since it was last told of.
    case updated(SpendEvidence)
    /// Once for each that was opened.
    case closed(SpendEvidence, IncidentGate.Ending)
    /// A series never seen before has spent this within its first day.
    case newSpender(Amount)
  }
}

/// What a part of a series has to do with its incident: `team=search model=large-1` within `team=search`.
package struct SeriesContribution: Hashable, Sendable {
  package let key: SeriesKey
  /// Spend beyond the expected in the last hour, as an estimate in whole nanos.
  package let excess: Amount
  /// Whether it is in its first day, so that nothing was expected of it.
  package let isNew: Bool
}
