import CSystem
import Sidecar
import Units

/// `/healthz`, `/readyz` and `/metrics`: what is read over HTTP.
///
/// They only read, and answer from memory: the thread that asks them also answers posts.
package struct StatusPages: Sendable {
  private let daemon: Daemon

  package init(daemon: Daemon) { self.daemon = daemon }

  /// The page; nil when there is none of that path.
  package func answer(_ head: HTTPHead) -> HTTPAnswer? {
    switch head.path {
    case "/healthz", "/readyz": health
    case "/metrics":
      HTTPAnswer(
        200,
        Metrics.text(
          daemon.counters, health: daemon.health.state, residentBytes: tb_resident_bytes(),
          cpuMicroseconds: tb_cpu_us()),
        type: "text/plain; version=0.0.4")
    default: nil
    }
  }

  /// The end of the last bucket that the watch has closed; nil before the first, and where nothing is watched.
  private var watchedTo: Timestamp? {
    let seconds = daemon.counters.watchClosedSeconds.now
    return seconds == 0 ? nil : Timestamp(microseconds: Int64(seconds) * Timestamp.microsecondsPerSecond)
  }

  private var health: HTTPAnswer {
    let (status, word, reason): (Int, String, String?) =
      switch daemon.health.state {
      case .ready: (200, "ok", nil)
      case .starting: (503, "starting", nil)
      case .stopping: (503, "stopping", nil)
      case .waiting(let reason): (503, "waiting", reason)
      case .failed(let reason): (503, "failed", reason)
      }
    let body = JSONText.object([
      ("status", JSONText.quoted(word)), ("reason", JSONText.optional(reason)),
      ("head", JSONText.quoted(daemon.health.head)),
      ("watched_to", JSONText.optional(watchedTo.map { "\($0)" })),
    ])
    return HTTPAnswer(status, body + "\n")
  }
}
