import CSystem
import Store
import Synchronization
import Units
import Watch

/// The watching thread: looks at each bucket once it is closed, on a connection of its own.
///
/// It reads beside the writing thread and orders of it what is to be kept and told; taking lines never waits for it,
/// and goes first where both want the processor.
package final class WatchLoop: Sendable {
  /// Milliseconds between two looks at the clock at most, and after a fault.
  static let lookMilliseconds: Int64 = 30_000
  static let faultMilliseconds: Int64 = 5_000

  private let settings: WatchSettings
  private let folder: String
  private let desk: AlertDesk
  private let counters: Counters
  private let log: EventLog
  private let now: @Sendable () -> Timestamp
  private let gate = Gate(Call())

  private struct Call {
    var isWanted = false
    var isStopping = false
  }

  init(
    _ settings: WatchSettings, folder: String, desk: AlertDesk, counters: Counters, log: EventLog,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.settings = settings
    self.folder = folder
    self.desk = desk
    self.counters = counters
    self.log = log
    self.now = now
  }

  func start() {
    let argument = Unmanaged.passRetained(self).toOpaque()
    let result = tb_thread(watchLoopBody, argument, "tollbook-watch")
    precondition(result == 0, "the system gives no thread: errno \(result)")
  }

  /// Looks now: somebody has said something of incidents.
  package func wake() { gate.change { $0.isWanted = true } }

  /// Ends; what it is at is done again at the next start.
  func stop() { gate.change { $0.isStopping = true } }

  private var isStopping: Bool { gate.change { $0.isStopping } }

  fileprivate func run() {
    // Learning takes a minute or more of a processor at thousands of series: lines go first.
    tb_thread_yields()
    var reader: LedgerReader?
    var round = WatchRound(settings)
    var begin: Timestamp?
    while !isStopping {
      var pause = Self.faultMilliseconds
      do throws(StoreFault) {
        if reader == nil { reader = try LedgerReader(folder: folder) }
        if let reader {
          if begin == nil { begin = try beginning(reader) }
          pause = try look(reader, &round, from: begin ?? now())
        }
      } catch {
        reader = nil
        if case .closed = error { return }
        log.tell(Event(.warning, "watch_waits", [("fault", error.description)]))
      }
      wait(milliseconds: pause)
    }
  }

  /// When buckets are first closed.
  ///
  /// Where some were missed, senders are given as long as lines may be late: they resend what they kept.
  private func beginning(_ reader: LedgerReader) throws(StoreFault) -> Timestamp {
    let now = now()
    guard let last = try reader.watchedBucket(), last.next < Bucket.lastClosed(at: now).next else { return now }
    return Timestamp(microseconds: now.microseconds + Bucket.lateness * Timestamp.microsecondsPerSecond)
  }

  /// A round; how long to wait then, in milliseconds.
  private func look(
    _ reader: LedgerReader, _ round: inout WatchRound, from begin: Timestamp
  ) throws(StoreFault) -> Int64 {
    let now = now()
    let report = try round.turn(
      reader, now: now, closing: now >= begin, isStopping: { isStopping },
      post: { [desk] (outcome) throws(StoreFault) in try desk.post(outcome) })
    if let report { tell(of: report) }
    if let watch = round.watch { count(watch, report) }
    if report?.answered == WatchRound.actsMax { return 0 }
    let next = max(Bucket.lastClosed(at: now).next.closing, begin)
    return min(max((next.microseconds - self.now().microseconds) / 1_000 + 1, 1), Self.lookMilliseconds)
  }

  private func wait(milliseconds: Int64) {
    _ = gate.wait(upTo: Int32(clamping: milliseconds)) { call in
      defer { call.isWanted = false }
      return call.isWanted || call.isStopping ? true : nil
    }
  }

  // MARK: - What is told of it

  private func tell(of report: WatchRound.Report) {
    if let learning = report.learning {
      var facts = [("from", "\(report.learntFrom?.start ?? now())"), ("buckets", "\(report.buckets)")]
      switch learning {
      case .first: log.tell(Event(.info, "watch_learnt", facts))
      case .again(let reason):
        facts.append(("reason", reason))
        log.tell(Event(.warning, "watch_learnt_again", facts))
      }
    }
    for told in report.told {
      let facts = [
        ("kind", told.notice.kind.rawValue), ("notice", told.notice.id), ("rule", told.notice.rule),
        ("severity", told.notice.severity.rawValue),
        ("quiet", told.isQuiet ? "yes" : "no"),
      ]
      log.tell(Event(.info, "incident_told", facts))
    }
  }

  private func count(_ watch: BucketWatch, _ report: WatchRound.Report?) {
    counters.watchSeries.store(watch.table.count, ordering: .relaxed)
    counters.watchTurnedAway.store(Int(watch.table.turnedAway + watch.book.turnedAway), ordering: .relaxed)
    counters.watchFindings.store(Int(watch.findings), ordering: .relaxed)
    if let report { counters.watchBuckets.add(report.buckets) }
    if let last = watch.last {
      let end = last.next.start.microseconds / Timestamp.microsecondsPerSecond
      counters.watchClosedSeconds.store(Int(end), ordering: .relaxed)
    }
    var open = [Int](repeating: 0, count: Severity.allCases.count)
    for incident in watch.book.incidents where incident.isFiring { open[Int(incident.severity.rawValue)] += 1 }
    counters.setIncidents(open: open)
  }
}

/// Formed here, outside any actor: a closure made in one and handed to C would trap at run time.
private func watchLoopBody(_ argument: UnsafeMutableRawPointer?) {
  guard let argument else { return }
  Unmanaged<WatchLoop>.fromOpaque(argument).takeRetainedValue().run()
}
