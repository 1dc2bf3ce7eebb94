import CSystem
import FlyingFox
import FlyingSocks
import Foundation
import Sidecar
import Units

/// `/healthz`, `/readyz` and `/metrics` on a loopback port.
///
/// It reads and never writes.
package struct StatusServer: Sendable {
  private let server: HTTPServer
  package let address: String

  /// `address` is `127.0.0.1:8089`, or a port on loopback.
  /// - Throws: ``SidecarFault/badAddress(_:)``.
  package init(address text: String, daemon: Daemon) throws {
    let (host, socket) = try Self.read(text)
    address = host
    server = HTTPServer(address: socket, timeout: 15, logger: .disabled)
    handler = StatusHandler(daemon: daemon)
  }

  /// Refuses what is no address, before anything is started.
  ///
  /// - Throws: ``SidecarFault/badAddress(_:)``.
  package static func check(address: String) throws { _ = try read(address) }

  private static func read(_ text: String) throws -> (address: String, socket: sockaddr_in) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let port = parts.last.flatMap({ UInt16($0) }), parts.count <= 2 else {
      throw SidecarFault.badAddress(text)
    }
    let host = parts.count == 2 ? String(parts[0]) : "127.0.0.1"
    guard let socket = try? sockaddr_in.inet(ip4: host == "localhost" ? "127.0.0.1" : host, port: port)
    else { throw SidecarFault.badAddress(text) }
    return ("\(host):\(port)", socket)
  }

  private let handler: StatusHandler

  /// Serves until the task is cancelled.
  ///
  /// - Throws: ``SidecarFault/cannotListen(address:reason:)`` when the port is taken.
  package func run() async throws {
    for path in ["/healthz", "/readyz", "/metrics"] {
      await server.appendRoute(HTTPRoute("GET \(path)"), to: handler)
    }
    do {
      try await server.run()
    } catch is CancellationError {
      return
    } catch {
      throw SidecarFault.cannotListen(address: address, reason: "\(error)")
    }
  }
}

/// Answers the three questions.
struct StatusHandler: HTTPHandler {
  let daemon: Daemon

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    let health = daemon.health.state
    switch request.path {
    case "/metrics":
      let text = Metrics.text(
        daemon.counters, health: health, residentBytes: tb_resident_bytes(),
        cpuMicroseconds: tb_cpu_us())
      return Self.answer(.ok, text, type: "text/plain; version=0.0.4")
    default:
      let (status, word, reason): (HTTPStatusCode, String, String?) =
        switch health {
        case .ready: (.ok, "ok", nil)
        case .starting: (.serviceUnavailable, "starting", nil)
        case .stopping: (.serviceUnavailable, "stopping", nil)
        case .waiting(let reason): (.serviceUnavailable, "waiting", reason)
        case .failed(let reason): (.serviceUnavailable, "failed", reason)
        }
      let body = JSONText.object([
        ("status", JSONText.quoted(word)), ("reason", JSONText.optional(reason)),
        ("head", JSONText.quoted(daemon.health.head)),
      ])
      return Self.answer(status, body + "\n", type: "application/json")
    }
  }

  private static func answer(_ status: HTTPStatusCode, _ body: String, type: String) -> HTTPResponse {
    HTTPResponse(
      statusCode: status, headers: [.contentType: type], body: Data(body.utf8))
  }
}
