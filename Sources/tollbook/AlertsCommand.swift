import ArgumentParser
import Sidecar
import Store
import Units
import Watch

struct AlertsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alerts",
    abstract: "Show incidents and what was told of them, and try the receivers.",
    discussion: """
      EXAMPLES
        tollbook alerts list
        tollbook alerts show 9f3c-sk2m1
        tollbook alerts test --receiver ops
        tollbook alerts outbox
      """,
    subcommands: [AlertsList.self, AlertsShow.self, AlertsOutbox.self, AlertsTest.self])
}

struct AlertsList: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List incidents, the open ones first.",
    discussion: """
      EXAMPLES
        tollbook alerts list
        tollbook alerts list --last 500 --json
      """)

  @Option(help: ArgumentHelp("How many to list.", valueName: "count"))
  var last = 50

  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  static let lastMax = 10_000

  func answer(_ surroundings: Surroundings) throws -> Answer {
    try CommandFault.check(last: last, most: Self.lastMax, command: "alerts list")
    let incidents = try data.reader(surroundings).incidents(most: last)
    if output.json {
      return Answer(JSONText.object([("incidents", JSONText.array(incidents.map(\.json)))]) + "\n")
    }
    if incidents.isEmpty { return Answer("There was no incident.\n") }
    var table = TextTable([
      .text("incident"), .text("state"), .text("severity"), .text("rule"), .text("since"), .text("until"),
      .number("excess USD"),
    ])
    for incident in incidents {
      table.add([
        incident.id, incident.state, incident.severity, incident.rule, "\(incident.openedAt)",
        incident.closedAt.map { "\($0)" } ?? "-", "\(incident.excess)",
      ])
    }
    return Answer(table.text(output.paint(surroundings)))
  }
}

struct AlertsShow: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show an incident: who, how much, why.",
    discussion: """
      EXAMPLES
        tollbook alerts show 9f3c-sk2m1
      """)

  @Argument(help: "The incident's id, as `tollbook alerts list` shows it.")
  var incident: String

  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    guard let found = try data.reader(surroundings).incident(incident) else {
      throw CommandFault("There is no incident '\(incident)'.", try: "tollbook alerts list\(data.hint)")
    }
    if output.json { return Answer(found.json + "\n") }
    var text = "incident  \(found.id)\nstate     \(found.state)\n"
    if let by = found.ackedBy { text += "acked by  \(by)\n" }
    text += "severity  \(found.severity)\nrule      \(found.rule)\n"
    if let labels = try? JSONTree(parsing: found.labels).members {
      for label in labels {
        text += "\(label.name): \(label.value.string ?? "")\n"
      }
    }
    text += "since     \(found.openedAt)\n"
    if let closed = found.closedAt { text += "until     \(closed)\n" }
    text += "excess    \(found.excess) USD\n"
    guard let body = try? JSONTree(parsing: found.body) else { return Answer(text) }
    if let summary = body["summary"]?.string { text += "\n\(summary)\n" }
    for line in body["evidence"]?.elements ?? [] { text += "\(line.string ?? "")\n" }
    for who in body["contributors"]?.elements ?? [] {
      text += "\(who["dimension"]?.string ?? "") \(who["value"]?.string ?? ""): \(who["excess_usd"]?.string ?? "")\n"
    }
    for call in body["calls"]?.elements ?? [] { text += "call \(call.string ?? "")\n" }
    return Answer(text)
  }
}

extension IncidentRecord {
  fileprivate var json: String {
    JSONText.object([
      ("id", JSONText.quoted(id)), ("fingerprint", JSONText.quoted(fingerprint)), ("rule", JSONText.quoted(rule)),
      ("labels", labels), ("state", JSONText.quoted(state)), ("severity", JSONText.quoted(severity)),
      ("opened_at", JSONText.quoted("\(openedAt)")), ("last_at", JSONText.quoted("\(lastAt)")),
      ("closed_at", JSONText.optional(closedAt.map { "\($0)" })), ("excess", JSONText.quoted("\(excess)")),
      ("acked_by", JSONText.optional(ackedBy)), ("notice", body),
    ])
  }
}
