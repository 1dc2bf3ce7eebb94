import Foundation
import Testing

/// A real daemon with an incident, and a person at a terminal who deals with it.
@Suite(.serialized) struct ActDaemonTests {
  /// Waits until the daemon has done something; for as long as it takes, up to half a minute.
  private func wait(_ daemon: DaemonProcess, for sql: String, _ wanted: String) throws {
    for _ in 0..<600 where try daemon.ask(sql) != [wanted] { usleep(50_000) }
    #expect(try daemon.ask(sql) == [wanted], "\(sql)\n\(daemon.log)")
  }

  @Test func `an incident is acknowledged, silenced, judged and ended from the terminal`() throws {
    let watch = WatchDaemonTests()
    let daemon = try DaemonProcess()
    try watch.configure(daemon)
    try watch.fill(daemon)
    try daemon.start()
    try wait(daemon, for: "select count(*) from incident where rule = 'spend_spike' and state = 'firing'", "1")
    let id = try daemon.ask("select id from incident where rule = 'spend_spike'")[0]
    func say(_ words: String...) throws -> DaemonProcess.Run { try daemon.run(["alerts"] + words + ["--by", "ann"]) }

    let ack = try say("ack", String(id.prefix(9)))
    #expect(ack.out == "ann has \(id): it is repeated no more; its growth and its end are told.\n", "\(ack)")
    #expect(try daemon.ask("select state, acked_by from incident where id = '\(id)'") == ["acked ann"])
    let silence = try say("silence", "team=search", "model!=large", "--for", "2h", "--reason", "load test")
    #expect(silence.out.hasPrefix("Silence 2: team=search model!=large until 20"), "\(silence)")
    #expect(try daemon.run("alerts", "silences").out.contains("team=search model!=large"))
    let list = try daemon.run("alerts", "list", "--json").out
    #expect(list.contains("\"acked_by\":\"ann\",\"silenced_until\":\"20"), "\(list)")
    #expect(try say("feedback", id, "no").out.hasPrefix("Noted: for 30 days it takes more"))
    #expect(try say("unsilence", "2").out == "Silence 2 is over: what still fires is told.\n")
    #expect(try daemon.ask("select count(*) from silence") == ["0"])
    #expect(try say("feedback", id, "planned").out.hasPrefix("Noted: the like of \(id) is silent until 20"))
    #expect(try daemon.ask("select id, reason from silence") == ["5 planned"])
    // What had been told of tells its end, silence or not.
    #expect(try say("resolve", id).out == "\(id) is over: those who were told of it are told so.\n")
    #expect(try daemon.ask("select state from incident where id = '\(id)'") == ["resolved"])
    try wait(daemon, for: "select count(*) from outbox where state = 'due'", "0")
    let ends = watch.told(daemon).filter { $0.contains("alert.resolved") && $0.contains(id) }
    #expect(ends.count == 1, "\(watch.told(daemon))")

    let late = try say("ack", id)
    #expect(late.status == 1 && late.error.hasPrefix("tollbook: Incident \(id) has been over since "))
    // What the watch itself refuses is its answer.
    _ = try daemon.post(
      #"{"kind":"ack","author":"eve","incident":"gone-1"}"#, to: "/v1/alerts/acts", type: "application/json")
    try wait(daemon, for: "select count(*) from act where answer is null", "0")
    #expect(
      try daemon.ask("select id, author, kind, answer from act") == [
        "1 ann ack done", "2 ann silence done", "3 ann feedback done", "4 ann unsilence done", "5 ann feedback done",
        "6 ann resolve done", "7 eve ack There is no incident gone-1. List those that there are.",
      ])
    let shown = try daemon.run("alerts", "show", id).out
    #expect(shown.contains("feedback planned  done") && shown.contains("ann  resolve"), "\(shown)")
    #expect(daemon.stop() == 0)
    // Said while nobody runs, it waits in the ledger, and the next daemon answers it.
    #expect(
      try say("silence", "rule=latency", "--for", "1d", "--reason", "move").out.hasPrefix("Kept as act 8. No daemon"))
    #expect(try daemon.run("alerts", "silences").out.contains("planned"))
    try daemon.start()
    try wait(daemon, for: "select answer from act where id = 8", "done")
    #expect(try daemon.ask("select id from silence order by id") == ["5", "8"])
    #expect(daemon.stop() == 0)
    #expect(try daemon.run("verify").status == 0)
  }
}
