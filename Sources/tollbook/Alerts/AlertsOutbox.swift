import ArgumentParser
import Store
import Units

struct AlertsOutbox: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "outbox",
    abstract: "List what is to be told yet, and what was given up.",
    discussion: """
      The state of an alert that Alertmanager is told again and again stays due while the alert lasts. \
      Exits with 2 when something was given up.

      EXAMPLES
        tollbook alerts outbox
        tollbook alerts outbox --all --json
      """)

  @Flag(help: "What was sent as well.")
  var all = false
  @Option(help: ArgumentHelp("How many to list.", valueName: "count"))
  var last = 100

  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    try CommandFault.check(last: last, most: AlertsList.lastMax, command: "alerts outbox")
    let rows = try data.reader(surroundings).outbox(all: all, most: last)
    let exit: ExitStatus = rows.contains { $0.state == "dead" } ? .found : .clean
    if output.json {
      var answer = Answer(JSONText.object([("outbox", JSONText.array(rows.map(\.json)))]) + "\n")
      answer.exit = exit
      return answer
    }
    if rows.isEmpty { return Answer("Nothing is due, and nothing was given up.\n") }
    var table = TextTable([
      .number("id"), .text("notice"), .text("receiver"), .text("state"), .number("failed"), .text("made"),
      .text("next"), .text("last answer"),
    ])
    for row in rows {
      table.add([
        "\(row.id)", row.notice, row.receiver, row.state == "due" && row.deliveredAt != nil ? "told again" : row.state,
        "\(row.attempts)", "\(row.madeAt)", row.state == "due" ? "\(row.nextAt)" : "-", row.lastStatus ?? "-",
      ])
    }
    return Answer(table.text(output.paint(surroundings)), exit: exit)
  }
}

extension OutboxRecord {
  fileprivate var json: String {
    JSONText.object([
      ("id", "\(id)"), ("notice", JSONText.quoted(notice)), ("incident", JSONText.quoted(incident)),
      ("receiver", JSONText.quoted(receiver)), ("kind", JSONText.quoted(kind)),
      ("made_at", JSONText.quoted("\(madeAt)")), ("state", JSONText.quoted(state)),
      ("failed_attempts", "\(attempts)"),
      ("next_at", state == "due" ? JSONText.quoted("\(nextAt)") : "null"),
      ("delivered_at", JSONText.optional(deliveredAt.map { "\($0)" })),
      ("last_answer", JSONText.optional(lastStatus)),
    ])
  }
}
