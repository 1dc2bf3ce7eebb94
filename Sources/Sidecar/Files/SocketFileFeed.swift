import Books
import CSystem

/// Lines of followed files, through the daemon that holds the ledger: a connection for each file.
///
/// A daemon that goes away is waited for, until a signal to stop comes; its files keep the lines.
package final class SocketFileFeed: FileFeed {
  private let socket: String
  private let defaults: [String: String]
  private let stop: StopSignal
  private var senders: [Sender: AcknowledgedSender] = [:]
  private var settled = SendingTally()

  /// - Throws: ``SenderFault`` when nobody listens; later that is waited for.
  package init(
    socket: String, defaults: [String: String], stop: StopSignal
  ) throws(SenderFault) {
    let descriptor = tb_connect_unix(socket)
    guard descriptor >= 0 else { throw .cannotConnect(path: socket, error: -descriptor) }
    _ = tb_close(descriptor)
    self.socket = socket
    self.defaults = defaults
    self.stop = stop
  }

  /// What was sent so far, and what the daemon said of it.
  package var tally: SendingTally {
    senders.values.reduce(into: settled) { $0.add($1.tally) }
  }

  package func booked(_ file: Sender) throws -> Int64 { try sender(file).acknowledged }

  package func take(
    _ line: UnsafeBufferPointer<UInt8>, of file: Sender, number: Int64
  ) throws {
    try sender(file).send(line, number: number)
  }

  package func commit() throws {
    for sender in senders.values { try sender.push() }
  }

  package func settle() throws {
    for sender in senders.values { try sender.finish() }
  }

  package func leave(_ file: Sender) throws {
    guard let sender = senders[file] else { return }
    try sender.finish()
    settled.add(sender.tally)
    senders[file] = nil
  }

  private func sender(_ file: Sender) throws -> AcknowledgedSender {
    if let sender = senders[file] { return sender }
    let sender = try AcknowledgedSender(
      path: socket, client: file.client, epoch: file.epoch, defaults: defaults,
      patientUntil: stop)
    senders[file] = sender
    return sender
  }
}

/// What a sender sent, and what the daemon said of it.
package struct SendingTally: Sendable {
  package var lines: Int64 = 0
  /// Lines the daemon refused, by their code.
  package var refused: [String: Int] = [:]

  package init() {}

  package mutating func add(_ other: SendingTally) {
    lines += other.lines
    refused.merge(other.refused) { $0 + $1 }
  }
}
