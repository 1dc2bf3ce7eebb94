import CSystem
import Calls
import Units

/// Sends lines to a daemon and keeps each until the daemon says that it is on disk.
///
/// After a lost connection it connects again and resends from where the daemon's books end.
package final class AcknowledgedSender {
  private let path: String
  private let client: String
  private let epoch: Int64
  private let defaults: [String: String]
  private var descriptor: Int32 = -1
  private var answer: [UInt8] = []
  /// Lines that are not acknowledged, the first of which has the number `acknowledged + 1`.
  private var unacknowledged: [[UInt8]] = []
  private var firstKept = 0
  private var keptBytes = 0
  package private(set) var acknowledged: Int64 = 0
  private var lastNumber: Int64 = 0
  private var pending: [UInt8] = []
  /// Lines the daemon refused, by their code.
  package private(set) var refused: [String: Int] = [:]

  /// Bytes of lines kept for resending; beyond that it waits for acknowledgements.
  package static let keptBytesMax = 64 << 20
  /// Tries to connect again, and the pause before each.
  package static let triesMax = 40
  package static let pauseMicroseconds: UInt32 = 250_000
  private static let chunkBytes = 64 << 10

  /// `defaults` is fields that the lines leave out, by name.
  package init(
    path: String, client: String, epoch: Int64, defaults: [String: String] = [:]
  ) throws(SenderFault) {
    self.defaults = defaults
    self.path = path
    self.client = client
    self.epoch = epoch
    try connect()
    lastNumber = acknowledged
  }

  deinit { if descriptor >= 0 { _ = tb_close(descriptor) } }

  /// The number of the next line; those before it are taken or on their way.
  package var nextNumber: Int64 { lastNumber + 1 }

  /// Sends a line under the next number, which is put into it as its first member.
  ///
  /// A line that is no object goes as it is: the daemon numbers it by its place.
  package func send(_ line: UnsafeBufferPointer<UInt8>) throws(SenderFault) {
    lastNumber += 1
    var bytes: [UInt8] = []
    bytes.reserveCapacity(line.count + 24)
    let start = line.firstIndex { $0 > 32 } ?? line.endIndex
    if start < line.endIndex, line[start] == UInt8(ascii: "{") {
      bytes.append(contentsOf: "{\"n\":\(lastNumber)".utf8)
      let rest = line[(start + 1)...]
      if rest.first(where: { $0 > 32 }) != UInt8(ascii: "}") { bytes.append(UInt8(ascii: ",")) }
      bytes.append(contentsOf: rest)
    } else {
      bytes.append(contentsOf: line)
    }
    bytes.append(UInt8(ascii: "\n"))
    keptBytes += bytes.count
    pending.append(contentsOf: bytes)
    unacknowledged.append(bytes)
    if pending.count >= Self.chunkBytes { try flush() }
    while keptBytes > Self.keptBytesMax { try waitForAnswer() }
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
        try reconnect()
      }
    }
  }

  /// Sends what is left and waits for an answer.
  private func waitForAnswer() throws(SenderFault) {
    try flush()
    try readAnswers(waits: true)
  }

  private func readAnswers(waits: Bool) throws(SenderFault) {
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = waits ? tb_read(descriptor, &chunk, chunk.count) : tb_receive(descriptor, &chunk, chunk.count)
    if count > 0 {
      answer.append(contentsOf: chunk[..<count])
      while let newline = answer.firstIndex(of: UInt8(ascii: "\n")) {
        take(String(decoding: answer[..<newline], as: UTF8.self))
        answer.removeSubrange(...newline)
      }
    } else if count == 0 || count != -11 {
      try reconnect()
    }
  }

  private func take(_ line: String) {
    guard let tree = try? JSONTree(parsing: line) else { return }
    if case .number(let digits) = tree["ack"]?.value, let number = Int64(digits) {
      forget(upTo: number)
    } else if tree["nack"] != nil {
      refused[tree["code"]?.string ?? "unknown", default: 0] += 1
    }
  }

  private func forget(upTo number: Int64) {
    while acknowledged < number, firstKept < unacknowledged.count {
      keptBytes -= unacknowledged[firstKept].count
      unacknowledged[firstKept] = []
      firstKept += 1
      acknowledged += 1
    }
    acknowledged = max(acknowledged, number)
    if firstKept > 65_536 || firstKept == unacknowledged.count {
      unacknowledged.removeFirst(firstKept)
      firstKept = 0
    }
  }

  private func reconnect() throws(SenderFault) {
    for attempt in 1...Self.triesMax {
      do {
        try connect()
        pending = unacknowledged[firstKept...].flatMap { $0 }
        return
      } catch {
        if attempt == Self.triesMax { throw error }
        tb_pause(Self.pauseMicroseconds)
      }
    }
  }

  private func connect() throws(SenderFault) {
    if descriptor >= 0 { _ = tb_close(descriptor) }
    descriptor = tb_connect_unix(path)
    guard descriptor >= 0 else { throw .cannotConnect(path: path, error: -descriptor) }
    let common = defaults.sorted { $0.key < $1.key }.map { ($0.key, JSONText.quoted($0.value)) }
    let hello =
      JSONText.object([
        (
          "hello",
          JSONText.object([
            ("v", "1"), ("client", JSONText.quoted(client)), ("epoch", "\(epoch)"), ("ack", "true"),
            ("defaults", JSONText.object(common)),
          ])
        )
      ]) + "\n"
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
    guard let tree = try? JSONTree(parsing: line),
      case .number(let digits) = tree["ready"]?["resume_after"]?.value, let mark = Int64(digits)
    else { throw .noGreeting(path: path) }
    forget(upTo: mark)
  }
}

/// Why lines cannot be sent.
package enum SenderFault: Error, Hashable, Sendable, CustomStringConvertible {
  case cannotConnect(path: String, error: Int32)
  case noGreeting(path: String)

  package var description: String {
    switch self {
    case .cannotConnect(let path, let error):
      "No daemon listens at \(path) (errno \(error)). Start `tollbook serve`, or leave --socket out."
    case .noGreeting(let path):
      "\(path) does not speak Tollbook's line protocol. Name the daemon's socket."
    }
  }
}
