import CSystem
import Calls
import Rates
import Store
import Units
import Watch

/// The daemon: a socket, a reading thread, a writing thread, and one ledger.
package final class Daemon: Sendable {
  package let counters = Counters()
  package let health = Health()
  package let socketPath: String
  private let log: EventLog
  private let ingest: IngestLoop
  private let commits: CommitLoop
  private let exchange = PostExchange()
  private let queue = CommitQueue()
  private let sockets: ListeningSockets
  private let http = Gate<HTTPDoor?>(nil)
  /// Where Fluent Forward is spoken; nil where it is off.
  private let forward: ForwardDoor?
  /// Where notices are handed in to be delivered.
  package let alerts: AlertDesk
  /// Looks at closed buckets; nil where it is turned off.
  package let watch: WatchLoop?
  package let startedAt: Timestamp

  /// Opens the ledger, binds the socket and starts the threads.
  ///
  /// - Throws: ``StoreFault`` when the ledger cannot be opened, ``RateFaults`` of the price files, and
  ///   ``SidecarFault`` when a socket cannot be bound. Nothing is left behind then.
  package init(settings: DaemonSettings, rates loading: RateLoading, log: EventLog) throws {
    self.log = log
    socketPath = settings.socket
    startedAt = Timestamp(microseconds: tb_wall_us())
    // Senders need not wait for files of ids: the writing thread makes them first.
    let writer = try LedgerWriter(folder: settings.data, now: startedAt, makesIDFiles: false)
    let rates: RateBook
    do { rates = try loading.book() } catch {
      writer.close()
      throw error
    }
    do { sockets = try ListeningSockets(settings) } catch {
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
      rates: rates, mappings: settings.mappings, marks: writer.marks(), openMessages: writer.openMessages,
      batchLinesMax: settings.batchLines)
    commits = CommitLoop(
      writer: writer, queue: queue, counters: counters, log: log, health: health)
    alerts = AlertDesk(receivers: settings.receivers.map(\.0), queue: queue, counters: counters, log: log)
    if let watched = settings.watch {
      watch = WatchLoop(
        watched, folder: settings.data, desk: alerts, counters: counters, log: log, now: settings.watchClock)
    } else {
      watch = nil
    }
    ingest = IngestLoop(
      socket: sockets.stream, datagrams: sockets.datagrams, pump: pump, queue: queue, counters: counters, log: log,
      exchange: exchange, settings: settings)
    forward = sockets.forward.map { [exchange, ingest, counters] socket in
      ForwardDoor(socket: socket, exchange: exchange, ingest: ingest, counters: counters, log: log)
    }
    commits.start()
    ingest.start()
    forward?.start()
    alerts.start(folder: settings.data, accesses: settings.receivers.map(\.1))
    watch?.start()
    health.set(.ready)
    log.tell(
      Event(
        .info, "rates_loaded",
        [("origin", rates.origin), ("products", "\(rates.products.count)")]))
    for socket in [sockets.stream, sockets.datagrams, sockets.forward] {
      if let socket { log.tell(Event(.info, "socket_listening", [("path", socket.path)])) }
    }
  }

  /// Serves HTTP on its socket, and on the address, from a thread of its own.
  ///
  /// A port that is taken is told and does not stop the books. To be called once at most.
  package func serveHTTP(on address: HTTPAddress?, pages: @escaping HTTPDoor.Pages) {
    var listeners: [HTTPDoor.Listener] = []
    if let socket = sockets.http {
      listeners.append(HTTPDoor.Listener(descriptor: socket.descriptor, isInet: false))
      log.tell(Event(.info, "http_listening", [("address", socket.path)]))
    }
    if let passed = sockets.page {
      listeners.append(HTTPDoor.Listener(descriptor: passed, isInet: true))
      log.tell(Event(.info, "http_listening", [("address", "passed")]))
    } else if let address {
      let descriptor = tb_listen_inet(address.host, Int32(address.port), HTTPLimits.backlog)
      if descriptor >= 0 {
        listeners.append(HTTPDoor.Listener(descriptor: descriptor, isInet: true))
        log.tell(Event(.info, "http_listening", [("address", address.description)]))
      } else {
        let fault = SidecarFault.cannotListen(
          address: address.description, reason: String(cString: tb_error_name(-descriptor)))
        log.tell(Event(.warning, "http_failed", [("fault", fault.description)]))
      }
    }
    if listeners.isEmpty { return }
    let door = HTTPDoor(
      listeners: listeners, exchange: exchange, acts: ActPosts(queue: queue, wakeWatch: { [watch] in watch?.wake() }),
      actsSocket: sockets.http?.path, ingest: ingest, health: health, counters: counters, pages: pages)
    http.change { $0 = door }
    door.start()
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
    watch?.stop()
    alerts.stop()
    guard let forward else { return ingest.order { $0.isStopping = true } }
    forward.drain { [ingest] in ingest.order { $0.isStopping = true } }
  }

  /// Waits until the daemon has ended: all on disk, or a fault that it could not go on with.
  package func wait() -> StoreFault? {
    let ended: CommitLoop.Ended? = commits.ended.wait { $0 }
    http.change { $0 }?.end()
    forward?.end()
    sockets.http?.close()
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
  /// Path of the socket for HTTP; nil for none.
  package var httpSocket: String?
  /// Path of the socket for Fluent Forward; nil for none.
  package var forward: String?
  /// Lines a second that each user of the host may send; nil for no limit.
  package var linesPerSecond: Int?
  package var userTeams = UserTeams.none
  package var passed = PassedSockets.none
  /// Where alerts go, and how they are got at.
  package var receivers: [(Receiver, ReceiverAccess)] = []

  /// What the watch goes by; nil to watch nothing.
  package var watch: WatchSettings?
  /// What time it is for the watch.
  package var watchClock: @Sendable () -> Timestamp = { Timestamp(microseconds: tb_wall_us()) }

  package init(data: String, socket: String) {
    self.data = data
    self.socket = socket
  }
}
