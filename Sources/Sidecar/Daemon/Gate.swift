import CSystem

/// A value that several threads share under one lock, with a way to wait for its change.
///
/// Swift's `Synchronization` has no condition variable; this is POSIX's.
final class Gate<Value>: @unchecked Sendable {
  private let gate: OpaquePointer
  private var value: Value

  init(_ value: Value) {
    guard let gate = tb_gate_new() else { preconditionFailure("no memory for a lock") }
    self.gate = gate
    self.value = value
  }

  /// Reads or changes the value, alone; then wakes those that wait.
  func change<Result>(_ body: (inout Value) -> Result) -> Result {
    tb_gate_lock(gate)
    defer {
      tb_gate_notify(gate)
      tb_gate_unlock(gate)
    }
    return body(&value)
  }

  /// Reads the value, alone; nobody is woken.
  func look<Result>(_ body: (Value) -> Result) -> Result {
    tb_gate_lock(gate)
    defer { tb_gate_unlock(gate) }
    return body(value)
  }

  /// Waits until `body` returns something, and returns that.
  ///
  /// With a limit in milliseconds it may return nil when the time is up.
  func wait<Result>(upTo milliseconds: Int32 = -1, _ body: (inout Value) -> Result?) -> Result? {
    tb_gate_lock(gate)
    defer { tb_gate_unlock(gate) }
    if let result = body(&value) { return result }
    let end = milliseconds < 0 ? Int64.max : tb_steady_us() + Int64(milliseconds) * 1000
    while true {
      let rest = milliseconds < 0 ? -1 : Int32((end - tb_steady_us() + 999) / 1000)
      if milliseconds >= 0, rest <= 0 { return nil }
      tb_gate_wait(gate, rest)
      if let result = body(&value) { return result }
    }
  }
}
