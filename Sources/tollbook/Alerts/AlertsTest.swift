import ArgumentParser
import Sidecar
import Store
import Units
import Watch

struct AlertsTest: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Send a test notice to the receivers now, and say what each answered.",
    discussion: """
      Sends straight from here, beside a daemon or without one; nothing is written into the ledger. \
      Exits with 2 when a receiver did not take it.

      EXAMPLES
        tollbook alerts test
        tollbook alerts test --receiver ops
      """)

  @Option(help: ArgumentHelp("One receiver alone.", valueName: "name"))
  var receiver: String?

  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let settings = try Settings.load(surroundings)
    let wanted = settings.receivers.filter { receiver == nil || $0.name == receiver }
    guard !wanted.isEmpty else {
      let fact = receiver.map { "No receiver '\($0)' is configured." } ?? "No receiver is configured."
      throw CommandFault("\(fact) docs/alerts.md says how.", try: "tollbook config")
    }
    let notice = Self.notice(at: surroundings.now)
    var rows: [(Receiver, DeliveryAnswer, Bool)] = []
    for (receiver, access) in try Settings.receivers(settings) where wanted.contains(receiver) {
      surroundings.progress("\(receiver.name): sending")
      let row = OutboxRow(
        id: 0, notice: notice.id, incident: notice.incident, kind: .test,
        body: Delivery.body(notice, for: receiver), madeAt: surroundings.now, attempts: 0, doubts: 0,
        isRepeated: false)
      let answer = Delivery(receiver, access: access).send(row, now: surroundings.now)
      let step = DeliveryPlan.step(
        answer, from: receiver.kind, of: .test, attempts: 1, doubts: 0, settledAt: surroundings.now,
        now: surroundings.now, seed: 0)
      rows.append((receiver, answer, step == .sent))
    }
    surroundings.progress("")
    let exit: ExitStatus = rows.allSatisfy(\.2) ? .clean : .found
    if output.json {
      let lines = rows.map { receiver, answer, isTaken in
        JSONText.object([
          ("receiver", JSONText.quoted(receiver.name)), ("kind", JSONText.quoted(receiver.kind.rawValue)),
          ("taken", "\(isTaken)"), ("answer", JSONText.quoted(answer.name)), ("words", JSONText.quoted(answer.words)),
        ])
      }
      return Answer(JSONText.object([("receivers", JSONText.array(lines))]) + "\n", exit: exit)
    }
    var table = TextTable([.text("receiver"), .text("kind"), .text("taken"), .text("answer"), .text("words")])
    for (receiver, answer, isTaken) in rows {
      table.add([
        receiver.name, receiver.kind.rawValue, isTaken ? "yes" : "no", answer.name,
        answer.words.isEmpty ? "-" : answer.words,
      ])
    }
    return Answer(table.text(output.paint(surroundings)), exit: exit)
  }

  /// A notice of no incident, whose id is new with each second.
  private static func notice(at now: Timestamp) -> Notice {
    let incident = "test-\(now.microseconds / Timestamp.microsecondsPerSecond)"
    return Notice(
      id: Notice.id(incident: incident, kind: .test), incident: incident, fingerprint: "test", kind: .test,
      severity: .info, rule: "test", labels: [], since: now, at: now,
      summary: "A test of Tollbook's alerts: nothing is wrong.")
  }
}
