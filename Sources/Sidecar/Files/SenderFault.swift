/// Why lines cannot be sent.
package enum SenderFault: Error, Hashable, Sendable, CustomStringConvertible {
  case cannotConnect(path: String, error: Int32)
  case noGreeting(path: String)
  case olderDaemon(path: String)
  /// The daemon said why, with the cure.
  case refused(path: String, message: String)

  /// Another try ends in the same way.
  var isFinal: Bool {
    switch self {
    case .cannotConnect, .noGreeting: false
    case .olderDaemon, .refused: true
    }
  }

  package var description: String {
    switch self {
    case .cannotConnect(let path, let error):
      "No daemon listens at \(path) (errno \(error)). Start `tollbook serve`, or leave --socket out."
    case .noGreeting(let path):
      "\(path) does not speak Tollbook's line protocol. Name the daemon's socket."
    case .olderDaemon(let path):
      "The daemon at \(path) is of an older version, which takes no numbered lines. Restart it with this one."
    case .refused(let path, let message): "The daemon at \(path) refuses the sender: \(message)"
    }
  }
}
