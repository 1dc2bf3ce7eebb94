import CSystem
import Foundation
import Glibc

/// Sends a line every millisecond in acknowledged mode, as a busy program would, and times what it feels.
enum PacedLoad {
  struct Result {
    /// Microseconds of a `write()` of one line, the 99th of a hundred.
    let write: Double
    /// Milliseconds from a line's write to its acknowledgement, the 99th of a hundred and the longest.
    let ack: Double
    let longestAck: Double
  }

  private static let paceMicroseconds: Int64 = 1_000

  static func run(_ daemon: DaemonUnderTest, mill: inout LineMill, lines: Int, epoch: Int) throws -> Result {
    let sender = try AcknowledgedSender(daemon, client: "paced", epoch: epoch)
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: 8192)
    defer { buffer.deallocate() }
    var sentAt: [Int64] = []
    var writes: [Double] = []
    let first = mill.made + 1
    let start = tb_steady_us()
    for number in 0..<lines {
      let count = mill.put(into: buffer)
      sender.takeWhatComes(until: start + Int64(number) * paceMicroseconds)
      let before = tb_steady_us()
      try sender.send(buffer, count)
      sentAt.append(before)
      writes.append(Double(tb_steady_us() - before))
    }
    try sender.waitForAck(first + Int64(lines) - 1)
    var acks: [Double] = []
    for ack in sender.heard {
      while acks.count < lines, first + Int64(acks.count) <= ack.number {
        acks.append(Double(ack.at - sentAt[acks.count]) / 1000)
      }
    }
    return Result(write: ninetyNinth(writes), ack: ninetyNinth(acks), longestAck: acks.max() ?? 0)
  }

  /// Milliseconds of an `fdatasync` of 64 KB appended in that folder, the 99th of a hundred.
  static func sync(in folder: String) -> Double {
    let path = folder + "/sync-probe"
    let file = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0o600)
    defer {
      close(file)
      unlink(path)
    }
    let bytes = [UInt8](repeating: 7, count: 65_536)
    return ninetyNinth(
      (0..<200).map { _ in
        let start = tb_steady_us()
        _ = tb_write(file, bytes, bytes.count)
        _ = fdatasync(file)
        return Double(tb_steady_us() - start) / 1000
      })
  }

  private static func ninetyNinth(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
  }
}
