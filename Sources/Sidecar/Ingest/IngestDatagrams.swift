import CSystem
import Calls
import Units

/// Datagrams: lines of programs that cannot hold a connection, such as `logger` and forwarders of journals.
///
/// Plain mode: nobody is answered. A datagram has one line or several, ended by newline or NUL or by its own end;
/// a syslog header before a line is passed over.
extension IngestLoop {
  /// Datagrams taken before connections have their turn.
  static let datagramsMax = 256

  func readDatagrams(_ socket: IngestSocket) {
    for _ in 0..<Self.datagramsMax {
      guard makeRoom(for: &datagramShare, isAlone: false) else { return stall(datagrams: socket) }
      var uid: Int64 = -1
      let count = tb_receive_datagram(socket.descriptor, buffer, Limits.lineBytes + Self.readBytes, &uid)
      guard count >= 0 else { return }
      counters.datagramsReceived.add(1)
      counters.bytesRead.add(count)
      var source = Source()
      if let team = teams[uid] { source.defaults = team }
      take(datagram: count, from: source)
    }
  }

  /// Leaves datagrams in the kernel until the batch has room for one.
  private func stall(datagrams socket: IngestSocket) {
    datagramsStalledIn = batchNumber
    _ = tb_epoll_remove(clients, socket.descriptor)
  }

  func resumeDatagrams() {
    guard let datagrams, let number = datagramsStalledIn, queue.hasRoom || number != batchNumber else { return }
    datagramsStalledIn = nil
    _ = tb_epoll_add(clients, datagrams.descriptor, 1, UInt64(datagrams.descriptor))
  }

  private func take(datagram count: Int, from source: Source) {
    let now = Timestamp(microseconds: tb_wall_us())
    let held = min(count, Limits.lineBytes + Self.readBytes)
    if count > held {
      // The kernel has cut it: its length is known, and the digest is that of what is left.
      let digest = LinePump.digest(of: UnsafeBufferPointer(start: buffer, count: held))
      note(pump.refuse(length: count, sha256: digest, .tooLong, number: nil, Source(), at: now))
      return
    }
    var start = 0
    while start < held {
      var end = start
      while end < held, buffer[end] != 10, buffer[end] != 0 { end += 1 }
      // A datagram is not read twice: the batch takes all of it, though it grows beyond its measure.
      let piece = UnsafeBufferPointer(start: UnsafePointer(buffer + start), count: end - start)
      let line = UnsafeBufferPointer(rebasing: piece[SyslogHeader.length(of: piece)...])
      if line.count > Limits.lineBytes {
        note(pump.refuse(line, .tooLong, Source(), at: now, number: nil))
      } else if !line.isEmpty {
        note(pump.take(line, from: source, at: now))
      }
      start = end + 1
    }
  }

  private typealias Source = LinePump.Source

  private func note(_ outcome: LinePump.Outcome) {
    switch outcome {
    case .taken: counters.linesTaken.add(1)
    case .refused(let reason): counters.countRefusal(reason)
    case .hello: counters.countRefusal(.badHello)
    case .replayed, .passedOver: counters.linesPassedOver.add(1)
    case .ignored(let reason):
      counters.linesPassedOver.add(1)
      counters.count(reason)
    }
    if !pump.isEmpty, batchSince == nil { batchSince = tb_steady_us() }
  }
}
