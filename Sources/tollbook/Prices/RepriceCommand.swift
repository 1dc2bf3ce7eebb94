import ArgumentParser
import Audit
import Sidecar
import Store
import Units

struct RepriceCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "reprice",
    abstract: "Price booked calls anew, by the cards in force now.",
    discussion: """
      For cards that were corrected, cards of models that had none, and contracts. --dry-run shows \
      the difference by team, day and model, and writes nothing. --run books it under a name: what \
      was booked is reversed and booked anew, for each day and pair of accounts, and each call \
      keeps what it was booked at beside what it costs now. The same name twice books once.

      A call that has a price never loses it: where these cards have none, it keeps the one it has.

      With --closed-until, corrections of calls before that UTC day are booked on it. Spend stays \
      by the time of the call.

      Needs the ledger for itself: stop the daemon first; --dry-run works beside it. Exits with 0 \
      when nothing is to change or the run is booked, with 2 when --dry-run finds a difference.

      EXAMPLES
        tollbook reprice --dry-run
        tollbook reprice --dry-run --from 2026-11 --where provider=together --json
        tollbook reprice --run 2026-11-together
        tollbook reprice --run 2026-11-close --closed-until 2026-12-01
      """)

  @Flag(help: "Show what would change, and write nothing.")
  var dryRun = false

  @Option(help: ArgumentHelp("Book the difference under this name.", valueName: "name"))
  var run: String?

  @Option(
    help: ArgumentHelp(
      "First UTC day of the open period: earlier calls' corrections are booked on it.", valueName: "day"))
  var closedUntil: String?

  @Option(help: ArgumentHelp("Folder of price files.", valueName: "dir"))
  var pricing: String?

  @OptionGroup var wanted: WantedOptions
  @OptionGroup var span: SpanOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let name = try runName()
    let (from, to) = try span.named(surroundings)
    let query = RepriceQuery(
      from: from, to: to, wanted: try wanted.values(), firstOpenDay: try firstOpenDay())
    let calendar = try span.calendar(surroundings)
    let configuration = try Settings.load(flags: [.data: data.data, .pricing: pricing], surroundings)
    let rates = try Settings.rates(Settings.pricing(configuration))
    var tally = RepriceTally { calendar.lasting(at: $0) }
    let said = Said(query: query, calendar: calendar, command: self, surroundings: surroundings)
    guard let name, !dryRun else {
      let reader = try data.reader(surroundings)
      try reader.reprice(query, rates: rates, tally: &tally)
      return said.difference(RepriceReport(tally), suggesting: try suggestion(reader, surroundings))
    }
    // A ledger that is missing is not made here; an older one is brought up by its writer.
    do throws(StoreFault) { _ = try LedgerReader(folder: configuration[.data].value) } catch {
      guard case .older = error else { throw error }
    }
    let writer = try LedgerWriter(folder: configuration[.data].value, now: surroundings.now)
    defer { writer.close() }
    let receipt = try writer.reprice(query, run: name, rates: rates, at: surroundings.now, tally: &tally)
    return said.receipt(receipt, name, RepriceReport(tally))
  }

  private func runName() throws(CommandFault) -> RunName? {
    guard let run else {
      if dryRun { return nil }
      throw CommandFault(
        misuse: "Neither --dry-run nor --run: look at the difference first, then book it under a name.",
        try: "tollbook reprice --dry-run\(data.hint)")
    }
    guard let name = RunName(run) else {
      throw CommandFault(
        misuse: "--run has '\(run.prefix(120))', which is no name: "
          + "1 to \(RunName.bytesMax) letters, digits and '-_.:'.",
        try: "tollbook reprice --run 2026-11-correction\(data.hint)")
    }
    return name
  }

  private func firstOpenDay() throws(CommandFault) -> Day? {
    guard let closedUntil else { return nil }
    if let day = Day(closedUntil) ?? Day(closedUntil + "-01") { return day }
    throw CommandFault(
      misuse: "--closed-until has '\(closedUntil)', which is no day.",
      try: "tollbook reprice --dry-run --closed-until 2026-12-01\(data.hint)")
  }

  /// A name that no run has: the asked one, or one of today.
  private func suggestion(_ reader: LedgerReader, _ surroundings: Surroundings) throws -> String {
    let base = run ?? "reprice-\(surroundings.now.day)"
    var text = base
    var number = 2
    while let name = RunName(text), try reader.repriceRun(name) != nil {
      text = "\(base)-\(number)"
      number += 1
    }
    return text
  }
}

/// What `reprice` says, in words or in JSON.
private struct Said {
  let query: RepriceQuery
  let calendar: ZoneCalendar
  let command: RepriceCommand
  let surroundings: Surroundings

  /// What a dry run found.
  func difference(_ report: RepriceReport, suggesting name: String) -> Answer {
    let isSame = report.total.calls == 0
    let exit = isSame ? ExitStatus.clean : .found
    if command.output.json {
      return Answer(
        json(report, "dry_run", run: nil, documents: [], suggesting: isSame ? nil : name) + "\n", exit: exit)
    }
    if isSame { return Answer("Nothing is to change.\n" + report.footnotes) }
    return Answer(
      report.table(calendar, command.output.paint(surroundings))
        + "\nNothing is booked yet. Book it: tollbook reprice --run \(ShellText.quoted(name))\(options)\n",
      exit: exit)
  }

  /// What a run did.
  func receipt(_ receipt: RepriceReceipt, _ name: RunName, _ report: RepriceReport) -> Answer {
    let state: String
    let documents: [Int64]
    let text: String
    switch receipt {
    case .nothing:
      (state, documents) = ("nothing", [])
      text = "Nothing is to change: run \(name) is not booked.\n" + report.footnotes
    case .known(let run):
      (state, documents) = ("known", run.documents)
      text =
        "Run \(name) is booked since \(run.recorded), in batch \(run.batch): nothing is done.\n"
        + "What it changed: tollbook export --format csv\(command.data.hint)\n"
    case .booked(let booked):
      (state, documents) = ("booked", booked)
      text =
        report.table(calendar, command.output.paint(surroundings))
        + "\nBooked as run \(name). Its entries: tollbook export --format csv\(command.data.hint)\n"
        + "A call's prices: tollbook calls ID\(command.data.hint)\n"
    }
    if command.output.json {
      return Answer(json(report, state, run: name.text, documents: documents, suggesting: nil) + "\n")
    }
    return Answer(
      text, hints: state == "booked" ? ["Prove the ledger: tollbook verify\(command.data.hint)"] : [])
  }

  private func json(
    _ report: RepriceReport, _ state: String, run: String?, documents: [Int64], suggesting name: String?
  ) -> String {
    report.json([
      ("state", JSONText.quoted(state)), ("run", JSONText.optional(run)),
      ("documents", JSONText.array(documents.map { "\($0)" })),
      ("suggested_run", JSONText.optional(name)),
      ("from", JSONText.optional(query.from.map(calendar.text))),
      ("to", JSONText.optional(query.to.map(calendar.text))), ("zone", JSONText.quoted(calendar.name)),
      ("closed_until", JSONText.optional(query.firstOpenDay?.description)),
      ("currency", JSONText.quoted("USD")),
    ])
  }

  /// The options that were given, as a shell reads them back.
  private var options: String {
    var options: [(String, String)] = []
    if let day = command.closedUntil { options.append(("--closed-until", day)) }
    if let folder = command.pricing { options.append(("--pricing", folder)) }
    for wanted in command.wanted.wanted { options.append(("--where", wanted)) }
    for (name, text) in [
      ("--from", command.span.from), ("--to", command.span.to), ("--zone", command.span.zone),
    ] {
      if let text { options.append((name, text)) }
    }
    return options.map { " \($0) \(ShellText.quoted($1))" }.joined() + command.data.hint
  }
}
