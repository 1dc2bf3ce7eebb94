import CSystem

/// A connection in acknowledged mode: what is sent, and what the daemon has said of it and when.
final class AcknowledgedSender {
  private let descriptor: Int32
  private var text: [UInt8] = []
  private var isReady = false
  /// The highest number that is on disk.
  private(set) var acknowledged: Int64 = 0
  /// Each acknowledgement, and when it was heard by the steady clock.
  private(set) var heard: [(number: Int64, at: Int64)] = []

  /// Connects and says hello; returns when the daemon is ready.
  init(_ daemon: DaemonUnderTest, client: String, epoch: Int) throws {
    descriptor = tb_connect_unix(daemon.socket)
    guard descriptor >= 0 else { throw BenchFault("cannot connect: errno \(-descriptor)") }
    let hello = "{\"hello\":{\"v\":1,\"client\":\"\(client)\",\"epoch\":\(epoch),\"ack\":true}}\n"
    try Array(hello.utf8).withUnsafeBufferPointer { try send($0.baseAddress, $0.count) }
    while !isReady { try read() }
  }

  deinit { if descriptor >= 0 { _ = tb_close(descriptor) } }

  func send(_ bytes: UnsafePointer<UInt8>?, _ count: Int) throws {
    guard tb_send_all(descriptor, bytes, count) == count else {
      throw BenchFault("the daemon closed the connection")
    }
  }

  func takeWhatCame() {
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = tb_receive(descriptor, &chunk, chunk.count)
    if count > 0 { take(chunk[..<count]) }
  }

  /// Microseconds between two looks at what came.
  private static let lookMicroseconds: Int64 = 250

  /// Waits until that instant of the steady clock, and takes what comes meanwhile.
  ///
  /// It sleeps, as a program does that waits: one that spins takes a core from the daemon it measures.
  func takeWhatComes(until end: Int64) {
    while true {
      takeWhatCame()
      let left = end - tb_steady_us()
      guard left > 0 else { return }
      tb_pause(UInt32(min(left, Self.lookMicroseconds)))
    }
  }

  func waitForAck(_ number: Int64) throws {
    while acknowledged < number { try read() }
  }

  private func read() throws {
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = tb_read(descriptor, &chunk, chunk.count)
    guard count > 0 else { throw BenchFault("the daemon closed the connection") }
    take(chunk[..<count])
  }

  private func take(_ bytes: ArraySlice<UInt8>) {
    text += bytes
    while let newline = text.firstIndex(of: 10) {
      let line = String(decoding: text[..<newline], as: UTF8.self)
      text.removeSubrange(...newline)
      if line.hasPrefix("{\"ready\"") { isReady = true }
      if line.hasPrefix("{\"ack\":"), let number = Int64(line.dropFirst(7).dropLast()) {
        acknowledged = number
        heard.append((number, tb_steady_us()))
      }
    }
  }
}
