import Books
import CSystem
import Calls
import Rates
import Store
import Units
import Watch

/// Batches go to the writing thread, and what is on disk is told to the senders.
extension IngestLoop {
  /// Whether the current batch can take another line, after handing it on where it is full.
  func makeRoom() -> Bool {
    guard pump.isFull else { return true }
    return handOn()
  }

  /// Whether the next line of whom `share` belongs to can be taken, after handing on the batch where that is full
  /// for them.
  func makeRoom(for share: inout BatchShare, isAlone: Bool) -> Bool {
    while true {
      let room = BatchShare.Room(
        filled: pump.lines, aim: pace.aim, most: pump.batchLinesMax, floods: pace.floods.before, isAlone: isAlone)
      switch share.add(toBatch: batchNumber, room) {
      case .added(let isFirst):
        if isFirst { pace.addSender() }
        return true
      case .refused(let isFirst):
        if isFirst { pace.addFlood() }
        guard handOn() else { return false }
      }
    }
  }

  /// Nobody but one sender could send a line that is to be acknowledged.
  var isAlone: Bool { connections.count + posts.count + unsettled.count <= 1 }

  /// Hands the batch to the writing thread; false when that has no room.
  func handOn() -> Bool {
    guard queue.hasRoom else { return false }
    let batch = pump.seal()
    for dimension in batch.newDimensions {
      guard case .tell(let notice) = unpriced.see(dimension) else { continue }
      log.tell(
        Event(
          .warning, "model_unpriced",
          [
            ("route", notice.route), ("provider", notice.provider), ("model", notice.model),
            ("reason", notice.reason.name), ("cure", notice.reason.explanation),
          ], about: "\(notice)"))
    }
    queue.put(batch)
    batchesHandedOn += 1
    batchSince = nil
    batchNumber += 1
    pace.turn()
    return true
  }

  /// Lines of a batch that does not wait the whole interval for more, where one sender has all of them.
  static let hurriedLinesMax = 1_000

  /// When the current batch is to be handed on, by the steady clock; nil while it has no line.
  ///
  /// Where the batch would be written at once, a sender that waits to be told does not wait the whole interval for
  /// company: neither where lines come slowly, nor where the company it has is another's flood.
  var batchDue: Int64? {
    guard let batchSince else { return nil }
    let isHurried =
      (pump.isAwaited || !unsettled.isEmpty) && (pace.isShared || pump.lines <= Self.hurriedLinesMax) && queue.hasRoom
    return batchSince + (isHurried ? flushMicroseconds * 2 / 5 : flushMicroseconds)
  }

  func flushWhenDue() {
    guard let batchDue else { return }
    // Up to a millisecond early: epoll counts in whole ones.
    if stopDeadline != nil || tb_steady_us() > batchDue - 1000 { _ = handOn() }
  }

  /// Puts a connection's unread lines aside until the queue has room; where the batch has none, no other is
  /// read before.
  func stall(_ connection: Connection, _ start: Int, _ count: Int) {
    // More than its share of what may be kept perhaps, but a batch comes before the next bytes of it.
    partialBytes += count - start
    connection.partial.append(contentsOf: UnsafeBufferPointer(start: buffer + start, count: count - start))
    connection.isStalled = true
    stalled.append(connection)
    connection.stalledIn = batchNumber
    watch(connection)
    if pump.isFull { pauseReading() }
  }

  func resumeStalled() {
    if !readsClients {
      guard makeRoom() else { return }
      _ = tb_epoll_add(epoll, clients, 1, Self.clientsToken)
      readsClients = true
    }
    guard !stalled.isEmpty else { return }
    let waiting = stalled
    stalled = []
    for connection in waiting where connections[connection.descriptor] === connection {
      guard queue.hasRoom || connection.stalledIn != batchNumber else {
        stalled.append(connection)
        continue
      }
      connection.isStalled = false
      let count = connection.partial.count
      connection.partial.withUnsafeBufferPointer { bytes in
        if let start = bytes.baseAddress { buffer.update(from: start, count: count) }
      }
      release(connection)
      take(count, from: connection, searched: 0)
      if !connection.isStalled, connections[connection.descriptor] === connection { watch(connection) }
    }
  }

  /// Leaves a connection alone until its user may send again.
  func throttle(_ connection: Connection, for microseconds: Int64) {
    connection.isThrottled = true
    throttled.append((connection, tb_steady_us() + microseconds))
    // Taken out altogether: a sender that has hung up would wake the loop again and again.
    _ = tb_epoll_remove(clients, connection.descriptor)
  }

  func resumeThrottled() {
    guard !throttled.isEmpty else { return }
    let now = tb_steady_us()
    throttled.removeAll { waiting in
      guard waiting.until <= now || stopDeadline != nil else { return false }
      let connection = waiting.connection
      guard connections[connection.descriptor] === connection else { return true }
      connection.isThrottled = false
      _ = tb_epoll_add(clients, connection.descriptor, 0, UInt64(connection.descriptor))
      watch(connection)
      return true
    }
  }

  /// Tells senders what is on disk: what was refused first, then how far all is settled.
  func settle() {
    for settled in queue.takeSettled() {
      let batch = settled.batch
      for post in posts.owners + unsettled { post.settle(batchesSettled, settled.report) }
      batchesSettled += 1
      pace.note(lines: batch.calls.count, microseconds: settled.microseconds)
      for (letter, id) in zip(batch.deadLetters, settled.report.deadLetters) {
        refuse(letter.sender, letter.number, letter.reason, id)
      }
      for kept in settled.report.quarantined {
        let call = batch.calls[kept.call]
        refuse(call.sender, call.number, kept.reason, kept.deadLetter)
      }
      for (sender, move) in batch.marks {
        pump.marked(sender, upTo: move.number)
        if move.gaps > 0 { counters.count(gaps: move.gaps, of: pump.client(of: sender)) }
        guard let connection = listeners[sender] else { continue }
        tell(connection, "{\"ack\":\(move.number)}\n")
        if connection.hasEnded, !pump.hasUnsettled(sender) { close(connection) }
      }
      pump.recycle(batch)
    }
    settlePosts()
  }

  func refuse(_ sender: Int32, _ number: Int64, _ reason: Refusal, _ id: Int64) {
    guard sender >= 0, let connection = listeners[sender] else { return }
    tell(
      connection, "{\"nack\":\(number),\"code\":\"\(reason.rawValue)\",\"dead_letter\":\(id)}\n")
  }
}
