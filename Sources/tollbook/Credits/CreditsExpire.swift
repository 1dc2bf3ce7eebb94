import ArgumentParser
import Books
import Store
import Units

struct CreditsExpire: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "expire",
    abstract: "Let the rest of a month's credits lapse.",
    discussion: """
      Refused while the month is not over in UTC, and while its credits are not applied to all of its \
      usage: a credit that lapsed pays for nothing. Refused too while calls of the month have no price: \
      add their cards and re-price first, or say --despite-unpriced.

      EXAMPLES
        tollbook credits expire --issuer huggingface --month 2026-11
      """)

  @OptionGroup var meant: IssuerMonthOptions
  @Flag(help: "Let credits lapse though calls of the month have no price.")
  var despiteUnpriced = false

  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let month = try meant.month("expire")
    let ledger = try CreditLedger(data, surroundings)
    defer { ledger.close() }
    let before = try ledger.month(month, of: ledger.bookedIssuer(meant.issuer))
    let entries = try before.expiring(today: ledger.today, despiteUnpriced: despiteUnpriced)
    let done = try ledger.post(.expiry, entries, of: before, amount: before.grant.left)
    return Answer(
      output.json ? done.json + "\n" : done.text(output.paint(surroundings)),
      hints: ["All grants: tollbook credits show\(data.hint)"])
  }
}
