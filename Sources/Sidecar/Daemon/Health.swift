import Synchronization

/// How the daemon is, for `/healthz`, `/readyz` and its own decisions.
package final class Health: Sendable {
  package enum State: Sendable, Equatable {
    case starting
    case ready
    /// The ledger cannot be written for now; nothing is acknowledged until it can.
    case waiting(String)
    case stopping
    case failed(String)
  }

  private let gate = Gate(State.starting)
  private let sealed = Gate("")

  /// The seal of the last batch, in hexadecimal: to be kept outside the ledger, for `verify --head`.
  package var head: String { sealed.change { $0 } }

  func set(head: String) { sealed.change { $0 = head } }

  package init() {}

  package var state: State { gate.change { $0 } }

  /// Moves to another state; a daemon that is stopping or has failed stays so.
  package func set(_ state: State) {
    gate.change { current in
      switch (current, state) {
      case (.failed, _): break
      case (.stopping, .ready), (.stopping, .waiting): break
      default: current = state
      }
    }
  }

  var isStopping: Bool { state == .stopping }

  /// Waits, but not on when the daemon is told to stop.
  func pause(milliseconds: Int32) {
    _ = gate.wait(upTo: milliseconds) { $0 == .stopping ? true : nil }
  }
}
