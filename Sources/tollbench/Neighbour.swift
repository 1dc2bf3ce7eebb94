import CSystem
import Foundation
import Synchronization

/// A sender that is hard on the daemon, on threads of its own, until it is stopped.
///
/// It reads no acknowledgement.
final class Neighbour: @unchecked Sendable {
  /// What it sends.
  enum Kind: String, CaseIterable {
    /// Lines as fast as they are taken, over one connection or sixteen.
    case flood, floods
    /// Lines each of which is of a subject that nobody has seen, and of a model that has no price.
    case subjects
    /// Lines that are no JSON.
    case nonsense
    /// Lines of a megabyte.
    case long
    /// Lines that tell of 1,500 calls each.
    case exports
    /// Lines of one call each whose usage grows.
    case growing
    /// Bodies of 16 MB over eight connections of HTTP.
    case posts
    /// Lines of instants spread over ten years, each an hour and a day of its own.
    case scattered
    /// Lines under one id that contradict each other.
    case conflicts
    /// Lines that are booked already, in the order of their booking, and in none.
    case resent, shuffled

    /// Whether it needs lines in the ledger.
    var needsPast: Bool { self == .resent || self == .shuffled }
    var connections: Int {
      switch self {
      case .floods: 16
      case .posts: 8
      default: 1
      }
    }
  }

  private let kind: Kind
  private let daemon: DaemonUnderTest
  /// Lines in the ledger that the bench's mill made.
  private let past: Int64
  private let isStopped = Mutex(false)
  private let lines = Atomic<Int>(0)
  private let hasEnded = DispatchSemaphore(value: 0)
  private var startedAt: Int64 = 0

  init(_ kind: Kind, daemon: DaemonUnderTest, past: Int64) {
    self.kind = kind
    self.daemon = daemon
    self.past = past
  }

  func start() {
    startedAt = tb_steady_us()
    for thread in 0..<kind.connections {
      Thread.detachNewThread { [self] in
        send(from: thread)
        hasEnded.signal()
      }
    }
  }

  /// Ends it; the lines a second that the daemon took.
  func stop() -> Double {
    isStopped.withLock { $0 = true }
    let seconds = Double(tb_steady_us() - startedAt) / 1e6
    for _ in 0..<kind.connections { hasEnded.wait() }
    return Double(lines.load(ordering: .relaxed)) / seconds
  }

  private func send(from thread: Int) {
    let descriptor = tb_connect_unix(kind == .posts ? daemon.httpSocket : daemon.socket)
    guard descriptor >= 0 else { return }
    defer { _ = tb_close(descriptor) }
    if kind == .posts { return post(over: descriptor, from: thread) }
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.bufferBytes)
    defer { buffer.deallocate() }
    var writer = NeighbourLines(kind, thread: thread, past: past)
    while !isStopped.withLock({ $0 }) {
      var count = 0
      var made = 0
      repeat {
        count += writer.put(into: buffer + count)
        made += 1
      } while count < Self.chunkBytes
      guard tb_send_all(descriptor, buffer, count) == count else { return }
      lines.add(made, ordering: .relaxed)
    }
  }

  /// Posts one body after another, each when the one before was answered.
  private func post(over descriptor: Int32, from thread: Int) {
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.bodyBytes)
    defer { buffer.deallocate() }
    var answer = [UInt8](repeating: 0, count: 4096)
    var writer = NeighbourLines(kind, thread: thread, past: past)
    while !isStopped.withLock({ $0 }) {
      var count = 0
      var made = 0
      while count < Self.bodyBytes - 4096 {
        count += writer.put(into: buffer + count)
        made += 1
      }
      let head = Array(
        "POST /v1/usage HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-ndjson\r\nContent-Length: \(count)\r\n\r\n"
          .utf8)
      guard tb_send_all(descriptor, head, head.count) == head.count, tb_send_all(descriptor, buffer, count) == count,
        tb_read(descriptor, &answer, answer.count) > 0, answer.starts(with: "HTTP/1.1 200".utf8)
      else { return }
      lines.add(made, ordering: .relaxed)
    }
  }

  private static let bodyBytes = 16 << 20
  private static let chunkBytes = 64 << 10
  private static let bufferBytes = 4 << 20
}
