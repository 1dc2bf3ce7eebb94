/// Why the daemon cannot start or go on.
package enum SidecarFault: Error, Hashable, Sendable, CustomStringConvertible {
  case notASocket(path: String)
  case socketInUse(path: String)
  case cannotBind(path: String, reason: String)
  case cannotListen(address: String, reason: String)
  case badAddress(String)
  case badPassedSocket(descriptor: Int32, reason: String)

  package var description: String {
    switch self {
    case .notASocket(let path):
      "\(path) is in the way: it is no socket. Move it, or name another socket with --socket."
    case .socketInUse(let path):
      "\(path) is in use by a running daemon. Stop that one, or name another socket with --socket."
    case .cannotBind(let path, let reason):
      "The socket \(path) cannot be made: \(reason). Check the folder, or name another with --socket."
    case .cannotListen(let address, let reason):
      "\(address) cannot be listened on: \(reason). Name a free one with --http, or --http off."
    case .badPassedSocket(let descriptor, let reason):
      "Descriptor \(descriptor), passed by LISTEN_FDS, cannot be used: \(reason). Pass a stream, one for datagrams, "
        + "one named http and a port at most; see deploy/tollbook.socket."
    case .badAddress(let text):
      "'\(text)' is no address. Write --http 127.0.0.1:8089, --http 8089, or --http off."
    }
  }
}
