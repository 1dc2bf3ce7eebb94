import ArgumentParser
import Books
import Calls
import Rates
import Store
import Units

struct CreditsFree: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "free",
    abstract: "Take a month's free units off what is owed.",
    discussion: """
      An issuer that gives away the first units of a month or a day bills the calls behind them only. \
      Works out from the ledger which units were free, in the order of calls, and books exactly what \
      they were charged. Run it again as calls come in or are re-priced: only the difference is booked. \
      Run it before `apply` and `settle`, which pay for the rest.

      With --closed-until, what is booked for a month before that UTC day is dated on it.

      EXAMPLES
        tollbook credits free --issuer google --month 2026-11
        tollbook credits free --issuer google --month 2026-10 \\
          --closed-until 2026-11-01
      """)

  @OptionGroup var meant: IssuerMonthOptions

  @Option(help: ArgumentHelp("First UTC day of the open period: nothing is dated before it.", valueName: "day"))
  var closedUntil: String?

  @OptionGroup var data: DataOptions
  @OptionGroup var pricing: PricingOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let month = try meant.month("free")
    let firstOpenDay = try firstOpenDay(month)
    let rates = try pricing.book(surroundings)
    let ledger = try CreditLedger(data, surroundings)
    defer { ledger.close() }
    let issuer = try ledger.bookedIssuer(meant.issuer)
    let allowances = rates.allowances(of: issuer)
    guard !allowances.isEmpty else {
      throw CommandFault(
        misuse: "The price files know no free units of \(issuer). Add them as 'allowances' to its file.",
        try: "tollbook credits plans --issuer \(ShellText.quoted(issuer))")
    }
    var units = FreeUnits(allowances, of: issuer, in: month)
    let company = rates.canonical(issuer)
    try ledger.reader.take(into: &units) { rates.canonical($0) == company }
    let before = try ledger.month(month, of: issuer)
    let entries = try ledger.freeing(units, firstOpenDay)
    let lines = try units.came.map { try FreeUnitsLine(units, $0) }
    var done = try ledger.post(
      .allowance, entries, of: before, amount: entries.freed, facts: [("allowances", JSONText.array(lines.map(\.json)))]
    )
    done.free = lines
    let unpriced = units.came.reduce(0) { $0 + $1.unpriced }
    if unpriced > 0 {
      done.note =
        "\(CountText.of(unpriced, "call", "calls")) with free units \(unpriced == 1 ? "has" : "have") no price for "
        + "them yet. Add the rate, re-price, and run this again."
    }
    return Answer(
      output.json ? done.json + "\n" : done.text(output.paint(surroundings)),
      hints: ["Let credits pay for the rest: tollbook credits apply\(data.hint) --issuer \(issuer) --month \(month)"])
  }

  private func firstOpenDay(_ month: Month) throws(CommandFault) -> Day? {
    guard let closedUntil else { return nil }
    if let day = Day(closedUntil) ?? Day(closedUntil + "-01") { return day }
    throw CommandFault(
      misuse: "--closed-until has '\(closedUntil.prefix(40))', which is no day.",
      try: "tollbook credits free --issuer \(ShellText.quoted(meant.issuer)) --month \(month) --closed-until 2026-12-01"
    )
  }
}

/// What one allowance came to in a month, for the answer and for the document.
struct FreeUnitsLine {
  let sum: FreeUnits.Sum
  let terms: [Allowance]
  let charged: Amount

  init(_ units: FreeUnits, _ sum: FreeUnits.Sum) throws(CreditFault) {
    self.sum = sum
    terms = units.allowances.filter {
      $0.name == sum.name && $0.from <= units.month.last && $0.until.map { units.month.first < $0 } ?? true
    }
    charged = try units.charged(sum)
  }

  /// Quantities in the meter's unit.
  private func quantity(_ parts: Int128) -> String { DecimalText.plain(parts, decimals: sum.meter.unit.decimals) }

  var json: String {
    JSONText.object([
      ("allowance", JSONText.quoted(sum.name)), ("meter", JSONText.quoted(sum.meter.name)),
      ("terms", JSONText.array(terms.map(\.text))), ("used", JSONText.quoted(quantity(sum.used))),
      ("free", JSONText.quoted(quantity(sum.free))), ("calls", "\(sum.calls)"), ("unpriced", "\(sum.unpriced)"),
      ("amount", JSONText.quoted("\(charged)")),
    ])
  }

  var text: String {
    let terms = terms.map { "\($0.words) a \($0.every.rawValue)" }.joined(separator: ", then ")
    return "\(sum.name) (\(terms)): \(quantity(sum.free)) of \(quantity(sum.used)) \(sum.meter.name) free, "
      + "charged \(charged)"
  }
}

extension [Entry] {
  /// What entries of free units took off, in all: negative where they gave back.
  fileprivate var freed: Amount {
    reduce(.zero) { $0 + Amount(nanos: $1.debit.kind == .liabilities ? $1.amount : -$1.amount) }
  }
}
