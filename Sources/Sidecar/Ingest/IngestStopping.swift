import CSystem

/// The end of the reading thread: what was sent is taken, all is on disk, then it closes.
extension IngestLoop {
  /// Reads what senders had sent, has it written, and closes; true when all of that is done.
  func finish() -> Bool {
    let late = tb_steady_us() > (stopDeadline ?? 0)
    if !late, !stalled.isEmpty || !posts.isEmpty || !throttled.isEmpty || datagramsStalledIn != nil { return false }
    if !late, hasInput { return false }
    if late, !saidLate, hasInput || !stalled.isEmpty {
      saidLate = true
      log.tell(
        Event(
          .warning, "senders_cut_off",
          [("after_ms", "\(Self.drainMilliseconds)"), ("connections", "\(connections.count)")]))
    }
    for connection in Array(connections.values) where !connection.partial.isEmpty {
      guard makeRoom() else { return false }
      end(connection)
    }
    dropPosts()
    if !pump.isEmpty, !handOn() { return false }
    guard queue.drain(upTo: 50) else { return false }
    settle()
    settlePosts()
    for connection in connections.values { close(connection) }
    datagrams?.close()
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
