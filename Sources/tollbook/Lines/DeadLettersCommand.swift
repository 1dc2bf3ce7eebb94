import ArgumentParser
import Audit
import Calls
import Store
import Units

struct DeadLettersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dead-letters",
    abstract: "Show lines that became no call, say why, and book or drop them.",
    discussion: """
      EXAMPLES
        tollbook dead-letters list
        tollbook dead-letters show 17
        tollbook dead-letters replay calls.ndjson
        tollbook dead-letters accept 17
      """,
    subcommands: [
      DeadLettersList.self, DeadLettersShow.self, DeadLettersReplay.self, DeadLettersAccept.self, DeadLettersDrop.self,
    ])
}

struct DeadLettersList: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the lines that were refused, the latest first.",
    discussion: """
      Of a refused line the ledger keeps the reason, the length and a hash; never what it said.

      EXAMPLES
        tollbook dead-letters list
        tollbook dead-letters list --last 500 --json
      """)

  @Option(help: ArgumentHelp("How many to list.", valueName: "count"))
  var last = 50

  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  private static let lastMax = 100_000

  func answer(_ surroundings: Surroundings) throws -> Answer {
    try CommandFault.check(last: last, most: Self.lastMax, command: "dead-letters list")
    let reader = try data.reader(surroundings)
    let letters = try reader.deadLetters(last)
    if output.json {
      return Answer(
        JSONText.object([("dead_letters", JSONText.array(letters.map(\.json)))]) + "\n")
    }
    if letters.isEmpty { return Answer("No line was refused.\n") }
    var table = TextTable([
      .number("id"), .text("received"), .text("sender"), .number("n"), .text("reason"),
      .number("bytes"), .text("sha256"),
    ])
    for letter in letters {
      table.add([
        "\(letter.id)", "\(letter.received)", letter.client.orNone,
        letter.number.map { "\($0)" } ?? "-", letter.reason, NumberText.grouped(letter.length),
        String(letter.sha256.prefix(12)),
      ])
    }
    var text = table.text(output.paint(surroundings)) + "\n"
    for reason in Set(letters.map(\.reason)).sorted() {
      if let refusal = Refusal(rawValue: reason) { text += "\(reason): \(refusal.explanation)\n" }
    }
    return Answer(text)
  }
}

extension DeadLetterRecord {
  fileprivate var json: String { JSONText.object(members) }

  /// The members that a letter has in every answer.
  var members: [(name: String, json: String)] {
    [
      ("id", "\(id)"), ("received_at", JSONText.quoted("\(received)")),
      ("client", client.isEmpty ? "null" : JSONText.quoted(client)),
      ("n", number.map { "\($0)" } ?? "null"), ("reason", JSONText.quoted(reason)),
      ("explanation", JSONText.optional(Refusal(rawValue: reason)?.explanation)),
      ("length", "\(length)"), ("sha256", JSONText.quoted(sha256)), ("facts", facts ?? "null"),
    ]
  }
}
