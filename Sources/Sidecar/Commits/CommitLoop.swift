import Books
import CSystem
import Store
import Synchronization
import Units

/// The writing thread: one batch after another into the ledger, each until it is on disk.
///
/// Between two of them it carries out an order, such as what became of an alert.
///
/// A full disk is waited out: the batch is tried again and again, nothing is acknowledged, the
/// queue fills and senders are no longer read. Other faults end the daemon, because going on might
/// book wrong.
final class CommitLoop: Sendable {
  /// Milliseconds between two tries of a batch that found no room.
  static let retryMilliseconds: Int32 = 1000

  private let writer: Confined<LedgerWriter>
  private let queue: CommitQueue
  private let counters: Counters
  private let log: EventLog
  let health: Health
  /// Set when the loop has ended and the ledger is closed; holds the fault that ended it, if any.
  let ended = Gate<Ended?>(nil)

  enum Ended: Sendable {
    case drained
    case failed(StoreFault)
  }

  init(
    writer: LedgerWriter, queue: CommitQueue, counters: Counters, log: EventLog, health: Health
  ) {
    self.writer = Confined(writer)
    self.queue = queue
    self.counters = counters
    self.log = log
    self.health = health
  }

  /// Starts the thread; it ends when the queue is closed and empty, or the ledger fails.
  func start() {
    let argument = Unmanaged.passRetained(self).toOpaque()
    let result = tb_thread(commitLoopBody, argument, "tollbook-commit")
    precondition(result == 0, "the system gives no thread: errno \(result)")
  }

  fileprivate func run() {
    let writer = writer.value
    writer.leavesLog = true
    writer.makeIDFiles()
    while let work = queue.next() {
      guard case .batch(let batch) = work else {
        if case .order(let order) = work { order.carryOut(writer) }
        queue.rest()
        continue
      }
      do throws(StoreFault) {
        let (report, microseconds) = try commit(batch, writer)
        count(report)
        queue.settle(batch, report, microseconds: microseconds)
        // Behind the acknowledgements: moving the log may take longer than many a batch.
        writer.moveLog()
        queue.rest()
      } catch {
        health.set(.failed(error.description))
        log.tell(Event(.error, "ledger_failed", [("fault", error.description)]))
        queue.refuseOrders(because: error)
        ended.change { $0 = .failed(error) }
        return
      }
    }
    queue.refuseOrders(because: .closed(path: writer.folder))
    writer.close()
    ended.change { $0 = .drained }
  }

  private func commit(
    _ batch: BookBatch, _ writer: LedgerWriter
  ) throws(StoreFault) -> (CommitReport, microseconds: Int64) {
    var tries = 0
    while true {
      tries += 1
      let start = tb_steady_us()
      do throws(StoreFault) {
        let report = try writer.commit(batch, at: Timestamp(microseconds: tb_wall_us()))
        let microseconds = tb_steady_us() - start
        let took = Int(microseconds)
        counters.commitMicroseconds.add(took)
        if took > counters.longestCommitMicroseconds.now {
          counters.longestCommitMicroseconds.store(took, ordering: .relaxed)
        }
        health.set(.ready)
        if report.batch != nil { health.set(head: writer.head.hexadecimal) }
        if tries > 1 { log.tell(Event(.info, "commit_goes_on", [("tries", "\(tries)")])) }
        return (report, microseconds)
      } catch {
        counters.commitFailures.add(1)
        guard error.canRetry, !health.isStopping else { throw error }
        health.set(.waiting(error.description))
        log.tell(Event(.error, "commit_waits", [("fault", error.description)]))
        health.pause(milliseconds: Self.retryMilliseconds)
      }
    }
  }

  private func count(_ report: CommitReport) {
    counters.batches.add(1)
    counters.callsBooked.add(report.booked)
    counters.duplicates.add(report.duplicates)
    counters.observed.add(report.observed)
    counters.corrections.add(report.deltas)
    counters.quarantined.add(report.quarantined.count)
  }
}

/// Formed here, outside any actor: a closure made in one and handed to C would trap at run time.
private func commitLoopBody(_ argument: UnsafeMutableRawPointer?) {
  guard let argument else { return }
  Unmanaged<CommitLoop>.fromOpaque(argument).takeRetainedValue().run()
}
