import CSystem
import Units

/// What senders are told, and what becomes of those who do not listen.
extension IngestLoop {
  /// Sends a line, or keeps it until the kernel takes it.
  func tell(_ connection: Connection, _ line: String) {
    if connection.send(line) {
      if connection.wantsOutput { watch(connection) }
    } else {
      cutOff(connection)
    }
  }

  /// Tells a sender for whom there is no room, and closes its connection: it may come again.
  func turnAway(_ descriptor: Int32) {
    let answer = Self.fault(
      "too_many_connections",
      "\(connectionsMax) senders are connected. Connect again later, or send over fewer connections.")
    _ = Array(answer.utf8).withUnsafeBytes { tb_send(descriptor, $0.baseAddress, $0.count) }
    _ = tb_close(descriptor)
    counters.connectionsRefused.add(1)
    log.tell(Event(.warning, "connection_refused", [("open_max", "\(connectionsMax)")]))
  }

  /// `{"error":{"code":…,"message":…}}`, behind which the connection ends.
  static func fault(_ code: String, _ message: String) -> String {
    let fault = [("code", JSONText.quoted(code)), ("message", JSONText.quoted(message))]
    return JSONText.object([("error", JSONText.object(fault))]) + "\n"
  }

  /// Closes a connection that takes no more answers: its other end is gone, or does not read them.
  func cutOff(_ connection: Connection) {
    if connection.isDeaf {
      counters.connectionsCutOff.add(1)
      log.tell(Event(.warning, "sender_cut_off", [("unread_bytes_max", "\(Connection.unsentBytesMax)")]))
    }
    close(connection)
  }
}
