import Books
import Store
import Testing
import Units

/// Documents of credits in the ledger: bound by what was granted, and all or none.
@Suite struct CreditDocumentTests {
  static let day = Day(number: 20_760)

  static func posting(_ amount: Int64, _ debit: Account, _ credit: Account) throws -> LedgerDocument.Posting {
    LedgerDocument.Posting(
      try Entry(day: day, kind: .creditUse, debit: debit, credit: credit, amount: amount))
  }

  @Test func `credits that were not granted cannot be spent, and nothing of the attempt stays`() throws {
    let ledger = try TestLedger()
    let grant = Account.credits("acme", grant: "2026-11")
    let granted = CreditDocument.grant.document(
      issuer: "acme", reference: "2026-11", amount: Amount(nanos: 100), [])
    _ = try ledger.writer.post(
      granted, [Self.posting(100, grant, .unearnedCredits("acme"))], at: TestLedger.noon)
    let head = ledger.writer.head
    func use(_ amount: Int64, _ reference: String) throws {
      let document = CreditDocument.use.document(
        issuer: "acme", reference: reference, amount: Amount(nanos: amount), [])
      let postings = [
        try Self.posting(amount, .accrued("acme"), grant),
        try Self.posting(amount, .unearnedCredits("acme"), .contraCredits("acme")),
      ]
      _ = try ledger.writer.post(document, postings, at: TestLedger.noon)
    }
    #expect(throws: StoreFault.overdrawn(path: ledger.path, account: "Assets:Credits:acme:2026-11")) {
      try use(101, "2026-11/1")
    }
    #expect(ledger.writer.head == head)
    try expectRows(ledger, "select count(*) from document", "1")
    // The writer goes on, and the whole grant can be spent.
    try use(100, "2026-11/1")
    try expectRows(
      ledger, "select name, balance_n from trial_balance where name like 'Assets:%'",
      "Assets:Credits:acme:2026-11 0")
    try expectSound(ledger)
    let reader = try LedgerReader(folder: ledger.folder)
    let documents = try reader.creditDocuments()
    #expect(documents.map(\.kind) == ["grant", "credit_use"])
    let month = try #require(Month("2026-11"))
    #expect(CreditDocument.use.reference(in: month, issuer: "acme", after: documents) == "2026-11/2")
    #expect(CreditDocument.use.reference(in: month, issuer: "other", after: documents) == "2026-11/1")
    #expect(try reader.credits().books.grants().map(\.left) == [.zero])
  }
}
