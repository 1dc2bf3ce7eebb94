import Units
import Watch

/// The notices that these tests tell: one incident from its opening to its end.
enum Notices {
  static func at(_ text: String) -> Timestamp { Timestamp(text) ?? Timestamp(microseconds: 0) }

  /// Spent $412.20 in an hour where $50.10 were expected: $362.10 too much, $8,690.40 in 24 hours.
  static func notice(
    _ kind: Notice.Kind, severity: Notice.Severity = .critical, at instant: String = "2026-03-02T10:05:00Z",
    summary: String = "search/gpt-4o: $362.10 above expected in 1 h"
  ) -> Notice {
    Notice(
      id: Notice.id(incident: "9f3c-sk2m1", kind: kind), incident: "9f3c-sk2m1", fingerprint: "9f3c",
      kind: kind, severity: severity, rule: "spend_spike",
      labels: [
        Notice.Label("team", "search"), Notice.Label("provider", "openai"), Notice.Label("model", "gpt-4o"),
      ],
      since: at("2026-03-02T10:05:00Z"), until: kind == .resolved ? at(instant) : nil, at: at(instant),
      summary: summary,
      impact: Notice.Impact(
        actual: Amount(nanos: 412_200_000_000), expected: Amount(nanos: 50_100_000_000),
        projectedDay: Amount(nanos: 8_690_400_000_000), windowSeconds: 3_600),
      contributors: [
        Notice.Contributor(dimension: "key", value: "svc-7", excess: Amount(nanos: 329_500_000_000)),
        Notice.Contributor(dimension: "key", value: "ci", excess: Amount(nanos: 21_000_000_000), isNew: true),
      ],
      evidence: ["Calls are 7.1 times what they were.", "A call's price is as it was."],
      calls: ["c-1", "c-2"], link: "http://127.0.0.1:8089/incidents/9f3c-sk2m1")
  }
}
