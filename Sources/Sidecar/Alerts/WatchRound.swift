import Audit
import Store
import Units
import Watch

/// One look of the watch at the ledger, and what came of it: the watch's work without its thread or clock.
///
/// What it knows is in the ledger and moves on in the transaction that puts notices into the outbox, so that a round
/// that is broken off anywhere is done again, or was done.
struct WatchRound {
  /// What fired longer ago than this is no news: it is told only if it still stands when all is caught up.
  static let newsMicroseconds = 2 * Timestamp.microsecondsPerHour
  /// Acts that are answered at once.
  static let actsMax = 200
  /// Incidents of a round whose background is looked up in the ledger.
  static let backgroundsMax = 20

  let settings: WatchSettings
  /// Nil until it has read, or learnt, what it knows.
  private(set) var watch: BucketWatch?
  /// The bucket of the snapshot that is on disk; nil where the next round writes one.
  private var snapshotAt: Bucket?

  init(_ settings: WatchSettings) { self.settings = settings }

  /// Why it learns from the ledger's past.
  enum Learning: Sendable {
    /// Nothing was kept: the ledger is new, or was not watched before.
    case first
    /// What was kept cannot be read, or is too long ago.
    case again(String)
  }

  /// What is told of an incident's step.
  struct Told: Sendable {
    let notice: Notice
    /// Kept in the list of incidents, and sent to nobody.
    let isQuiet: Bool
  }

  /// What is to be on disk before the round counts.
  struct Outcome: Sendable {
    var told: [Told] = []
    var record: WatchRecord
  }

  /// What a round did.
  struct Report: Sendable {
    var learning: Learning?
    /// The first bucket that it learnt from.
    var learntFrom: Bucket?
    /// Buckets that were closed, those that it learnt from among them.
    var buckets = 0
    var moves: [IncidentMove] = []
    /// Days that ended, with what was too small to alert anybody.
    var digests: [Notice] = []
    var told: [Told] = []
    var answered = 0
  }

  /// Closes the buckets that are due at `now`, answers what people said, and has what follows written by `post`.
  ///
  /// `post` returns when all of it is on disk, or throws and nothing is; then this round is to be had again.
  /// Returns nil where there was nothing to do, or it is stopping. With `closing` false only acts are answered.
  mutating func turn(
    _ reader: LedgerReader, now: Timestamp, closing: Bool = true, isStopping: () -> Bool = { false },
    post: (Outcome) throws(StoreFault) -> Void
  ) throws(StoreFault) -> Report? {
    var report = Report()
    let due = Bucket.lastClosed(at: now)
    var watch = try begun(reader, due: due, &report)
    var shown: ClosedBucket?
    var next = Bucket(number: (watch.last?.number ?? due.number - 1) + 1)
    if closing, watch.last == nil {
      next = try Self.start(settings, reader, due: due)
      report.learntFrom = next
    }
    while closing, next <= due {
      if isStopping() { return nil }
      let end = min(next.number + Bucket.perDay, due.number + 1)
      let senders = end > due.number ? try reader.senders(since: due.start) : nil
      try reader.buckets(next.number..<end) { bucket, facts in
        let isLast = bucket == due
        let closed = ClosedBucket(
          bucket, facts, heard: isLast ? senders?.heard : nil, skipped: isLast ? senders?.skipped ?? [:] : [:])
        report.moves += watch.close(closed)
        if let digest = Notice.digest(of: watch.book, after: bucket, zone: settings.zone) {
          report.digests.append(digest)
        }
        report.buckets += 1
        shown = closed
      }
      next = Bucket(number: end)
    }
    let said = try answer(reader, &watch)
    report.answered = said.answers.count
    guard report.buckets > 0 || report.answered > 0, let last = watch.last else {
      if watch.last != nil { self.watch = watch }
      return nil
    }
    let telling = WatchTelling(watch: watch, now: now, isLearning: report.learning != nil)
    let ended = report.learning == nil ? [] : try telling.forgotten(reader.openIncidents())
    report.told = ended + (try telling.told(report.moves + said.moves, reader))
    if report.learning == nil, let digest = report.digests.last {
      report.told.append(Told(notice: digest, isQuiet: false))
    }
    report.moves += said.moves
    let isWhole = isSnapshotDue(report, last)
    let parts = isWhole ? watch.snapshot : shown.map(watch.step) ?? [watch.incidents]
    var record = WatchRecord(bucket: last, parts: parts, isWhole: isWhole)
    record.answers = said.answers
    record.acknowledged = said.acknowledged
    record.silences = said.silences
    try post(Outcome(told: report.told, record: record))
    self.watch = watch
    if isWhole { snapshotAt = last }
    return report
  }

  /// Whether all that is known is written: after a catch-up, and once an hour.
  private func isSnapshotDue(_ report: Report, _ last: Bucket) -> Bool {
    guard report.buckets > 0 else { return false }
    guard let snapshotAt, report.buckets == 1 else { return true }
    return last.number - snapshotAt.number >= BucketWatch.snapshotBuckets
  }

  // MARK: - What it knows

  /// What is known so far, read from the ledger at first; an empty one where it must learn.
  private func begun(
    _ reader: LedgerReader, due: Bucket, _ report: inout Report
  ) throws(StoreFault) -> BucketWatch {
    if let watch, watch.last.map({ due.number - $0.number <= WatchSettings.learningBuckets }) ?? true { return watch }
    let parts = try reader.watchParts()
    guard !parts.isEmpty else {
      report.learning = .first
      return try anew(reader, due)
    }
    var newBudgets: Set<String> = []
    var kept: BucketWatch
    do throws(WatchFault) {
      kept = try BucketWatch(settings, from: parts, newBudgets: &newBudgets)
    } catch {
      report.learning = .again(error.description)
      return try anew(reader, due)
    }
    guard let last = kept.last, due.number - last.number <= WatchSettings.learningBuckets else {
      report.learning = .again("More than \(WatchSettings.learningBuckets / Bucket.perDay) days were not watched.")
      return try anew(reader, due)
    }
    if !newBudgets.isEmpty { try Self.learn(newBudgets, upTo: last, settings, reader, &kept) }
    return kept
  }

  /// One that knows nothing but what the ledger lists as silenced.
  private func anew(_ reader: LedgerReader, _ due: Bucket) throws(StoreFault) -> BucketWatch {
    var watch = BucketWatch(settings)
    watch.keep(try reader.silences(at: due.start))
    return watch
  }

  /// The first bucket to learn from: four weeks ago, or the ledger's first.
  private static func start(
    _ settings: WatchSettings, _ reader: LedgerReader, due: Bucket
  ) throws(StoreFault) -> Bucket {
    guard let held = try reader.hours() else { return due }
    return min(max(settings.learningStart(before: due.next), Bucket(containing: held.from)), due)
  }

  /// Shows budgets that are new what was spent in their month.
  private static func learn(
    _ names: Set<String>, upTo last: Bucket, _ settings: WatchSettings, _ reader: LedgerReader,
    _ watch: inout BucketWatch
  ) throws(StoreFault) {
    let first = try start(settings, reader, due: last)
    var next = first.number
    while next <= last.number {
      let end = min(next + Bucket.perDay, last.number + 1)
      try reader.buckets(next..<end) { bucket, facts in watch.learn(ClosedBucket(bucket, facts), for: names) }
      next = end
    }
  }

  // MARK: - What people said

  private struct Said {
    var moves: [IncidentMove] = []
    var answers: [(act: Int64, answer: String)] = []
    var acknowledged: [(incident: String, author: String)] = []
    var silences: [WatchRecord.SilenceChange] = []
  }

  /// Takes what people said in its order, and notes what became of it.
  private func answer(_ reader: LedgerReader, _ watch: inout BucketWatch) throws(StoreFault) -> Said {
    var said = Said()
    guard watch.last != nil else { return said }
    for row in try reader.waitingActs(most: Self.actsMax) {
      let act: Act
      do throws(ActFault) { act = try row.act() } catch {
        said.answers.append((row.id, error.description))
        continue
      }
      do throws(IncidentFault) {
        let effect = try watch.take(act, number: row.id)
        said.moves += effect.moves
        if case .ack(let incident) = act.kind { said.acknowledged.append((incident, act.author)) }
        if let silence = effect.silence { said.silences.append(.begins(silence)) }
        if let number = effect.endedSilence { said.silences.append(.ends(number)) }
        said.answers.append((row.id, "done"))
      } catch {
        said.answers.append((row.id, error.description))
      }
    }
    return said
  }
}

extension Bucket {
  /// The last bucket that is closed at an instant: its end and ``lateness`` lie before it.
  static func lastClosed(at now: Timestamp) -> Bucket {
    let instant = Timestamp(microseconds: now.microseconds - lateness * Timestamp.microsecondsPerSecond)
    return Bucket(number: Bucket(containing: instant).number - 1)
  }

  /// When this bucket is closed.
  var closing: Timestamp {
    Timestamp(microseconds: next.start.microseconds + Self.lateness * Timestamp.microsecondsPerSecond)
  }
}
