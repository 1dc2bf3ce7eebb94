import Books
import CSystem
import Calls
import Units

extension LinePump {
  /// Notes a line as a dead letter: why, how long, which bytes; not what it said.
  package mutating func refuse(
    _ line: UnsafeBufferPointer<UInt8>, _ reason: Refusal, _ source: Source, at arrival: Timestamp,
    number: Int64?
  ) -> Outcome {
    refuse(
      length: line.count, sha256: Self.digest(of: line), reason, number: number, source, at: arrival)
  }

  /// The digest by which a line is told from others: SHA-256, 32 bytes.
  package static func digest(of line: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    tb_sha256(line.baseAddress, line.count, &digest)
    return digest
  }

  mutating func deadLetter(
    _ line: UnsafeBufferPointer<UInt8>, _ reason: Refusal, _ source: Source, number: Int64,
    at arrival: Timestamp
  ) {
    lines += 1
    batch.deadLetters.append(
      DeadLetter(
        received: arrival, sender: source.sender, number: number, reason: reason, length: line.count,
        sha256: Self.digest(of: line)))
  }

  /// As ``refuse(_:_:_:at:number:)``, for a line that was too long to keep.
  ///
  /// In acknowledged mode a line that cannot be read has the number after the one before it on its
  /// connection: senders number their lines in order, and resend them in order.
  package mutating func refuse(
    length: Int, sha256: [UInt8], _ reason: Refusal, number: Int64?, _ source: Source,
    at arrival: Timestamp
  ) -> Outcome {
    var settled: Int64 = 0
    lastNumber = source.lastNumber
    if source.sender >= 0 {
      settled = number ?? source.lastNumber + 1
      guard settle(settled, of: source) else { return .replayed }
    }
    lines += 1
    batch.deadLetters.append(
      DeadLetter(
        received: arrival, sender: source.sender, number: settled, reason: reason, length: length,
        sha256: sha256))
    return .refused(reason)
  }
}
