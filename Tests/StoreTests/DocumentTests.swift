import Books
import Store
import Testing
import Units

/// Documents and their entries.
@Suite struct DocumentTests {
  static let day = Day(number: 20_513)

  static let invoice = LedgerDocument(
    kind: "invoice", issuer: "acme", reference: "2026-03", amount: Amount(nanos: 3_060_000),
    text: #"{"period":"2026-03"}"#)

  /// Accrued 3,000,000 is invoiced with 60,000 more.
  static func postings() throws -> [LedgerDocument.Posting] {
    [
      try Entry(
        day: day, kind: .invoice, debit: .accrued("acme"), credit: .payable("acme"),
        amount: 3_000_000),
      try Entry(
        day: day, kind: .variance, debit: .billingVariance("acme"), credit: .payable("acme"),
        amount: 60_000),
    ].map { LedgerDocument.Posting($0) }
  }

  @Test func `an invoice is a batch of its own, between batches of calls`() throws {
    let ledger = try TestLedger()
    try ledger.book("c1  10:00:00  search  large  input 1000")
    let receipt = try ledger.writer.post(Self.invoice, Self.postings(), at: TestLedger.noon)
    #expect(receipt == .posted(document: 1, batch: 2))
    try ledger.book("c2  10:00:00  search  large  input 1000")
    try expectRows(
      ledger, "select id, first_seq, last_seq from batch",
      """
      1 1 1
      2 - 1
      3 2 2
      """)
    try expectRows(
      ledger, "select name, balance_n from trial_balance",
      """
      Expenses:BillingVariance:acme 60000
      Expenses:Inference:search 6000000
      Liabilities:Accrued:acme -3000000
      Liabilities:Payable:acme -3060000
      """)
    try expectSound(ledger)
    try ledger.restart()
    #expect(try ledger.book("c1  10:00:00  search  large  input 1000").duplicates == 1)
  }

  @Test func `a document is recorded once, and never with other content`() throws {
    let ledger = try TestLedger()
    let postings = try Self.postings()
    _ = try ledger.writer.post(Self.invoice, postings, at: TestLedger.noon)
    #expect(
      try ledger.writer.post(Self.invoice, postings, at: TestLedger.noon) == .known(document: 1))
    let other = LedgerDocument(
      kind: "invoice", issuer: "acme", reference: "2026-03", amount: nil, text: "{}")
    #expect(
      throws: StoreFault.documentDiffers(kind: "invoice", issuer: "acme", reference: "2026-03")
    ) { try ledger.writer.post(other, [], at: TestLedger.noon) }
    #expect(try ledger.count("entry") == 2)
    try expectSound(ledger)
  }

  @Test func `a reversal mirrors its entry, once`() throws {
    let ledger = try TestLedger()
    try ledger.book("c1  10:00:00  search  large  input 1000")
    let booked = try Entry(
      day: Self.day, kind: .usage, debit: .inference(team: "search", project: ""),
      credit: .accrued("acme"), amount: 3_000_000)
    let mirror = LedgerDocument.Posting(try booked.reversed(on: Self.day), reverses: 1)
    func run(_ reference: String) -> LedgerDocument {
      LedgerDocument(kind: "correction", issuer: "acme", reference: reference, amount: nil, text: "{}")
    }
    #expect(throws: StoreFault.self) {
      try ledger.writer.post(
        run("0"), [LedgerDocument.Posting(booked, reverses: 1)], at: TestLedger.noon)
    }
    #expect(
      try ledger.writer.post(run("1"), [mirror], at: TestLedger.noon)
        == .posted(document: 1, batch: 2))
    #expect(throws: StoreFault.self) {
      try ledger.writer.post(run("2"), [mirror], at: TestLedger.noon)
    }
    #expect(try ledger.count("document") == 1)
    try expectRows(
      ledger, "select balance_n from trial_balance",
      """
      0
      0
      """)
    try expectSound(ledger)
  }
}
