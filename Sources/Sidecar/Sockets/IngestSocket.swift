import CSystem
import Glibc

/// A Unix socket that senders write to: a stream that they connect to, for lines, HTTP or Fluent Forward, or one for
/// datagrams.
struct IngestSocket {
  let path: String
  let descriptor: Int32
  /// Another program opened it, and keeps it: its name stays when this one ends.
  let isPassed: Bool

  enum Kind { case stream, datagrams, http, forward }

  /// Connections that wait to be accepted.
  static let backlog: Int32 = 128
  /// Members of the socket's group may write: the clients' group in the service unit.
  static let mode: Int32 = 0o660

  /// Binds the socket: a stale one is replaced, a live one or a plain file is left alone.
  ///
  /// - Throws: ``SidecarFault`` with what stands in the way.
  init(path: String, _ kind: Kind = .stream) throws(SidecarFault) {
    self.path = path
    isPassed = false
    switch tb_path_kind(path) {
    case 0: break
    case 1:
      let other = kind == .datagrams ? tb_connect_datagrams(path) : tb_connect_unix(path)
      if other >= 0 {
        _ = tb_close(other)
        throw .socketInUse(path: path)
      }
      let result = tb_unlink(path)
      if result < 0 { throw .cannotBind(path: path, reason: words(result)) }
    case 2: throw .notASocket(path: path)
    case let error: throw .cannotBind(path: path, reason: words(error))
    }
    descriptor =
      kind == .datagrams ? tb_bind_datagrams(path, Self.mode) : tb_listen_unix(path, Self.mode, Self.backlog)
    guard descriptor >= 0 else {
      throw .cannotBind(path: path, reason: words(descriptor))
    }
  }

  /// A socket that another program has opened.
  init(passed descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
    isPassed = true
  }

  /// Stops listening and takes the socket's name away.
  func close() {
    _ = tb_close(descriptor)
    if !isPassed { _ = tb_unlink(path) }
  }
}

/// The system's words for a negative errno.
private func words(_ result: Int32) -> String { String(cString: strerror(-result)) }
