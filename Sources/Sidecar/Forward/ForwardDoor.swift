import CSystem
import Synchronization

/// The thread of Fluent Forward: takes messages over a Unix socket, and acknowledges chunks that are on disk.
///
/// It unpacks, a slice of each sender's in turn; the lines go to the reading thread among those of the other doors. A
/// sender is read on only as the disk keeps up with it. There is no handshake: who may write to the socket may send.
final class ForwardDoor: @unchecked Sendable {
  let exchange: PostExchange
  let ingest: IngestLoop
  let counters: Counters
  let log: EventLog
  let socket: IngestSocket
  let epoll: Int32
  private let wake: Int32
  private let buffer: UnsafeMutablePointer<UInt8>
  var connections: [UInt64: ForwardConnection] = [:]
  /// Bytes of lines that the reading thread has.
  var heldBytes = 0
  /// Connections with something to go on with.
  var turns = FairTurns<UInt64>()
  /// Senders of long messages are not read until others' have become posts, but for the one that goes on alone.
  var isCrowded = false
  var alone: (token: UInt64, since: Int64)?
  private var lastToken: UInt64 = 16
  private let orders = Gate(Orders())
  private let ended = Gate(false)

  private struct Orders {
    /// Called when what was sent before has been handed over.
    var drained: (@Sendable () -> Void)?
    var isEnding = false
  }

  private static let wakeToken: UInt64 = 1
  private static let exchangeToken: UInt64 = 2
  private static let listenerToken: UInt64 = 3
  /// Milliseconds between two looks at senders that are held back.
  private static let sweepMilliseconds: Int32 = 100

  init(socket: IngestSocket, exchange: PostExchange, ingest: IngestLoop, counters: Counters, log: EventLog) {
    self.socket = socket
    self.exchange = exchange
    self.ingest = ingest
    self.counters = counters
    self.log = log
    epoll = tb_epoll_new()
    wake = tb_event_new()
    buffer = .allocate(capacity: ForwardLimits.readBytes)
    _ = tb_epoll_add(epoll, wake, 1, Self.wakeToken)
    _ = tb_epoll_add(epoll, exchange.event(of: .forward), 1, Self.exchangeToken)
    _ = tb_epoll_add(epoll, socket.descriptor, 1, Self.listenerToken)
  }

  func start() {
    let result = tb_thread(forwardDoorBody, Unmanaged.passRetained(self).toOpaque(), "tollbook-fwd")
    precondition(result == 0, "the system gives no thread: errno \(result)")
  }

  /// Takes no more senders, reads what they have sent, and says when the reading thread has all of it.
  func drain(_ drained: @escaping @Sendable () -> Void) {
    orders.change { $0.drained = drained }
    tb_event_raise(wake)
  }

  /// Sends the acknowledgements that are due, closes, and ends; returns when that is done.
  func end() {
    orders.change { $0.isEnding = true }
    tb_event_raise(wake)
    _ = ended.wait(upTo: 2_000) { $0 ? true : nil }
  }

  fileprivate func run() {
    tb_thread_awaits_turn()
    var tokens = [UInt64](repeating: 0, count: 64)
    var ready = [UInt32](repeating: 0, count: 64)
    var drainDeadline: Int64?
    while true {
      let isHeld = connections.values.contains { $0.held != nil }
      let pause: Int32 = mayTakeTurn ? 0 : drainDeadline != nil ? 5 : isHeld || isCrowded ? Self.sweepMilliseconds : -1
      let count = tb_epoll_wait(epoll, &tokens, &ready, 64, pause)
      var hasRead = false
      for place in 0..<Int(max(count, 0)) {
        switch tokens[place] {
        case Self.wakeToken: tb_event_clear(wake)
        case Self.exchangeToken: acknowledge()
        case Self.listenerToken: accept()
        case let token: hasRead = serve(token, ready[place]) || hasRead
        }
      }
      takeTurn()
      relieve()
      resumeHeld()
      let asked = orders.change { $0 }
      if asked.isEnding { break }
      guard let drained = asked.drained else { continue }
      if drainDeadline == nil {
        accept()
        _ = tb_epoll_remove(epoll, socket.descriptor)
        drainDeadline = tb_steady_us() + ForwardLimits.drainMilliseconds * 1000
        continue
      }
      // Handed over is all that came: the reading thread takes it before it ends.
      let isQuiet = !hasRead && connections.values.allSatisfy(\.isQuiet)
      if isQuiet || tb_steady_us() > drainDeadline ?? 0 {
        orders.change { $0.drained = nil }
        drained()
        drainDeadline = nil
      }
    }
    acknowledge()
    for connection in Array(connections.values) { close(connection) }
    socket.close()
    ended.change { $0 = true }
  }

  // MARK: - Connections

  private func accept() {
    while true {
      let descriptor = tb_accept(socket.descriptor)
      if descriptor == -11 { return }
      guard descriptor >= 0 else {
        // No file for it: a moment later there may be one.
        tb_pause(1_000)
        return
      }
      guard connections.count < ForwardLimits.connections else {
        counters.connectionsRefused.add(1)
        _ = tb_close(descriptor)
        continue
      }
      lastToken += 1
      connections[lastToken] = ForwardConnection(descriptor: descriptor, token: lastToken)
      _ = tb_epoll_add(epoll, descriptor, 1, lastToken)
      counters.connectionsAccepted.add(1)
      counters.connectionsOpen.add(1)
    }
  }

  func close(_ connection: ForwardConnection) {
    guard connections.removeValue(forKey: connection.token) != nil else { return }
    _ = tb_epoll_remove(epoll, connection.descriptor)
    _ = tb_close(connection.descriptor)
    counters.connectionsOpen.add(-1)
  }

  /// Reads from the connection, or sends to it; true when it had something.
  private func serve(_ token: UInt64, _ ready: UInt32) -> Bool {
    guard let connection = connections[token] else { return false }
    if ready & 2 != 0 {
      guard connection.flush() else {
        close(connection)
        return false
      }
      watch(connection)
    }
    if ready & 4 != 0, !mayRead(connection) {
      if connection.hasEnded, connection.isQuiet {
        // Both sides are closed: nobody is left to be told.
        close(connection)
      } else {
        // It has hung up and is gone on with later: until then it would wake this thread again and again.
        connection.isAside = true
        _ = tb_epoll_remove(epoll, connection.descriptor)
      }
      return false
    }
    guard ready & 5 != 0 else { return false }
    guard mayRead(connection) else {
      watch(connection)
      return false
    }
    let count = tb_receive(connection.descriptor, buffer, ForwardLimits.readBytes)
    if count == -11 { return false }
    if count > 0 {
      connection.lastRead = tb_steady_us()
      connection.add(UnsafeBufferPointer(start: buffer, count: count))
      queue(connection)
    } else if count == 0 {
      connection.hasEnded = true
      finish(connection)
    } else {
      close(connection)
    }
    return count > 0
  }

  private func mayRead(_ connection: ForwardConnection) -> Bool {
    connection.reads && hasRoom(for: connection)
      && !(isCrowded && connection.isLong && alone?.token != connection.token)
  }

  func watch(_ connection: ForwardConnection) {
    guard connections[connection.token] != nil else { return }
    if connection.isAside {
      guard mayRead(connection) else { return }
      connection.isAside = false
      _ = tb_epoll_add(epoll, connection.descriptor, 0, connection.token)
    }
    let interest: Int32 = (mayRead(connection) ? 1 : 0) | (connection.wantsOutput ? 2 : 0)
    _ = tb_epoll_change(epoll, connection.descriptor, interest, connection.token)
  }

  func put(_ post: LinePost, of connection: ForwardConnection) -> Bool {
    guard exchange.put(post) else { return false }
    connection.posts += 1
    heldBytes += post.body.count
    tb_event_raise(ingest.wake)
    return true
  }

  /// Closes a connection whose sender has closed its side, when all that came of it is settled.
  func finish(_ connection: ForwardConnection) {
    if connection.isQuiet { close(connection) } else { watch(connection) }
  }
}

/// Formed here, outside any actor: a closure made in one and handed to C would trap at run time.
private func forwardDoorBody(_ argument: UnsafeMutableRawPointer?) {
  guard let argument else { return }
  Unmanaged<ForwardDoor>.fromOpaque(argument).takeRetainedValue().run()
}
