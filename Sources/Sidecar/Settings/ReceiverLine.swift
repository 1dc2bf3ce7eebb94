import Units
import Watch

/// Reads a receiver's line: `receiver.ops = slack address_file=/etc/tollbook/slack.url severity=critical`.
package enum ReceiverLine {
  package static let prefix = "receiver."
  /// Characters of a name, and receivers of a configuration.
  package static let nameMax = 40
  package static let receiversMax = 16

  private static let options = [
    "address_file", "secret_file", "severity", "from", "to", "user", "allow_link_local",
  ]
  /// Receivers of one mail.
  private static let mailsMax = 20

  /// The receiver of that name, or every mistake of its line.
  package static func read(
    name: String, value: String, place: String, _ faults: inout [ReceiverFault]
  ) -> Receiver? {
    let before = faults.count
    let isName = (1...nameMax).contains(name.utf8.count) && name.utf8.allSatisfy(isNameByte)
    if !isName { faults.append(.badName(name)) }
    var words = value.split(whereSeparator: \.isWhitespace).map(String.init)
    let first = words.isEmpty ? "" : words.removeFirst()
    guard let kind = ReceiverKind(rawValue: first) else {
      faults.append(.badKind(first, nearest: nearest(to: first, in: ReceiverKind.allCases.map(\.rawValue))))
      return nil
    }
    var address = kind == .pagerduty ? PagerDutyMessage.address : ""
    if let word = words.first, isAddress(word) { address = words.removeFirst() }
    let options = options(words, &faults)
    let severity = options["severity"].map { Notice.Severity(rawValue: $0) } ?? .warning
    if severity == nil { faults.append(.badSeverity(options["severity"] ?? "")) }
    let receiver = Receiver(
      name: name, kind: kind, severity: severity ?? .warning, address: address,
      addressFile: options["address_file"], secretFile: options["secret_file"], from: options["from"] ?? "",
      to: (options["to"] ?? "").split(separator: ",").map(String.init), user: options["user"],
      allowsLinkLocal: options["allow_link_local"] == "yes", place: place)
    check(receiver, &faults)
    return faults.count == before ? receiver : nil
  }

  /// Whether a word is the address: an option's name has no `/` or `:` before its `=`.
  private static func isAddress(_ word: String) -> Bool {
    word.prefix { $0 != "=" }.contains { $0 == "/" || $0 == ":" } || !word.contains("=")
  }

  private static func options(_ words: [String], _ faults: inout [ReceiverFault]) -> [String: String] {
    var read: [String: String] = [:]
    for word in words {
      let name = String(word.prefix { $0 != "=" })
      guard options.contains(name), name != word else {
        faults.append(.unknownOption(name, nearest: nearest(to: name, in: options)))
        continue
      }
      if read[name] != nil { faults.append(.twice(name)) }
      read[name] = String(word.dropFirst(name.count + 1))
    }
    return read
  }

  private static func check(_ receiver: Receiver, _ faults: inout [ReceiverFault]) {
    let kind = receiver.kind
    if receiver.addressFile == nil { checkAddress(receiver.address, of: kind, &faults) }
    if receiver.addressFile != nil, [.command, .smtp].contains(kind) {
      faults.append(.unwanted("address_file", of: kind))
    }
    switch kind {
    case .pagerduty:
      if receiver.secretFile == nil { faults.append(.missing("secret_file", of: kind)) }
    case .smtp:
      if receiver.from.isEmpty { faults.append(.missing("from", of: kind)) }
      if receiver.to.isEmpty || receiver.to.count > mailsMax { faults.append(.missing("to", of: kind)) }
      for mail in [receiver.from] + receiver.to where !mail.isEmpty && !isMail(mail) {
        faults.append(.badMail(mail))
      }
      if receiver.user != nil, receiver.secretFile == nil { faults.append(.missing("secret_file", of: kind)) }
    case .alertmanager, .slack, .command:
      if receiver.secretFile != nil { faults.append(.unwanted("secret_file", of: kind)) }
    case .webhook: break
    }
    if kind != .smtp {
      for (name, isThere) in [
        ("from", !receiver.from.isEmpty), ("to", !receiver.to.isEmpty), ("user", receiver.user != nil),
      ] where isThere { faults.append(.unwanted(name, of: kind)) }
    }
  }

  /// Checks an address, wherever it was read.
  package static func checkAddress(_ address: String, of kind: ReceiverKind, _ faults: inout [ReceiverFault]) {
    if address.isEmpty { return faults.append(.missing("an address", of: kind)) }
    switch kind {
    case .command:
      if !address.hasPrefix("/") { faults.append(.badAddress(of: kind, form: "the whole path of a program")) }
    case .smtp:
      let form = "smtp://mail.example.com:587 or smtps://mail.example.com:465"
      let isMail = address.hasPrefix("smtp://") || address.hasPrefix("smtps://")
      guard isMail, Download.Address("https" + address.drop { $0 != ":" }) != nil else {
        return faults.append(.badAddress(of: kind, form: form))
      }
    default:
      guard let place = Download.Address(address) else {
        return faults.append(.badAddress(of: kind, form: "one such as https://example.com/alerts"))
      }
      // Whoever listens on the way would read Slack's address or PagerDuty's key.
      if [.slack, .pagerduty].contains(kind), !place.isSecure, !place.isLoopback {
        faults.append(.notSecure(kind))
      }
    }
  }

  private static func isMail(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
      && text.utf8.allSatisfy { $0 > 32 && $0 < 127 && !"<>,;:\\\"()[]".utf8.contains($0) }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
