import Foundation
import Sidecar
import Store
import Testing

/// Dead letters after a fix: shown, replayed out of the sender's own file, accepted, dropped; by the real binary.
///
/// acme/m: 2 dollars a million in, so 1000 in are 2000 millionths.
@Suite(.serialized) struct DeadLetterTests {
  private static let good = #"{"provider":"acme","model":"m","at":"2026-11-20T10:00:00Z","units":{"input":1000}}"#
  private static let bad = #"{"provider":"acme","model":"m","units":{"input":-1}}"#
  private static let other = #"{"provider":"acme","model":"m","at":"2026-11-20T10:00:00Z","units":{"input":7}}"#

  /// A ledger whose letters are those of lines that an earlier version refused.
  private func ledger(refused lines: [String]) throws -> DaemonProcess {
    let daemon = try DaemonProcess()
    _ = try daemon.run("ingest", "-", input: Self.bad + "\n")
    let database = try Database(path: daemon.data + "/tollbook.db", mode: .readWrite)
    for line in lines {
      let digest = hex(sha256(of: line))
      try database.execute(
        "insert into dead_letter (received_us, client, reason, length, sha256) values (0, '', 'wrong_type', 9, x'\(digest)')"
      )
    }
    return daemon
  }

  private func file(_ daemon: DaemonProcess, _ lines: [String]) throws -> String {
    let path = daemon.folder + "/calls.ndjson"
    try (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private static func counts(_ lines: Int, _ matched: Int, _ settled: Int, _ again: Int, left: Int) -> String {
    "{\"lines\":\(lines),\"matched\":\(matched),\"settled\":\(settled),\"refused_again\":\(again),"
      + "\"unmatched\":\(lines - matched),\"dead_letters\":\(left)}\n"
  }

  @Test(arguments: [false, true])
  func `a replay books the lines whose letters are there, once`(besideDaemon: Bool) throws {
    let daemon = try ledger(refused: [Self.good, Self.good])
    // Three good lines of which two were refused, one that is bad for ever, one that was never refused.
    let path = try file(daemon, [Self.good, Self.other, Self.bad, Self.good, Self.good])
    if besideDaemon { try daemon.start() }
    let first = try daemon.run("dead-letters", "replay", "--json", path)
    #expect(first.out == Self.counts(5, 3, 2, 1, left: 1))
    #expect(first.status == 2)
    let again = try daemon.run("dead-letters", "replay", "--json", path)
    #expect(again.out == Self.counts(5, 1, 0, 1, left: 1))
    if besideDaemon { #expect(daemon.stop() == 0) }
    #expect(try daemon.ask("select count(*), sum(cost_n) from call") == ["2 4000000"])
    #expect(try daemon.ask("select reason from dead_letter") == ["negative_count"])
    #expect(try daemon.run("verify").status == 0)
  }

  @Test(arguments: [false, true])
  func `a call in quarantine is shown beside what is booked, and accepted once`(besideDaemon: Bool) throws {
    let daemon = try DaemonProcess()
    let call = #"{"id":"c1","team":"search","provider":"acme","model":"m","at":"2026-11-20T10:00:00Z","#
    _ = try daemon.run(
      "ingest", "-",
      input: call + #""units":{"input":1000}}"# + "\n" + call + #""units":{"input":1500,"output":10}}"# + "\n")
    let shown = try daemon.run("dead-letters", "show", "1")
    #expect(
      shown.out.hasSuffix(
        """
          id_conflict: The id was booked before with other content. Send each call under an id of its own.
          at 2026-11-20T10:00:00Z, ok, team search, route direct, provider acme, issuer acme, model m
          meter   it states  #1 has booked  more
          input        1500           1000   500
          output         10              0    10

        """), "\(shown.out)")
    if besideDaemon { try daemon.start() }
    // 1500 × 2 + 10 × 10.
    #expect(
      try daemon.run("dead-letters", "accept", "1", "--json").out
        == "{\"dead_letter\":1,\"seq\":2,\"cost\":\"0.003100000\"}\n")
    let again = try daemon.run("dead-letters", "accept", "1")
    #expect(again.status == 1)
    #expect(again.error.contains("There is no dead letter 1"))
    if besideDaemon { #expect(daemon.stop() == 0) }
    #expect(try daemon.ask("select count(*), sum(cost_n) from call") == ["2 5100000"])
    #expect(try daemon.ask("select count(*) from dead_letter") == ["0"])
    #expect(try daemon.ask("select team, calls, cost_n from spend_daily") == ["search 2 5100000"])
    #expect(try daemon.run("verify").status == 0)
  }

  @Test func `a letter that is dropped books nothing, and stays counted`() throws {
    let daemon = try ledger(refused: [Self.good])
    #expect(try daemon.run("dead-letters", "drop", "1", "2").out == "2 dead letters are gone.\n")
    #expect(try daemon.ask("select count(*) from dead_letter") == ["0"])
    #expect(try daemon.ask("select reason, lines from refusal") == ["negative_count 1"])
    #expect(try daemon.run("dead-letters", "drop", "1").status == 1)
    // Nothing is booked of a line whose letter is gone.
    let path = try file(daemon, [Self.good])
    #expect(try daemon.run("dead-letters", "replay", "--json", path).out == Self.counts(1, 0, 0, 0, left: 0))
    #expect(try daemon.ask("select count(*) from call") == ["0"])
  }

  @Test func `a line of a replay whose letter went meanwhile is not booked`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let sender = try RawSender(daemon.socket)
    sender.send(#"{"hello":{"v":1,"client":"dead-letters","epoch":1,"framing":"numbered","replay":true}}"# + "\n")
    sender.send("1 " + Self.good + "\n")
    _ = try sender.hear(#"{"ack":1}"#)
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select count(*) from call") == ["0"])
  }
}
