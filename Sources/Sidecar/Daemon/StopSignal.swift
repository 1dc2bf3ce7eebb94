import CSystem

/// Tells that a signal to stop has come; a second one ends the program at once.
package final class StopSignal: Sendable {
  private let raised = Gate(false)

  package init() {}

  /// SIGTERM or SIGINT has come.
  package var isRaised: Bool { raised.change { $0 } }

  /// Catches the signals from here on; once in a program.
  package func start() {
    let caught = tb_catch_signals()
    precondition(caught == 0, "signals cannot be caught: errno \(caught)")
    let result = tb_thread(stopSignalBody, Unmanaged.passRetained(self).toOpaque(), "tollbook-signal")
    precondition(result == 0, "the system gives no thread: errno \(result)")
  }

  fileprivate func run() {
    while tb_wait_signal() == 1 {}
    raised.change { $0 = true }
    while tb_wait_signal() == 1 {}
    tb_exit(1)
  }
}

/// Formed here, outside any actor: a closure made in one and handed to C would trap at run time.
private func stopSignalBody(_ argument: UnsafeMutableRawPointer?) {
  guard let argument else { return }
  Unmanaged<StopSignal>.fromOpaque(argument).takeRetainedValue().run()
}
