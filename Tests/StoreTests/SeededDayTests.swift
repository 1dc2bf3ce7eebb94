import FaultVFS
import Foundation
import Store
import TestSupport
import Testing

extension BrokenDisks {
  /// Seeded days, in which a dictionary knows what must come of each line.
  ///
  /// New lines, lines that come again at any age, growing streams, ids used twice, restarts and
  /// broken disks.
  @Suite struct SeededDayTests {
    private struct Booked {
      let time: String
      var output: Int
      let isStream: Bool
      /// What the stream said before.
      var earlier: [Int] = []
    }

    private enum Expected { case booked, duplicate, delta, conflict }

    private struct Day {
      var random: Seeded
      var booked: [String: Booked] = [:]
      var ids: [String] = []
      var withoutID = 0
      var total = 0
      var rows = 0
      var second = 0

      mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

      /// A time: mostly the next second, sometimes one of another part of the day.
      mutating func time() -> String {
        second += 1
        let at = chance(20) ? Int.random(in: 0..<86_400, using: &random) : second
        return String(format: "%02d:%02d:%02d", at / 3600, at / 60 % 60, at % 60)
      }

      mutating func line() -> (row: String, expected: Expected) {
        let output = Int.random(in: 1...1000, using: &random)
        guard !ids.isEmpty, chance(45) else {
          let time = time()
          rows += 1
          total += output
          if chance(10) {
            return ("-  \(time)  search  large  output \(output)", .booked)
          }
          let id = "i\(ids.count)"
          let isStream = chance(30)
          ids.append(id)
          booked[id] = Booked(time: time, output: output, isStream: isStream)
          return ("\(id)  \(time)  search  large  output \(output)\(isStream ? "  stream" : "")", .booked)
        }
        let id = ids[Int.random(in: 0..<ids.count, using: &random)]
        guard var known = booked[id] else { preconditionFailure("an id without a call") }
        let ending = known.isStream ? "  stream" : ""
        if known.isStream, chance(50) {
          known.earlier.append(known.output)
          known.output += output
          booked[id] = known
          rows += 1
          total += output
          return ("\(id)  \(known.time)  search  large  output \(known.output)  stream", .delta)
        }
        if chance(20) {
          return ("\(id)  \(known.time)  other  large  output \(known.output)\(ending)", .conflict)
        }
        let said = chance(30) ? known.earlier.randomElement(using: &random) ?? known.output : known.output
        return ("\(id)  \(known.time)  search  large  output \(said)\(ending)", .duplicate)
      }
    }

    @Test(arguments: 0..<12)
    func `every line is booked once, whatever happens`(seed: Int) throws {
      #expect(tb_fault_register() == 0)
      tb_fault_arm(0, tb_fault_error, 0)
      var day = Day(random: Seeded(UInt64(seed)))
      var limits = WriterLimits()
      limits.windowIDs = 1 << Int.random(in: 3...8, using: &day.random)
      limits.rebuildRows = limits.windowIDs
      limits.openIDFiles = Int.random(in: 0...3, using: &day.random)
      limits.idImages = Int.random(in: 0...3, using: &day.random)
      limits.rowsOfIDFiles = [0, 100, 2_097_152].randomElement(using: &day.random) ?? 0
      limits.walPages = 50
      let ledger = try TestLedger(limits: limits, vfs: "fault")
      for _ in 0..<60 {
        if day.chance(10) { try ledger.restart(vfs: "fault") }
        let lines = (0..<Int.random(in: 1...40, using: &day.random)).map { _ in day.line() }
        let batch = ledger.batch(lines.map(\.row).joined(separator: "\n"))
        if day.chance(20) {
          let kinds = [tb_fault_error, tb_fault_full, tb_fault_torn, tb_fault_late]
          tb_fault_arm(
            Int.random(in: 1...40, using: &day.random),
            kinds.randomElement(using: &day.random) ?? tb_fault_error, day.chance(50) ? 1 : 0)
        }
        var report: CommitReport?
        while report == nil {
          do throws(StoreFault) {
            report = try ledger.writer.commit(batch, at: TestLedger.noon)
          } catch {
            guard error.canRetry else { throw error }
            tb_fault_arm(0, tb_fault_error, 0)
          }
        }
        tb_fault_arm(0, tb_fault_error, 0)
        func count(_ expected: Expected) -> Int { lines.count { $0.expected == expected } }
        #expect(report?.booked == count(.booked) + count(.delta))
        #expect(report?.deltas == count(.delta))
        #expect(report?.duplicates == count(.duplicate))
        #expect(report?.quarantined.map(\.call) == lines.indices.filter { lines[$0].expected == .conflict })
      }
      #expect(try ledger.rows("select count(*), sum(output) from call") == ["\(day.rows) \(day.total)"])
      try expectSound(ledger)
    }
  }
}
