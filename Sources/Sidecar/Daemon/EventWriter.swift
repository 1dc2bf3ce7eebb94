import CSystem

/// Writes lines to standard error on a thread of its own, so that a terminal or pipe that nobody reads
/// holds up no sender.
///
/// Bounded: when it is full, lines are dropped and counted, and the count is written once there is room.
final class EventWriter: Sendable {
  /// Lines that wait for standard error to take them.
  static let linesMax = 1_000

  private struct State {
    var lines: [String] = []
    var dropped = 0
    var isWriting = false
  }

  private let state = Gate(State())

  init() {
    let result = tb_thread(eventWriterBody, Unmanaged.passRetained(self).toOpaque(), "tollbook-log")
    precondition(result == 0, "the system gives no thread: errno \(result)")
  }

  func put(_ line: String) {
    state.change { state in
      if state.lines.count < Self.linesMax { state.lines.append(line) } else { state.dropped += 1 }
    }
  }

  /// Waits until all is written, or the time is up.
  func flush(upTo milliseconds: Int32) {
    _ = state.wait(upTo: milliseconds) { $0.lines.isEmpty && !$0.isWriting ? true : nil }
  }

  fileprivate func run() {
    while true {
      let next = state.wait { state -> ([String], Int)? in
        guard !state.lines.isEmpty else { return nil }
        defer { state = State(isWriting: true) }
        return (state.lines, state.dropped)
      }
      guard let (lines, dropped) = next else { continue }
      for line in lines { Self.write(line) }
      if dropped > 0 { Self.write("level=warning event=log_lines_dropped lines=\(dropped)\n") }
      state.change { $0.isWriting = false }
    }
  }

  static func write(_ line: String) {
    var line = line
    line.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let count = tb_write(2, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        guard count > 0 else { return }
        done += count
      }
    }
  }
}

/// Formed here, outside any actor: a closure made in one and handed to C would trap at run time.
private func eventWriterBody(_ argument: UnsafeMutableRawPointer?) {
  guard let argument else { return }
  Unmanaged<EventWriter>.fromOpaque(argument).takeRetainedValue().run()
}
