import Foundation
import Synchronization

/// A sender that gives the daemon as much as it takes, on a thread of its own, until it is stopped.
final class Flood: @unchecked Sendable {
  /// Used by the thread alone while it runs.
  private let daemon: DaemonUnderTest
  private let isStopped = Mutex(false)
  private let hasEnded = DispatchSemaphore(value: 0)

  init(daemon: DaemonUnderTest) { self.daemon = daemon }

  func start() {
    Thread.detachNewThread { [self] in
      var mill = LineMill()
      while !isStopped.withLock({ $0 }) {
        _ = try? IngestLoad.run(daemon, mill: &mill, lines: 100_000, epoch: 1)
      }
      hasEnded.signal()
    }
  }

  func stop() {
    isStopped.withLock { $0 = true }
    hasEnded.wait()
  }
}
