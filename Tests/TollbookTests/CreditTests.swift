import ArgumentParser
import Foundation
import Store
import TestSupport
import Testing
import Units

@testable import tollbook

/// Included credits, month by month: what is granted, what pays, what lapses.
@Suite struct CreditTests {
  @Test func `a month of PRO: 2.00 granted, 1.75 used as it comes in, 0.25 lapses`() throws {
    try CreditScript.expect(
      """
      at 2026-11-10T09:00:00Z
      call huggingface 1.00 2026-11-05T08:00:00Z
      $ grant --issuer huggingface --plan pro --month 2026-11
        2026-11-01 credit_grant 2.00 Assets:Credits:huggingface:2026-11 < Liabilities:UnearnedCredits:huggingface
        left 2.00, unpaid 1.00
      $ apply --issuer huggingface --month 2026-11
        2026-11-10 credit_use 1.00 Liabilities:Accrued:huggingface < Assets:Credits:huggingface:2026-11
        2026-11-10 credit_use 1.00 Liabilities:UnearnedCredits:huggingface < Expenses:ContraCredits:huggingface
        left 1.00, unpaid 0.00
      call huggingface 0.75 2026-11-20T08:00:00Z
      at 2026-12-01T00:00:00Z
      $ apply --issuer huggingface --month 2026-11
        2026-11-30 credit_use 0.75 Liabilities:Accrued:huggingface < Assets:Credits:huggingface:2026-11
        2026-11-30 credit_use 0.75 Liabilities:UnearnedCredits:huggingface < Expenses:ContraCredits:huggingface
        left 0.25, unpaid 0.00
      $ expire --issuer huggingface --month 2026-11
        2026-11-30 credit_expiry 0.25 Liabilities:UnearnedCredits:huggingface < Assets:Credits:huggingface:2026-11
        left 0.00, unpaid 0.00
      """)
  }

  @Test func `a script that says otherwise is caught`() throws {
    let script = """
      $ grant --issuer huggingface --plan pro --month 2026-11
        2026-11-01 credit_grant 2.01 Assets:Credits:huggingface:2026-11 < Liabilities:UnearnedCredits:huggingface
        left 2.00, unpaid 0.00
      """
    let changes = try #require(try CreditScript().changes(from: script))
    #expect(changes.contains("-   2026-11-01 credit_grant 2.01"))
    #expect(changes.contains("+   2026-11-01 credit_grant 2.00"))
    #expect(!changes.contains("left"))
  }

  @Test func `usage above the credits stays accrued`() throws {
    try CreditScript.expect(
      """
      call huggingface 2.000000100 2026-11-05T08:00:00Z
      $ grant --issuer huggingface --plan pro --month 2026-11
        2026-11-01 credit_grant 2.00 Assets:Credits:huggingface:2026-11 < Liabilities:UnearnedCredits:huggingface
        left 2.00, unpaid 2.0000001
      $ apply --issuer huggingface --month 2026-11
        2026-11-20 credit_use 2.00 Liabilities:Accrued:huggingface < Assets:Credits:huggingface:2026-11
        2026-11-20 credit_use 2.00 Liabilities:UnearnedCredits:huggingface < Expenses:ContraCredits:huggingface
        left 0.00, unpaid 0.0000001
      """)
  }

  @Test func `every step twice is once`() throws {
    try CreditScript.expect(
      """
      call huggingface 1.00 2026-11-05T08:00:00Z
      $ grant --issuer huggingface --plan pro --month 2026-11
        2026-11-01 credit_grant 2.00 Assets:Credits:huggingface:2026-11 < Liabilities:UnearnedCredits:huggingface
        left 2.00, unpaid 1.00
      $ grant --issuer huggingface --plan pro --month 2026-11
        nothing, left 2.00, unpaid 1.00
      $ grant --issuer huggingface --amount 5 --month 2026-11
        1 tollbook: The grant 2026-11 of huggingface was recorded before with other content. Record the correction under a reference of its own.
      $ grant --issuer huggingface --amount 0.50 --month 2026-11 --reference goodwill
        2026-11-01 credit_grant 0.50 Assets:Credits:huggingface:2026-11 < Liabilities:UnearnedCredits:huggingface
        left 2.50, unpaid 1.00
      $ apply --issuer huggingface --month 2026-11
        2026-11-20 credit_use 1.00 Liabilities:Accrued:huggingface < Assets:Credits:huggingface:2026-11
        2026-11-20 credit_use 1.00 Liabilities:UnearnedCredits:huggingface < Expenses:ContraCredits:huggingface
        left 1.50, unpaid 0.00
      $ apply --issuer huggingface --month 2026-11
        nothing, left 1.50, unpaid 0.00
      at 2026-12-01T00:00:00Z
      $ expire --issuer huggingface --month 2026-11
        2026-11-30 credit_expiry 1.50 Liabilities:UnearnedCredits:huggingface < Assets:Credits:huggingface:2026-11
        left 0.00, unpaid 0.00
      $ expire --issuer huggingface --month 2026-11
        nothing, left 0.00, unpaid 0.00
      """)
  }

  @Test func `seats multiply the credit, and must be stated where it is for each`() throws {
    try CreditScript.expect(
      """
      $ grant --issuer huggingface --plan team --month 2026-11
        64 tollbook: The credit of plan team is for each seat. State how many there are. |  try: tollbook credits grant --issuer huggingface --plan team --month 2026-11 --seats 4
      $ grant --issuer huggingface --plan pro --seats 4 --month 2026-11
        64 tollbook: The credit of plan pro is for the account, not for each seat. |  try: tollbook credits grant --issuer huggingface --plan pro --month 2026-11
      $ grant --issuer huggingface --plan team --seats 4 --month 2026-11
        2026-11-01 credit_grant 8.00 Assets:Credits:huggingface:2026-11 < Liabilities:UnearnedCredits:huggingface
        left 8.00, unpaid 0.00
      """)
  }

  @Test func `calls with the provider's own key are the provider's, and use no credits`() throws {
    try CreditScript.expect(
      """
      call own-key 1.00 2026-11-05T08:00:00Z
      call huggingface 0.30 2026-11-05T08:00:00Z
      $ grant --issuer huggingface --plan pro --month 2026-11
        2026-11-01 credit_grant 2.00 Assets:Credits:huggingface:2026-11 < Liabilities:UnearnedCredits:huggingface
        left 2.00, unpaid 0.30
      $ apply --issuer huggingface --month 2026-11
        2026-11-20 credit_use 0.30 Liabilities:Accrued:huggingface < Assets:Credits:huggingface:2026-11
        2026-11-20 credit_use 0.30 Liabilities:UnearnedCredits:huggingface < Expenses:ContraCredits:huggingface
        left 1.70, unpaid 0.00
      $ apply --issuer novita --month 2026-11
        1 tollbook: novita has no credits of 2026-11. Grant them first. |  try: tollbook credits grant --issuer novita --month 2026-11 --plan NAME
      """)
  }

  @Test func `a month begins and ends at midnight in UTC`() throws {
    try CreditScript.expect(
      """
      at 2026-11-30T23:59:59.999999Z
      call huggingface 0.10 2026-10-31T23:59:59.999999Z
      call huggingface 0.20 2026-11-01T00:00:00Z
      call huggingface 0.40 2026-11-30T23:59:59.999999Z
      call huggingface 0.80 2026-12-01T01:00:00+02:00
      call huggingface 1.60 2026-12-01T00:00:00Z
      $ grant --issuer huggingface --plan pro --month 2026-12
        1 tollbook: 2026-12 has not begun in UTC. Wait for 2026-12-01.
      $ grant --issuer huggingface --plan pro --month 2026-11
        2026-11-01 credit_grant 2.00 Assets:Credits:huggingface:2026-11 < Liabilities:UnearnedCredits:huggingface
        left 2.00, unpaid 1.40
      $ expire --issuer huggingface --month 2026-11
        1 tollbook: 2026-11 is not over in UTC, so nothing of it lapses yet. Wait until 2026-11-30 is over.
      at 2026-12-01T00:00:00Z
      $ expire --issuer huggingface --month 2026-11
        1 tollbook: huggingface's credits of 2026-11 are not applied to all of its usage: 1.400000000 is to be moved. Apply them first. |  try: tollbook credits apply --issuer huggingface --month 2026-11
      $ apply --issuer huggingface --month 2026-11
        2026-11-30 credit_use 1.40 Liabilities:Accrued:huggingface < Assets:Credits:huggingface:2026-11
        2026-11-30 credit_use 1.40 Liabilities:UnearnedCredits:huggingface < Expenses:ContraCredits:huggingface
        left 0.60, unpaid 0.00
      $ expire --issuer huggingface --month 2026-11
        2026-11-30 credit_expiry 0.60 Liabilities:UnearnedCredits:huggingface < Assets:Credits:huggingface:2026-11
        left 0.00, unpaid 0.00
      """)
  }

  @Test func `a late call finds lapsed credits gone`() throws {
    try CreditScript.expect(
      """
      at 2026-12-02T00:00:00Z
      $ grant --issuer huggingface --plan pro --month 2026-11
        2026-11-01 credit_grant 2.00 Assets:Credits:huggingface:2026-11 < Liabilities:UnearnedCredits:huggingface
        left 2.00, unpaid 0.00
      $ expire --issuer huggingface --month 2026-11
        2026-11-30 credit_expiry 2.00 Liabilities:UnearnedCredits:huggingface < Assets:Credits:huggingface:2026-11
        left 0.00, unpaid 0.00
      call huggingface 0.50 2026-11-05T08:00:00Z
      $ apply --issuer huggingface --month 2026-11
        nothing, left 0.00, unpaid 0.50
      """)
  }

  @Test func `usage that is taken back gives credits back`() throws {
    try CreditScript.expect(
      """
      call huggingface 1.75 2026-11-05T08:00:00Z
      $ grant --issuer huggingface --plan pro --month 2026-11
        2026-11-01 credit_grant 2.00 Assets:Credits:huggingface:2026-11 < Liabilities:UnearnedCredits:huggingface
        left 2.00, unpaid 1.75
      $ apply --issuer huggingface --month 2026-11
        2026-11-20 credit_use 1.75 Liabilities:Accrued:huggingface < Assets:Credits:huggingface:2026-11
        2026-11-20 credit_use 1.75 Liabilities:UnearnedCredits:huggingface < Expenses:ContraCredits:huggingface
        left 0.25, unpaid 0.00
      refund huggingface 0.50 2026-11-12
      $ apply --issuer huggingface --month 2026-11
        2026-11-20 credit_use 0.50 Assets:Credits:huggingface:2026-11 < Liabilities:Accrued:huggingface
        2026-11-20 credit_use 0.50 Expenses:ContraCredits:huggingface < Liabilities:UnearnedCredits:huggingface
        left 0.75, unpaid 0.00
      call huggingface 0.50 2026-11-06T08:00:00Z
      $ apply --issuer huggingface --month 2026-11
        2026-11-20 credit_use 0.50 Liabilities:Accrued:huggingface < Assets:Credits:huggingface:2026-11
        2026-11-20 credit_use 0.50 Liabilities:UnearnedCredits:huggingface < Expenses:ContraCredits:huggingface
        left 0.25, unpaid 0.00
      """)
  }

  @Test func `what cannot be meant is refused with what to type`() throws {
    try CreditScript.expect(
      """
      call huggingface 0.50 2026-11-05T08:00:00Z
      $ grant --issuer huggingface --plan prp --month 2026-11
        64 tollbook: huggingface has no plan 'prp'. Did you mean 'pro'? |  try: tollbook credits plans --issuer huggingface
      $ grant --issuer huggingfase --plan pro --month 2026-11
        64 tollbook: 'huggingfase' is no issuer of the price files or the ledger. Did you mean 'huggingface'? |  try: tollbook credits plans
      $ grant --issuer huggingface --plan pro --month 2025-12
        64 tollbook: No credit of plan pro is known on 2025-12-01; the first is from 2026-01-01. |  try: tollbook credits plans --issuer huggingface
      $ grant --issuer novita --plan pro --month 2026-11
        64 tollbook: The price files know no plan of novita. State the --amount. |  try: tollbook credits grant --issuer novita --month 2026-11 --amount 2
      $ grant --issuer huggingface --plan pro --month 2026-13
        64 tollbook: --month has '2026-13', which is no month. |  try: tollbook credits grant --issuer huggingface --month 2026-11
      $ grant --issuer huggingface --amount=-1 --month 2026-11
        64 tollbook: --amount has -1.000000000, which is below nought. |  try: tollbook help credits
      $ grant --issuer huggingface --amount 0 --month 2026-11
        64 tollbook: A grant of 0.000000000 moves nothing. State an amount above nought. |  try: tollbook help credits
      $ grant --issuer huggingface --amount 1e3 --month 2026-11
        64 tollbook: --amount: '1e3' is not a plain decimal. Write digits and a point, such as 0.0072. |  try: tollbook help credits
      $ grant --issuer huggingface --amount 1000000001 --month 2026-11
        64 tollbook: --amount has 1000000001.000000000, which is over a billion dollars. |  try: tollbook help credits
      $ apply --issuer hugingface --month 2026-11
        1 tollbook: The ledger owes nothing to 'hugingface' and holds nothing of it. Did you mean 'huggingface'? |  try: tollbook credits show
      $ top-up --issuer novita --amount 10 --reference r1
        64 tollbook: The price files know no fee of novita on 2026-11-20. State it; 0 when there was none. |  try: tollbook credits top-up --issuer novita --fee 0 …
      $ top-up --issuer openrouter --amount 10 --reference r1 --on 2026-11-31
        64 tollbook: --on has '2026-11-31', which is no day. |  try: tollbook credits top-up --on 2026-11-20 …
      $ top-up --issuer openrouter --amount 10 --reference r1 --on 2026-11-21
        64 tollbook: --on has 2026-11-21, which has not come yet in UTC. |  try: tollbook credits top-up --on 2026-11-20 …
      """)
  }

  @Test func `every step reads as it is recorded`() throws {
    let text = try CreditScript.transcript(
      """
      call huggingface 2.50 2026-11-05T08:00:00Z
      call openrouter 6.00 2026-11-06T08:00:00Z
      $ tollbook credits show
      $ tollbook credits plans
      $ tollbook credits plans --issuer novita
      $ tollbook credits grant --issuer huggingface --plan team --seats 2 --month 2026-11
      $ tollbook credits grant --issuer huggingface --plan team --seats 2 --month 2026-11
      $ tollbook credits apply --issuer huggingface --month 2026-11
      $ tollbook credits apply --issuer huggingface --month 2026-11
      $ tollbook credits top-up --issuer openrouter --amount 5 --reference inv-7
      $ tollbook credits settle --issuer openrouter --month 2026-11
      $ tollbook credits settle --issuer openrouter --month 2026-11 --json
      $ tollbook credits show
      $ tollbook credits show --issuer huggingface --json
      $ tollbook status
      $ tollbook export --format csv
      at 2026-12-01T00:00:00Z
      $ tollbook credits expire --issuer huggingface --month 2026-11
      $ tollbook credits plans --json --issuer openrouter
      """)
    try expectGolden(text, "credits.txt")
  }

  @Test(arguments: [
    "credits grant --issuer a --month 2026-11", "credits grant --issuer a --month 2026-11 --plan p --amount 1",
    "credits grant --issuer a --month 2026-11 --amount 1 --seats 2",
    "credits grant --issuer a --month 2026-11 --plan p --seats 0", "credits apply --issuer a",
    "credits top-up --issuer a --amount 1", "credits borrow",
  ])
  func `a command line that leaves things open is misuse`(command: String) {
    #expect(throws: (any Error).self) {
      _ = try Tollbook.parseAsRoot(command.split(separator: " ").map(String.init))
    }
  }

  @Test func `a ledger that another process holds is not posted to`() throws {
    let sample = try SampleLedger()
    let start = Timestamp(microseconds: 1_795_262_400_000_000)
    let daemon = try LedgerWriter(folder: sample.folder, now: start)
    defer { daemon.close() }
    let answer = try sample.ask(
      "credits", "grant", "--issuer", "huggingface", "--amount", "2", "--month", "2026-11")
    #expect(answer.exit == .failed)
    let process = ProcessInfo.processInfo.processIdentifier
    #expect(
      answer.out.contains("is held by process \(process). Stop that one first, or use another folder."),
      "\(answer.out)")
    // Reading goes on beside it.
    #expect(try sample.ask("credits", "show").exit == .clean)
  }

  @Test func `no ledger is made for a credit`() throws {
    let sample = try SampleLedger([])
    let folder = sample.folder + "/none"
    let answer = try sample.ask("credits", "apply", "--issuer", "a", "--month", "2026-11", "--data", folder)
    #expect(answer.out.hasPrefix("tollbook: There is no ledger at"))
    #expect(!FileManager.default.fileExists(atPath: folder))
  }
}
