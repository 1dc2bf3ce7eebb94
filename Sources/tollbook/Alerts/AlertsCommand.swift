import ArgumentParser
import Sidecar
import Store
import Units
import Watch

struct AlertsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alerts",
    abstract: "Show incidents and what was told of them, say who has them, silence them, and try the receivers.",
    discussion: """
      An incident's id may be shortened as long as no other begins so.

      EXAMPLES
        tollbook alerts list
        tollbook alerts show 9f3c
        tollbook alerts ack 9f3c
        tollbook alerts silence team=search --for 2h --reason "load test"
        tollbook alerts feedback 9f3c planned
        tollbook alerts test --receiver ops
        tollbook alerts outbox
      """,
    subcommands: [
      AlertsList.self, AlertsShow.self, AlertsAck.self, AlertsResolve.self, AlertsSilence.self, AlertsSilences.self,
      AlertsUnsilence.self, AlertsFeedback.self, AlertsOutbox.self, AlertsTest.self,
    ])
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
    let reader = try data.reader(surroundings)
    let incidents = try reader.incidents(most: last)
    let silences = try reader.silences(at: surroundings.now)
    func silencedUntil(_ incident: IncidentRecord) -> Timestamp? {
      silences.filter { $0.from <= surroundings.now && incident.falls(under: $0) }.map(\.to).max()
    }
    if output.json {
      let rows = incidents.map { JSONText.object($0.members(silencedUntil: silencedUntil($0))) }
      return Answer(JSONText.object([("incidents", JSONText.array(rows))]) + "\n")
    }
    if incidents.isEmpty { return Answer("There was no incident.\n") }
    var table = TextTable([
      .text("incident"), .text("state"), .text("severity"), .text("rule"), .text("who"), .text("since"), .text("until"),
      .number("excess USD"), .text("who has it"), .text("silenced until"),
    ])
    for incident in incidents {
      table.add([
        incident.id, incident.state, incident.severity, incident.rule, incident.who, "\(incident.openedAt)",
        incident.closedAt.map { "\($0)" } ?? "-", incident.excess == .zero ? "-" : "\(incident.excess)",
        incident.ackedBy ?? "-", silencedUntil(incident).map { "\($0)" } ?? "-",
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
        tollbook alerts show 9f3c --json
      """)

  @Argument(help: "The incident's id, as `tollbook alerts list` shows it, or its beginning.")
  var incident: String

  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let reader = try data.reader(surroundings)
    let found = try reader.incident(named: incident, data)
    let acts = try reader.acts(on: found.id)
    let silences = try reader.silences(at: surroundings.now)
      .filter { $0.from <= surroundings.now && found.falls(under: $0) }
    if output.json {
      let members = found.members(silencedUntil: silences.map(\.to).max())
      return Answer(JSONText.object(members + [("acts", JSONText.array(acts.map(\.json)))]) + "\n")
    }
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
    if found.excess != .zero { text += "excess    \(found.excess) USD\n" }
    for silence in silences { text += "silenced  until \(silence.to) (silence \(silence.id))\n" }
    let said = acts.isEmpty ? "" : "\n" + acts.table(output.paint(surroundings))
    guard let body = try? JSONTree(parsing: found.body) else { return Answer(text + said) }
    if let summary = body["summary"]?.string { text += "\n\(summary)\n" }
    for line in body["evidence"]?.elements ?? [] { text += "\(line.string ?? "")\n" }
    for who in body["contributors"]?.elements ?? [] {
      text += "\(who["dimension"]?.string ?? "") \(who["value"]?.string ?? ""): \(who["excess_usd"]?.string ?? "")\n"
    }
    for call in body["calls"]?.elements ?? [] { text += "call \(call.string ?? "")\n" }
    return Answer(text + said)
  }
}

extension IncidentRecord {
  /// Whether it is open, and a silence is of it.
  func falls(under silence: Silence) -> Bool {
    guard closedAt == nil, let labels = try? JSONTree(parsing: labels) else { return false }
    return silence.matches(rule: rule) { labels[$0]?.string }
  }

  /// `model=large team=search`; a dash where it is of everybody.
  fileprivate var who: String {
    let labels = (try? JSONTree(parsing: labels))?.members ?? []
    return labels.isEmpty ? "-" : labels.map { "\($0.name)=\($0.value.string ?? "")" }.joined(separator: " ")
  }

  fileprivate func members(silencedUntil: Timestamp?) -> [(name: String, json: String)] {
    [
      ("id", JSONText.quoted(id)), ("fingerprint", JSONText.quoted(fingerprint)), ("rule", JSONText.quoted(rule)),
      ("labels", labels), ("state", JSONText.quoted(state)), ("severity", JSONText.quoted(severity)),
      ("opened_at", JSONText.quoted("\(openedAt)")), ("last_at", JSONText.quoted("\(lastAt)")),
      ("closed_at", JSONText.optional(closedAt.map { "\($0)" })), ("excess", JSONText.quoted("\(excess)")),
      ("acked_by", JSONText.optional(ackedBy)), ("silenced_until", JSONText.optional(silencedUntil.map { "\($0)" })),
      ("notice", body),
    ]
  }
}
