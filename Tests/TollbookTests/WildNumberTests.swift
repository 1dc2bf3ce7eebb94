import Foundation
import Store
import TestSupport
import Testing

@testable import tollbook

/// A number in the ledger that no ledger has, in each column: an answer or a fault, never a trap.
@Suite struct WildNumberTests {
  static let commands = [
    "spend --by team,day --from 2026-11-20T00:30:00Z", "compare", "calls", "calls s1", "status",
    "dead-letters list", "export --format hledger",
  ]

  /// Every column of numbers of every table.
  private func columns(_ path: String) throws -> [(table: String, column: String)] {
    let database = try Database(path: path, mode: .readOnly)
    let rows = try database.prepare(
      "select t.name, c.name from sqlite_schema t, pragma_table_info(t.name) c where t.type = 'table' and c.type = 'INTEGER'"
    )
    var columns: [(String, String)] = []
    while try rows.step() { columns.append((rows.text(0), rows.text(1))) }
    return columns
  }

  @Test(arguments: [Int64.max, .min])
  func `no number in the ledger traps a report`(number: Int64) throws {
    let sample = try SampleLedger()
    let path = sample.folder + "/tollbook.db"
    let whole = try Data(contentsOf: URL(filePath: path))
    let columns = try columns(path)
    #expect(columns.count > 60)
    for (table, column) in columns {
      for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
      try whole.write(to: URL(filePath: path))
      try VerifyTests.tamper(
        sample.folder,
        "pragma ignore_check_constraints = on; update or replace \(table) set \(column) = \(number)")
      for command in Self.commands {
        let answer = try sample.ask(command.split(separator: " ").map(String.init))
        #expect(answer.exit == .clean || answer.exit == .failed, "\(table).\(column): \(command)")
      }
      #expect(try sample.ask("verify").exit != .misused, "\(table).\(column)")
    }
  }

  @Test func `a call that adds to one that is gone is told as damage`() throws {
    let sample = try SampleLedger()
    try VerifyTests.tamper(sample.folder, "delete from call where seq = 7")
    let answer = try sample.ask("calls", "#8")
    #expect(answer.exit == .failed)
    #expect(answer.out.contains("call 8 adds to call 7, which is not there"), "\(answer.out)")
  }

  @Test func `a sum beyond what is held is told as that`() throws {
    let sample = try SampleLedger()
    try VerifyTests.tamper(
      sample.folder,
      "update rollup_day set cost_n = 9000000000000000000; update rollup_hour set cost_n = 9000000000000000000"
    )
    for command in ["spend", "compare", "spend --by day --json"] {
      let answer = try sample.ask(command.split(separator: " ").map(String.init))
      #expect(answer.exit == .failed)
      #expect(answer.out.contains("the sum of costs is beyond ±9.2 billion USD"), "\(answer.out)")
    }
    let status = try sample.ask("status")
    #expect(status.out.contains("a sum over it is beyond 64 bits"), "\(status.out)")
  }
}
