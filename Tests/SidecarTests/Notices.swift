import Units
import Watch

/// Notices that these tests have delivered.
enum Notices {
  static func second(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }

  /// 2026-03-02T10:00:00Z.
  static let start = second(1_772_445_600)

  static func minute(_ minutes: Int64) -> Timestamp {
    Timestamp(microseconds: start.microseconds + minutes * 60_000_000)
  }

  static func notice(
    _ kind: Notice.Kind, _ incident: String = "i1", at instant: Timestamp = start,
    severity: Notice.Severity = .critical
  ) -> Notice {
    Notice(
      id: Notice.id(incident: incident, kind: kind), incident: incident, fingerprint: incident, kind: kind,
      severity: severity, rule: "spend_spike",
      labels: [Notice.Label("team", "search"), Notice.Label("incident", incident)], since: start,
      until: kind == .resolved ? instant : nil, at: instant, summary: "search: $362.10 above expected in 1 h",
      impact: Notice.Impact(
        actual: Amount(nanos: 412_200_000_000), expected: Amount(nanos: 50_100_000_000),
        projectedDay: Amount(nanos: 8_690_400_000_000), windowSeconds: 3_600))
  }
}
