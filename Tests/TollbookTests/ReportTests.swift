import ArgumentParser
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
      "export --format csv --from 2026", "rates show larje", "rates check --pricing /no/such",
    ] {
      let answer = try sample.ask(command.split(separator: " ").map(String.init))
      text += "$ tollbook \(command)\n\(answer.out)"
      if answer.exit != .misused { text += "(exits with \(answer.exit.rawValue))\n" }
      text += "\n"
    }
    try expectGolden(text, "misuse.txt")
  }

  @Test func `every command's help reads as it is recorded`() throws {
    var text = Tollbook.helpMessage(columns: 80) + "\n"
    let commands: [any ParsableCommand.Type] = [
      ServeCommand.self, IngestCommand.self, SpendCommand.self, CompareCommand.self,
      CallsCommand.self, StatusCommand.self,
      VerifyCommand.self, ExportCommand.self, DeadLettersCommand.self, DeadLettersList.self,
      PriceCommand.self, RatesCommand.self, RatesList.self, RatesCheck.self, RatesShow.self,
      ConfigCommand.self,
      CompletionsCommand.self,
    ]
    for command in commands {
      text += "\n" + Tollbook.helpMessage(for: command, columns: 80) + "\n"
    }
    try expectGolden(text, "help.txt")
  }
}
