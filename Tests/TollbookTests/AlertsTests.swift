import Foundation
import Sidecar
import Store
import TestSupport
import Testing
import Units
import Watch

@testable import tollbook

/// What the commands about alerts print, word for word.
@Suite struct AlertsTests {
  private static let now = Timestamp("2026-11-21T12:00:00Z") ?? Timestamp(microseconds: 0)

  /// Spent $1.50 where $0.25 were expected.
  private func notice(_ kind: Notice.Kind, _ incident: String, minutes: Int64) -> Notice {
    let at = Timestamp(microseconds: Self.now.microseconds + minutes * 60_000_000)
    return Notice(
      id: Notice.id(incident: incident, kind: kind), incident: incident, fingerprint: incident, kind: kind,
      severity: .warning, rule: "spend_spike", labels: [Notice.Label("team", "search")], since: Self.now,
      until: kind == .resolved ? at : nil, at: at, summary: "search: $1.25 above expected in 1 h",
      impact: Notice.Impact(
        actual: Amount(nanos: 1_500_000_000), expected: Amount(nanos: 250_000_000),
        projectedDay: Amount(nanos: 30_000_000_000), windowSeconds: 3_600),
      contributors: [Notice.Contributor(dimension: "key", value: "svc-7", excess: Amount(nanos: 1_250_000_000))],
      evidence: ["Calls are 6 times what they were."], calls: ["c1"])
  }

  /// Two incidents: one told and over, one that a receiver refused.
  private func fill(_ sample: borrowing SampleLedger) throws {
    let writer = try LedgerWriter(folder: sample.folder, now: Self.now)
    defer { writer.close() }
    func post(_ notice: Notice, to receiver: String) throws {
      _ = try writer.post(notice, to: [OutboxLetter(receiver: receiver, body: Array("{}".utf8))], at: notice.at)
    }
    func settle(_ receiver: String, _ step: DeliveryPlan.Step, _ status: String) throws {
      let row = try #require(
        try LedgerReader(folder: sample.folder).dueRows(
          of: receiver, at: Timestamp("2026-11-22") ?? Self.now, most: 1
        ).first)
      try writer.settle(row, of: receiver, step, status: status, at: row.madeAt)
    }
    try post(notice(.firing, "9f3c-1", minutes: 0), to: "ops")
    try settle("ops", .sent, "200")
    try post(notice(.resolved, "9f3c-1", minutes: 30), to: "ops")
    try settle("ops", .retry(at: Timestamp("2026-11-21T12:30:05Z") ?? Self.now, inDoubt: false), "503")
    try post(notice(.firing, "77aa-2", minutes: 10), to: "chat")
    try settle("chat", .dead(.refused), "404")
    #expect(try writer.acknowledge(incident: "77aa-2", by: "ann"))
    #expect(try !writer.acknowledge(incident: "9f3c-1", by: "ann"))
  }

  @Test func `commands about alerts read as they did`() throws {
    let sample = try SampleLedger()
    var text = ""
    func ask(_ command: String) throws {
      let answer = try sample.ask(command.split(separator: " ").map(String.init))
      text += "$ tollbook \(command)\n\(sample.scrubbed(answer.out))"
      if answer.exit != .clean { text += "(exits with \(answer.exit.rawValue))\n" }
      text += "\n"
    }
    for command in ["alerts list", "alerts outbox", "alerts test", "alerts test --receiver ops"] { try ask(command) }
    try fill(sample)
    for command in [
      "alerts list", "alerts list --json", "alerts show 77aa-2", "alerts show 9f3c-1 --json", "alerts show gone",
      "alerts outbox", "alerts outbox --json", "alerts outbox --all",
    ] { try ask(command) }
    try expectGolden(text, "alerts.txt")
  }

  /// Notes answers as the watch does, and what came of them.
  private func watch(
    _ sample: borrowing SampleLedger, _ body: (Database) throws(StoreFault) -> Void
  ) throws {
    let writer = try LedgerWriter(folder: sample.folder, now: Self.now)
    defer { writer.close() }
    _ = try writer.post(notice(.test, "t-1", minutes: 0), to: [], at: Self.now, beside: body)
  }

  @Test func `what people say of alerts reads as it did`() throws {
    let sample = try SampleLedger()
    try fill(sample)
    var text = ""
    func say(_ command: String, by author: [String] = ["--by", "ann"]) throws {
      let answer = try sample.ask(command.split(separator: " ").map(String.init) + author)
      text += "$ tollbook \(command)\n\(sample.scrubbed(answer.out))"
      if answer.exit != .clean { text += "(exits with \(answer.exit.rawValue))\n" }
      text += "\n"
    }
    try say("alerts silences", by: [])
    for command in [
      "alerts ack 77", "alerts ack 9f3c-1", "alerts resolve 77aa-3", "alerts ack gone",
      "alerts feedback 77aa-2 maybe", "alerts feedback 77aa-2 no --until tomorrow",
      "alerts feedback 77aa-2 planned --until yesterday", "alerts feedback 77aa-2 planned --until tomorrow",
      "alerts feedback 9f3c no --json", "alerts silence team=search --for 2h", "alerts silence --for 2h --reason x",
      "alerts silence taem!=x --for 2h --reason x", "alerts silence team=search --reason x",
      "alerts silence team=search --for soon --reason x", "alerts silence team=search --for 400d --reason x",
      "alerts silence team=search key^=svc- --for 1d12h --reason move", "alerts unsilence 9",
    ] { try say(command) }
    let silence = try Silence(
      id: 4, [Silence.Matcher("team=search"), Silence.Matcher("key!=svc-1")], from: Self.now,
      to: Timestamp("2026-11-23") ?? Self.now, author: "ann", reason: "move")
    let now = Self.now
    try watch(sample) { (database) throws(StoreFault) in
      try database.execute("update act set answer = 'done' where id = 1")
      try database.execute("update act set answer = 'There is no incident.' where id = 2")
      try LedgerWriter.add(silence, at: now, database)
    }
    for command in [
      "alerts silences", "alerts silences --json", "alerts list", "alerts show 77aa-2", "alerts show 77aa-2 --json",
    ] { try say(command, by: []) }
    try say("alerts unsilence 4")
    try expectGolden(text, "alerts-acts.txt")
  }

  @Test(arguments: [
    ("30m", 1_800), ("2h", 7_200), ("1d12h", 129_600), ("2w", 1_209_600), ("90s", 90), ("0m", 0), ("", nil), ("2", nil),
    ("h", nil), ("-2h", nil), ("2 h", nil), ("2y", nil), ("99999999999999999999h", nil), ("9999999999999h", nil),
    ("9000000000000s9000000000000s", nil),
  ])
  func `a length of time is numbers each with its unit`(text: String, seconds: Int64?) {
    #expect(SilenceSpan.microseconds(text) == seconds.map { $0 * 1_000_000 })
  }

  @Test func `each receiver's answer to a test is told`() throws {
    let server = try LocalServer { connection, _ in connection == 0 ? .status(200, "ok") : .status(404, "no_service") }
    defer { server.stop() }
    let sample = try SampleLedger([])
    try """
    receiver.ops = slack \(server.address)/services/hidden
    receiver.old = slack \(server.address)/services/hidden
    receiver.run = command /bin/false
    """.write(toFile: sample.folder + "/tollbook.conf", atomically: true, encoding: .utf8)
    var text = ""
    for command in ["alerts test", "config", "config --json"] {
      let answer = try sample.ask(command.split(separator: " ").map(String.init))
      let lines = answer.out.split(separator: "\n", omittingEmptySubsequences: false).filter {
        $0.contains("receiver") || command == "alerts test"
      }
      text += "$ tollbook \(command)\n"
      text += sample.scrubbed(lines.joined(separator: "\n")).replacing(":\(server.port)", with: ":PORT") + "\n"
      if answer.exit != .clean { text += "(exits with \(answer.exit.rawValue))\n" }
    }
    #expect(!text.contains("hidden"))
    try expectGolden(
      text.split(separator: "\n").map { $0.replacing(#/ {2,}/#, with: "  ") }.joined(separator: "\n") + "\n",
      "alerts-test.txt")
  }
}
