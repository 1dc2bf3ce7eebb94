import CSystem
import Units

/// Where a running daemon is found, and how it is.
package struct DaemonSockets: Sendable {
  /// How a daemon is, as far as it can be seen from outside.
  package enum State: Hashable, Sendable {
    /// It says so itself, as `/readyz` does: `ok`, `waiting`; with the reason where it takes nothing.
    case says(String, reason: String?)
    /// It takes lines, and has no door to be asked at.
    case listens
    case absent
  }

  /// Milliseconds that an answer may take.
  private static let answerMilliseconds: Int64 = 500

  /// The path of its socket for HTTP, or `off`; and of the one for lines.
  package let http: String
  package let lines: String

  package init(http: String, lines: String) {
    self.http = http
    self.lines = lines
  }

  package func state() -> State {
    if http != "off", tb_path_kind(http) == 1 {
      do throws(DaemonSocket.Unheard) {
        let reply = try DaemonSocket(path: http, within: Self.answerMilliseconds).get("/readyz")
        let tree = try? JSONTree(parsing: reply.body)
        return .says(tree?["status"]?.string ?? "status \(reply.status)", reason: tree?["reason"]?.string)
      } catch {
        if case .inDoubt = error { return .says("silent", reason: "It does not answer.") }
      }
    }
    guard tb_path_kind(lines) == 1 else { return .absent }
    let descriptor = tb_connect_unix(lines)
    guard descriptor >= 0 else { return .absent }
    _ = tb_close(descriptor)
    return .listens
  }
}
