import ArgumentParser
import Books
import Rates
import Sidecar
import Store

/// Why a command failed: a fact, and what to type to mend it.
struct CommandFault: Error, Equatable, CustomStringConvertible {
  let fact: String
  /// A command line, without the `try:` before it; nil when the fact says what to do.
  let remedy: String?
  var exit = ExitStatus.failed

  init(_ fact: String, try remedy: String? = nil) {
    self.fact = fact
    self.remedy = remedy
  }

  /// The command line itself is wrong.
  init(misuse fact: String, try remedy: String) {
    self.fact = fact
    self.remedy = remedy
    exit = .misused
  }

  /// Refuses a `--last` that is not 1 to `most`.
  static func check(last: Int, most: Int, command: String) throws(CommandFault) {
    guard !(1...most).contains(last) else { return }
    throw CommandFault(
      misuse: "--last has \(last), which is not 1 to \(most).",
      try: "tollbook \(command) --last 100")
  }

  /// What the reading of the command line found wrong with it.
  init(ofCommandLine error: any Error) {
    self.init(misuse: Tollbook.message(for: error), try: "tollbook --help")
  }

  /// As it stands on stderr.
  var description: String {
    "tollbook: \(fact)\n" + (remedy.map { "  try: \($0)\n" } ?? "")
  }

  /// What a fault of the modules below reads like on the terminal.
  init(_ error: any Error) {
    switch error {
    case let fault as CommandFault: self = fault
    case let fault as CreditFault: self.init(fault)
    case StoreFault.noLedger(let folder):
      self.init(
        "There is no ledger at \(folder).", try: "tollbook serve --data \(ShellText.quoted(folder))"
      )
    // What was asked for cannot be understood, whether it stands in a flag, the environment or the file.
    case let faults as ConfigurationFaults:
      self.init(misuse: faults.description, try: "tollbook help config")
    case SidecarFault.badAddress:
      self.init(misuse: "\(error)", try: "tollbook serve --http 127.0.0.1:8089")
    case let faults as RateFaults:
      self.init(
        faults.faults.count == 1
          ? "1 mistake in the price files:\n\(faults)"
          : "\(faults.faults.count) mistakes in the price files:\n\(faults)",
        try: "tollbook rates check")
    default: self.init("\(error)")
    }
  }
}

/// Text as a shell reads it back.
enum ShellText {
  private static let plain = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@%+,".utf8)

  static func quoted(_ text: String) -> String {
    if !text.isEmpty, text.utf8.allSatisfy(plain.contains) { return text }
    return "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
