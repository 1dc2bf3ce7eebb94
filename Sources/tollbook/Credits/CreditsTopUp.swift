import ArgumentParser
import Books
import Rates
import Store
import Units

struct CreditsTopUp: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "top-up",
    abstract: "Book money that was paid to an issuer in advance, and the fee for it.",
    discussion: """
      The fee comes on top of the amount and is an expense of its own. Without --fee it is what the \
      issuer's price file says for that day; state the one of the receipt where it differs. The \
      reference makes the payment one: it is booked once.

      EXAMPLES
        tollbook credits top-up --issuer openrouter --amount 100 --reference inv-7
        tollbook credits top-up --issuer fal --amount 50 --fee 0 --reference pi_31
        tollbook credits top-up --issuer fal --amount 9 --fee 0 --on 2026-11-20 \\
          --reference pi_32
      """)

  @Option(help: ArgumentHelp("Whom the money was paid to.", valueName: "name"))
  var issuer: String

  @Option(help: ArgumentHelp("What the balance grew by, in dollars.", valueName: "usd"))
  var amount: String

  @Option(help: ArgumentHelp("The issuer's number for the payment.", valueName: "text"))
  var reference: String

  @Option(help: ArgumentHelp("The fee that was paid beside it, in dollars.", valueName: "usd"))
  var fee: String?

  @Option(help: ArgumentHelp("The UTC day of the payment (default: today).", valueName: "day"))
  var on: String?

  @OptionGroup var data: DataOptions
  @OptionGroup var pricing: PricingOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if !(1...200).contains(reference.utf8.count) {
      throw ValidationError("--reference has \(reference.utf8.count) bytes. Write 1 to 200.")
    }
  }

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let amount = try TypedAmount.read(amount, option: "--amount")
    let stated = try fee.map { try TypedAmount.read($0, option: "--fee") }
    let rates = try pricing.book(surroundings)
    let ledger = try CreditLedger(data, surroundings)
    defer { ledger.close() }
    let issuer = try ledger.issuer(issuer, rates)
    let day = try day(ledger, issuer)
    let fee = try stated ?? knownFee(on: amount, issuer, day, rates)
    let topUp = try TopUp(issuer: issuer, amount: amount, fee: fee, day: day)
    let document = CreditDocument.topUp.document(
      issuer: issuer, reference: reference, amount: amount,
      [("on", JSONText.quoted("\(day)")), ("fee", JSONText.quoted("\(fee)"))])
    var done = try ledger.post(.topUp, document, topUp.entries(), nil)
    done.fee = fee
    return Answer(
      output.json ? done.json + "\n" : done.text(output.paint(surroundings)),
      hints: ["Let it pay: tollbook credits settle\(data.hint) --issuer \(issuer) --month \(Month(of: day))"])
  }

  /// The day of the payment: as stated, or as it was recorded before, or today.
  private func day(_ ledger: CreditLedger, _ issuer: String) throws -> Day {
    if let on {
      let cure = "tollbook credits top-up --on \(ledger.today) …"
      guard let day = Day(on) else {
        throw CommandFault(misuse: "--on has '\(on.prefix(40))', which is no day.", try: cure)
      }
      guard day <= ledger.today else {
        throw CommandFault(misuse: "--on has \(day), which has not come yet in UTC.", try: cure)
      }
      return day
    }
    let known = try ledger.reader.creditDocuments().first {
      $0.kind == CreditDocument.topUp.rawValue && $0.issuer == issuer && $0.reference == reference
    }
    let recorded = known.flatMap { try? JSONTree(parsing: $0.text) }.flatMap { $0["on"]?.string }
    return recorded.flatMap { Day($0) } ?? ledger.today
  }

  private func knownFee(
    on amount: Amount, _ issuer: String, _ day: Day, _ rates: RateBook
  ) throws(CommandFault) -> Amount {
    if let fee = rates.topUpFee(of: issuer, on: day) { return fee.of(amount) }
    throw CommandFault(
      misuse: "The price files know no fee of \(issuer) on \(day). State it; 0 when there was none.",
      try: "tollbook credits top-up --issuer \(ShellText.quoted(issuer)) --fee 0 …")
  }
}
