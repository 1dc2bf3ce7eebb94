import ArgumentParser
import Books
import Store
import Units

struct CreditsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "credits",
    abstract: "Book included credits, free units, prepaid money and its fees.",
    discussion: """
      Credits that a plan includes pay for a month's usage before anything else, and lapse with the \
      month. Prepaid money pays what they leave. Units that an issuer gives away each month or day are \
      taken off before. Each step is a document with balanced entries of its \
      own, booked once however often it is asked for; months are those of UTC.

      Booking wants the ledger for itself: stop the daemon first. `plans` and `show` do not.

      EXAMPLES
        tollbook credits grant --issuer huggingface --plan pro --month 2026-11
        tollbook credits free --issuer google --month 2026-11
        tollbook credits apply --issuer huggingface --month 2026-11
        tollbook credits expire --issuer huggingface --month 2026-11
        tollbook credits top-up --issuer openrouter --amount 100 --reference inv-7
        tollbook credits settle --issuer openrouter --month 2026-11
        tollbook credits show
      """,
    subcommands: [
      CreditsShow.self, CreditsPlans.self, CreditsGrant.self, CreditsFree.self, CreditsApply.self,
      CreditsExpire.self, CreditsTopUp.self, CreditsSettle.self,
    ],
    defaultSubcommand: CreditsShow.self)
}

/// Whose credits of which month.
struct IssuerMonthOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Who bills, as `tollbook credits show` has it.", valueName: "name"))
  var issuer: String

  @Option(help: ArgumentHelp("The month in UTC, such as 2026-11.", valueName: "month"))
  var month: String

  func month(_ command: String) throws(CommandFault) -> Month {
    if let month = Month(month) { return month }
    throw CommandFault(
      misuse: "--month has '\(month.prefix(40))', which is no month.",
      try: "tollbook credits \(command) --issuer \(ShellText.quoted(issuer)) --month 2026-11")
  }
}

/// Amounts as they are typed.
enum TypedAmount {
  /// More dollars than anybody grants or pays in at once; sums of them stay within 64 bits.
  private static let most = Amount(nanos: 1_000_000_000_000_000_000)

  /// The dollars of an option; what is wrong with them is misuse.
  static func read(_ text: String, option: String) throws(CommandFault) -> Amount {
    let cure = "tollbook help credits"
    let amount: Amount
    do throws(DecimalFault) {
      amount = try Amount(dollars: text)
    } catch {
      throw CommandFault(misuse: "\(option): \(error)", try: cure)
    }
    guard amount >= .zero else {
      throw CommandFault(misuse: "\(option) has \(amount), which is below nought.", try: cure)
    }
    guard amount <= most else {
      throw CommandFault(misuse: "\(option) has \(amount), which is over a billion dollars.", try: cure)
    }
    return amount
  }
}

extension CommandFault {
  /// What a refusal of the books reads like on the terminal.
  init(_ fault: CreditFault) {
    func command(_ name: String, _ issuer: String, _ month: Month) -> String {
      "tollbook credits \(name) --issuer \(ShellText.quoted(issuer)) --month \(month)"
    }
    switch fault {
    case .noGrant(let issuer, let month):
      self.init("\(fault)", try: command("grant", issuer, month) + " --plan NAME")
    case .unapplied(let issuer, let month, _):
      self.init("\(fault)", try: command("apply", issuer, month))
    case .unpriced: self.init("\(fault)", try: "tollbook reprice --dry-run")
    case .notPositive: self.init(misuse: "\(fault)", try: "tollbook help credits")
    default: self.init("\(fault)")
    }
  }
}
