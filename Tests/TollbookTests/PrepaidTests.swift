import Testing

@testable import tollbook

/// Money paid in advance: top-ups with their fees, and what they settle.
@Suite struct PrepaidTests {
  @Test func `a top-up with its fee pays what was used`() throws {
    try CreditScript.expect(
      """
      call openrouter 0.25 2026-11-05T08:00:00Z
      $ top-up --issuer openrouter --amount 100 --reference inv-7
        2026-11-20 top_up 100.00 Assets:Prepaid:openrouter < Assets:Cash:Bank
        2026-11-20 fee 5.50 Expenses:Fees:openrouter < Assets:Cash:Bank
        prepaid 100.00
      $ settle --issuer openrouter --month 2026-11
        2026-11-20 top_up 0.25 Liabilities:Accrued:openrouter < Assets:Prepaid:openrouter
        left 0.00, unpaid 0.00, prepaid 99.75
      $ settle --issuer openrouter --month 2026-11
        nothing, left 0.00, unpaid 0.00, prepaid 99.75
      """)
  }

  @Test func `a small top-up pays the least fee, and a stated fee holds before the file's`() throws {
    try CreditScript.expect(
      """
      $ top-up --issuer openrouter --amount 5 --reference a
        2026-11-20 top_up 5.00 Assets:Prepaid:openrouter < Assets:Cash:Bank
        2026-11-20 fee 0.80 Expenses:Fees:openrouter < Assets:Cash:Bank
        prepaid 5.00
      $ top-up --issuer openrouter --amount 20.10 --reference b --on 2026-11-19
        2026-11-19 top_up 20.10 Assets:Prepaid:openrouter < Assets:Cash:Bank
        2026-11-19 fee 1.11 Expenses:Fees:openrouter < Assets:Cash:Bank
        prepaid 25.10
      $ top-up --issuer openrouter --amount 10 --fee 0.50 --reference c
        2026-11-20 top_up 10.00 Assets:Prepaid:openrouter < Assets:Cash:Bank
        2026-11-20 fee 0.50 Expenses:Fees:openrouter < Assets:Cash:Bank
        prepaid 35.10
      $ top-up --issuer novita --amount 10 --fee 0 --reference c
        2026-11-20 top_up 10.00 Assets:Prepaid:novita < Assets:Cash:Bank
        prepaid 10.00
      """)
  }

  @Test func `a payment is booked once, also on another day`() throws {
    try CreditScript.expect(
      """
      $ top-up --issuer openrouter --amount 100 --reference inv-7
        2026-11-20 top_up 100.00 Assets:Prepaid:openrouter < Assets:Cash:Bank
        2026-11-20 fee 5.50 Expenses:Fees:openrouter < Assets:Cash:Bank
        prepaid 100.00
      at 2026-11-22T10:00:00Z
      $ top-up --issuer openrouter --amount 100 --reference inv-7
        nothing, prepaid 100.00
      $ top-up --issuer openrouter --amount 101 --reference inv-7
        1 tollbook: The top_up inv-7 of openrouter was recorded before with other content. Record the correction under a reference of its own.
      $ top-up --issuer openrouter --amount 100 --reference inv-7 --on 2026-11-21
        1 tollbook: The top_up inv-7 of openrouter was recorded before with other content. Record the correction under a reference of its own.
      """)
  }

  @Test func `the balance is never overdrawn: the rest stays accrued`() throws {
    try CreditScript.expect(
      """
      call openrouter 7.00 2026-11-05T08:00:00Z
      $ settle --issuer openrouter --month 2026-11
        nothing, left 0.00, unpaid 7.00, prepaid 0.00, exits with 2
      $ top-up --issuer openrouter --amount 5 --reference a
        2026-11-20 top_up 5.00 Assets:Prepaid:openrouter < Assets:Cash:Bank
        2026-11-20 fee 0.80 Expenses:Fees:openrouter < Assets:Cash:Bank
        prepaid 5.00
      $ settle --issuer openrouter --month 2026-11
        2026-11-20 top_up 5.00 Liabilities:Accrued:openrouter < Assets:Prepaid:openrouter
        left 0.00, unpaid 2.00, prepaid 0.00, exits with 2
      at 2026-12-03T00:00:00Z
      $ top-up --issuer openrouter --amount 50 --reference b
        2026-12-03 top_up 50.00 Assets:Prepaid:openrouter < Assets:Cash:Bank
        2026-12-03 fee 2.75 Expenses:Fees:openrouter < Assets:Cash:Bank
        prepaid 50.00
      $ settle --issuer openrouter --month 2026-11
        2026-11-30 top_up 2.00 Liabilities:Accrued:openrouter < Assets:Prepaid:openrouter
        left 0.00, unpaid 0.00, prepaid 48.00
      """)
  }

  @Test func `two issuers do not pay for each other, and credits come before the balance`() throws {
    try CreditScript.expect(
      """
      call huggingface 3.00 2026-11-05T08:00:00Z
      call openrouter 4.00 2026-11-06T08:00:00Z
      $ grant --issuer huggingface --plan pro --month 2026-11
        2026-11-01 credit_grant 2.00 Assets:Credits:huggingface:2026-11 < Liabilities:UnearnedCredits:huggingface
        left 2.00, unpaid 3.00
      $ top-up --issuer huggingface --amount 10 --fee 0 --reference card-1
        2026-11-20 top_up 10.00 Assets:Prepaid:huggingface < Assets:Cash:Bank
        prepaid 10.00
      $ settle --issuer huggingface --month 2026-11
        1 tollbook: huggingface's credits of 2026-11 are not applied to all of its usage: 2.000000000 is to be moved. Apply them first. |  try: tollbook credits apply --issuer huggingface --month 2026-11
      $ settle --issuer openrouter --month 2026-11
        nothing, left 0.00, unpaid 4.00, prepaid 0.00, exits with 2
      $ apply --issuer huggingface --month 2026-11
        2026-11-20 credit_use 2.00 Liabilities:Accrued:huggingface < Assets:Credits:huggingface:2026-11
        2026-11-20 credit_use 2.00 Liabilities:UnearnedCredits:huggingface < Expenses:ContraCredits:huggingface
        left 0.00, unpaid 1.00
      $ settle --issuer huggingface --month 2026-11
        2026-11-20 top_up 1.00 Liabilities:Accrued:huggingface < Assets:Prepaid:huggingface
        left 0.00, unpaid 0.00, prepaid 9.00
      """)
  }
}
