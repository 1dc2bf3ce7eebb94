import Foundation
import Synchronization

/// A sender that gives the daemon as much as it takes, on a thread of its own, until it is stopped.
final class Flood: @unchecked Sendable {
  /// Used by the thread alone while it runs.
  private let daemon: DaemonUnderTest
  private let isStopped = Mutex(false)
  /// Lines that were acknowledged, and in what time.
  private var acknowledged = (lines: Int64(0), seconds: 0.0)
  private let hasEnded = DispatchSemaphore(value: 0)

  init(daemon: DaemonUnderTest) { self.daemon = daemon }

  func start() {
    Thread.detachNewThread { [self] in
      var mill = LineMill()
      while !isStopped.withLock({ $0 }) {
        guard let result = try? IngestLoad.run(daemon, mill: &mill, lines: 100_000, epoch: 1) else { continue }
        acknowledged.lines += result.lines
        acknowledged.seconds += result.seconds
      }
      hasEnded.signal()
    }
  }

  /// Ends it; the lines a second that it got acknowledged.
  func stop() -> Double {
    isStopped.withLock { $0 = true }
    hasEnded.wait()
    return acknowledged.seconds > 0 ? Double(acknowledged.lines) / acknowledged.seconds : 0
  }
}
