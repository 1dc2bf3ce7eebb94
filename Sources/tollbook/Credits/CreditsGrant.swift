import ArgumentParser
import Books
import Rates
import Store
import Units

struct CreditsGrant: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "grant",
    abstract: "Book the credits that a plan includes in a month.",
    discussion: """
      The amount is that of the plan on the month's first day, for each seat where the plan says so, \
      or the one you state. A month has one grant; further ones, for seats that were added, want a \
      --reference of their own.

      EXAMPLES
        tollbook credits grant --issuer huggingface --plan pro --month 2026-11
        tollbook credits grant --issuer acme --plan team --seats 4 --month 2026-11
        tollbook credits grant --issuer acme --amount 5 --month 2026-11 --reference b
      """)

  @OptionGroup var meant: IssuerMonthOptions

  @Option(help: ArgumentHelp("The plan; `tollbook credits plans` lists them.", valueName: "name"))
  var plan: String?

  @Option(help: ArgumentHelp("Seats of the plan, where its credit is for each.", valueName: "count"))
  var seats: Int?

  @Option(help: ArgumentHelp("The credit in dollars, instead of a plan.", valueName: "usd"))
  var amount: String?

  @Option(help: ArgumentHelp("Tells a further grant of the month from the first.", valueName: "text"))
  var reference: String?

  @OptionGroup var data: DataOptions
  @OptionGroup var pricing: PricingOptions
  @OptionGroup var output: OutputOptions

  /// Seats of an organization at most.
  private static let seatsMax = 1_000_000

  func validate() throws {
    if (plan == nil) == (amount == nil) {
      throw ValidationError("State the --plan, or the --amount, and not both.")
    }
    if seats != nil, plan == nil { throw ValidationError("--seats goes with --plan.") }
    if let seats, !(1...Self.seatsMax).contains(seats) {
      throw ValidationError("--seats has \(seats), which is not 1 to \(Self.seatsMax).")
    }
    if let reference, !(1...100).contains(reference.utf8.count) {
      throw ValidationError("--reference has \(reference.utf8.count) bytes. Write 1 to 100.")
    }
  }

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let month = try meant.month("grant")
    let stated = try amount.map { try TypedAmount.read($0, option: "--amount") }
    let rates = try pricing.book(surroundings)
    let ledger = try CreditLedger(data, surroundings)
    defer { ledger.close() }
    let issuer = try ledger.issuer(meant.issuer, rates)
    let plan = try self.plan.map { try find($0, issuer, month, rates) }
    let credit = try plan.map(creditOf) ?? stated ?? .zero
    let entries = try ledger.month(month, of: issuer).granting(credit, today: ledger.today)
    let document = CreditDocument.grant.document(
      issuer: issuer, reference: "\(month)" + (reference.map { "/\($0)" } ?? ""), amount: credit,
      [
        ("month", JSONText.quoted("\(month)")), ("plan", JSONText.optional(plan?.name)),
        ("seats", seats.map { "\($0)" } ?? "null"),
      ])
    var done = try ledger.post(.grant, document, entries, month)
    if plan?.spendsOn == .compute {
      done.note = "The plan's credits pay for other compute too; what that takes of them is not in this ledger."
    }
    return Answer(
      output.json ? done.json + "\n" : done.text(output.paint(surroundings)),
      hints: ["Let them pay: tollbook credits apply\(data.hint) --issuer \(issuer) --month \(month)"])
  }

  private func find(
    _ name: String, _ issuer: String, _ month: Month, _ rates: RateBook
  ) throws(CommandFault) -> CreditPlan {
    if let plan = rates.plan(name, of: issuer, in: month) { return plan }
    let plans = rates.plans(of: issuer)
    let known = Set(plans.map(\.name)).sorted()
    let list = "tollbook credits plans --issuer \(ShellText.quoted(issuer))"
    if let first = plans.first(where: { $0.name == name }) {
      throw CommandFault(
        misuse: "No credit of plan \(name) is known on \(month.first); the first is from \(first.from).", try: list)
    }
    guard !known.isEmpty else {
      throw CommandFault(
        misuse: "The price files know no plan of \(issuer). State the --amount.",
        try: "tollbook credits grant --issuer \(ShellText.quoted(issuer)) --month \(month) --amount 2")
    }
    let near = nearest(to: name, in: known)
    throw CommandFault(
      misuse: "\(issuer) has no plan '\(name)'."
        + (near.map { " Did you mean '\($0)'?" } ?? " Plans are \(known.joined(separator: ", "))."), try: list)
  }

  private func creditOf(_ plan: CreditPlan) throws(CommandFault) -> Amount {
    switch plan.per {
    case .account:
      guard seats == nil else {
        throw CommandFault(
          misuse: "The credit of plan \(plan.name) is for the account, not for each seat.",
          try: "tollbook credits grant --issuer \(plan.issuer) --plan \(plan.name) --month \(meant.month)")
      }
      return plan.credit
    case .seat:
      guard let seats, let credit = plan.credit(seats: seats) else {
        throw CommandFault(
          misuse: "The credit of plan \(plan.name) is for each seat. State how many there are.",
          try: "tollbook credits grant --issuer \(plan.issuer) --plan \(plan.name) --month \(meant.month) --seats 4")
      }
      return credit
    }
  }
}
