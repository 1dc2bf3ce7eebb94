import CSystem
import Calls
import Units

/// Sends lines to a daemon and keeps each until the daemon says that it is on disk.
///
/// After a lost connection it connects again and resends from where the daemon's books end. Lines go
/// as they stand, behind their numbers: see ``NumberedLine``.
package final class AcknowledgedSender {
  private let path: String
  private let client: String
  private let epoch: Int64
  private let defaults: [String: String]
  private let stop: StopSignal?
  private let isReplay: Bool
  private var descriptor: Int32 = -1
  private var answer: [UInt8] = []
  /// Lines that are not acknowledged, in the order of their numbers; those before `firstKept` are gone.
  private var unacknowledged: [(number: Int64, bytes: [UInt8])] = []
  private var firstKept = 0
  private var keptBytes = 0
  /// The number up to which the daemon has all lines on disk.
  package private(set) var acknowledged: Int64 = 0
  private var lastNumber: Int64 = 0
  private var pending: [UInt8] = []
  package private(set) var tally = SendingTally()

  /// Bytes of lines kept for resending; beyond that it waits for acknowledgements.
  package static let keptBytesMax = 64 << 20
  /// Tries to connect again, and the pause before each.
  package static let triesMax = 40
  package static let pauseMicroseconds: UInt32 = 250_000
  private static let chunkBytes = 64 << 10

  /// `defaults` is fields that the lines leave out, by name.
  ///
  /// With `patientUntil` it tries to connect until that signal has come; without it at once, and
  /// again up to ``triesMax`` times when the connection is lost.
  package init(
    path: String, client: String, epoch: Int64, defaults: [String: String] = [:],
    patientUntil stop: StopSignal? = nil, isReplay: Bool = false
  ) throws(SenderFault) {
    self.isReplay = isReplay
    self.defaults = defaults
    self.path = path
    self.client = client
    self.epoch = epoch
    self.stop = stop
    if stop != nil { try reconnect() } else { try connect() }
    lastNumber = acknowledged
  }

  deinit { if descriptor >= 0 { _ = tb_close(descriptor) } }

  /// The number of the next line; those before it are taken or on their way.
  package var nextNumber: Int64 { lastNumber + 1 }

  /// Sends a line as it stands under `number`, or the next one; numbers rise.
  package func send(
    _ line: UnsafeBufferPointer<UInt8>, number: Int64? = nil
  ) throws(SenderFault) {
    let number = number ?? nextNumber
    precondition(number > lastNumber, "line \(number) comes after line \(lastNumber)")
    lastNumber = number
    var bytes: [UInt8] = []
    bytes.reserveCapacity(line.count + NumberedLine.prefixBytesMax + 1)
    bytes.append(contentsOf: "\(number) ".utf8)
    bytes.append(contentsOf: line)
    bytes.append(UInt8(ascii: "\n"))
    tally.lines += 1
    keptBytes += bytes.count
    pending.append(contentsOf: bytes)
    unacknowledged.append((number, bytes))
    if pending.count >= Self.chunkBytes { try flush() }
    while keptBytes > Self.keptBytesMax { try waitForAnswer() }
  }

  /// Sends what is left, and hears what the daemon has said; does not wait for it.
  package func push() throws(SenderFault) {
    try flush()
    if acknowledged < lastNumber { try readAnswers(waits: false) }
  }

  /// Waits until every line is on disk.
  package func finish() throws(SenderFault) {
    try flush()
    while acknowledged < lastNumber { try waitForAnswer() }
  }

  private func flush() throws(SenderFault) {
    while !pending.isEmpty {
      let sent = pending.withUnsafeBytes { tb_send_all(descriptor, $0.baseAddress, $0.count) }
      if sent >= 0 {
        pending.removeAll(keepingCapacity: true)
        try readAnswers(waits: false)
      } else {
        try hearWhy()
        try reconnect()
      }
    }
  }

  /// Takes what the daemon said before it closed the connection.
  private func hearWhy() throws(SenderFault) {
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = tb_receive(descriptor, &chunk, chunk.count)
      guard count > 0 else { return }
      try take(bytes: chunk[..<count])
    }
  }

  /// Sends what is left and waits for an answer.
  private func waitForAnswer() throws(SenderFault) {
    try flush()
    if acknowledged < lastNumber { try readAnswers(waits: true) }
  }

  private func readAnswers(waits: Bool) throws(SenderFault) {
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = waits ? tb_read(descriptor, &chunk, chunk.count) : tb_receive(descriptor, &chunk, chunk.count)
    if count > 0 {
      try take(bytes: chunk[..<count])
    } else if count == 0 || count != -11 {
      try reconnect()
    }
  }

  private func take(bytes: ArraySlice<UInt8>) throws(SenderFault) {
    answer.append(contentsOf: bytes)
    while let newline = answer.firstIndex(of: UInt8(ascii: "\n")) {
      try take(String(decoding: answer[..<newline], as: UTF8.self))
      answer.removeSubrange(...newline)
    }
  }

  private func take(_ line: String) throws(SenderFault) {
    guard let tree = try? JSONTree(parsing: line) else { return }
    if case .number(let digits) = tree["ack"]?.value, let number = Int64(digits) {
      forget(upTo: number)
    } else if tree["nack"] != nil {
      tally.refused[tree["code"]?.string ?? "unknown", default: 0] += 1
    } else if let message = tree["error"]?["message"]?.string {
      // No room for a long line now: the connection ends, and another one resends it.
      if tree["error"]?["code"]?.string == "no_room" { return }
      throw .refused(path: path, message: message)
    }
  }

  private func forget(upTo number: Int64) {
    while firstKept < unacknowledged.count, unacknowledged[firstKept].number <= number {
      keptBytes -= unacknowledged[firstKept].bytes.count
      unacknowledged[firstKept].bytes = []
      firstKept += 1
    }
    acknowledged = max(acknowledged, number)
    if firstKept > 65_536 || firstKept == unacknowledged.count {
      unacknowledged.removeFirst(firstKept)
      firstKept = 0
    }
  }

  // MARK: - The connection

  /// Connects again and puts what is not acknowledged before what is to be sent.
  private func reconnect() throws(SenderFault) {
    var tries = 0
    while true {
      do {
        try connect()
        pending = unacknowledged[firstKept...].flatMap { $0.bytes }
        return
      } catch {
        tries += 1
        let isOver = stop.map { $0.isRaised } ?? (tries >= Self.triesMax)
        if isOver || error.isFinal { throw error }
        tb_pause(Self.pauseMicroseconds)
      }
    }
  }

  private func connect() throws(SenderFault) {
    if descriptor >= 0 { _ = tb_close(descriptor) }
    descriptor = tb_connect_unix(path)
    guard descriptor >= 0 else { throw .cannotConnect(path: path, error: -descriptor) }
    _ = Array(hello.utf8).withUnsafeBytes { tb_send_all(descriptor, $0.baseAddress, $0.count) }
    answer = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while !answer.contains(UInt8(ascii: "\n")) {
      let count = tb_read(descriptor, &chunk, chunk.count)
      guard count > 0 else { throw .noGreeting(path: path) }
      answer.append(contentsOf: chunk[..<count])
    }
    let end = answer.firstIndex(of: UInt8(ascii: "\n")) ?? answer.endIndex
    let line = String(decoding: answer[..<end], as: UTF8.self)
    answer.removeSubrange(...end)
    try take(line)
    guard let ready = (try? JSONTree(parsing: line))?["ready"],
      case .number(let digits) = ready["resume_after"]?.value, let mark = Int64(digits)
    else { throw .noGreeting(path: path) }
    guard ready["framing"]?.string == "numbered" else { throw .olderDaemon(path: path) }
    forget(upTo: mark)
  }

  private var hello: String {
    let common = defaults.sorted { $0.key < $1.key }.map { ($0.key, JSONText.quoted($0.value)) }
    var members: [(name: String, json: String)] = [
      ("v", "1"), ("client", JSONText.quoted(client)), ("epoch", "\(epoch)"), ("ack", "true"),
      ("framing", "\"numbered\""), ("defaults", JSONText.object(common)),
    ]
    if isReplay { members.append(("replay", "true")) }
    return JSONText.object([("hello", JSONText.object(members))]) + "\n"
  }
}
