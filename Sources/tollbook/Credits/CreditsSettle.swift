import ArgumentParser
import Books
import Store
import Units

struct CreditsSettle: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "settle",
    abstract: "Pay a month's usage out of the prepaid balance.",
    discussion: """
      Pays what credits left unpaid, never more than the balance holds: the rest stays accrued, is told, \
      and makes it exit with 2. Run it again as usage or money comes in.

      EXAMPLES
        tollbook credits settle --issuer openrouter --month 2026-11
      """)

  @OptionGroup var meant: IssuerMonthOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let month = try meant.month("settle")
    let ledger = try CreditLedger(data, surroundings)
    defer { ledger.close() }
    let before = try ledger.month(month, of: ledger.bookedIssuer(meant.issuer))
    let entries = try before.settling(today: ledger.today)
    var done = try ledger.post(.settlement, entries, of: before, amount: before.settleable)
    let unpaid = done.month?.unpaid ?? .zero
    if unpaid > .zero {
      done.note = "The balance does not reach: \(unpaid) of \(month) stays accrued."
    }
    return Answer(
      output.json ? done.json + "\n" : done.text(output.paint(surroundings)),
      hints: unpaid > .zero
        ? ["Put in money: tollbook credits top-up\(data.hint) --issuer \(done.issuer) --amount … --reference …"] : [],
      exit: unpaid > .zero ? .found : .clean)
  }
}
