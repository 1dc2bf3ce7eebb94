import Audit
import Units
import Watch

extension Backtest {
  /// What would have been told as `backtest --json` promises it; docs/cli.md names each member.
  func json(_ span: Span, _ calendar: ZoneCalendar) -> String {
    let counts = tally
    return JSONText.object([
      ("from", JSONText.quoted(calendar.text(span.from))), ("to", JSONText.quoted(calendar.text(span.to))),
      ("zone", JSONText.quoted(calendar.name)), ("currency", JSONText.quoted("USD")), ("settings", settingsJSON),
      ("rows", JSONText.array(outcomes.map { $0.json(calendar) })),
      (
        "total",
        JSONText.object([
          ("alerts", "\(counts.fired)"), ("noted", "\(counts.noted)"), ("updates", "\(counts.updates)"),
          ("firing", "\(counts.firing)"), ("calls", "\(calls)"), ("cost", JSONText.quoted("\(spend)")),
          ("series", "\(seriesCount)"),
        ])
      ),
    ])
  }

  private var settingsJSON: String {
    let (p, l, b) = (settings.spend, settings.incidents, settings.severities)
    func hours(_ buckets: Int32) -> String { "\(buckets / Bucket.perHour)" }
    return JSONText.object([
      ("learning_days", "\(WatchSettings.learningBuckets / Bucket.perDay)"), ("pending_level", "\(p.levels.pending)"),
      ("firing_level", "\(p.levels.firing)"), ("calm_level", "\(p.levels.calm)"),
      ("calm_minutes", "\(Int64(p.levels.calmBuckets) * Bucket.seconds / 60)"), ("least_ratio", "\(p.leastRatio)"),
      ("least_excess", JSONText.quoted("\(p.leastExcess)")),
      ("new_spender", JSONText.quoted("\(settings.series.newSpenderSpend)")),
      ("warning_day", JSONText.quoted("\(b.warningDay)")), ("critical_day", JSONText.quoted("\(b.criticalDay)")),
      ("budget", JSONText.optional(settings.wholeBudget.map { "\($0)" })),
      ("cool_down_hours", hours(l.coolDownBuckets)),
      ("repeat_hours", hours(l.repeatBuckets)),
      ("critical_repeat_hours", hours(l.criticalRepeatBuckets)),
    ])
  }
}

extension Backtest.Outcome {
  fileprivate func json(_ calendar: ZoneCalendar) -> String {
    let evidence = incident.evidence
    let end = ending == nil ? nil : moves.last?.bucket.start
    return JSONText.object([
      ("incident", JSONText.quoted(incident.id)), ("rule", JSONText.quoted(incident.key.rule.rawValue)),
      ("labels", Self.labels(incident.key.labels)), ("severity", JSONText.quoted(severity.name)),
      ("opened", JSONText.quoted(calendar.text(incident.opened.start))),
      ("ended", JSONText.optional(end.map { calendar.text($0) })), ("reason", JSONText.optional(ending?.name)),
      ("times", "\(incident.sequence)"), ("flapping", incident.isFlapping ? "true" : "false"),
      ("since", JSONText.quoted(calendar.text(evidence.since.start))), ("view", JSONText.quoted(view)),
      ("actual", JSONText.quoted("\(evidence.spend)")), ("expected", JSONText.quoted("\(evidence.expected)")),
      ("excess", JSONText.quoted("\(evidence.excess)")), ("projected_24h", JSONText.quoted("\(mostAhead)")),
      ("by_calls", JSONText.quoted("\(evidence.byCalls)")),
      ("by_unit_cost", JSONText.quoted("\(evidence.byUnitCost)")),
      (
        "measure",
        evidence.measure.map {
          JSONText.object([
            ("name", JSONText.quoted($0.name)), ("now", Self.number($0.now)), ("usual", Self.number($0.usual)),
          ])
        } ?? "null"
      ),
      (
        "contributors",
        JSONText.array(
          evidence.contributors.map {
            JSONText.object([
              ("labels", Self.labels($0.labels)), ("excess", JSONText.quoted("\($0.excess)")),
              ("share_permille", "\($0.permille)"), ("new", $0.isNew ? "true" : "false"),
            ])
          })
      ),
      (
        "moves",
        JSONText.array(
          moves.map {
            JSONText.object([
              ("id", JSONText.quoted($0.eventID)), ("at", JSONText.quoted(calendar.text($0.bucket.start))),
              ("move", JSONText.quoted($0.kind.name)), ("severity", JSONText.quoted($0.incident.severity.name)),
            ])
          })
      ),
    ])
  }

  private static func labels(_ labels: [IncidentKey.Label]) -> String {
    JSONText.object(labels.map { ($0.name, JSONText.quoted($0.value)) })
  }

  /// Six decimals at most: what is measured is a statistic.
  private static func number(_ value: Double) -> String {
    guard value.magnitude < 1e15 else { return "\(value)" }
    return DecimalText.plain(Int128((value * 1_000_000).rounded()), decimals: 6)
  }
}

extension IncidentMove.Kind {
  fileprivate var name: String {
    switch self {
    case .noted: "noted"
    case .fired: "firing"
    case .updated(.severityRose): "severity_rose"
    case .updated(.excessDoubled): "excess_doubled"
    case .updated(.repeated): "repeated"
    case .resolved: "resolved"
    }
  }
}
