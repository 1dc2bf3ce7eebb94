import CSystem

/// An address and port of this host that HTTP is served on: `127.0.0.1:8089`, or a port on loopback.
package struct HTTPAddress: Hashable, Sendable, CustomStringConvertible {
  package let host: String
  package let port: UInt16

  package var description: String { "\(host):\(port)" }

  /// - Throws: ``SidecarFault/badAddress(_:)``.
  package init(_ text: String) throws(SidecarFault) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let port = parts.last.flatMap({ UInt16($0) }), parts.count <= 2 else { throw .badAddress(text) }
    let host = parts.count == 2 ? String(parts[0]) : "127.0.0.1"
    self.host = host == "localhost" ? "127.0.0.1" : host
    self.port = port
    guard tb_check_inet(self.host) == 0 else { throw .badAddress(text) }
  }

  /// Whether a `Host` header names this machine by number, or as localhost.
  ///
  /// A page of another site can make its own name lead here (DNS rebinding); it cannot make a browser send another
  /// name than that one.
  static func isNumeric(host: String?) -> Bool {
    guard let host, !host.isEmpty else { return false }
    if host.hasPrefix("[") {
      return host.dropFirst().prefix { $0 != "]" }.utf8.allSatisfy { "0123456789abcdefABCDEF:.".utf8.contains($0) }
    }
    let name = String(host.prefix { $0 != ":" }).lowercased()
    return name == "localhost" || tb_check_inet(name) == 0
  }
}
