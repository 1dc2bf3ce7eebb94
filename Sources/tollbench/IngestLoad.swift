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
    let descriptor = tb_connect_unix(daemon.socket)
    guard descriptor >= 0 else { throw BenchFault("cannot connect: errno \(-descriptor)") }
    defer { _ = tb_close(descriptor) }
    let hello = "{\"hello\":{\"v\":1,\"client\":\"bench\",\"epoch\":\(epoch),\"ack\":true}}\n"
    _ = Array(hello.utf8).withUnsafeBytes { tb_send_all(descriptor, $0.baseAddress, $0.count) }
    var answers = Answers(descriptor: descriptor)
    _ = try answers.wait(for: "\"ready\"")
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
      guard tb_send_all(descriptor, buffer, count) == count else {
        throw BenchFault("the daemon closed the connection")
      }
      bytes += Int64(count)
      answers.takeWhatCame()
    }
    let sent = mill.made
    try answers.waitForAck(sent)
    let seconds = Double(tb_steady_us() - start) / 1e6
    return Result(
      lines: lines, seconds: seconds, daemonCPU: daemon.cpuMicroseconds - cpu,
      residentBytes: daemon.residentBytes, bytesPerLine: bytes / lines)
  }

  /// What the daemon says, and how far it has acknowledged.
  private struct Answers {
    let descriptor: Int32
    private var text = ""
    private var acknowledged: Int64 = 0

    init(descriptor: Int32) { self.descriptor = descriptor }

    mutating func takeWhatCame() {
      var chunk = [UInt8](repeating: 0, count: 4096)
      let count = tb_receive(descriptor, &chunk, chunk.count)
      if count > 0 { take(chunk[..<count]) }
    }

    mutating func wait(for word: String) throws -> String {
      while !text.contains(word) { try read() }
      defer { text = "" }
      return text
    }

    mutating func waitForAck(_ number: Int64) throws {
      while acknowledged < number { try read() }
    }

    private mutating func read() throws {
      var chunk = [UInt8](repeating: 0, count: 4096)
      let count = tb_read(descriptor, &chunk, chunk.count)
      guard count > 0 else { throw BenchFault("the daemon closed the connection") }
      take(chunk[..<count])
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
      text += String(decoding: bytes, as: UTF8.self)
      while let newline = text.firstIndex(of: "\n"), text.hasPrefix("{\"ack\":") {
        acknowledged = Int64(text[..<newline].dropFirst(7).dropLast()) ?? acknowledged
        text.removeSubrange(...newline)
      }
    }
  }
}
