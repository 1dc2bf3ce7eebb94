import ArgumentParser
import Audit
import Sidecar
import Store
import Units
import Watch

struct BacktestCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "backtest",
    abstract: "Show which alerts a span of the past would have raised, with the settings of now.",
    discussion: """
      Goes through the ledger's calls five minutes at a time, as the detector would have seen them, \
      and keeps incidents of what it finds. It learns from the four weeks before the span. The same \
      ledger and settings give the same answer. Reads single calls, so a long span takes its time.

      EXAMPLES
        tollbook backtest 2026-11-01 2026-11-20
        tollbook backtest 2026-11 2026-12 --zone Europe/Berlin --json
        tollbook backtest 2026-11 2026-12 --budget 5000
      """)

  @Argument(
    help: ArgumentHelp(
      "First instant: a day, a month, a time (RFC 3339, or on the zone's clocks), today, yesterday.",
      valueName: "from"))
  var from: String

  @Argument(help: ArgumentHelp("First instant no longer meant, in the same words.", valueName: "to"))
  var to: String

  @Option(
    help: ArgumentHelp(
      "Whose hours and days: an IANA name such as Europe/Berlin (default: the configured zone, else UTC).",
      valueName: "zone"))
  var zone: String?

  @Option(
    help: ArgumentHelp(
      "What everybody may spend in a month of the zone, in dollars: watched beside the configured budgets.",
      valueName: "dollars"))
  var budget: String?

  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  /// The longest span: two years.
  static let daysMax: Int64 = 732

  func answer(_ surroundings: Surroundings) throws -> Answer {
    var options = SpanOptions()
    (options.from, options.to, options.zone) = (from, to, zone)
    let calendar = try options.calendar(surroundings)
    let reader = try data.reader(surroundings)
    guard let span = try options.span(of: reader, surroundings) else {
      throw CommandFault(misuse: "The span has no ends.", try: "tollbook backtest 2026-11-01 2026-11-20")
    }
    guard span.to.microseconds - span.from.microseconds <= Self.daysMax * 24 * Timestamp.microsecondsPerHour else {
      throw CommandFault(
        misuse: "The span is longer than \(Self.daysMax) days.", try: "tollbook backtest \(from) \(from)")
    }
    let backtest = try Self.backtest(span, of: reader, calendar, try settings(calendar, surroundings), surroundings)
    if output.json { return Answer(backtest.json(span, calendar) + "\n") }
    return Answer(
      backtest.text(span, calendar, output.paint(surroundings)),
      hints: ["What spent it: tollbook spend\(data.hint) --by team,model --from \(from) --to \(to)"])
  }

  /// What the daemon goes by, in the zone that was asked for, with the budget that was named first.
  private func settings(_ calendar: ZoneCalendar, _ surroundings: Surroundings) throws -> WatchSettings {
    var settings = try Settings.watch(try Settings.load(surroundings), zone: calendar.name)
    guard let budget else { return settings }
    guard let amount = try? Amount(dollars: budget),
      let named = Budget(name: "all", amount: amount, zone: settings.zone)
    else {
      throw CommandFault(
        misuse: "--budget has '\(budget)', which is no amount of dollars above nought.",
        try: "tollbook backtest \(from) \(to) --budget 5000")
    }
    settings.budgets = [named] + settings.budgets.filter { $0.name != named.name }
    return settings
  }

  /// Shows the ledger's buckets to the detector: from four weeks before the span, or the ledger's first call.
  ///
  /// A budget is shown its whole month.
  private static func backtest(
    _ span: Span, of reader: LedgerReader, _ calendar: ZoneCalendar, _ settings: WatchSettings,
    _ surroundings: Surroundings
  ) throws -> Backtest {
    let first = Bucket.first(from: span.from)
    let behind = Bucket.first(from: span.to)
    let held = try reader.hours()
    let learnt = max(
      settings.learningStart(before: first).number, held.map { Bucket.first(from: $0.from).number } ?? first.number)
    var backtest = Backtest(from: first, settings: settings)
    let range = min(learnt, first.number)..<max(behind.number, first.number)
    // Nothing behind the last call but the time in which incidents end.
    try reader.buckets(range) { bucket, facts in
      if bucket.number % Bucket.perDay == 0, surroundings.errorIsTerminal {
        surroundings.progress("\(calendar.day(of: bucket.start))")
      }
      backtest.close(bucket, facts)
    }
    if surroundings.errorIsTerminal { surroundings.progress("") }
    return backtest
  }
}

extension Bucket {
  /// The first bucket that begins at an instant or behind it.
  fileprivate static func first(from instant: Timestamp) -> Bucket {
    let bucket = Bucket(containing: instant)
    return bucket.start < instant ? bucket.next : bucket
  }
}
