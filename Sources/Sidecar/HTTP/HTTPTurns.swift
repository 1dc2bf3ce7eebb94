import CSystem

/// What the thread for HTTP does in one turn of its loop: reads what has come, and goes on with one connection.
///
/// One head and its page, one piece of a body, one slice of what is packed, or one small body's lines: so nobody waits
/// for more than that of another's, and who has little goes first. Larger bodies are made lines of on threads of
/// their own.
extension HTTPDoor {
  /// Has the connection's input gone on with when its turn comes.
  func queue(_ connection: HTTPConnection) {
    guard !connection.isQueued, connection.hasWork else { return }
    connection.isQueued = true
    connection.due = turns.add(connection.token, bytes: connection.input.count, behind: connection.due)
  }

  /// Goes on with the connection whose turn it is.
  func takeTurn() {
    guard let token = turns.next(), let connection = connections[token] else { return }
    connection.isQueued = false
    let before = connection.input.count
    do throws(HTTPRefusal) {
      switch connection.state {
      case .head: try begin(connection)
      case .body(let coming): try take(coming, connection)
      case .lingering: connection.input = []
      case .waiting, .answering: break
      }
    } catch {
      refuse(connection, error)
    }
    guard connections[token] != nil else { return }
    if connection.input.count < before || connection.isUnpacking { queue(connection) }
    if connection.isUnheard { watch(connection) }
  }

  private func take(_ coming: HTTPConnection.Coming, _ connection: HTTPConnection) throws(HTTPRefusal) {
    if coming.body.isUnpacking, coming.framing.isWhole || connection.input.isEmpty {
      _ = try coming.body.add(UnsafeBufferPointer(start: nil, count: 0))
    } else {
      let used = try connection.input.withUnsafeBufferPointer { (bytes) throws(HTTPRefusal) in
        try coming.framing.take(bytes) { (more) throws(HTTPRefusal) in try coming.body.add(more) }
      }
      connection.input.removeFirst(used)
    }
    if coming.body.isUnpacking { connection.due += HTTPLimits.sliceBytes }
    guard coming.framing.isWhole, !coming.body.isUnpacking else {
      if heldBytes > HTTPLimits.heldBytes, !endSlowest(but: connection) {
        throw .busy(
          "too_many_bytes",
          "Bodies of \(HTTPLimits.heldBytes >> 20) MiB are held already. Post it again in a second.")
      }
      return
    }
    switch coming.purpose {
    case .act(let ledger):
      let (body, count) = try coming.body.whole()
      try handOver(act: body.prefix(count), for: ledger, connection)
    case .lines(let asked):
      let body = try WholeBody(asked, coming.body, connection)
      outstanding.posts += 1
      outstanding.bytes += body.count
      connection.state = .waiting
      connection.deadline = tb_steady_us() + HTTPLimits.settleMilliseconds * 1000
      if body.isPrompt {
        body.read()
        finish(body)
      } else {
        watch(connection)
        (body.isLight ? light : heavy).add(body)
      }
    }
  }

  /// Hands over the lines of bodies that a lane has made.
  func finishBodies(of lane: BodyLane) { for body in lane.takeDone() { finish(body) } }

  /// Hands a body's lines over, or tells its poster why there are none.
  ///
  /// The lines of one who has hung up are booked too: all of them have come.
  private func finish(_ body: WholeBody) {
    outstanding.posts -= 1
    outstanding.bytes -= body.count
    let connection = connections[body.connection]
    if let reason = body.ignored {
      counters.postsTaken.add(1)
      counters.linesPassedOver.add(1)
      counters.count(reason)
    }
    switch body.outcome {
    case .unread: break
    case .lines(let post):
      do throws(HTTPRefusal) { try handOver(post) } catch {
        if let connection, connection.isWaiting { refuse(connection, error) }
      }
      if let connection { watch(connection) }
    case .nothing:
      guard let connection, connection.isWaiting else { return }
      answer(connection, connection.export?.accepted ?? HTTPAnswer(200, "{}"))
      queue(connection)
    case .refused(let refusal):
      if let connection, connection.isWaiting { refuse(connection, refusal) }
    }
  }

  /// Gives the lines to the reading thread.
  func handOver(_ post: LinePost) throws(HTTPRefusal) {
    guard exchange.put(post) else { throw .stopping }
    outstanding.posts += 1
    outstanding.bytes += post.body.count
    if !post.isQuestion { counters.postsTaken.add(1) }
    tb_event_raise(ingest.wake)
  }
}
