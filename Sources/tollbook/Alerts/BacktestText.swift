import Audit
import Units
import Watch

extension Backtest {
  /// What would have been told, as a table, with the settings below it.
  func text(_ span: Span, _ calendar: ZoneCalendar, _ paint: Paint) -> String {
    var text = paint.bold("Alerts of the past, " + calendar.words(for: span)) + "\n\n"
    let outcomes = outcomes
    if outcomes.isEmpty {
      text += "None.\n"
    } else {
      var table = TextTable([
        .text("began"), .text("ended"), .text("severity"), .text("rule"), .text("who"), .number("spent USD"),
        .number("expected USD"), .number("excess a day USD"), .text("why"),
      ])
      for outcome in outcomes { table.add(outcome.cells(calendar)) }
      text += table.text(paint)
    }
    text += "\n" + words(calendar) + "\n"
    return text
  }

  /// What was looked at, and by which settings.
  private func words(_ calendar: ZoneCalendar) -> String {
    let counts = tally
    let (p, l, b) = (settings.spend, settings.incidents, settings.severities)
    return """
      Alerts: \(counts.fired); for the digest: \(counts.noted); updates: \(counts.updates); \
      still firing: \(counts.firing).
      Looked at \(NumberText.grouped(calls)) calls, \(NumberText.grouped("\(spend)")) USD; \
      watching \(NumberText.grouped(Int64(seriesCount))) series, learnt from up to \
      \(WatchSettings.learningBuckets / Bucket.perDay) days before.
      Settings: pending at \(p.levels.pending), firing at \(p.levels.firing), calm below \(p.levels.calm) for \
      \(p.levels.calmBuckets) buckets, new spender from \(Self.dollars(settings.series.newSpenderSpend)) USD; \
      warning from \
      \(Self.dollars(b.warningDay)) USD a day, critical from \(Self.dollars(b.criticalDay)); \
      cool-down \(l.coolDownBuckets / 12) hours\
      \(settings.wholeBudget.map { "; a month's budget of \(Self.dollars($0)) USD" } ?? "").
      """
  }

  private static func dollars(_ amount: Amount) -> String { DecimalText.plain(Int128(amount.nanos), decimals: 9) }

  /// How many of what.
  var tally: (fired: Int, noted: Int, updates: Int, firing: Int) {
    var (fired, noted, updates) = (0, 0, 0)
    for move in moves {
      switch move.kind {
      case .fired: fired += 1
      case .noted: noted += 1
      case .updated: updates += 1
      case .resolved: break
      }
    }
    return (fired, noted, updates, book.incidents.filter { $0.isFiring && $0.telling == .fired }.count)
  }
}

extension Backtest.Outcome {
  fileprivate func cells(_ calendar: ZoneCalendar) -> [String] {
    let evidence = incident.evidence
    let who = incident.key.labels.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    let end = ending.map { "\(calendar.minute(moves.last?.bucket.start ?? evidence.since.start)) \($0.name)" }
    return [
      calendar.minute(incident.opened.start), end ?? "-", severity.name, incident.key.rule.rawValue,
      who.isEmpty ? "(none)" : who, NumberText.grouped("\(evidence.spend)"), NumberText.grouped("\(evidence.expected)"),
      NumberText.grouped("\(mostAhead)"), why,
    ]
  }

  /// In words: the view, calls against unit cost, or the measure.
  private var why: String {
    let evidence = incident.evidence
    if let measure = evidence.measure {
      return "\(measure.name) \(Self.short(measure.now)), usually \(Self.short(measure.usual))"
    }
    guard evidence.excess > .zero else { return view }
    let calls = Rounding.halfEven.divide(
      Int128(evidence.byCalls.nanos) * 100, by: Int128(evidence.excess.nanos))
    return "\(view), \(calls) % by calls"
  }

  /// Two decimals at most.
  private static func short(_ value: Double) -> String {
    guard value.magnitude < 1e15 else { return "\(value)" }
    return DecimalText.plain(Int128((value * 100).rounded()), decimals: 2)
  }
}

extension ZoneCalendar {
  /// `2026-11-20 18:05` on the zone's clocks.
  fileprivate func minute(_ instant: Timestamp) -> String {
    String(text(instant).prefix(16)).replacing("T", with: " ")
  }
}
