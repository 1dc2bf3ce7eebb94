import ArgumentParser
import Books
import Store
import Units

struct CreditsApply: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Let a month's credits pay for its usage.",
    discussion: """
      Pays what the month's calls cost and nothing has paid yet, as far as the credits reach; what is \
      above them stays accrued. Run it again as usage comes in: only what is new is booked. Only calls \
      that the issuer bills count: one with the provider's own key is billed by the provider.

      EXAMPLES
        tollbook credits apply --issuer huggingface --month 2026-11
        tollbook credits apply --issuer huggingface --month 2026-11 --json
      """)

  @OptionGroup var meant: IssuerMonthOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let month = try meant.month("apply")
    let ledger = try CreditLedger(data, surroundings)
    defer { ledger.close() }
    let before = try ledger.month(month, of: ledger.bookedIssuer(meant.issuer))
    let entries = try before.applying(today: ledger.today)
    let done = try ledger.post(.use, entries, of: before, amount: before.coverable)
    return Answer(
      output.json ? done.json + "\n" : done.text(output.paint(surroundings)),
      hints: ["What is left: tollbook credits show\(data.hint)"])
  }
}
