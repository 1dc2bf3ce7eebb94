import Glibc
import Watch

/// A small file that holds a secret, which only its owner and the owner's group may read.
enum SecretFile {
  /// Bytes of such a file at most.
  static let bytesMax = 4_096
  /// Rights that no secret gives: writing by the group, anything by others.
  private static let refusedRights: UInt32 = 0o027

  /// The text without the white space around it.
  static func text(_ path: String) throws(ReceiverFault) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotRead(path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else {
      throw .cannotRead(path, reason: String(cString: strerror(errno)))
    }
    guard facts.st_mode & refusedRights == 0 else { throw .openToOthers(path) }
    var bytes = [UInt8](repeating: 0, count: bytesMax + 1)
    var count = 0
    while count < bytes.count {
      let more = bytes[count...].withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      guard more >= 0 else { throw .cannotRead(path, reason: String(cString: strerror(errno))) }
      if more == 0 { break }
      count += more
    }
    let text = String(decoding: bytes[..<count], as: UTF8.self)
    var rest = text[...]
    while rest.first?.isWhitespace ?? false { rest.removeFirst() }
    while rest.last?.isWhitespace ?? false { rest.removeLast() }
    guard count <= bytesMax, !rest.isEmpty else {
      throw .badSecret(path, form: "one secret, of at most \(bytesMax) bytes")
    }
    return String(rest)
  }
}

extension Receiver {
  /// Reads the address and the secrets that the line names files for.
  package func access() throws(ReceiverFault) -> ReceiverAccess {
    var address = address
    if let addressFile {
      address = try SecretFile.text(addressFile)
      var faults: [ReceiverFault] = []
      ReceiverLine.checkAddress(address, of: kind, &faults)
      if let fault = faults.first { throw fault }
    }
    guard let secretFile else { return ReceiverAccess(address: address) }
    let secret = try SecretFile.text(secretFile)
    switch kind {
    case .webhook:
      guard let keys = WebhookMessage.secrets(secret) else {
        throw .badSecret(
          secretFile, form: "whsec_ and the base 64 of 24 to 64 bytes, one a line, at most \(WebhookMessage.secretsMax)"
        )
      }
      return ReceiverAccess(address: address, signingKeys: keys)
    default:
      guard secret.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
        throw .badSecret(secretFile, form: "one word")
      }
      return ReceiverAccess(address: address, password: secret)
    }
  }
}
