import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import tollbook

/// What every reading command prints of the sample, word for word.
@Suite struct ReportTests {
  static let commands = [
    "spend", "spend --by team,model", "spend --by day --zone Asia/Kolkata",
    "spend --by team --from 2026-11-20 --to 2026-11-21",
    "spend --by user,tag:feature --where team=search", "spend --by route,provider --csv",
    "spend --by team --json", "spend --by month --from 2026-12", "compare", "compare --json",
    "calls", "calls c1", "calls c2", "calls req-2 --json", "calls s1", "calls #7", "calls c3",
    "calls c4", "calls c5", "calls c6", "calls c7", "calls unknown", "status", "status --json",
    "dead-letters list", "dead-letters list --json", "verify", "verify --json",
    "export --format hledger", "export --format ledger", "export --format beancount",
    "export --format csv", "export --format csv --from 2026-11-20 --to 2026-11-21",
  ]

  @Test func `every report reads as it is recorded`() throws {
    let sample = try SampleLedger()
    var text = ""
    for command in Self.commands {
      let answer = try sample.ask(command.split(separator: " ").map(String.init))
      text += "$ tollbook \(command)\n\(sample.scrubbed(answer.out))"
      if answer.exit != .clean { text += "(exits with \(answer.exit.rawValue))\n" }
      text += "\n"
    }
    try expectGolden(text, "reports.txt")
  }

  @Test func `a ledger without calls, and none at all, are told plainly`() throws {
    let empty = try SampleLedger([])
    var text = ""
    for command in [
      "spend", "spend --json", "spend --csv", "compare", "compare --json", "calls", "calls c1",
      "calls --json", "status", "dead-letters list", "verify", "export --format hledger",
      "export --format beancount",
    ] {
      let answer = try empty.ask(command.split(separator: " ").map(String.init))
      text += "$ tollbook \(command)\n\(empty.scrubbed(answer.out))\n"
    }
    var surroundings = Surroundings()
    surroundings.environment = ["TOLLBOOK_CONFIG": empty.folder + "/tollbook.conf"]
    for command in ["spend", "verify", "export --format csv"] {
      let arguments =
        command.split(separator: " ").map(String.init) + ["--data", "/no/such folder"]
      text += "$ tollbook \(arguments.joined(separator: " "))\n"
      text += try SampleLedger.ask(arguments, surroundings).out + "\n"
    }
    try expectGolden(text, "reports-empty.txt")
  }

  @Test func `misuse is told with what to type instead`() throws {
    let sample = try SampleLedger()
    var text = ""
    for command in [
      "spend --by teem", "spend --by team,", "spend --zone Europe/Belin", "spend --from never",
      "spend --from 2026-11-21 --to 2026-11-20", "spend --where team", "spend --where day=1",
      "spend --by hour --from 1990 --to 2026-11-20", "spend --by hour --from 1990-01 --to 2026-11",
      "calls --last 0", "dead-letters list --last 0", "verify --head 12",
      "spend --json --csv", "export --format csv --from 2026", "rates show larje", "rates check --pricing /no/such",
    ] {
      let answer = try sample.ask(command.split(separator: " ").map(String.init))
      text += "$ tollbook \(command)\n\(answer.out)"
      if answer.exit != .misused { text += "(exits with \(answer.exit.rawValue))\n" }
      text += "\n"
    }
    try expectGolden(text, "misuse.txt")
  }

  /// Lines that a configuration file may have by mistake.
  @Test(arguments: ["dta = /srv/books", "flush_ms = 0", "data", "data = a\ndata = b"])
  func `a mistake in the configuration is misuse`(line: String) throws {
    let sample = try SampleLedger()
    try line.write(toFile: sample.folder + "/tollbook.conf", atomically: true, encoding: .utf8)
    for command in ["config", "spend", "verify", "rates list", "price -"] {
      let answer = try sample.ask(command.split(separator: " ").map(String.init))
      #expect(answer.exit == .misused, "\(command): \(answer.out)")
      #expect(answer.out.hasPrefix("tollbook: \(sample.folder)/tollbook.conf:") || line.hasPrefix("flush"))
    }
  }

  @Test(arguments: [
    "spend --zoen UTC", "export --format xml", "ingest --epoch x a", "completions tcsh",
    "calls --last many", "fly",
  ])
  func `an unknown flag, value or command is misuse`(command: String) {
    #expect(throws: (any Error).self) {
      do {
        _ = try Tollbook.parseAsRoot(command.split(separator: " ").map(String.init))
      } catch {
        #expect(CommandFault(ofCommandLine: error).exit == .misused)
        throw error
      }
    }
  }

  @Test func `every command's help ends with examples`() {
    for command in Self.everyCommand {
      let help = Tollbook.helpMessage(for: command, columns: 80)
      let examples = help.split(separator: "EXAMPLES\n", maxSplits: 1)
      #expect(examples.count == 2, "\(command)")
      #expect(examples.last?.contains("  tollbook ") == true, "\(command)")
    }
  }

  /// The root and every command below it, in the order that help lists them.
  static var everyCommand: [any ParsableCommand.Type] {
    func below(_ command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
      let configuration = command.configuration
      let own = configuration.groupedSubcommands.flatMap(\.subcommands)
      return [command] + (own.isEmpty ? configuration.subcommands : own).flatMap(below)
    }
    return below(Tollbook.self)
  }

  @Test func `every command's help reads as it is recorded`() throws {
    let text = Self.everyCommand.map { Tollbook.helpMessage(for: $0, columns: 80) + "\n" }
      .joined(separator: "\n")
    try expectGolden(text, "help.txt")
  }
}
