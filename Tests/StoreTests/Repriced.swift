import Audit
import Foundation
import Rates
import Store
import Testing
import Units

/// Price files, and re-pricing by them, for tests that read like ledgers.
enum Prices {
  /// `large` at these rates for a million tokens, and what else is asked for.
  static func acme(
    input: String, output: String = "15.00", medium: Bool = false, large: Bool = true
  ) -> (String, String) {
    let card =
      #"{"model":"large","cards":[{"from":"2026-01-01","per":"1M tokens","rates":"#
      + #"{"input":"\#(input)","cache_read":"0.30","output":"\#(output)","reasoning":"15.00"}}]}"#
    let other =
      #"{"model":"medium","cards":[{"from":"2026-01-01","per":"1M tokens","rates":{"input":"1.00","output":"4.00"}}]}"#
    let small =
      #"{"model":"small","cards":[{"from":"2026-01-01","per":"1M tokens","rates":{"input":"0.10","output":"0.40"}}]}"#
    let models = (large ? [card] : []) + (medium ? [other] : []) + [small]
    return (
      "acme.json",
      #"{"issuer":"acme","source":"s","read_on":"2026-03-02","models":[\#(models.joined(separator: ","))]}"#
    )
  }

  static var router: (String, String) { TestLedger.files[1] }

  static func book(_ files: (String, String)...) throws -> RateBook { try TestLedger.book(files) }
}

extension TestLedger {
  /// Days of UTC.
  static var tally: RepriceTally {
    RepriceTally { instant in
      let day = instant.day
      return (day, Span(from: day.start, to: Day(number: day.number + 1).start) ?? Span(at: instant))
    }
  }

  /// Books a run, and returns what it did.
  @discardableResult
  func reprice(
    _ run: String, by rates: RateBook, _ query: RepriceQuery = RepriceQuery()
  ) throws -> (receipt: RepriceReceipt, total: RepriceSums) {
    var tally = Self.tally
    let name = try #require(RunName(run))
    let receipt = try writer.reprice(query, run: name, rates: rates, at: Self.noon, tally: &tally)
    return (receipt, RepriceReport(tally).total)
  }

  /// What a run would change, by a reader.
  func dryRun(by rates: RateBook, _ query: RepriceQuery = RepriceQuery()) throws -> RepriceReport {
    var tally = Self.tally
    try LedgerReader(folder: folder).reprice(query, rates: rates, tally: &tally)
    return RepriceReport(tally)
  }
}

/// Expects the run's entries, in nanodollars or calls: day, kind, amount, debit < credit.
func expectEntries(
  _ ledger: TestLedger, of document: Int, _ table: String, at place: SourceLocation = #_sourceLocation
) throws {
  try expectRows(
    ledger,
    """
    select date(e.day * 86400, 'unixepoch'),
      case e.kind when 7 then 'priced' when 8 then 'reversal' when 9 then 'rebooking' else e.kind end,
      e.amount_n, d.name, '<', c.name
    from entry e join account d on d.id = e.debit join account c on c.id = e.credit
    where e.document = \(document) order by e.id
    """, table, at: place)
}
