import Books
import Testing
import Units

/// Months and grants, added up from entries between accounts.
@Suite struct CreditBooksTests {
  static let november = Day(number: 20_760)
  static let december = Day(number: 20_790)

  static func entry(
    _ amount: Int64, _ debit: Account, _ credit: Account, day: Day = november, kind: Entry.Kind = .usage
  ) throws -> Entry {
    try Entry(day: day, kind: kind, debit: debit, credit: credit, amount: amount)
  }

  static let search = Account.inference(team: "search", project: "")

  static func month(_ books: CreditBooks, _ issuer: String = "acme") throws -> IssuerMonth {
    try books.month(Month(of: november), of: issuer, accrued: Amount(nanos: 100), prepaid: .zero)
  }

  @Test func `usage is what calls, margins and corrections moved on the issuer's account in the month`() throws {
    let books = CreditBooks([
      try Self.entry(1000, Self.search, .accrued("acme")),
      try Self.entry(50, .routingMargin("acme"), .accrued("acme"), kind: .margin),
      try Self.entry(7, .accrued("acme"), .routingMargin("acme"), kind: .margin),
      try Self.entry(100, .accrued("acme"), Self.search, kind: .reversal),
      try Self.entry(60, Self.search, .accrued("acme"), kind: .rebooking),
      // Another issuer's, another month's, an invoice, and calls without a price.
      try Self.entry(5000, Self.search, .accrued("other")),
      try Self.entry(5000, Self.search, .accrued("acme"), day: Self.december),
      try Self.entry(400, .accrued("acme"), .payable("acme"), kind: .invoice),
      try Self.entry(3, .unpriced("acme"), .unpricedClearing, kind: .unpriced),
    ])
    #expect(try Self.month(books).usage == Amount(nanos: 1003))
    #expect(try Self.month(books, "other").usage == Amount(nanos: 5000))
    #expect(try Self.month(books, "nobody").usage == .zero)
    #expect(try books.grants().isEmpty)
  }

  @Test func `a grant is followed by its account's name, on whatever day it moved`() throws {
    let grant = Account.credits("acme", grant: "2026-11")
    let books = CreditBooks([
      try Self.entry(2000, grant, .unearnedCredits("acme"), kind: .creditGrant),
      try Self.entry(1500, .accrued("acme"), grant, day: Self.december, kind: .creditUse),
      try Self.entry(1500, .unearnedCredits("acme"), .contraCredits("acme"), kind: .creditUse),
      try Self.entry(300, grant, .accrued("acme"), kind: .reversal),
      try Self.entry(100, .unearnedCredits("acme"), grant, kind: .creditExpiry),
      try Self.entry(9, .credits("acme", grant: "welcome"), .unearnedCredits("acme"), kind: .creditGrant),
    ])
    let found = try #require(try books.grants().first)
    #expect(try books.grants().count == 1)
    #expect("\(found.issuer) \(found.month)" == "acme 2026-11")
    #expect([found.granted, found.used, found.expired, found.left].map(\.nanos) == [2000, 1200, 100, 700])
  }

  @Test func `what the balance paid belongs to the day it was booked on`() throws {
    let books = CreditBooks([
      try Self.entry(1000, Self.search, .accrued("acme")),
      try Self.entry(600, .accrued("acme"), .prepaid("acme"), kind: .topUp),
      try Self.entry(50, .prepaid("acme"), .accrued("acme"), kind: .topUp),
      try Self.entry(70, .accrued("acme"), .prepaid("acme"), day: Self.december, kind: .topUp),
    ])
    #expect(try Self.month(books).settled == Amount(nanos: 550))
    #expect(try Self.month(books).unpaid == Amount(nanos: 450))
  }

  @Test func `books that are overdrawn or beyond 64 bits are told, not added up wrongly`() throws {
    let grant = Account.credits("acme", grant: "2026-11")
    let overdrawn = CreditBooks([try Self.entry(1, .accrued("acme"), grant, kind: .creditUse)])
    #expect(throws: CreditFault.self) { try overdrawn.grants() }
    let wild = CreditBooks([
      try Self.entry(.max, Self.search, .accrued("acme")), try Self.entry(.max, Self.search, .accrued("acme")),
    ])
    #expect(throws: CreditFault.beyond(issuer: "acme")) { try Self.month(wild) }
  }
}
