import Books
import CSystem
import Calls
import Rates
import Store
import Units
import Watch

/// The reading thread: accepts senders, reads their lines, hands batches on, and tells senders what
/// is on disk.
///
/// Everything of a connection happens here, so nothing of it is locked. The loop never blocks but
/// in epoll: when the ledger is behind, it stops reading and goes on acknowledging.
final class IngestLoop: @unchecked Sendable {
  /// Senders connected at once, where the system allows as many files.
  static let connectionsMax = 4096
  /// Files that are not connections.
  private static let otherFilesMax = 64
  /// Milliseconds before the next try to take a sender, when the system had no file for one.
  private static let acceptPauseMilliseconds: Int64 = 100
  /// Bytes of lines whose end has not come, over all connections.
  static let partialBytesMax = 32 << 20
  /// Bytes of such a line that a connection may always keep.
  static let partialBytesShare = 8 << 10
  /// Bytes read from one connection before the next has its turn.
  static let readBytes = 64 << 10

  let socket: IngestSocket
  /// For datagrams; nil where they are off.
  let datagrams: IngestSocket?
  var pump: LinePump
  let queue: CommitQueue
  let counters: Counters
  let log: EventLog
  /// How long a line waits for others before they are committed together.
  let flushMicroseconds: Int64
  /// Posts that come by HTTP, and go back.
  let exchange: PostExchange
  /// What lines of a user's are of where they name no team.
  let teams: [Int64: CallDefaults]
  var limit: RateLimit
  /// What other threads ask of this one.
  let orders = Gate(Orders())
  /// Raised with a new order.
  let wake: Int32

  struct Orders {
    var rates: RateBook?
    var mappings: LineMappings?
    var isStopping = false
  }

  let epoll: Int32
  let clients: Int32
  var connections: [Int32: Connection] = [:]
  /// The connection through which each sender is told what is on disk.
  var listeners: [Int32: Connection] = [:]
  /// Connections with bytes that wait for a batch with room for them.
  var stalled: [Connection] = []
  /// Connections whose user has sent more than the limit allows, and when they are read on.
  var throttled: [(connection: Connection, until: Int64)] = []
  /// Posts whose lines are being taken, in turn; then those whose lines are not all on disk.
  var posts = FairTurns<LinePost>()
  /// Behind each of those, what has come of the same sender since.
  var followers: [LinePost.Origin: [LinePost]] = [:]
  /// The first of them has as much of the batch as it may.
  var postsWait = false
  var unsettled: [LinePost] = []
  /// Batches handed to the writing thread, and those that are on disk, since the start.
  var batchesHandedOn = 0
  var batchesSettled = 0
  /// Whether senders are read; they are not while the queue is full.
  var readsClients = true
  /// Bytes that connections keep, all together.
  var partialBytes = 0
  /// Senders that this process may have at once.
  let connectionsMax: Int
  /// When senders are accepted again, by the steady clock; nil while they are.
  private var acceptsAfter: Int64?
  /// Batches handed on so far: the number of the current one.
  var batchNumber = 0
  /// How many lines the current one is meant to have.
  var pace: BatchPace
  /// What datagrams have of it, all together: nobody waits to be told of theirs.
  var datagramShare = BatchShare()
  /// The batch that had no room for a further datagram; nil while they are read.
  var datagramsStalledIn: Int?
  /// When the current batch got its first line, by the steady clock; nil while it has none.
  var batchSince: Int64?
  let buffer: UnsafeMutablePointer<UInt8>
  var stopDeadline: Int64?
  var saidLate = false
  var unpriced = UnpricedWatch()

  /// Tokens of epoll beyond connections, whose tokens are their descriptors.
  private static let listenerToken: UInt64 = 1 << 40
  private static let eventToken: UInt64 = 1 << 41
  private static let wakeToken: UInt64 = 1 << 42
  static let clientsToken: UInt64 = 1 << 43

  /// Milliseconds given to senders' bytes that are on their way when the daemon is told to stop.
  static let drainMilliseconds: Int64 = 2000

  init(
    socket: IngestSocket, datagrams: IngestSocket?, pump: consuming LinePump, queue: CommitQueue, counters: Counters,
    log: EventLog, exchange: PostExchange, settings: DaemonSettings
  ) {
    self.exchange = exchange
    teams = settings.userTeams.teams.mapValues { CallDefaults(["team": $0]) }
    limit = RateLimit(linesPerSecond: settings.linesPerSecond)
    self.socket = socket
    self.datagrams = datagrams
    pace = BatchPace(linesMax: pump.batchLinesMax)
    self.pump = pump
    self.queue = queue
    self.counters = counters
    self.log = log
    flushMicroseconds = Int64(settings.flushMilliseconds) * 1000
    let filesMax = Int(tb_raise_files())
    connectionsMax = max(1, min(Self.connectionsMax, filesMax - Self.otherFilesMax))
    if connectionsMax < Self.connectionsMax {
      log.tell(Event(.warning, "few_files", [("files_max", "\(filesMax)"), ("senders_max", "\(connectionsMax)")]))
    }
    wake = tb_event_new()
    epoll = tb_epoll_new()
    clients = tb_epoll_new()
    buffer = .allocate(capacity: Limits.lineBytes + Self.readBytes + 64)
    _ = tb_epoll_add(epoll, socket.descriptor, 1, Self.listenerToken)
    _ = tb_epoll_add(epoll, queue.event, 1, Self.eventToken)
    _ = tb_epoll_add(epoll, wake, 1, Self.wakeToken)
    _ = tb_epoll_add(epoll, clients, 1, Self.clientsToken)
    if let datagrams { _ = tb_epoll_add(clients, datagrams.descriptor, 1, UInt64(datagrams.descriptor)) }
  }

  /// Asks something of the loop, from any thread.
  func order(_ body: (inout Orders) -> Void) {
    orders.change { body(&$0) }
    tb_event_raise(wake)
  }

  /// Starts the thread; it ends when it has been told to stop and all is on disk.
  func start() {
    let result = tb_thread(
      ingestLoopBody, Unmanaged.passRetained(self).toOpaque(), "tollbook-ingest")
    precondition(result == 0, "the system gives no thread: errno \(result)")
  }

  fileprivate func run() {
    // Whoever writes a line goes on with its work before the line is read.
    tb_thread_awaits_turn()
    var tokens = [UInt64](repeating: 0, count: 64)
    var ready = [UInt32](repeating: 0, count: 64)
    while true {
      let count = tb_epoll_wait(epoll, &tokens, &ready, 64, timeout)
      for place in 0..<Int(max(count, 0)) {
        switch tokens[place] {
        case Self.listenerToken: accept()
        case Self.eventToken: settle()
        case Self.wakeToken: obey()
        default: serveClients()
        }
      }
      if let time = acceptsAfter, tb_steady_us() >= time {
        acceptsAfter = nil
        _ = tb_epoll_add(epoll, socket.descriptor, 1, Self.listenerToken)
      }
      flushWhenDue()
      resumeStalled()
      resumeDatagrams()
      resumeThrottled()
      takePosts()
      if stopDeadline != nil, finish() { return }
    }
  }

  /// Milliseconds to wait for anything to happen: at most until the batch is due.
  var timeout: Int32 {
    if !posts.isEmpty, !postsWait || queue.hasRoom { return 0 }
    if stopDeadline != nil { return 5 }
    var due = acceptsAfter ?? .max
    for waiting in throttled { due = min(due, waiting.until) }
    if let batchDue, queue.hasRoom { due = min(due, batchDue) }
    // Rounded down: the last part of a millisecond is not waited out, see ``flushWhenDue()``.
    return due == .max ? -1 : Int32(max(0, (due - tb_steady_us()) / 1000))
  }

  // MARK: - Connections

  func accept() {
    while stopDeadline == nil {
      let descriptor = tb_accept(socket.descriptor)
      if descriptor == -11 { return }
      guard descriptor >= 0 else {
        // No file for it, or no memory: it waits in the kernel's queue, and others are served meanwhile.
        log.tell(Event(.warning, "accept_waits", [("reason", String(cString: tb_error_name(-descriptor)))]))
        _ = tb_epoll_remove(epoll, socket.descriptor)
        acceptsAfter = tb_steady_us() + Self.acceptPauseMilliseconds * 1000
        return
      }
      guard connections.count < connectionsMax else {
        turnAway(descriptor)
        continue
      }
      let connection = Connection(descriptor: descriptor)
      connection.source.connection = descriptor
      if let team = teams[connection.uid] { connection.source.defaults = team }
      connections[descriptor] = connection
      _ = tb_epoll_add(clients, descriptor, 1, UInt64(descriptor))
      counters.connectionsAccepted.add(1)
      counters.connectionsOpen.add(1)
    }
  }

  func close(_ connection: Connection) {
    guard connections.removeValue(forKey: connection.descriptor) != nil else { return }
    pump.leave(connection.source)
    counters.streamsBrokenOff.add(pump.takeBrokenOff())
    partialBytes -= connection.partial.count
    if listeners[connection.source.sender] === connection {
      listeners[connection.source.sender] = nil
    }
    _ = tb_epoll_remove(clients, connection.descriptor)
    _ = tb_close(connection.descriptor)
    counters.connectionsOpen.add(-1)
  }

  func serveClients() {
    guard makeRoom() else { return pauseReading() }
    var tokens = [UInt64](repeating: 0, count: 64)
    var ready = [UInt32](repeating: 0, count: 64)
    let count = tb_epoll_wait(clients, &tokens, &ready, 64, 0)
    for place in 0..<Int(max(count, 0)) where readsClients {
      let descriptor = Int32(truncatingIfNeeded: tokens[place])
      if let datagrams, datagrams.descriptor == descriptor {
        readDatagrams(datagrams)
        continue
      }
      // What is on disk is told before more is read.
      if queue.hasSettled { settle() }
      guard let connection = connections[descriptor] else { continue }
      if ready[place] & 2 != 0 {
        if connection.flush() { watch(connection) } else { cutOff(connection) }
      }
      if ready[place] & 4 != 0, connection.hasEnded {
        // Both sides are closed: nobody is left to be told.
        close(connection)
      } else if ready[place] & 5 != 0, !connection.isStalled {
        read(connection)
      }
    }
  }

  /// Leaves senders alone until the queue has room: nothing of theirs could be taken.
  func pauseReading() {
    if readsClients { _ = tb_epoll_remove(epoll, clients) }
    readsClients = false
  }

  /// Listens for what the connection waits for: input unless it is stalled or has ended.
  func watch(_ connection: Connection) {
    if connection.isThrottled { return }
    let reads: Int32 = connection.isStalled || connection.hasEnded ? 0 : 1
    _ = tb_epoll_change(
      clients, connection.descriptor, reads | (connection.wantsOutput ? 2 : 0),
      UInt64(connection.descriptor))
  }

  // MARK: - Orders

  private func obey() {
    tb_event_clear(wake)
    let asked = orders.change { orders in
      defer {
        orders.rates = nil
        orders.mappings = nil
      }
      return orders
    }
    if let rates = asked.rates { pump.replace(rates: rates) }
    if let mappings = asked.mappings { pump.replace(mappings: mappings) }
    receivePosts()
    if asked.isStopping, stopDeadline == nil {
      accept()
      // What is limited is read now: there is no later.
      limit = RateLimit(linesPerSecond: nil)
      exchange.close()
      receivePosts()
      stopDeadline = tb_steady_us() + Self.drainMilliseconds * 1000
      _ = tb_epoll_remove(epoll, socket.descriptor)
      socket.close()
    }
  }
}

/// Formed here, outside any actor: a closure made in one and handed to C would trap at run time.
private func ingestLoopBody(_ argument: UnsafeMutableRawPointer?) {
  guard let argument else { return }
  Unmanaged<IngestLoop>.fromOpaque(argument).takeRetainedValue().run()
}
