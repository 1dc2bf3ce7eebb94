import CSystem
import Synchronization

/// The HTTP thread: `http.sock` and the port, over which lines are posted and the daemon's state is read.
///
/// It parses and unpacks; the lines go to the reading thread, and their poster is answered when they are on disk.
/// It never waits for one connection: a slow one costs its own time, and a large body is gone on with in its turn.
package final class HTTPDoor: @unchecked Sendable {
  /// Answers what is no post: a page, or nil when there is none of that path.
  package typealias Pages = @Sendable (HTTPHead) -> HTTPAnswer?

  let exchange: PostExchange
  let acts: ActPosts
  /// The Unix socket's path, whose group may say something of incidents; nil where there is none.
  let actsSocket: String?
  let ingest: IngestLoop
  let health: Health
  let counters: Counters
  let pages: Pages
  private let listeners: [Listener]
  let epoll: Int32
  private let wake: Int32
  private let buffer: UnsafeMutablePointer<UInt8>
  var connections: [UInt64: HTTPConnection] = [:]
  /// Connections with something to go on with.
  var turns = FairTurns<UInt64>()
  /// Threads that make lines of bodies that are more than a turn's work.
  let light: BodyLane
  let heavy: BodyLane
  /// Nobody else works in their place.
  private let startsLanes: Bool
  /// Posts whose lines are being made or are with the reading thread, and the bytes of their bodies.
  var outstanding = (posts: 0, bytes: 0)
  private var lastToken: UInt64 = 16
  private let isEnding = Atomic(false)
  private let ended = Gate(false)

  /// A socket that connections are accepted from.
  struct Listener {
    let descriptor: Int32
    let isInet: Bool
  }

  private static let wakeToken: UInt64 = 1
  private static let exchangeToken: UInt64 = 2
  private static let actsToken: UInt64 = 3
  private static let lightToken: UInt64 = 4
  private static let heavyToken: UInt64 = 5
  private static let listenerToken: UInt64 = 8
  /// Milliseconds between two looks at what has taken too long.
  private static let sweepMilliseconds: Int32 = 250
  /// Milliseconds for answers to be sent when all else has ended.
  private static let endMilliseconds: Int64 = 1_000

  init(
    listeners: [Listener], exchange: PostExchange, acts: ActPosts, actsSocket: String?, ingest: IngestLoop,
    health: Health, counters: Counters, lanes: (light: BodyLane, heavy: BodyLane)? = nil,
    pages: @escaping Pages
  ) {
    self.listeners = listeners
    self.exchange = exchange
    self.acts = acts
    self.actsSocket = actsSocket
    self.ingest = ingest
    self.health = health
    self.counters = counters
    light = lanes?.light ?? BodyLane()
    heavy = lanes?.heavy ?? BodyLane()
    startsLanes = lanes == nil
    self.pages = pages
    epoll = tb_epoll_new()
    wake = tb_event_new()
    buffer = .allocate(capacity: HTTPLimits.readBytes)
    _ = tb_epoll_add(epoll, wake, 1, Self.wakeToken)
    _ = tb_epoll_add(epoll, exchange.event(of: .http), 1, Self.exchangeToken)
    _ = tb_epoll_add(epoll, acts.event, 1, Self.actsToken)
    _ = tb_epoll_add(epoll, light.event, 1, Self.lightToken)
    _ = tb_epoll_add(epoll, heavy.event, 1, Self.heavyToken)
    for (place, listener) in listeners.enumerated() {
      _ = tb_epoll_add(epoll, listener.descriptor, 1, Self.listenerToken + UInt64(place))
    }
  }

  func start() {
    if startsLanes {
      light.start("tollbook-light")
      heavy.start("tollbook-heavy")
    }
    let result = tb_thread(httpDoorBody, Unmanaged.passRetained(self).toOpaque(), "tollbook-http")
    precondition(result == 0, "the system gives no thread: errno \(result)")
  }

  /// Sends the answers that are due, closes, and ends; returns when that is done.
  func end() {
    isEnding.store(true, ordering: .releasing)
    tb_event_raise(wake)
    _ = ended.wait(upTo: Int32(Self.endMilliseconds) * 2) { $0 ? true : nil }
  }

  fileprivate func run() {
    tb_thread_awaits_turn()
    var tokens = [UInt64](repeating: 0, count: 64)
    var ready = [UInt32](repeating: 0, count: 64)
    var endDeadline: Int64?
    var sweepDue: Int64 = 0
    while true {
      let pause = connections.isEmpty ? -1 : Self.sweepMilliseconds
      let count = tb_epoll_wait(epoll, &tokens, &ready, 64, turns.isEmpty ? pause : 0)
      for place in 0..<Int(max(count, 0)) {
        switch tokens[place] {
        case Self.wakeToken: tb_event_clear(wake)
        case Self.exchangeToken: answerSettled()
        case Self.actsToken: answerActs()
        case Self.lightToken: finishBodies(of: light)
        case Self.heavyToken: finishBodies(of: heavy)
        case let token where token < Self.listenerToken + UInt64(listeners.count):
          accept(listeners[Int(token - Self.listenerToken)])
        case let token: serve(token, ready[place])
        }
      }
      takeTurn()
      if tb_steady_us() >= sweepDue {
        sweepDue = tb_steady_us() + Int64(Self.sweepMilliseconds) * 1000
        sweep()
      }
      guard isEnding.load(ordering: .acquiring) else { continue }
      answerSettled()
      answerActs()
      let deadline = endDeadline ?? tb_steady_us() + Self.endMilliseconds * 1000
      endDeadline = deadline
      // Nobody settles a post any more: what still waits is told so.
      for connection in Array(connections.values) where connection.isWaiting { refuse(connection, .stopping) }
      guard connections.values.contains(where: \.wantsOutput), tb_steady_us() < deadline else { break }
    }
    for connection in Array(connections.values) { close(connection) }
    for listener in listeners where listener.isInet { _ = tb_close(listener.descriptor) }
    light.close()
    heavy.close()
    ended.change { $0 = true }
  }

  // MARK: - Connections

  private func accept(_ listener: Listener) {
    while true {
      let descriptor = tb_accept(listener.descriptor)
      if descriptor == -11 { return }
      guard descriptor >= 0 else {
        // No file for it: a moment later there may be one.
        tb_pause(1_000)
        return
      }
      if connections.count >= HTTPLimits.connections, !makeRoom() {
        counters.connectionsRefused.add(1)
        _ = tb_close(descriptor)
        continue
      }
      if listener.isInet { tb_send_at_once(descriptor) }
      lastToken += 1
      connections[lastToken] = HTTPConnection(descriptor: descriptor, token: lastToken, isInet: listener.isInet)
      _ = tb_epoll_add(epoll, descriptor, 1, lastToken)
      counters.connectionsAccepted.add(1)
      counters.connectionsOpen.add(1)
    }
  }

  /// Closes the connection that has been idle the longest; false when all of them are at work.
  private func makeRoom() -> Bool {
    guard let oldest = connections.values.filter(\.isIdle).min(by: { $0.deadline < $1.deadline }) else { return false }
    close(oldest)
    return true
  }

  func close(_ connection: HTTPConnection) {
    guard connections.removeValue(forKey: connection.token) != nil else { return }
    _ = tb_epoll_remove(epoll, connection.descriptor)
    _ = tb_close(connection.descriptor)
    counters.connectionsOpen.add(-1)
  }

  private func serve(_ token: UInt64, _ ready: UInt32) {
    guard let connection = connections[token] else { return }
    if ready & 2 != 0 {
      send(connection)
      queue(connection)
    }
    guard connections[token] != nil else { return }
    if ready & 4 != 0, !connection.reads { return close(connection) }
    guard ready & 5 != 0, connection.reads else { return }
    // What has come of it is gone on with first: it is heard again when its turn has come.
    guard !connection.isQueued else { return watch(connection) }
    let count = tb_receive(connection.descriptor, buffer, HTTPLimits.readBytes)
    if count == -11 { return }
    guard count > 0 else { return close(connection) }
    connection.input.append(contentsOf: UnsafeBufferPointer(start: buffer, count: count))
    connection.heardAt = tb_steady_us()
    queue(connection)
  }

  /// Sends what is unsent; when all is said, the connection may ask again, or ends.
  func send(_ connection: HTTPConnection) {
    guard connection.flush() else { return close(connection) }
    guard case .answering = connection.state, !connection.wantsOutput else { return watch(connection) }
    if connection.keepsAlive, !isEnding.load(ordering: .acquiring) {
      connection.state = .head
      connection.deadline = tb_steady_us() + HTTPLimits.idleMilliseconds * 1000
      watch(connection)
    } else {
      // What the other side still sends would make the kernel throw the answer away: it is read first.
      connection.state = .lingering
      connection.input = []
      connection.deadline = tb_steady_us() + HTTPLimits.lingerMilliseconds * 1000
      _ = tb_end_sending(connection.descriptor)
      watch(connection)
    }
  }

  func watch(_ connection: HTTPConnection) {
    connection.isUnheard = connection.isQueued
    let reads = connection.reads && !connection.isQueued
    let interest: Int32 = (reads ? 1 : 0) | (connection.wantsOutput ? 2 : 0)
    _ = tb_epoll_change(epoll, connection.descriptor, interest, connection.token)
  }

  /// Ends what has taken too long.
  private func sweep() {
    let now = tb_steady_us()
    for connection in Array(connections.values) where connection.deadline < now {
      switch connection.state {
      case .head where connection.input.isEmpty: close(connection)
      case .answering, .lingering: close(connection)
      case .head, .body: refuse(connection, .slow)
      case .waiting: refuse(connection, .unsettled)
      }
    }
  }
}

extension HTTPRefusal {
  static let slow = HTTPRefusal(
    408, "too_slow",
    "What was sent did not come whole in time: \(HTTPLimits.bodyMilliseconds / 1000) seconds, less where others wait. "
      + "Nothing of it was booked. Post it again.")
  fileprivate static let unsettled = HTTPRefusal.busy(
    "not_settled",
    "The lines were taken, and are not on disk after \(HTTPLimits.settleMilliseconds / 1000) seconds. Post them again "
      + "under the same first_n or ids: none is booked twice.", retryAfterSeconds: 5)
}

/// Formed here, outside any actor: a closure made in one and handed to C would trap at run time.
private func httpDoorBody(_ argument: UnsafeMutableRawPointer?) {
  guard let argument else { return }
  Unmanaged<HTTPDoor>.fromOpaque(argument).takeRetainedValue().run()
}
