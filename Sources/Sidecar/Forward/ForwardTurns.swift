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
      return connection.mayBegin && heldBytes < ForwardLimits.heldBytes
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
    if connection.isLong, !connection.isQueued, longBytes > ForwardLimits.partialBytes {
      isCrowded = connections.values.contains { $0.isLong && $0.isQueued }
      if !isCrowded { return cutOff(connection, "too many senders have long messages open") }
    }
    if connection.hasEnded, !connection.isQueued { finish(connection) } else { watch(connection) }
  }

  /// Bytes of messages that are long and in no post yet.
  private var longBytes: Int { connections.values.reduce(0) { $0 + ($1.isLong ? $1.input.count : 0) } }

  /// Reads senders of long messages on, when those that have come whole have made room, or none has.
  func relieve() {
    guard isCrowded else { return }
    let hasWhole = connections.values.contains { $0.isLong && $0.isQueued }
    guard longBytes <= ForwardLimits.partialBytes || !hasWhole else { return }
    isCrowded = false
    for connection in Array(connections.values) { watch(connection) }
  }

  private func cutOff(_ connection: ForwardConnection, _ reason: String) {
    counters.connectionsRefused.add(1)
    log.tell(Event(.warning, "forward_cut_off", [("uid", "\(connection.uid)"), ("reason", reason)]))
    close(connection)
  }
}
