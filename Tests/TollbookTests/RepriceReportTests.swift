import Audit
import Books
import Foundation
import Store
import TestSupport
import Testing
import Units

@testable import tollbook

/// What `reprice` prints of the sample, and what other reports say after it.
///
/// | call | by the sample's cards | by these |
/// |---|---|---|
/// | c1 together/large | 0.002 | 1000 × 0.80 + 500 × 2.00 a million: 0.0018 |
/// | c2 the same by huggingface | 0.00264, margin 0.00044 | 0.00264; direct 0.0008 + 0.0002 + 0.001: margin 0.00064 |
/// | c4 together/unheard-of | unpriced | 5 × 4.00: 0.00002 |
/// | c6 fal/flux | 0.15 | no card: it keeps 0.15 |
/// | s1, 100 in and 100 out | 0.00012 + 0.00018 | 0.0001 + 0.00018 |
/// | c7, in part | 0.00001 | 0.000008 |
@Suite struct RepriceReportTests {
  static let files = [
    "together.json": """
    {"issuer":"together","source":"together.example/pricing","read_on":"2026-11-20","models":[
      {"model":"large","cards":[
        {"from":"2026-01-01","per":"1M tokens","rates":{"input":"1.00","cache_read":"0.50","output":"2.00"}},
        {"from":"2026-01-01","recorded_on":"2026-11-20","per":"1M tokens",
          "rates":{"input":"0.80","cache_read":"0.50","output":"2.00"}}]},
      {"model":"unheard-of","cards":[{"from":"2026-01-01","per":"1M tokens","rates":{"input":"4.00"}}]}]}
    """,
    "huggingface.json": SampleLedger.rateFiles["huggingface.json"] ?? "",
  ]

  /// A folder of price files beside the ledger.
  static func writePrices(_ sample: borrowing SampleLedger) throws -> String {
    let folder = sample.folder + "/prices"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, text) in files { try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8) }
    return folder
  }

  static let commands = [
    "reprice", "reprice --run two/parts", "reprice --dry-run --closed-until never",
    "reprice --dry-run --from 2026-11-21 --to 2026-11-20",
    "reprice --dry-run --pricing PRICES", "reprice --dry-run --pricing PRICES --json",
    "reprice --dry-run --pricing PRICES --where team=search --from 2026-11-20 --zone Asia/Kolkata",
    "reprice --dry-run --pricing PRICES --where team=nobody",
    "reprice --run fix-1 --pricing PRICES --closed-until 2026-11-21",
    "reprice --run fix-1 --pricing PRICES --closed-until 2026-11-21",
    "reprice --run fix-1 --pricing PRICES", "reprice --run fix-2 --pricing PRICES",
    "reprice --run fix-2 --pricing PRICES --json", "reprice --dry-run --run fix-1 --pricing PRICES --json",
    "spend --by team,model", "compare", "calls", "calls c1", "calls c2", "calls c4", "calls s1", "calls c1 --json",
    "status", "verify", "export --format csv", "export --format hledger", "export --format beancount",
  ]

  @Test func `re-pricing reads as it is recorded`() throws {
    let sample = try SampleLedger()
    let prices = try Self.writePrices(sample)
    var text = ""
    for command in Self.commands {
      let words = command.split(separator: " ").map { $0 == "PRICES" ? prices : String($0) }
      let answer = try sample.ask(words)
      text += "$ tollbook \(command)\n\(sample.scrubbed(answer.out))"
      if answer.exit != .clean { text += "(exits with \(answer.exit.rawValue))\n" }
      text += "\n"
    }
    try expectGolden(text, "reprice.txt")
  }

  @Test func `a ledger that is missing, and one that is held, are not re-priced`() throws {
    let sample = try SampleLedger()
    let prices = try Self.writePrices(sample)
    let missing = try sample.ask("reprice", "--run", "a", "--data", sample.folder + "/none", "--pricing", prices)
    #expect(missing.exit == .failed && missing.out.contains("There is no ledger at"))
    #expect(!FileManager.default.fileExists(atPath: sample.folder + "/none"))
    let writer = try LedgerWriter(folder: sample.folder, now: Timestamp(microseconds: 0))
    let held = try sample.ask("reprice", "--run", "a", "--pricing", prices)
    #expect(held.exit == .failed && held.out.contains("is held by process \(getpid())"))
    #expect(try sample.ask("reprice", "--dry-run", "--pricing", prices).exit == .found)
    writer.close()
  }

  // MARK: - After a run

  /// A sample that was re-priced once.
  static func repriced(_ sample: borrowing SampleLedger) throws {
    let answer = try sample.ask("reprice", "--run", "fix-1", "--pricing", writePrices(sample))
    #expect(answer.exit == .clean, "\(answer.out)")
  }

  /// A change with the guards taken away, and the kinds of difference it must be found by, in batch 3.
  static let changes: [(sql: String, found: Set<Verification.Kind>)] = [
    ("update recharge set cost_n = cost_n + 1 where seq = 1", [.chain, .amount, .entry, .rollup]),
    ("update recharge set margin_n = margin_n - 1 where seq = 2", [.chain, .amount, .entry, .rollup]),
    ("update recharge set state = 1 where seq = 1", [.chain, .rollup]),
    ("update recharge set dimension = dimension - 1 where seq = 4", [.chain]),
    ("update recharge set seq = 5 where seq = 1", [.chain, .amount]),
    ("update recharge set seq = 500 where seq = 1", [.chain, .sequence]),
    ("update recharge set document = 9 where seq = 1", [.chain, .sequence]),
    ("delete from recharge where seq = 1", [.chain, .amount, .entry, .rollup]),
    ("insert into recharge select 5, document, dimension, 0, 0, 0 from recharge where seq = 1", [.chain]),
    ("update entry set amount_n = amount_n + 1 where document = 1", [.chain, .entry, .balance]),
    ("delete from entry where id = (select max(id) from entry)", [.chain, .entry, .balance]),
    ("update document set amount_n = amount_n + 1", [.chain, .amount]),
    (
      "update document set text = replace(text, '\"closed_until\":null', '\"closed_until\":\"2026-12-01\"')",
      [.chain, .entry]
    ),
    ("delete from document", [.chain, .sequence]),
  ]

  @Test(arguments: changes.indices)
  func `a change of what was re-priced is found`(number: Int) throws {
    let change = Self.changes[number]
    let sample = try SampleLedger()
    try Self.repriced(sample)
    #expect(try LedgerVerifier(folder: sample.folder).verify().isClean)
    try VerifyTests.tamper(sample.folder, change.sql)
    let faults = try LedgerVerifier(folder: sample.folder).verify().faults
    #expect(Set(faults.map(\.kind)).isSuperset(of: change.found), "\(change.sql): \(faults.map(\.what))")
    #expect(faults.contains { $0.batch == 3 }, "\(change.sql)")
    #expect(faults.allSatisfy { $0.batch == 3 || $0.batch == nil }, "\(change.sql): \(faults)")
  }

  @Test(arguments: [
    ("update recharge set cost_n = 1", "a recharge is never changed: re-price again"),
    ("delete from recharge", "a recharge is never deleted: re-price again"),
    ("insert into recharge values (500, 1, 1, 1, 1, 0)", "a recharge needs its call, its dimension and its run"),
    ("insert into recharge values (1, 7, 1, 1, 1, 0)", "a recharge needs its call, its dimension and its run"),
  ])
  func `the ledger itself guards what was re-priced`(sql: String, says: String) throws {
    let sample = try SampleLedger()
    try Self.repriced(sample)
    let database = try Database(path: sample.folder + "/tollbook.db", mode: .readWrite)
    let fault = #expect(throws: StoreFault.self) { try database.execute(sql) }
    #expect(fault?.description.contains(says) == true)
  }

  @Test(arguments: [
    ("hledger", "hledger", ["-f", "FILE", "check", "-s"]),
    ("ledger", "ledger", ["-f", "FILE", "--strict", "--pedantic", "balance"]),
    ("beancount", "bean-check", ["FILE"]),
  ])
  func `other programs accept the books after a run`(
    format: String, program: String, arguments: [String]
  ) throws {
    guard Checker.path(of: program) != nil else { return }
    let sample = try SampleLedger()
    try Self.repriced(sample)
    let export = try sample.ask("export", "--format", format).out
    let checked = try Checker.run(program, arguments, on: export)
    #expect(checked.status == 0, "\(checked.output)")
  }

  /// At 0.80, three calls of a thousand are 0.0024, and the stream's 100 in and 100 out 0.00028.
  @Test func `what providers stated is set against the price in effect`() throws {
    let sample = try SampleLedger(DriftTests.lines)
    try Self.repriced(sample)
    let drift = try sample.ask("drift", "--json").out
    #expect(drift.contains(#""calls":4,"agreeing":0,"booked":"0.002680000","stated":"0.0035","#), "\(drift)")
    // One token at 4.00, where there was no card.
    #expect(drift.contains(#""calls":1,"agreeing":0,"booked":"0.000004000","stated":"0.5","#), "\(drift)")
  }

  @Test func `every commodity balances after a run`() throws {
    let sample = try SampleLedger()
    try Self.repriced(sample)
    let reader = try LedgerReader(folder: sample.folder)
    #expect(try reader.trialBalance().isBalanced)
    let usage = try reader.spend(
      SpendQuery(span: #require(try reader.hours()), zone: "UTC", keys: [.team])
    ).total
    let expenses = try reader.trialBalance().lines.filter { $0.account.kind == .expenses }
    #expect(expenses.reduce(0) { $0 + $1.balance } == Int128(usage.cost))
  }
}
