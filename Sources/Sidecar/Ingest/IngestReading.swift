import Books
import CSystem
import Calls
import Units

/// Bytes of connections become lines, and lines go to the pump.
extension IngestLoop {
  func read(_ connection: Connection) {
    let wait = limit.wait(for: connection.uid, at: tb_steady_us())
    if wait > 0 { return throttle(connection, for: wait) }
    let held = connection.partial.count
    connection.partial.withUnsafeBufferPointer { bytes in
      if let start = bytes.baseAddress { buffer.update(from: start, count: held) }
    }
    let count = tb_read(connection.descriptor, buffer + held, Self.readBytes)
    if count > 0 {
      release(connection)
      counters.bytesRead.add(count)
      take(held + count, from: connection, searched: held)
    } else if count == 0 {
      connection.hasEnded = true
      end(connection)
    } else if count != -11 {
      close(connection)
    }
  }

  /// Takes the lines of `buffer[..<count]`; what is left over stays with the connection.
  func take(_ count: Int, from connection: Connection, searched: Int) {
    let now = Timestamp(microseconds: tb_wall_us())
    var start = 0
    var searched = searched
    var lines = 0
    defer { limit.charge(lines, to: connection.uid, at: tb_steady_us()) }
    while start < count {
      let rest = count - start
      let skip = searched - start
      let newline = skip + Int(tb_line_end(buffer + searched, Int64(rest - skip)))
      if newline == rest { break }
      guard makeRoom(for: &connection.share, isAlone: isAlone) else {
        stall(connection, start, count)
        return
      }
      if connection.overlong != nil {
        finishOverlong(connection, buffer + start, newline, now)
      } else {
        line(UnsafeBufferPointer(start: buffer + start, count: newline), connection, now)
      }
      guard connections[connection.descriptor] === connection else { return }
      lines += 1
      start += newline + 1
      searched = start
    }
    keep(start, count, connection)
  }

  func keep(_ start: Int, _ count: Int, _ connection: Connection) {
    let rest = UnsafeBufferPointer(start: buffer + start, count: count - start)
    if connection.overlong != nil { return addOverlong(connection, rest) }
    let numbered = connection.source.isFile ? NumberedLine(rest) : nil
    if rest.count - (numbered?.prefixBytes ?? 0) > Limits.lineBytes {
      connection.overlong = (0, tb_sha256_new(), numbered?.number)
      addOverlong(connection, numbered?.line(rest) ?? rest)
    } else {
      hold(rest, connection)
    }
  }

  /// Keeps bytes until the rest of their line comes; a sender for whose long line there is no room left
  /// is cut off.
  ///
  /// In acknowledged mode it has the line still, and sends it again.
  func hold(_ bytes: UnsafeBufferPointer<UInt8>, _ connection: Connection) {
    guard bytes.count <= Self.partialBytesShare || partialBytes + bytes.count <= Self.partialBytesMax else {
      if connection.source.sender < 0 {
        note(
          pump.refuse(bytes, .torn, connection.source, at: Timestamp(microseconds: tb_wall_us()), number: nil),
          connection)
      }
      counters.connectionsRefused.add(1)
      log.tell(Event(.warning, "long_lines_cut_off", [("open_bytes_max", "\(Self.partialBytesMax)")]))
      return dismiss(
        connection, "no_room", "Too many senders have long lines open. Send lines whole, and resend this one.")
    }
    partialBytes += bytes.count
    connection.partial.append(contentsOf: bytes)
  }

  /// Lets go of what the connection kept: it lies in the buffer now.
  func release(_ connection: Connection) {
    partialBytes -= connection.partial.count
    connection.partial.removeAll(keepingCapacity: connection.partial.capacity <= Self.partialBytesShare)
  }

  func addOverlong(_ connection: Connection, _ bytes: UnsafeBufferPointer<UInt8>) {
    guard let overlong = connection.overlong else { return }
    tb_sha256_add(overlong.digest, bytes.baseAddress, bytes.count)
    connection.overlong?.length += bytes.count
  }

  func finishOverlong(
    _ connection: Connection, _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ now: Timestamp
  ) {
    addOverlong(connection, UnsafeBufferPointer(start: bytes, count: count))
    guard let overlong = connection.overlong else { return }
    var digest = [UInt8](repeating: 0, count: 32)
    tb_sha256_end(overlong.digest, &digest)
    tb_sha256_free(overlong.digest)
    connection.overlong = nil
    let reason: Refusal = connection.source.isFile && overlong.number == nil ? .missingNumber : .tooLong
    note(
      pump.refuse(
        length: overlong.length, sha256: digest, reason, number: overlong.number, connection.source,
        at: now),
      connection)
  }

  func line(
    _ bytes: UnsafeBufferPointer<UInt8>, _ connection: Connection, _ now: Timestamp
  ) {
    guard connection.source.isFile else {
      return note(pump.take(bytes, from: connection.source, at: now), connection)
    }
    guard let numbered = NumberedLine(bytes) else {
      let outcome = pump.refuse(bytes, .missingNumber, LinePump.Source(), at: now, number: nil)
      return note(outcome, connection)
    }
    note(
      pump.take(numbered.line(bytes), from: connection.source, at: now, number: numbered.number),
      connection)
  }

  func note(_ outcome: LinePump.Outcome, _ connection: Connection) {
    if connection.source.sender >= 0 { connection.source.lastNumber = pump.lastNumber }
    switch outcome {
    case .taken: counters.linesTaken.add(1)
    case .replayed: counters.linesReplayed.add(1)
    case .refused(let reason):
      counters.countRefusal(reason)
      if (reason == .badHello && connection.isFresh) || reason.endsConnection {
        // Its sender waits for an answer that cannot come: it hears why, and begins anew.
        dismiss(connection, reason.rawValue, explanation(of: reason))
      }
    case .passedOver, .ignored:
      counters.linesPassedOver.add(1)
      if case .ignored(let reason) = outcome { counters.count(reason) }
      if pump.isEmpty { return }
    case .hello(let hello):
      if connection.isFresh {
        greet(hello, connection)
      } else {
        counters.countRefusal(.badHello)
        dismiss(connection, Refusal.badHello.rawValue, "A hello comes first. Open another connection for it.")
      }
      return
    }
    connection.isFresh = false
    if batchSince == nil { batchSince = tb_steady_us() }
  }

  /// Tells a sender why it must begin anew, and closes its connection.
  func dismiss(_ connection: Connection, _ code: String, _ message: String) {
    tell(connection, Self.fault(code, message))
    close(connection)
  }

  private func explanation(of reason: Refusal) -> String {
    reason == .badHello ? pump.helloFault?.description ?? reason.explanation : reason.explanation
  }

  func greet(_ hello: Hello, _ connection: Connection) {
    connection.isFresh = false
    connection.source.defaults = hello.defaults.over(teams[connection.uid] ?? .none)
    guard hello.acknowledged else {
      return tell(connection, "{\"ready\":{\"v\":1,\"max_line\":\(Limits.lineBytes)}}\n")
    }
    let sender = Sender(client: hello.client, epoch: hello.epoch)
    guard pump.hasRoom(for: sender) else {
      return dismiss(
        connection, "too_many_senders",
        "The ledger knows \(LinePump.sendersMax) clients and epochs. Give each client one name for good.")
    }
    // Letters are evidence: only those who hold the ledger settle them.
    guard !hello.isReplay || connection.uid == 0 || connection.uid == tb_own_uid() else {
      return dismiss(
        connection, "replay_not_allowed", "Dead letters are settled by the daemon's own user or root. Use its account.")
    }
    connection.source.isReplay = hello.isReplay
    let joined = pump.join(sender)
    connection.source.sender = joined.number
    connection.source.isFile = hello.isNumbered
    connection.acknowledged = joined.resumeAfter
    connection.source.lastNumber = joined.resumeAfter
    listeners[joined.number] = connection
    tell(
      connection,
      "{\"ready\":{\"v\":1,\"resume_after\":\(joined.resumeAfter),\"max_line\":\(Limits.lineBytes)"
        + (hello.isNumbered ? ",\"framing\":\"numbered\"}}\n" : "}}\n"))
  }

  /// Takes a sender's last bytes; without a whole number before them they are torn, and it has them.
  private func last(
    _ bytes: UnsafeBufferPointer<UInt8>, _ connection: Connection, _ now: Timestamp
  ) {
    guard connection.source.isFile else {
      return note(pump.takeLast(bytes, from: connection.source, at: now), connection)
    }
    guard let numbered = NumberedLine(bytes) else { return }
    note(
      pump.takeLast(
        numbered.line(bytes), from: connection.source, at: now, number: numbered.number),
      connection)
  }

  /// The sender has closed its side: a whole last line counts without its newline.
  func end(_ connection: Connection) {
    let now = Timestamp(microseconds: tb_wall_us())
    if connection.overlong != nil {
      finishOverlong(connection, buffer, 0, now)
    } else if !connection.partial.isEmpty {
      let count = connection.partial.count
      connection.partial.withUnsafeBufferPointer { bytes in
        if let start = bytes.baseAddress { buffer.update(from: start, count: count) }
      }
      release(connection)
      last(UnsafeBufferPointer(start: buffer, count: count), connection, now)
    }
    // A sender in acknowledged mode may still read: it is closed when all it sent is settled.
    if connection.source.sender >= 0, connections[connection.descriptor] != nil {
      watch(connection)
      if !pump.hasUnsettled(connection.source.sender) { close(connection) }
    } else {
      close(connection)
    }
  }
}
