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
  /// Senders connected at once.
  static let connectionsMax = 4096
  /// Bytes read from one connection before the next has its turn.
  static let readBytes = 256 << 10

  private let socket: IngestSocket
  private let pump: LinePump
  private let queue: CommitQueue
  private let counters: Counters
  private let log: EventLog
  private let flushMilliseconds: Int64
  /// What other threads ask of this one.
  let orders = Gate(Orders())
  /// Raised with a new order.
  private let wake: Int32

  struct Orders {
    var rates: RateBook?
    var isStopping = false
  }

  private let epoll: Int32
  private let clients: Int32
  private var connections: [Int32: Connection] = [:]
  /// The connection through which each sender is told what is on disk.
  private var listeners: [Int32: Connection] = [:]
  /// Connections with bytes that wait for room in the queue.
  private var stalled: [Connection] = []
  private var readsClients = true
  /// When the current batch got its first line, by the steady clock; nil while it has none.
  private var batchSince: Int64?
  private let buffer: UnsafeMutablePointer<UInt8>
  private var stopDeadline: Int64?
  private var unpriced = UnpricedWatch()

  /// Tokens of epoll beyond connections, whose tokens are their descriptors.
  private static let listenerToken: UInt64 = 1 << 40
  private static let eventToken: UInt64 = 1 << 41
  private static let wakeToken: UInt64 = 1 << 42
  private static let clientsToken: UInt64 = 1 << 43

  /// Milliseconds given to senders' bytes that are on their way when the daemon is told to stop.
  static let drainMilliseconds: Int64 = 2000

  init(
    socket: IngestSocket, pump: LinePump, queue: CommitQueue, counters: Counters, log: EventLog,
    flushMilliseconds: Int
  ) {
    self.socket = socket
    self.pump = pump
    self.queue = queue
    self.counters = counters
    self.log = log
    self.flushMilliseconds = Int64(flushMilliseconds)
    wake = tb_event_new()
    epoll = tb_epoll_new()
    clients = tb_epoll_new()
    buffer = .allocate(capacity: Limits.lineBytes + Self.readBytes + 64)
    _ = tb_epoll_add(epoll, socket.descriptor, 1, Self.listenerToken)
    _ = tb_epoll_add(epoll, queue.event, 1, Self.eventToken)
    _ = tb_epoll_add(epoll, wake, 1, Self.wakeToken)
    _ = tb_epoll_add(epoll, clients, 1, Self.clientsToken)
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
      flushWhenDue()
      resumeStalled()
      if stopDeadline != nil, finish() { return }
    }
  }

  /// Milliseconds to wait for anything to happen: at most until the batch is due.
  private var timeout: Int32 {
    if stopDeadline != nil { return 5 }
    guard let since = batchSince, queue.hasRoom else { return -1 }
    let due = since + flushMilliseconds * 1000 - tb_steady_us()
    return Int32(max(0, (due + 999) / 1000))
  }

  // MARK: - Connections

  private func accept() {
    while stopDeadline == nil {
      let descriptor = tb_accept(socket.descriptor)
      guard descriptor >= 0 else { return }
      guard connections.count < Self.connectionsMax else {
        _ = tb_close(descriptor)
        counters.connectionsRefused.add(1)
        log.tell(Event(.warning, "connection_refused", [("open_max", "\(Self.connectionsMax)")]))
        continue
      }
      connections[descriptor] = Connection(descriptor: descriptor)
      _ = tb_epoll_add(clients, descriptor, 1, UInt64(descriptor))
      counters.connectionsAccepted.add(1)
      counters.connectionsOpen.add(1)
    }
  }

  private func close(_ connection: Connection) {
    guard connections.removeValue(forKey: connection.descriptor) != nil else { return }
    if listeners[connection.source.sender] === connection {
      listeners[connection.source.sender] = nil
    }
    _ = tb_epoll_remove(clients, connection.descriptor)
    _ = tb_close(connection.descriptor)
    counters.connectionsOpen.add(-1)
  }

  private func serveClients() {
    var tokens = [UInt64](repeating: 0, count: 64)
    var ready = [UInt32](repeating: 0, count: 64)
    let count = tb_epoll_wait(clients, &tokens, &ready, 64, 0)
    for place in 0..<Int(max(count, 0)) {
      guard let connection = connections[Int32(truncatingIfNeeded: tokens[place])] else { continue }
      if ready[place] & 2 != 0 {
        if connection.flush() { watch(connection) } else { close(connection) }
      }
      if ready[place] & 4 != 0, connection.hasEnded {
        // Both sides are closed: nobody is left to be told.
        close(connection)
      } else if ready[place] & 5 != 0, !connection.isStalled {
        read(connection)
      }
    }
  }

  /// Listens for what the connection waits for: input unless it is stalled or has ended.
  private func watch(_ connection: Connection) {
    let reads: Int32 = connection.isStalled || connection.hasEnded ? 0 : 1
    _ = tb_epoll_change(
      clients, connection.descriptor, reads | (connection.wantsOutput ? 2 : 0),
      UInt64(connection.descriptor))
  }

  private func tell(_ connection: Connection, _ line: String) {
    if connection.send(line) {
      if connection.wantsOutput { watch(connection) }
    } else {
      close(connection)
    }
  }

  // MARK: - Reading

  private func read(_ connection: Connection) {
    let held = connection.partial.count
    connection.partial.withUnsafeBufferPointer { bytes in
      if let start = bytes.baseAddress { buffer.update(from: start, count: held) }
    }
    let count = tb_read(connection.descriptor, buffer + held, Self.readBytes)
    if count > 0 {
      connection.partial.removeAll(keepingCapacity: true)
      counters.bytesRead.add(count)
      take(held + count, from: connection, searched: held)
    } else if count == 0 {
      connection.hasEnded = true
      end(connection)
    } else if count != -11 {
      close(connection)
    }
  }

  /// Takes the lines of `buffer[..<count]`; what is left over stays with the connection.
  private func take(_ count: Int, from connection: Connection, searched: Int) {
    let now = Timestamp(microseconds: tb_wall_us())
    var start = 0
    var searched = searched
    while start < count {
      let rest = count - start
      let skip = searched - start
      let newline = skip + Int(tb_line_end(buffer + searched, Int64(rest - skip)))
      if newline == rest { break }
      guard makeRoom() else {
        stall(connection, start, count)
        return
      }
      if connection.overlong != nil {
        finishOverlong(connection, buffer + start, newline, now)
      } else {
        line(UnsafeBufferPointer(start: buffer + start, count: newline), connection, now)
      }
      guard connections[connection.descriptor] === connection else { return }
      start += newline + 1
      searched = start
    }
    keep(start, count, connection)
  }

  private func keep(_ start: Int, _ count: Int, _ connection: Connection) {
    let rest = UnsafeBufferPointer(start: buffer + start, count: count - start)
    if connection.overlong != nil {
      addOverlong(connection, rest)
    } else if rest.count > Limits.lineBytes {
      connection.overlong = (0, tb_sha256_new())
      addOverlong(connection, rest)
    } else {
      connection.partial.append(contentsOf: rest)
    }
  }

  private func addOverlong(_ connection: Connection, _ bytes: UnsafeBufferPointer<UInt8>) {
    guard let overlong = connection.overlong else { return }
    tb_sha256_add(overlong.digest, bytes.baseAddress, bytes.count)
    connection.overlong?.length += bytes.count
  }

  private func finishOverlong(
    _ connection: Connection, _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ now: Timestamp
  ) {
    addOverlong(connection, UnsafeBufferPointer(start: bytes, count: count))
    guard let overlong = connection.overlong else { return }
    var digest = [UInt8](repeating: 0, count: 32)
    tb_sha256_end(overlong.digest, &digest)
    tb_sha256_free(overlong.digest)
    connection.overlong = nil
    note(
      pump.refuse(
        length: overlong.length, sha256: digest, .tooLong, number: nil, connection.source, at: now),
      connection)
  }

  private func line(
    _ bytes: UnsafeBufferPointer<UInt8>, _ connection: Connection, _ now: Timestamp
  ) {
    note(pump.take(bytes, from: connection.source, at: now), connection)
  }

  private func note(_ outcome: LinePump.Outcome, _ connection: Connection) {
    switch outcome {
    case .taken: counters.linesTaken.add(1)
    case .replayed: counters.linesReplayed.add(1)
    case .refused(let reason): counters.countRefusal(reason)
    case .passedOver:
      counters.linesPassedOver.add(1)
      if pump.isEmpty { return }
    case .hello(let hello):
      if connection.isFresh {
        greet(hello, connection)
      } else {
        counters.countRefusal(.badHello)
        tell(connection, "{\"error\":{\"code\":\"bad_hello\",\"message\":\"a hello comes first\"}}\n")
        close(connection)
      }
      return
    }
    connection.isFresh = false
    if batchSince == nil { batchSince = tb_steady_us() }
  }

  private func greet(_ hello: Hello, _ connection: Connection) {
    connection.isFresh = false
    connection.source.defaults = hello.defaults
    guard hello.acknowledged else {
      return tell(connection, "{\"ready\":{\"v\":1,\"max_line\":\(Limits.lineBytes)}}\n")
    }
    let joined = pump.join(Sender(client: hello.client, epoch: hello.epoch))
    connection.source.sender = joined.number
    connection.acknowledged = joined.resumeAfter
    listeners[joined.number] = connection
    tell(
      connection,
      "{\"ready\":{\"v\":1,\"resume_after\":\(joined.resumeAfter),\"max_line\":\(Limits.lineBytes)}}\n")
  }

  /// The sender has closed its side: a whole last line counts without its newline.
  private func end(_ connection: Connection) {
    let now = Timestamp(microseconds: tb_wall_us())
    if connection.overlong != nil {
      finishOverlong(connection, buffer, 0, now)
    } else if !connection.partial.isEmpty {
      let count = connection.partial.count
      connection.partial.withUnsafeBufferPointer { bytes in
        if let start = bytes.baseAddress { buffer.update(from: start, count: count) }
      }
      connection.partial.removeAll()
      let outcome = pump.takeLast(
        UnsafeBufferPointer(start: buffer, count: count), from: connection.source, at: now)
      note(outcome, connection)
    }
    // A sender in acknowledged mode may still read: it is closed when all it sent is settled.
    if connection.source.sender >= 0, connections[connection.descriptor] != nil {
      watch(connection)
      if !pump.hasUnsettled(connection.source.sender) { close(connection) }
    } else {
      close(connection)
    }
  }

  // MARK: - Batches

  /// Whether the current batch can take another line, after handing it on where it is full.
  private func makeRoom() -> Bool {
    guard pump.isFull else { return true }
    return handOn()
  }

  /// Hands the batch to the writing thread; false when that has no room.
  private func handOn() -> Bool {
    guard queue.hasRoom else { return false }
    let batch = pump.seal()
    for dimension in batch.newDimensions {
      guard case .tell(let notice) = unpriced.see(dimension) else { continue }
      log.tell(
        Event(
          .warning, "model_unpriced",
          [
            ("route", notice.route), ("provider", notice.provider), ("model", notice.model),
            ("reason", notice.reason.name), ("cure", notice.reason.explanation),
          ], about: "\(notice)"))
    }
    queue.put(batch)
    batchSince = nil
    return true
  }

  private func flushWhenDue() {
    guard let since = batchSince else { return }
    if stopDeadline != nil || tb_steady_us() - since >= flushMilliseconds * 1000 { _ = handOn() }
  }

  /// Puts a connection's unread lines aside until the queue has room.
  private func stall(_ connection: Connection, _ start: Int, _ count: Int) {
    connection.partial.append(contentsOf: UnsafeBufferPointer(start: buffer + start, count: count - start))
    connection.isStalled = true
    stalled.append(connection)
    watch(connection)
  }

  private func resumeStalled() {
    guard !stalled.isEmpty, !pump.isFull || queue.hasRoom else { return }
    let waiting = stalled
    stalled = []
    for connection in waiting where connections[connection.descriptor] === connection {
      connection.isStalled = false
      let count = connection.partial.count
      connection.partial.withUnsafeBufferPointer { bytes in
        if let start = bytes.baseAddress { buffer.update(from: start, count: count) }
      }
      connection.partial.removeAll(keepingCapacity: true)
      take(count, from: connection, searched: 0)
      if !connection.isStalled, connections[connection.descriptor] === connection { watch(connection) }
    }
  }

  /// Tells senders what is on disk: what was refused first, then how far all is settled.
  private func settle() {
    for settled in queue.takeSettled() {
      let batch = settled.batch
      for (letter, id) in zip(batch.deadLetters, settled.report.deadLetters) {
        refuse(letter.sender, letter.number, letter.reason, id)
      }
      for conflict in settled.report.conflicts {
        let call = batch.calls[conflict.call]
        refuse(call.sender, call.number, .idConflict, conflict.deadLetter)
      }
      for (sender, move) in batch.marks {
        pump.marked(sender, upTo: move.number)
        guard let connection = listeners[sender] else { continue }
        tell(connection, "{\"ack\":\(move.number)}\n")
        if connection.hasEnded, !pump.hasUnsettled(sender) { close(connection) }
      }
      pump.recycle(batch)
    }
  }

  private func refuse(_ sender: Int32, _ number: Int64, _ reason: Refusal, _ id: Int64) {
    guard sender >= 0, let connection = listeners[sender] else { return }
    tell(
      connection, "{\"nack\":\(number),\"code\":\"\(reason.rawValue)\",\"dead_letter\":\(id)}\n")
  }

  // MARK: - Orders

  private func obey() {
    tb_event_clear(wake)
    let asked = orders.change { orders in
      defer { orders.rates = nil }
      return orders
    }
    if let rates = asked.rates { pump.replace(rates: rates) }
    if asked.isStopping, stopDeadline == nil {
      accept()
      stopDeadline = tb_steady_us() + Self.drainMilliseconds * 1000
      _ = tb_epoll_remove(epoll, socket.descriptor)
      socket.close()
    }
  }

  /// Reads what senders had sent, has it written, and closes; true when all of that is done.
  private func finish() -> Bool {
    let late = tb_steady_us() > (stopDeadline ?? 0)
    if !late, !stalled.isEmpty { return false }
    if !late, hasInput { return false }
    if !pump.isEmpty, !handOn() { return false }
    guard queue.drain(upTo: 50) else { return false }
    settle()
    for connection in connections.values { close(connection) }
    queue.close()
    return true
  }

  /// Whether a connection has bytes that have not been read.
  private var hasInput: Bool {
    var token: UInt64 = 0
    var ready: UInt32 = 0
    guard tb_epoll_wait(clients, &token, &ready, 1, 0) > 0 else { return false }
    return ready & 1 != 0
  }
}

/// Formed here, outside any actor: a closure made in one and handed to C would trap at run time.
private func ingestLoopBody(_ argument: UnsafeMutableRawPointer?) {
  guard let argument else { return }
  Unmanaged<IngestLoop>.fromOpaque(argument).takeRetainedValue().run()
}
