import ArgumentParser
import Audit
import Sidecar
import Store
import Units

/// Which calls are meant: from when, to when, in whose days.
struct SpanOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "First instant: a day, a month, a time (RFC 3339, or on the zone's clocks), today, yesterday.", valueName: "time")
  )
  var from: String?

  @Option(
    help: ArgumentHelp(
      "First instant no longer meant, in the same words.", valueName: "time"))
  var to: String?

  @Option(
    help: ArgumentHelp(
      "Whose days and months: an IANA name such as Europe/Berlin (default: the configured zone, else UTC).",
      valueName: "zone"))
  var zone: String?

  /// What a report is asked over: whose days, which ledger, which calls.
  struct Asked {
    let calendar: ZoneCalendar
    let reader: LedgerReader
    let span: Span
    /// No end was named, and the ledger has no calls that would name them.
    let isOfNothing: Bool
  }

  func asked(of data: DataOptions, _ surroundings: Surroundings) throws -> Asked {
    let calendar = try calendar(surroundings)
    let reader = try data.reader(surroundings)
    let span = try span(of: reader, surroundings)
    return Asked(
      calendar: calendar, reader: reader, span: try span ?? nothing(surroundings), isOfNothing: span == nil)
  }

  func calendar(_ surroundings: Surroundings) throws -> ZoneCalendar {
    try ZoneCalendar(named: Settings.load(flags: [.zone: zone], surroundings)[.zone].value)
  }

  /// The span that is meant; where an end was not named, whole days around the ledger's calls.
  ///
  /// Nil when neither end was named and the ledger has no calls.
  func span(of reader: LedgerReader, _ surroundings: Surroundings) throws -> Span? {
    let calendar = try calendar(surroundings)
    let start = try from.map { try instant($0, calendar, surroundings.now, option: "--from") }
    let end = try to.map { try instant($0, calendar, surroundings.now, option: "--to") }
    let held = start == nil || end == nil ? try reader.hours() : nil
    guard let from = start ?? held.map({ calendar.start(of: calendar.day(of: $0.from)) }) ?? end,
      let to = end ?? held.map({ whole in dayAfter(whole.to, calendar) }) ?? start
    else { return nil }
    if let span = Span(from: from, to: to) { return span }
    if start != nil, end != nil {
      throw CommandFault(
        misuse:
          "The span ends at \(calendar.text(to)), before it begins at \(calendar.text(from)).",
        try: "tollbook spend --from \(self.to ?? "") --to \(self.from ?? "")")
    }
    return Span(at: from)
  }

  /// The ends that were named; nil for one that was not.
  func named(_ surroundings: Surroundings) throws -> (from: Timestamp?, to: Timestamp?) {
    let calendar = try calendar(surroundings)
    let start = try from.map { try instant($0, calendar, surroundings.now, option: "--from") }
    let end = try to.map { try instant($0, calendar, surroundings.now, option: "--to") }
    if let start, let end, end < start {
      throw CommandFault(
        misuse: "The span ends at \(calendar.text(end)), before it begins at \(calendar.text(start)).",
        try: "tollbook reprice --dry-run --from \(to ?? "") --to \(from ?? "")")
    }
    return (start, end)
  }

  /// A span of no time, today: what is meant where nothing else is.
  private func nothing(_ surroundings: Surroundings) throws -> Span {
    let calendar = try calendar(surroundings)
    return Span(at: calendar.start(of: calendar.day(of: surroundings.now)))
  }

  /// The start of the day behind the last whole hour with a call.
  private func dayAfter(_ instant: Timestamp, _ calendar: ZoneCalendar) -> Timestamp {
    let day = calendar.day(of: instant)
    let start = calendar.start(of: day)
    return start == instant ? start : calendar.start(of: Day(number: day.number + 1))
  }

  private func instant(
    _ text: String, _ calendar: ZoneCalendar, _ now: Timestamp, option: String
  ) throws(CommandFault) -> Timestamp {
    try Self.instant(text, calendar, now, option: option, of: "spend")
  }

  /// An instant as people write it, on the zone's clocks.
  static func instant(
    _ text: String, _ calendar: ZoneCalendar, _ now: Timestamp, option: String, of command: String
  ) throws(CommandFault) -> Timestamp {
    let today = calendar.day(of: now)
    switch text {
    case "now": return now
    case "today": return calendar.start(of: today)
    case "yesterday": return calendar.start(of: Day(number: today.number - 1))
    case "tomorrow": return calendar.start(of: Day(number: today.number + 1))
    default: break
    }
    if let day = Day(text) ?? Day(text + "-01") { return calendar.start(of: day) }
    if let instant = Timestamp(text) { return instant }
    if let time = Timestamp(text + "Z") ?? Timestamp(text + ":00Z") {
      return calendar.instant(onClocks: time)
    }
    throw CommandFault(
      misuse: "\(option) has '\(text)', which is no time.",
      try: "tollbook \(command) \(option) 2026-11-20 (or 2026-11, or 2026-11-20T10:00:00Z)")
  }
}
