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

  /// Closes a connection that takes no more answers: its other end is gone, or does not read them.
  func cutOff(_ connection: Connection) {
    if connection.isDeaf {
      counters.connectionsCutOff.add(1)
      log.tell(Event(.warning, "sender_cut_off", [("unread_bytes_max", "\(Connection.unsentBytesMax)")]))
    }
    close(connection)
  }
}
