import Foundation
import TestSupport
import Testing

/// Whatever is done to the daemon, what it acknowledged is booked exactly once, with its own amount.
///
/// In the manner of Vector's tests under Antithesis: an obligation is noted when a call is acknowledged, over whichever
/// door; faults come by seeded dice; then, without faults, a judge reads the ledger.
@Suite(.serialized) struct DeliveryOracleTests {
  /// Steps with faults: 1,500 in the suite; `SOAK_CYCLES=1000` for 100,000 in a run of `make soak`.
  static let steps = (Int(ProcessInfo.processInfo.environment["SOAK_CYCLES"] ?? "").map { $0 * 100 }) ?? 1_500

  @Test func `what was acknowledged over any door is booked once, and nothing else`() throws {
    var run = try DeliveryRun(seed: KillTests.seed)
    for step in 1...Self.steps {
      try run.step()
      if step % 10_000 == 0 { print("\(step) steps, \(run.obligations.owed.count) calls acknowledged") }
    }
    run.settle()
    #expect(run.surprises == [])
    #expect(run.daemon.stop() == 0)
    let rows = try run.rows()
    #expect(run.obligations.faults(in: rows) == [])
    // A run in which little happened proves little.
    if run.clock == nil { print("The clock was not stepped: libfaketime is not installed (Debian: faketime).") }
    #expect(run.obligations.missing(3, but: run.clock == nil ? [.clockSteps] : []) == [])
    #expect(run.obligations.owed.count > Self.steps)
    if run.clock != nil {
      // The steps were the daemon's own: years lie between its first batch and its last.
      let days = "(max(committed_us) - min(committed_us)) / 86400000000 > 365"
      #expect(try run.daemon.ask("select \(days) from batch") == ["1"])
    }
    #expect(try run.daemon.ask("select sum(replays) > 0, sum(gaps) from mark") == ["1 0"])
    #expect(try run.daemon.ask("select commodity, sum(balance_n) from trial_balance group by 1") == ["USD 0"])
    let verified = try run.daemon.run("verify")
    #expect(verified.status == 0, "\(verified.out) \(verified.error)")
    let owed = run.obligations.owed.count
    print("\(Self.steps) steps (SEED=\(KillTests.seed)): \(owed) acknowledged calls, each booked once")
    print(run.obligations.exercised.map { "\($0.key) \($0.value)" }.sorted().joined(separator: ", "))
    try expectCaught(run, rows)
  }

  /// The judge finds every kind of fault in a ledger that somebody has altered.
  private func expectCaught(_ run: DeliveryRun, _ rows: [Obligations.Row]) throws {
    let call = try #require(run.obligations.owed.min())
    let path = run.daemon.data + "/tollbook.db"
    func fault(_ alteration: String) throws -> [String] {
      let copy = try DaemonProcess()
      try FileManager.default.createDirectory(atPath: copy.data, withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: path, toPath: copy.data + "/tollbook.db")
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/sqlite3")
      let guards = try copy.ask("select 'drop trigger ' || name || ';' from sqlite_schema where type = 'trigger'")
      process.arguments = [copy.data + "/tollbook.db", guards.joined() + alteration]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(alteration)")
      let found = try copy.ask("select input, cost_n from call").map { row in
        let fields = row.split(separator: " ").compactMap { Int($0) }
        return Obligations.Row(call: fields[0], amount: fields[1])
      }
      return run.obligations.faults(in: found)
    }
    #expect(try fault("") == [])
    #expect(try fault("delete from call where input = \(call)") == ["\(call) was acknowledged and is not booked"])
    #expect(
      try fault("update call set cost_n = cost_n + 1 where input = \(call)")
        == ["\(call) has the amount \(call * 2_000 + 1)"])
    var twice = rows
    twice.append(Obligations.Row(call: call, amount: call * 2_000))
    #expect(run.obligations.faults(in: twice) == ["\(call) is booked 2 times"])
    twice.append(Obligations.Row(call: 1_000_000_000, amount: 2_000_000_000_000))
    #expect(run.obligations.faults(in: twice).contains("1000000000 was never sent"))
    #expect(Obligations().missing(1).count == Obligations.Exercise.allCases.count)
  }
}
