/// What is wrong with a hello: the member, and the cure.
///
/// Its sender is told and begins anew; the code on the wire is `bad_hello` for all of them.
package enum HelloFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// Bytes of a member's name that are repeated to its sender.
  package static let nameBytesMax = 40

  case version, client, epoch, acknowledged, framing
  case unknownDefault(String, nearest: String?)
  case defaultIsNoText(String)
  case defaultTooLong(String, bytesMax: Int)
  /// The line is no sound JSON, or says something twice.
  case line(Refusal)

  package var description: String {
    switch self {
    case .version: "hello.v is not 1: the hello is not of version 1. Send \"v\":1."
    case .client:
      "hello.client is no text of 1 to \(Limits.attributionBytes) bytes. Name the sender there."
    case .epoch:
      "hello.epoch is no whole number from 0 to \(Int64.max). Send one in plain digits, or leave it out."
    case .acknowledged: "hello.ack is neither true nor false. Send one of them, or leave it out."
    case .framing:
      "hello.framing is not \"numbered\", or stands beside \"ack\":false. Send \"numbered\", or leave it out."
    case .unknownDefault(let name, let nearest):
      "hello.defaults.\(name) is no field that a hello can set."
        + (nearest.map { " Did you mean '\($0)'?" }
          ?? " Those are " + CallDefaults.names.joined(separator: ", ") + ".")
    case .defaultIsNoText(let name): "hello.defaults.\(name) is no plain text. Send a text, or leave it out."
    case .defaultTooLong(let name, let bytesMax):
      "hello.defaults.\(name) is longer than \(bytesMax) bytes. Shorten it."
    case .line(.wrongType):
      "hello, or hello.defaults in it, is no object. Send {\"hello\":{\"v\":1,\"client\":…}}."
    case .line(let refusal): "The hello cannot be read. \(refusal.explanation)"
    }
  }
}
