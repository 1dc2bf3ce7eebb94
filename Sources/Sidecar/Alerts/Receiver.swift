import Units
import Watch

/// Where alerts go: a receiver as the configuration names it, without its secrets.
package struct Receiver: Hashable, Sendable {
  package let name: String
  package let kind: ReceiverKind
  /// What is less urgent is not told here.
  package let severity: Notice.Severity
  /// A web address, a mail server's, or a program's path; empty where a file holds it.
  package let address: String
  /// The file that holds the address, where that is a secret itself.
  package let addressFile: String?
  /// The file of the signing secrets, the routing key or the password.
  package let secretFile: String?
  /// Of a mail: its sender, its receivers, and who logs in.
  package let from: String
  package let to: [String]
  package let user: String?
  /// Link-local addresses may be connected to.
  package let allowsLinkLocal: Bool
  /// `/etc/tollbook/tollbook.conf:7`.
  package let place: String

  /// What `tollbook config` shows: no path of a web address, no query, no user and no secret.
  package var shown: String {
    let target: String
    switch kind {
    case .command: target = address
    case .smtp: target = "\(Self.origin(address)) to \(to.count)"
    default:
      target = addressFile.map { "address in \($0)" } ?? Self.origin(address)
    }
    return "\(kind.rawValue) \(target) from \(severity.rawValue)"
  }

  /// Scheme and host, as far as they can be told; the rest of an address may be a secret.
  private static func origin(_ address: String) -> String {
    guard let mark = address.firstRange(of: "://") else { return "(no address)" }
    let authority = address[mark.upperBound...].prefix { !["/", "?", "#"].contains($0) }
    return String(address[..<mark.upperBound]) + (authority.split(separator: "@").last ?? "")
  }
}

/// A receiver's address and secrets, read from their files.
package struct ReceiverAccess: Sendable {
  package let address: String
  /// Keys that sign webhooks.
  package let signingKeys: [[UInt8]]
  /// PagerDuty's routing key, or a mail server's password.
  package let password: String

  package init(address: String, signingKeys: [[UInt8]] = [], password: String = "") {
    self.address = address
    self.signingKeys = signingKeys
    self.password = password
  }
}

/// What is wrong with a receiver's line, or with the files that it names; never what stands in them.
package enum ReceiverFault: Error, Hashable, Sendable, CustomStringConvertible {
  case badName(String)
  case badKind(String, nearest: String?)
  case unknownOption(String, nearest: String?)
  case twice(String)
  case missing(String, of: ReceiverKind)
  case unwanted(String, of: ReceiverKind)
  case badSeverity(String)
  case badAddress(of: ReceiverKind, form: String)
  case notSecure(ReceiverKind)
  case badMail(String)
  case cannotRead(String, reason: String)
  case openToOthers(String)
  case badSecret(String, form: String)
  case tooMany(most: Int)

  package var description: String {
    switch self {
    case .badName(let name):
      "'\(name)' is no name of a receiver. Write letters, digits, '-' and '_', at most \(ReceiverLine.nameMax)."
    case .badKind(let word, let nearest):
      "'\(word)' is no kind of receiver. "
        + (nearest.map { "Did you mean '\($0)'?" }
          ?? "Write one of \(ReceiverKind.allCases.map(\.rawValue).joined(separator: ", ")).")
    case .unknownOption(let name, let nearest):
      "'\(name)' is no option of a receiver. "
        + (nearest.map { "Did you mean '\($0)'?" } ?? "docs/alerts.md lists them.")
    case .twice(let name): "'\(name)' stands there twice. Delete one."
    case .missing(let name, let kind): "A receiver of the kind \(kind.rawValue) needs \(name). Add it."
    case .unwanted(let name, let kind): "A receiver of the kind \(kind.rawValue) has no \(name). Delete it."
    case .badSeverity(let word): "'\(word)' is no severity. Write info, warning or critical."
    case .badAddress(let kind, let form): "The address is none for \(kind.rawValue). Write \(form)."
    case .notSecure(let kind):
      "\(kind.rawValue) is sent over https only, but for this machine. Write an address that begins with https://."
    case .badMail(let address): "'\(address)' is no mail address. Write a bare one, such as ops@example.com."
    case .cannotRead(let path, let reason): "\(path) cannot be read: \(reason). Mend the path or its permissions."
    case .openToOthers(let path): "\(path) can be read by everyone or written by others. Run: chmod 600 \(path)"
    case .badSecret(let path, let form): "\(path) does not hold what it should. Write \(form)."
    case .tooMany(let most): "There are more than \(most) receivers. Delete some."
    }
  }
}
