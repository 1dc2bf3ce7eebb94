import CSystem
import Calls
import Rates
import Store
import Units

/// The daemon: a socket, a reading thread, a writing thread, and one ledger.
package final class Daemon: Sendable {
  package let counters = Counters()
  package let health = Health()
  package let socketPath: String
  private let log: EventLog
  private let ingest: IngestLoop
  private let commits: CommitLoop
  package let startedAt: Timestamp

  /// Opens the ledger, binds the socket and starts the threads.
  ///
  /// - Throws: ``StoreFault`` when the ledger cannot be opened, ``RateFaults`` of the price files, and
  ///   ``SidecarFault`` when a socket cannot be bound. Nothing is left behind then.
  package init(settings: DaemonSettings, rates loading: RateLoading, log: EventLog) throws {
    self.log = log
    socketPath = settings.socket
    startedAt = Timestamp(microseconds: tb_wall_us())
    let writer = try LedgerWriter(folder: settings.data, now: startedAt)
    let rates: RateBook
    do { rates = try loading.book() } catch {
      writer.close()
      throw error
    }
    let socket: IngestSocket
    var datagrams: IngestSocket?
    do {
      socket = try IngestSocket(path: settings.socket)
      do {
        datagrams = try settings.datagrams.map { (path) throws(SidecarFault) in
          try IngestSocket(path: path, .datagrams)
        }
      } catch {
        socket.close()
        throw error
      }
    } catch {
      writer.close()
      throw error
    }
    let head = writer.head
    log.tell(
      Event(
        .info, "ledger_opened",
        [
          ("folder", settings.data), ("calls", "\(head.calls)"), ("batches", "\(head.batches)"),
          ("head", head.hexadecimal),
        ]))
    health.set(head: head.hexadecimal)
    let pump = LinePump(
      rates: rates, mappings: settings.mappings, marks: writer.marks(), batchLinesMax: settings.batchLines)
    let queue = CommitQueue()
    commits = CommitLoop(
      writer: writer, queue: queue, counters: counters, log: log, health: health)
    ingest = IngestLoop(
      socket: socket, datagrams: datagrams, pump: pump, queue: queue, counters: counters, log: log,
      flushMilliseconds: settings.flushMilliseconds)
    commits.start()
    ingest.start()
    health.set(.ready)
    log.tell(
      Event(
        .info, "rates_loaded",
        [("origin", rates.origin), ("products", "\(rates.products.count)")]))
    log.tell(Event(.info, "socket_listening", [("path", settings.socket)]))
    if let path = settings.datagrams { log.tell(Event(.info, "socket_listening", [("path", path)])) }
  }

  /// Prices lines from now on by another book.
  package func use(rates: RateBook) {
    ingest.order { $0.rates = rates }
    counters.ratesReloaded.add(1)
    log.tell(
      Event(
        .info, "rates_loaded",
        [("origin", rates.origin), ("products", "\(rates.products.count)")]))
  }

  /// Reads lines of no known shape from now on by other mappings.
  package func use(mappings: LineMappings) {
    ingest.order { $0.mappings = mappings }
    log.tell(Event(.info, "mappings_loaded", [("mappings", "\(mappings.all.count)")]))
  }

  /// Keeps the old mappings, and says why the new ones were refused.
  package func keepMappings(because faults: LineMappingFaults) {
    for fault in faults.faults.prefix(20) {
      log.tell(Event(.warning, "mappings_refused", [("fault", fault.description)], about: fault.description))
    }
  }

  /// Keeps the old book, and says why the new one was refused.
  package func keepRates(because faults: RateFaults) {
    counters.ratesRefused.add(1)
    for fault in faults.faults.prefix(20) {
      log.tell(
        Event(
          .warning, "rates_refused", [("fault", fault.description)], about: fault.description))
    }
  }

  /// Takes no more senders, writes what has come, and ends.
  ///
  /// Returns at once.
  package func stop() {
    health.set(.stopping)
    ingest.order { $0.isStopping = true }
  }

  /// Waits until the daemon has ended: all on disk, or a fault that it could not go on with.
  package func wait() -> StoreFault? {
    let ended: CommitLoop.Ended? = commits.ended.wait { $0 }
    if case .failed(let fault) = ended { return fault }
    log.tell(Event(.info, "ledger_closed", [("head", health.head)]))
    return nil
  }
}

/// What the daemon is told at its start.
package struct DaemonSettings: Sendable {
  package var data: String
  package var socket: String
  /// Path of the socket for datagrams; nil for none.
  package var datagrams: String?
  package var flushMilliseconds = 50
  package var batchLines = 10_000
  /// How lines are read that are of no shape we know.
  package var mappings = LineMappings.none

  package init(data: String, socket: String) {
    self.data = data
    self.socket = socket
  }
}
