import CSystem

/// A thread that makes lines of bodies, so that the thread for HTTP never has more than a slice of work in hand.
///
/// There are two: one for bodies that are light, one for all others. A light body waits for light ones alone, and
/// what is in hand besides it is the system's scheduler's to share out. Those that wait are taken as
/// ``FairTurns`` has it: the lesser first.
final class BodyLane: Sendable {
  private struct State {
    var turns = FairTurns<WholeBody>()
    var done: [WholeBody] = []
    var isClosed = false
  }

  private let state = Gate(State())
  /// Raised with each body that is done, for the HTTP thread's epoll.
  let event: Int32

  init() { event = tb_event_new() }

  func start(_ name: String) {
    let result = tb_thread(bodyLaneBody, Unmanaged.passRetained(self).toOpaque(), name)
    precondition(result == 0, "the system gives no thread: errno \(result)")
  }

  func add(_ body: WholeBody) { state.change { _ = $0.turns.add(body, bytes: body.count) } }

  /// Bodies that nobody works on yet.
  var waiting: Int { state.change { $0.turns.count } }

  /// Works on the next body; false when there is none and never will be.
  func work() -> Bool {
    let body: WholeBody?? = state.wait { state in
      if state.isClosed { return .some(nil) }
      return state.turns.next().map { .some($0) }
    }
    guard let body = body ?? nil else { return false }
    body.read()
    state.change { $0.done.append(body) }
    tb_event_raise(event)
    return true
  }

  /// The bodies that were done since the last time.
  func takeDone() -> [WholeBody] {
    tb_event_clear(event)
    return state.change { state in
      defer { state.done.removeAll() }
      return state.done
    }
  }

  /// Has the thread end behind the body that it has in hand.
  func close() { state.change { $0.isClosed = true } }

  fileprivate func run() {
    tb_thread_awaits_turn()
    while work() {}
  }
}

/// Formed here, outside any actor: a closure made in one and handed to C would trap at run time.
private func bodyLaneBody(_ argument: UnsafeMutableRawPointer?) {
  guard let argument else { return }
  Unmanaged<BodyLane>.fromOpaque(argument).takeRetainedValue().run()
}
