import Books
import Testing
import Units

/// How much credits and prepaid money pay, worked out by hand.
@Suite struct IssuerMonthTests {
  static let november = Month(of: Day(number: 20_760))

  /// Dollars of a table's cell.
  static func dollars(_ text: String) throws -> Amount { try Amount(dollars: text) }

  static func month(
    granted: String = "0", used: String = "0", expired: String = "0", usage: String, settled: String = "0",
    accrued: String? = nil, prepaid: String = "0"
  ) throws -> IssuerMonth {
    let unpaid = try dollars(usage) - dollars(used) - dollars(settled)
    return try IssuerMonth(
      grant: CreditGrant(
        issuer: "acme", month: november, granted: dollars(granted), used: dollars(used),
        expired: dollars(expired)),
      usage: dollars(usage), settled: dollars(settled), accrued: try accrued.map(dollars) ?? unpaid,
      prepaid: dollars(prepaid))
  }

  /// granted used expired | usage settled | what the credits are to pay further.
  @Test(arguments: [
    "2.00 0    0    | 0    0    | 0",
    "2.00 0    0    | 1.25 0    | 1.25",
    "2.00 1.25 0    | 1.25 0    | 0",
    "2.00 1.25 0    | 1.75 0    | 0.50",
    "2.00 1.75 0    | 9.00 0    | 0.25",
    "2.00 2.00 0    | 9.00 0    | 0",
    "0    0    0    | 9.00 0    | 0",
    // What lapsed pays for nothing.
    "2.00 1.75 0.25 | 9.00 0    | 0",
    // The balance has paid 8.00 already: 1.00 is unpaid.
    "2.00 0    0    | 9.00 8.00 | 1.00",
    "2.00 0    0    | 9.00 9.00 | 0",
    // A correction took usage back: so much goes back to the credits.
    "2.00 1.75 0    | 1.50 0    | -0.25",
    "2.00 1.75 0    | -1   0    | -1.75",
  ])
  func `credits pay what is unpaid, as far as they reach`(row: String) throws {
    let cells = row.split(whereSeparator: { " |".contains($0) }).map(String.init)
    let month = try Self.month(
      granted: cells[0], used: cells[1], expired: cells[2], usage: cells[3], settled: cells[4])
    #expect(month.coverable == (try Self.dollars(cells[5])))
  }

  /// usage credits-used settled | prepaid | what the balance is to pay further.
  @Test(arguments: [
    "7.00 0    0    | 0     | 0",
    "7.00 0    0    | 5.00  | 5.00",
    "7.00 0    5.00 | 48.00 | 2.00",
    "7.00 2.00 5.00 | 48.00 | 0",
    "7.00 2.00 0    | 48.00 | 5.00",
    "7.00 0    0    | -6.00 | 0",
    // A correction took 1.00 back after all was paid.
    "6.00 2.00 5.00 | 48.00 | -1.00",
    "-1   0    0    | 48.00 | 0",
  ])
  func `the balance pays what credits left, never more than it holds`(row: String) throws {
    let cells = row.split(whereSeparator: { " |".contains($0) }).map(String.init)
    let month = try Self.month(
      granted: cells[1], used: cells[1], usage: cells[0], settled: cells[2], prepaid: cells[3])
    #expect(month.settleable == (try Self.dollars(cells[4])))
  }

  @Test func `what was invoiced is not paid a second time`() throws {
    let month = try Self.month(granted: "2", usage: "7", accrued: "0.50", prepaid: "9")
    let half = try Self.dollars("0.50")
    #expect(month.coverable == half && month.settleable == half)
  }

  /// `day kind amount debit < credit` of entries.
  static func lines(_ entries: [Entry]) -> [String] {
    entries.map { "\($0.day) \($0.kind.name) \($0.amount) \($0.debit.name) < \($0.credit.name)" }
  }

  @Test func `the entries are those of the journal's cases`() throws {
    let used = try Self.month(granted: "2", usage: "0.0012", prepaid: "1")
    let (middle, after) = (Day(number: 20_770), Day(number: 20_790))
    #expect(
      Self.lines(try used.granting(Self.dollars("2"), today: middle)) == [
        "2026-11-01 credit_grant 2000000000 Assets:Credits:acme:2026-11 < Liabilities:UnearnedCredits:acme"
      ])
    #expect(
      Self.lines(try used.applying(today: middle)) == [
        "2026-11-13 credit_use 1200000 Liabilities:Accrued:acme < Assets:Credits:acme:2026-11",
        "2026-11-13 credit_use 1200000 Liabilities:UnearnedCredits:acme < Expenses:ContraCredits:acme",
      ])
    let rest = try Self.month(granted: "2", used: "0.0012", usage: "0.0012")
    #expect(
      Self.lines(try rest.expiring(today: after)) == [
        "2026-11-30 credit_expiry 1998800000 Liabilities:UnearnedCredits:acme < Assets:Credits:acme:2026-11"
      ])
    let settled = try Self.month(usage: "0.25", prepaid: "99")
    #expect(
      Self.lines(try settled.settling(today: after)) == [
        "2026-11-30 top_up 250000000 Liabilities:Accrued:acme < Assets:Prepaid:acme"
      ])
    let back = try Self.month(granted: "2", used: "1.75", usage: "1.50")
    #expect(
      Self.lines(try back.applying(today: middle)) == [
        "2026-11-13 credit_use 250000000 Assets:Credits:acme:2026-11 < Liabilities:Accrued:acme",
        "2026-11-13 credit_use 250000000 Expenses:ContraCredits:acme < Liabilities:UnearnedCredits:acme",
      ])
    let topUp = try TopUp(issuer: "acme", amount: Self.dollars("100"), fee: Self.dollars("5.5"), day: middle)
    #expect(
      Self.lines(try topUp.entries()) == [
        "2026-11-13 top_up 100000000000 Assets:Prepaid:acme < Assets:Cash:Bank",
        "2026-11-13 fee 5500000000 Expenses:Fees:acme < Assets:Cash:Bank",
      ])
  }

  @Test func `a grant is never overdrawn, and wild amounts are told`() throws {
    for (granted, used, expired) in [("2", "2.000000001", "0"), ("2", "1", "1.5"), ("-1", "0", "0")] {
      #expect(throws: CreditFault.self) {
        try CreditGrant(
          issuer: "acme", month: Self.november, granted: Self.dollars(granted), used: Self.dollars(used),
          expired: Self.dollars(expired))
      }
    }
    #expect(throws: CreditFault.beyond(issuer: "acme")) { try Self.month(usage: "9200000000") }
    #expect(throws: CreditFault.notPositive("A top-up", .zero)) {
      try TopUp(issuer: "acme", amount: .zero, fee: .zero, day: Day(number: 0))
    }
    #expect(throws: CreditFault.notPositive("A fee", Amount(nanos: -1))) {
      try TopUp(issuer: "acme", amount: Amount(nanos: 1), fee: Amount(nanos: -1), day: Day(number: 0))
    }
  }

  @Test func `the month's edges hold back what is too early`() throws {
    let month = try Self.month(granted: "2", usage: "0")
    let (before, last) = (Day(number: month.month.first.number - 1), month.month.last)
    #expect(throws: CreditFault.notBegun(Self.november)) { try month.granting(Amount(nanos: 1), today: before) }
    #expect(throws: CreditFault.notBegun(Self.november)) { try month.applying(today: before) }
    #expect(throws: CreditFault.notBegun(Self.november)) { try month.settling(today: before) }
    #expect(throws: CreditFault.notOver(Self.november)) { try month.expiring(today: last) }
    #expect(try month.expiring(today: Day(number: last.number + 1)).count == 1)
    let open = try Self.month(granted: "2", usage: "1", prepaid: "5")
    let unapplied = CreditFault.unapplied(issuer: "acme", month: Self.november, Amount(nanos: 1_000_000_000))
    #expect(throws: unapplied) { try open.expiring(today: Day(number: last.number + 1)) }
    #expect(throws: unapplied) { try open.settling(today: last) }
    #expect(throws: CreditFault.noGrant(issuer: "acme", month: Self.november)) {
      try Self.month(usage: "1").applying(today: last)
    }
  }
}
