import CSystem
import Foundation

/// Sends lines in acknowledged mode as fast as the daemon takes them, and waits for the last.
struct IngestLoad {
  struct Result {
    let lines: Int64
    let seconds: Double
    let daemonCPU: Int64
    let residentBytes: Int64
    let bytesPerLine: Int64

    var perSecond: Double { Double(lines) / seconds }
    var cpuPerLine: Double { Double(daemonCPU) / Double(lines) }
  }

  /// Bytes of one write.
  private static let chunkBytes = 64 << 10

  /// `perWrite` is lines of one write; 0 fills 64 KB.
  static func run(
    _ daemon: DaemonUnderTest, mill: inout LineMill, lines: Int64, epoch: Int, perWrite: Int = 0
  ) throws -> Result {
    let sender = try AcknowledgedSender(daemon, client: "bench", epoch: epoch)
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: chunkBytes + 4096)
    defer { buffer.deallocate() }
    let cpu = daemon.cpuMicroseconds
    let start = tb_steady_us()
    var bytes: Int64 = 0
    let last = mill.made + lines
    while mill.made < last {
      var count = 0
      var inChunk = 0
      while count < chunkBytes, mill.made < last, perWrite == 0 || inChunk < perWrite {
        count += mill.put(into: buffer + count)
        inChunk += 1
      }
      try sender.send(buffer, count)
      bytes += Int64(count)
      sender.takeWhatCame()
    }
    let sent = mill.made
    try sender.waitForAck(sent)
    let seconds = Double(tb_steady_us() - start) / 1e6
    return Result(
      lines: lines, seconds: seconds, daemonCPU: daemon.cpuMicroseconds - cpu,
      residentBytes: daemon.residentBytes, bytesPerLine: bytes / lines)
  }
}
