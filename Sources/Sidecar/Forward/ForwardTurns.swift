import CSystem

/// What Fluent Forward's thread does in one turn: reads what has come, and goes on with one sender by a slice.
///
/// Who has little goes first. Large messages have places, so that what is held of them is bounded.
extension ForwardDoor {
  /// Has the sender's input gone on with when its turn comes.
  func queue(_ connection: ForwardConnection) {
    guard !connection.isQueued, !connection.input.isEmpty else { return }
    connection.isQueued = true
    let bytes = min(connection.input.count, ForwardLimits.sliceBytes)
    connection.due = turns.add(connection.token, bytes: bytes, behind: connection.due)
  }

  /// Whether anybody could be gone on with now.
  var mayTakeTurn: Bool { nextTurn != nil }

  /// Where in the order the first stands that can be gone on with.
  private var nextTurn: Int? {
    if turns.isEmpty { return nil }
    let hasPlaces = connections.values.count { $0.hasPlace } < ForwardLimits.largeMessages
    return turns.owners.firstIndex { token in
      guard let connection = connections[token] else { return true }
      if connection.isReading {
        return connection.behindHeld == nil && (!connection.isLarge || connection.hasPlace || hasPlaces)
      }
      return connection.mayBegin && hasRoom(for: connection)
    }
  }

  /// Goes on with the sender whose turn it is.
  func takeTurn() {
    guard let place = nextTurn, let connection = connections[turns.take(at: place)] else { return }
    connection.isQueued = false
    connection.hasPlace = connection.isLarge
    do throws(ForwardConnection.Fault) {
      switch try connection.goOn() {
      case .waits: break
      case .goesOn: queue(connection)
      case .post(let post):
        if connection.held != nil {
          connection.behindHeld = post
        } else if !put(post, of: connection) {
          return close(connection)
        }
        queue(connection)
      }
    } catch {
      return cutOff(connection, error.reason)
    }
    connection.hasPlace = connection.isLarge && connection.hasPlace
    if connection.isLong, longBytes > ForwardLimits.partialBytes { isCrowded = true }
    if connection.hasEnded, !connection.isQueued { finish(connection) } else { watch(connection) }
  }

  /// Whether lines of the sender may wait for the disk too: there is room kept for those that have none there.
  func hasRoom(for connection: ForwardConnection) -> Bool {
    let isSmall = connection.posts == 0 && !connection.isLong
    return heldBytes < ForwardLimits.heldBytes + (isSmall ? ForwardLimits.smallBytes : 0)
  }

  /// Bytes of messages that are long and in no post yet.
  private var longBytes: Int { connections.values.reduce(0) { $0 + ($1.isLong ? $1.input.count : 0) } }

  /// Where long messages take too much, has one sender after the other finish its own; then reads all on.
  ///
  /// What has come whole makes room by itself. Where nothing has, whoever has sent the most goes on alone; one
  /// that then sends nothing is cut off.
  func relieve() {
    guard isCrowded else { return }
    guard longBytes > ForwardLimits.partialBytes else {
      isCrowded = false
      alone = nil
      for connection in Array(connections.values) { watch(connection) }
      return
    }
    let long = connections.values.filter(\.isLong)
    if long.contains(where: { $0.isReading || $0.isQueued }) { return }
    let now = tb_steady_us()
    if let (token, since) = alone, let connection = connections[token], connection.isLong {
      // It is not to blame for what waits for the disk.
      let isAsked = connection.mayBegin && hasRoom(for: connection)
      guard isAsked, now - max(since, connection.lastRead) > ForwardLimits.aloneMilliseconds * 1000 else { return }
      cutOff(connection, "too many senders have long messages open")
    }
    guard let next = long.filter({ connections[$0.token] != nil }).max(by: { $0.input.count < $1.input.count }) else {
      return
    }
    alone = (next.token, now)
    watch(next)
  }

  private func cutOff(_ connection: ForwardConnection, _ reason: String) {
    counters.connectionsRefused.add(1)
    log.tell(Event(.warning, "forward_cut_off", [("uid", "\(connection.uid)"), ("reason", reason)]))
    close(connection)
  }
}
