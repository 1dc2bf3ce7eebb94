import Foundation
import Store
import Testing
import Units
import Watch

@testable import Sidecar

/// A real daemon that finds a loop in the ledger's last hour, and a program that is told of it.
@Suite(.serialized) struct WatchDaemonTests {
  static let kills = Int(ProcessInfo.processInfo.environment["SOAK_CYCLES"] ?? "").map { min($0, 50) } ?? 8

  /// Two days of a dime every five minutes up to now, and in the last 50 minutes three dollars more each.
  func fill(_ daemon: DaemonProcess) throws {
    let now = Int(Date().timeIntervalSince1970)
    var lines: [String] = []
    func add(_ id: String, _ at: Int) {
      lines.append(
        #"{"id":"\#(id)","at":\#(at),"team":"search","key":"ci","provider":"acme","model":"m","units":{"input":50000}}"#
      )
    }
    for bucket in stride(from: now - 2 * 86_400, to: now, by: 300) { add("c\(bucket)", bucket) }
    for bucket in stride(from: now - 3_000, to: now, by: 300) {
      for call in 0..<30 { add("loop\(bucket)-\(call)", bucket + call) }
    }
    let run = try daemon.run(["ingest", "-"], input: lines.joined(separator: "\n") + "\n")
    #expect(run.status == 0, "\(run.error)")
  }

  /// A receiver that writes each message to a file of its own name.
  func configure(_ daemon: DaemonProcess) throws {
    let folder = daemon.folder + "/.config/tollbook"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let program = daemon.folder + "/on-alert"
    try "#!/bin/sh\ncat >> \(daemon.folder)/told\necho >> \(daemon.folder)/told\n"
      .write(toFile: program, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program)
    try "receiver.run = command \(program)\nbudget.search = 10 team=search\n"
      .write(toFile: folder + "/tollbook.conf", atomically: true, encoding: .utf8)
  }

  func told(_ daemon: DaemonProcess) -> [String] {
    ((try? String(contentsOfFile: daemon.folder + "/told", encoding: .utf8)) ?? "").split(separator: "\n").map(
      String.init)
  }

  private static func event(_ line: String) -> String? {
    line.firstMatch(of: #/"event_id":"([^"]+)"/#).map { String($0.1) }
  }

  @Test func `a loop in the last hour reaches a program, with who and how much, through kills`() throws {
    let daemon = try DaemonProcess()
    try configure(daemon)
    try fill(daemon)
    // Each start learns anew until a round is on disk; no start tells what another has told.
    for cycle in 0..<Self.kills {
      try daemon.start()
      usleep(UInt32(cycle * 40_000))
      daemon.kill()
    }
    try daemon.start()
    for _ in 0..<600 {
      if try daemon.ask("select count(*) from outbox where state = 'due'") == ["0"], !told(daemon).isEmpty { break }
      usleep(50_000)
    }
    let rows = try daemon.ask("select event_id from outbox order by id")
    #expect(Set(rows).count == rows.count && !rows.isEmpty)
    let lines = told(daemon)
    let spikes = lines.filter { $0.contains(#""rule":"spend_spike""#) && $0.contains(#""type":"alert.firing""#) }
    // A repeat on the wire has the id and the bytes of the first.
    #expect(Set(spikes.compactMap(Self.event)).count == 1 && Set(spikes).count == 1)
    let spike = try #require(spikes.first)
    #expect(
      spike.contains(#""summary":"team search, model m: $"#) && spike.contains(#""dimension":"key","value":"ci""#))
    #expect(spike.contains(##""calls":["#"##))
    // 577 buckets and 10 loops of 30 calls, a dime each: more than the month's ten dollars.
    // Of thresholds that were passed before it watched, the highest is told.
    let thresholds = lines.filter { $0.contains(#""rule":"budget_threshold""#) }
    #expect(!thresholds.isEmpty && thresholds.allSatisfy { $0.contains("budget search: 120 % is reached in ") })
    let watched = try daemon.run("status", "--json").out
    #expect(watched.contains(#""watched_to":"20"#))
    #expect(daemon.stop() == 0)
    #expect(daemon.log.contains("event=ledger_closed"))
    #expect(try daemon.run("verify").status == 0)
  }

  @Test func `a watch that is turned off keeps nothing`() throws {
    let daemon = try DaemonProcess()
    let folder = daemon.folder + "/.config/tollbook"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try "watch = off\n".write(toFile: folder + "/tollbook.conf", atomically: true, encoding: .utf8)
    try daemon.start()
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select count(*) from watch_state") == ["0"])
    #expect(try daemon.run("status", "--json").out.contains(#""watched_to":null"#))
  }

  @Test(arguments: [
    ("budget.a b = 5", "budget.a b: 'a b' is no name."), ("budget.x = 0", "budget.x: '0' is no amount of dollars"),
    ("budget.x = 5 tema=search", "budget.x: 'tema=search' names no calls. Did you mean team=…?"),
    ("budget.x = 5 team=a team=b", "budget.x: 'team' stands there twice."), ("watch = maybe", "'watch' is maybe"),
    ("planned.x = 2026-12-01T08:00:00Z", "planned.x: The window is none."),
    ("planned.x = 2026-12-01T08:00:00Z 2026-12-01T07:00:00Z 2", "'2026-12-01T07:00:00Z' is no instant, or not after"),
    ("planned.x = 2026-12-01T08:00:00Z 2026-12-01T09:00:00Z x", "'x' is no factor."),
    ("planned.x = 2026-12-01T08:00:00Z 2026-12-01T09:00:00Z 2 team=a route=b", "No series is of team and route."),
    ("budget.x = 5\nbudget.x = 6", "'budget.x' was set before, at t.conf:1. Delete one."),
  ])
  func `a line that cannot be meant is told with its place`(line: String, fault: String) {
    do {
      _ = try Configuration(flags: [:], environment: [:], file: ("t.conf", line))
      Issue.record("taken: \(line)")
    } catch {
      #expect(error.description.contains(fault), "\(error.description)")
    }
  }

  @Test func `budgets and planned windows become what the watch goes by`() throws {
    let text = """
      budget.all = 5000
      budget.search-large = 99.50 team=search model=large   # of the search team
      planned.launch = 2026-12-01T08:00:00+01:00 2026-12-01T20:00:00Z 5 model=large team=search
      planned.freeze = 2026-12-24T00:00:00Z 2026-12-27T00:00:00Z 0.2
      """
    let configuration = try Configuration(flags: [:], environment: [:], file: ("t.conf", text))
    let budgets = configuration.budgets.compactMap { $0.budget(in: .utc) }
    #expect(budgets.map(\.name) == ["all", "search-large"])
    #expect(budgets.map(\.amount.nanos) == [5_000_000_000_000, 99_500_000_000])
    #expect(budgets[1].labels == [IncidentKey.Label("model", "large"), IncidentKey.Label("team", "search")])
    #expect(configuration.planned.map(\.multiplier) == [5, 0.2])
    #expect(configuration.planned[0].from == Timestamp("2026-12-01T07:00:00Z"))
    #expect(configuration.planned.map(\.series) == [SeriesKey(.teamModel, "search", "large"), nil])
  }
}
