import CSystem

/// What becomes of posts of Fluent Forward: acknowledged, held back, or left to be sent again.
extension ForwardDoor {
  /// Tells senders whose records are on disk, and reads them on.
  func acknowledge() {
    let isFull = heldBytes >= ForwardLimits.heldBytes
    for post in exchange.takeSettled(by: .forward) {
      heldBytes -= post.body.count
      guard let connection = connections[post.connection] else { continue }
      connection.posts -= 1
      if let refusal = post.refusal {
        guard let seconds = refusal.retryAfterSeconds, refusal.status == 429 else {
          // The daemon is stopping: nothing of it was booked, and its sender has it still.
          close(connection)
          continue
        }
        post.refusal = nil
        connection.hold(post, until: tb_steady_us() + Int64(seconds) * 1_000_000)
        watch(connection)
        continue
      }
      counters.forwardRecords.add(post.lines.count)
      guard post.acknowledgements.isEmpty || connection.send(post.acknowledgements) else {
        close(connection)
        continue
      }
      readOn(connection)
    }
    guard isFull, heldBytes < ForwardLimits.heldBytes else { return }
    for connection in Array(connections.values) { readOn(connection) }
  }

  /// Hands over what was held back, where its user may send again.
  func resumeHeld() {
    let now = tb_steady_us()
    for connection in Array(connections.values) {
      guard let (posts, until) = connection.held, until <= now else { continue }
      let held = posts + (connection.behindHeld.map { [$0] } ?? [])
      connection.held = nil
      connection.behindHeld = nil
      guard held.allSatisfy({ put($0, of: connection) }) else {
        close(connection)
        continue
      }
      readOn(connection)
    }
  }

  private func readOn(_ connection: ForwardConnection) {
    queue(connection)
    if connection.hasEnded { finish(connection) } else { watch(connection) }
  }
}
