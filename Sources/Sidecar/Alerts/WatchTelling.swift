import Store
import Units
import Watch

/// What is told of a round's steps, and what is only kept: news, and what still stands.
struct WatchTelling {
  let watch: BucketWatch
  let now: Timestamp
  /// It has learnt from the past: what is over is nobody's news.
  let isLearning: Bool

  /// What is told, in the order in which it is put into the outbox.
  ///
  /// A step of long ago is kept quietly. An incident that fired long ago is told with the last bucket, if it still
  /// fires; of those that were found while learning that holds for what budgets have come to, for the rest has been
  /// so for long.
  func told(_ moves: [IncidentMove], _ reader: LedgerReader) throws(StoreFault) -> [WatchRound.Told] {
    var told: [WatchRound.Told] = []
    var backgrounds = WatchRound.backgroundsMax
    func add(_ move: IncidentMove, isQuiet: Bool) throws(StoreFault) {
      var background: (contributors: [Notice.Contributor], calls: [String]) = ([], [])
      // With each notice: whoever comes late has the last one, and the list shows it.
      if !isQuiet, backgrounds > 0 {
        backgrounds -= 1
        background = try reader.background(of: move.incident)
      }
      let notice = Notice(
        move, zone: watch.settings.zone, contributors: background.contributors, calls: background.calls)
      told.append(WatchRound.Told(notice: notice, isQuiet: isQuiet))
    }
    if isLearning {
      for incident in watch.book.incidents where incident.isFiring && incident.telling == .fired {
        let move = IncidentMove(kind: .fired, bucket: incident.fired, incident: incident)
        try add(move, isQuiet: !isNews(incident.fired) && !isFactOfMonth(incident))
      }
      return told
    }
    var quiet: [IncidentKey] = []
    for move in moves {
      let key = move.incident.key
      switch move.kind {
      case .noted: continue
      case .fired:
        try add(move, isQuiet: !isNews(move.bucket))
        if !isNews(move.bucket) { quiet.append(key) }
      case .updated: try add(move, isQuiet: !isNews(move.bucket) || quiet.contains(key))
      case .resolved:
        try add(move, isQuiet: false)
        quiet.removeAll { $0 == key }
      }
    }
    for key in quiet {
      guard let last = watch.last, let incident = watch.book.incident(of: key), incident.isFiring else { continue }
      try add(IncidentMove(kind: .fired, bucket: last, incident: incident), isQuiet: false)
    }
    return told
  }

  /// Whether it is what a budget has come to by now: the highest threshold it has reached, or its forecast.
  private func isFactOfMonth(_ incident: Incident) -> Bool {
    if incident.key.rule == .budgetForecast { return true }
    guard incident.key.rule == .budgetThreshold else { return false }
    func percent(_ incident: Incident) -> Int { incident.key.value(of: "percent").flatMap { Int($0) } ?? 0 }
    return !watch.book.incidents.contains {
      $0.isFiring && $0.key.rule == .budgetThreshold && percent($0) > percent(incident)
        && $0.key.value(of: "budget") == incident.key.value(of: "budget")
    }
  }

  private func isNews(_ bucket: Bucket) -> Bool {
    now.microseconds - bucket.next.start.microseconds <= WatchRound.newsMicroseconds
  }

  /// The ends of incidents that the ledger holds open, and that were not found again.
  func forgotten(_ open: [IncidentRecord]) -> [WatchRound.Told] {
    let firing = Set(watch.book.incidents.filter(\.isFiring).map(\.id))
    let at = (watch.last ?? Bucket(containing: now)).next.start
    return open.filter { !firing.contains($0.id) }.map { row in
      let members = (try? JSONTree(parsing: row.labels))?.members ?? []
      let notice = Notice(
        id: Notice.id(incident: row.id + "_forgotten", kind: .resolved), incident: row.id, fingerprint: row.fingerprint,
        kind: .resolved, severity: Notice.Severity(rawValue: row.severity) ?? .info, rule: row.rule,
        labels: members.map { Notice.Label($0.name, $0.value.string ?? "") }, since: row.openedAt, until: at, at: at,
        summary: "Over: \(row.rule.replacing("_", with: " ")). It was not found again when the past was learnt anew.")
      return WatchRound.Told(notice: notice, isQuiet: false)
    }
  }
}
