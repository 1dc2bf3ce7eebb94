import CSystem
import Foundation
import Glibc

/// Sends a line every millisecond in acknowledged mode, as a busy program would, and times what it feels.
enum PacedLoad {
  struct Result {
    /// Microseconds of a `write()` of one line, the 99th of a hundred.
    let write: Double
    /// Milliseconds from a line's write to its acknowledgement, the 99th of a hundred.
    let ack: Double
  }

  private static let paceMicroseconds: Int64 = 1_000

  static func run(_ daemon: DaemonUnderTest, mill: inout LineMill, lines: Int, epoch: Int) throws -> Result {
    let descriptor = tb_connect_unix(daemon.socket)
    guard descriptor >= 0 else { throw BenchFault("cannot connect: errno \(-descriptor)") }
    defer { _ = tb_close(descriptor) }
    let hello = "{\"hello\":{\"v\":1,\"client\":\"paced\",\"epoch\":\(epoch),\"ack\":true}}\n"
    _ = Array(hello.utf8).withUnsafeBytes { tb_send_all(descriptor, $0.baseAddress, $0.count) }
    var answers = Answers(descriptor: descriptor)
    try answers.waitUntil { $0.isReady }
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: 8192)
    defer { buffer.deallocate() }
    var sentAt: [Int64] = []
    var writes: [Double] = []
    let first = mill.made + 1
    let start = tb_steady_us()
    for number in 0..<lines {
      let count = mill.put(into: buffer)
      while tb_steady_us() < start + Int64(number) * paceMicroseconds { answers.takeWhatCame() }
      let before = tb_steady_us()
      guard tb_send_all(descriptor, buffer, count) == count else {
        throw BenchFault("the daemon closed the connection")
      }
      sentAt.append(before)
      writes.append(Double(tb_steady_us() - before))
    }
    try answers.waitUntil { $0.acknowledged.last.map { $0.number >= first + Int64(lines) - 1 } ?? false }
    var acks: [Double] = []
    for ack in answers.acknowledged {
      while acks.count < lines, first + Int64(acks.count) <= ack.number {
        acks.append(Double(ack.at - sentAt[acks.count]) / 1000)
      }
    }
    return Result(write: ninetyNinth(writes), ack: ninetyNinth(acks))
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

  /// What the daemon says, and when it was heard.
  private struct Answers {
    let descriptor: Int32
    private(set) var isReady = false
    private(set) var acknowledged: [(number: Int64, at: Int64)] = []
    private var text: [UInt8] = []

    init(descriptor: Int32) { self.descriptor = descriptor }

    mutating func takeWhatCame() {
      var chunk = [UInt8](repeating: 0, count: 4096)
      let count = tb_receive(descriptor, &chunk, chunk.count)
      if count > 0 { take(chunk[..<count]) }
    }

    mutating func waitUntil(_ isDone: (Answers) -> Bool) throws {
      while !isDone(self) {
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = tb_read(descriptor, &chunk, chunk.count)
        guard count > 0 else { throw BenchFault("the daemon closed the connection") }
        take(chunk[..<count])
      }
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
      text += bytes
      while let newline = text.firstIndex(of: 10) {
        let line = String(decoding: text[..<newline], as: UTF8.self)
        text.removeSubrange(...newline)
        if line.hasPrefix("{\"ready\"") { isReady = true }
        if line.hasPrefix("{\"ack\":"), let number = Int64(line.dropFirst(7).dropLast()) {
          acknowledged.append((number, tb_steady_us()))
        }
      }
    }
  }
}
