import Calls
import Units

/// What would have been told over buckets of the past, by settings of now.
///
/// It is shown every closed bucket of a span, and of some weeks before it to learn from, and has the daemon's own
/// watch look at them. The same buckets and settings tell the same, under the same ids. Who sent, and what numbers
/// were skipped, is not known of the past.
package struct Backtest: Sendable {
  package let from: Bucket
  private var watch: BucketWatch
  /// What would have been told from the span's first bucket on.
  package private(set) var moves: [IncidentMove] = []
  /// Calls and spend of the span.
  package private(set) var calls: Int64 = 0
  package private(set) var spend = Amount.zero

  package init(from: Bucket, settings: WatchSettings = WatchSettings()) {
    self.from = from
    watch = BucketWatch(settings)
  }

  package var settings: WatchSettings { watch.settings }
  package var seriesCount: Int { watch.table.count }
  package var book: IncidentBook { watch.book }

  /// Takes the next bucket: what each subject's calls came to in it.
  package mutating func close(_ bucket: Bucket, _ facts: [(subject: Subject, facts: CallFacts)]) {
    let told = watch.close(ClosedBucket(bucket, facts))
    guard bucket >= from else { return }
    for (_, facts) in facts {
      calls += facts.calls
      spend += facts.spend
    }
    moves += told
  }
}

extension Backtest {
  /// One incident as it would have been told.
  package struct Outcome: Sendable {
    /// As it stood when it was last told of, or stands at the end.
    package let incident: Incident
    /// Its steps, in their order.
    package let moves: [IncidentMove]

    /// The look that showed it first.
    package var view: String { moves.first?.incident.evidence.view ?? incident.evidence.view }
    /// The most urgent that it was told as: one that comes again may matter less.
    package var severity: Severity { moves.map(\.incident.severity).max() ?? incident.severity }
    /// The most that a day was ahead to cost beyond the expected, whenever it was told of.
    package var mostAhead: Amount { moves.map(\.incident.evidence.dayAhead).max() ?? .zero }
    /// How its last firing ended; nil while it fires.
    package var ending: IncidentEnding? {
      if case .resolved(let ending) = moves.last?.kind { return ending }
      return nil
    }
  }

  /// The incidents that would have been told, in the order in which they began.
  package var outcomes: [Outcome] {
    var byID: [String: [IncidentMove]] = [:]
    for move in moves { byID[move.incident.id, default: []].append(move) }
    return byID.values.compactMap { moves in moves.last.map { Outcome(incident: $0.incident, moves: moves) } }
      .sorted { a, b in
        let (one, other) = (a.incident, b.incident)
        return one.opened != other.opened ? one.opened < other.opened : one.key < other.key
      }
  }
}
