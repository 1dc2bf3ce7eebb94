import Books
import Store
import Testing
import Units

/// The cases an inference ledger meets besides calls, each with the balances it must leave.
///
/// A row is `kind  amount  debit < credit`, in nanodollars; the amounts are worked out beside it.
@Suite struct JournalCaseTests {
  static let day = Day(number: 20_760)

  static let cases: [(name: String, entries: [(Entry.Kind, Int64, Account, Account)], balances: String)] = [
    (
      // A month's credit is granted; a call of 0.0012 spends of it; the rest, 1.9988, expires.
      "included credits, used and expired",
      [
        (.creditGrant, 2_000_000_000, .credits("huggingface", grant: "2026-11"), .unearnedCredits("huggingface")),
        (.usage, 1_200_000, .inference(team: "search", project: ""), .accrued("huggingface")),
        (.creditUse, 1_200_000, .accrued("huggingface"), .credits("huggingface", grant: "2026-11")),
        (.creditUse, 1_200_000, .unearnedCredits("huggingface"), .contraCredits("huggingface")),
        (.creditExpiry, 1_998_800_000, .unearnedCredits("huggingface"), .credits("huggingface", grant: "2026-11")),
      ],
      """
      Assets:Credits:huggingface:2026-11 0
      Expenses:ContraCredits:huggingface -1200000
      Expenses:Inference:search 1200000
      Liabilities:Accrued:huggingface 0
      Liabilities:UnearnedCredits:huggingface 0
      """
    ),
    (
      // 100 dollars bought with a fee of 5.5 %; a call of 0.25 is settled out of them.
      "a prepaid top-up with its fee",
      [
        (.topUp, 100_000_000_000, .prepaid("openrouter"), .bank),
        (.fee, 5_500_000_000, .fees("openrouter"), .bank),
        (.usage, 250_000_000, .inference(team: "search", project: ""), .accrued("openrouter")),
        (.topUp, 250_000_000, .accrued("openrouter"), .prepaid("openrouter")),
      ],
      """
      Assets:Cash:Bank -105500000000
      Assets:Prepaid:openrouter 99750000000
      Expenses:Fees:openrouter 5500000000
      Expenses:Inference:search 250000000
      Liabilities:Accrued:openrouter 0
      """
    ),
    (
      // 24 hours at 1.80 are 43.20: two teams used 25.83 and 11.07, and 6.30 stood idle.
      "endpoint hours shared out, idle time apart",
      [
        (.endpoint, 25_830_000_000, .endpoint("search"), .accrued("hf-endpoints")),
        (.endpoint, 11_070_000_000, .endpoint("support"), .accrued("hf-endpoints")),
        (.endpoint, 6_300_000_000, .idleEndpoint, .accrued("hf-endpoints")),
      ],
      """
      Expenses:Endpoint:Idle 6300000000
      Expenses:Endpoint:search 25830000000
      Expenses:Endpoint:support 11070000000
      Liabilities:Accrued:hf-endpoints -43200000000
      """
    ),
    (
      // Accrued 0.0012072, invoiced 2 % more: 0.000024144 of variance, and nothing accrued is left.
      "an invoice with variance",
      [
        (.usage, 1_207_200, .inference(team: "search", project: ""), .accrued("acme")),
        (.invoice, 1_207_200, .accrued("acme"), .payable("acme")),
        (.variance, 24_144, .billingVariance("acme"), .payable("acme")),
      ],
      """
      Expenses:BillingVariance:acme 24144
      Expenses:Inference:search 1207200
      Liabilities:Accrued:acme 0
      Liabilities:Payable:acme -1231344
      """
    ),
    (
      // A first attempt was billed 0.0000352 and failed; another provider answered for 0.0006.
      "a retry at another provider",
      [
        (.usage, 35_200, .inference(team: "search", project: ""), .accrued("acme")),
        (.usage, 600_000, .inference(team: "search", project: ""), .accrued("novita")),
      ],
      """
      Expenses:Inference:search 635200
      Liabilities:Accrued:acme -35200
      Liabilities:Accrued:novita -600000
      """
    ),
    (
      // Unpriced while its card is missing; priced afterwards at 0.0009.
      "unpriced, then priced",
      [
        (.unpriced, 1, .unpriced("acme"), .unpricedClearing),
        (.priced, 1, .unpricedClearing, .unpriced("acme")),
        (.rebooking, 900_000, .inference(team: "search", project: ""), .accrued("acme")),
      ],
      """
      Assets:Suspense:Unpriced:acme 0
      Equity:UnpricedClearing 0
      Expenses:Inference:search 900000
      Liabilities:Accrued:acme -900000
      """
    ),
    (
      // Booked at 0.0009, reversed, booked again at 0.0006; 0.0001 is refunded; the month closes.
      "a corrected rate, a refund and the close",
      [
        (.usage, 900_000, .inference(team: "search", project: ""), .accrued("acme")),
        (.reversal, 900_000, .accrued("acme"), .inference(team: "search", project: "")),
        (.rebooking, 600_000, .inference(team: "search", project: ""), .accrued("acme")),
        (.refund, 100_000, .accrued("acme"), .inference(team: "search", project: "")),
        (.close, 500_000, .spend("2026-11"), .inference(team: "search", project: "")),
      ],
      """
      Equity:Spend:2026-11 500000
      Expenses:Inference:search 0
      Liabilities:Accrued:acme -500000
      """
    ),
  ]

  @Test(arguments: cases.indices)
  func `a case leaves the balances it must`(place: Int) throws {
    let journal = Self.cases[place]
    let ledger = try TestLedger()
    let postings = try journal.entries.map { kind, amount, debit, credit in
      LedgerDocument.Posting(
        try Entry(day: Self.day, kind: kind, debit: debit, credit: credit, amount: amount))
    }
    let document = LedgerDocument(
      kind: "case", issuer: "test", reference: journal.name, amount: nil, text: "{}")
    _ = try ledger.writer.post(document, postings, at: TestLedger.noon)
    try expectRows(ledger, "select name, balance_n from trial_balance", journal.balances)
    let sums = try ledger.rows("select sum(balance_n) from trial_balance group by commodity")
    #expect(sums.allSatisfy { "\($0)".hasSuffix("0") })
    try expectSound(ledger)
  }
}
