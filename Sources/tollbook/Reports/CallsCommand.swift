import ArgumentParser
import Audit
import Books
import Calls
import Store
import Units

struct CallsCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "calls",
    abstract: "Look a call up, and show why it cost what it cost.",
    discussion: """
      Without an id: the last calls booked. With one: every step from quantities and rates to the \
      booked amount, with the card and its source. Looking up by id reads every call, because ids \
      have no index; by number (#12) it is at once.

      EXAMPLES
        tollbook calls
        tollbook calls chatcmpl-8f2a
        tollbook calls '#12' --json
      """)

  @Argument(
    help: ArgumentHelp(
      "The caller's id, the provider's, or # and the number of the ledger.", valueName: "id"))
  var id: String?

  @Option(help: ArgumentHelp("How many to list without an id.", valueName: "count"))
  var last = 20

  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  /// Calls that are listed at most.
  private static let lastMax = 10_000

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let reader = try data.reader(surroundings)
    guard let id else { return try list(reader, surroundings) }
    let explanation = try reader.explanation(of: CallName(id))
    guard !explanation.rows.isEmpty else {
      if output.json { return Answer(explanation.json(asked: id) + "\n", exit: .failed) }
      throw CommandFault("No call has the id '\(id)'.", try: "tollbook calls\(data.hint)")
    }
    if output.json { return Answer(explanation.json(asked: id) + "\n") }
    return Answer(explanation.text(output.paint(surroundings)))
  }

  private func list(_ reader: LedgerReader, _ surroundings: Surroundings) throws -> Answer {
    try CommandFault.check(last: last, most: Self.lastMax, command: "calls")
    let calls = try reader.lastCalls(last)
    if output.json {
      let list = calls.map { JSONText.object($0.jsonMembers) }
      return Answer(JSONText.object([("calls", JSONText.array(list))]) + "\n")
    }
    guard let latest = calls.first else {
      return Answer(
        "The ledger at \(reader.folder) holds no calls yet.\n",
        hints: ["Book some: tollbook ingest\(data.hint) FILE"])
    }
    var table = TextTable([
      .number("call"), .text("at"), .text("team"), .text("route"), .text("provider"),
      .text("model"), .text("state"), .number("cost USD"),
    ])
    for call in calls {
      let subject = call.dimension.subject
      table.add([
        "#\(call.seq)", "\(call.at)", subject.team.orNone, subject.route.orNone,
        subject.provider.orNone, subject.model.orNone,
        call.outcome == .ok ? call.state.name : "\(call.outcome.name), \(call.state.name)",
        call.cost.map { NumberText.grouped("\($0)") } ?? "-",
      ])
    }
    return Answer(
      table.text(output.paint(surroundings)),
      hints: ["Why one cost what it cost: tollbook calls\(data.hint) '#\(latest.seq)'"])
  }
}

extension String {
  /// The text, or a word that says there is none.
  var orNone: String { isEmpty ? "(none)" : self }
}
