import Units

/// A notice as Prometheus' Alertmanager takes it: the state of an alert, told again and again.
///
/// Labels are identity there: the severity is one because routes ask for it, so that a rise makes another
/// alert and the old one ends by itself. Source: Alertmanager 0.25, api/v2/openapi.yaml, read 2026-11-21.
package enum AlertmanagerMessage {
  /// Seconds between two postings of the same alert, and how many intervals an alert outlives its last posting.
  ///
  /// Prometheus' own rule; a shorter end makes alerts flap.
  package static let resendSeconds: Int64 = 60
  package static let intervalsMax: Int64 = 4
  /// How long the end of an alert is told again.
  package static let resolvedSeconds: Int64 = 900

  /// The alert without its end, which ``body(_:endsAt:)`` adds.
  package static func alert(_ notice: Notice) -> String {
    var labels = [
      Notice.Label("alertname", notice.rule), Notice.Label("severity", notice.severity.rawValue),
      Notice.Label("source", "tollbook"),
    ]
    labels += notice.labels.filter { label in !labels.contains { $0.name == label.name } }
    var annotations = [Notice.Label("summary", notice.summary), Notice.Label("incident", notice.incident)]
    if let impact = notice.impact {
      annotations += [
        Notice.Label("actual_usd", "\(impact.actual)"), Notice.Label("expected_usd", "\(impact.expected)"),
        Notice.Label("excess_usd", "\(impact.excess)"),
        Notice.Label("projected_24h_usd", "\(impact.projectedDay)"),
      ]
    }
    if !notice.who.isEmpty { annotations.append(Notice.Label("who", notice.who)) }
    if !notice.evidence.isEmpty {
      annotations.append(Notice.Label("why", notice.evidence.joined(separator: " ")))
    }
    var members = [
      ("labels", object(labels.map { Notice.Label(labelName($0.name), $0.value) })),
      ("annotations", object(annotations)), ("startsAt", JSONText.quoted("\(notice.since)")),
    ]
    if let link = notice.link { members.append(("generatorURL", JSONText.quoted(link))) }
    return JSONText.object(members)
  }

  /// The posting: a list of one alert, with its end.
  package static func body(_ alert: [UInt8], endsAt: Timestamp) -> [UInt8] {
    let end = Timestamp(microseconds: endsAt.microseconds / 1_000_000 * 1_000_000)
    return Array("[{\"endsAt\":\"\(end)\",".utf8) + alert.dropFirst() + [UInt8(ascii: "]")]
  }

  /// When the alert ends that is posted now.
  ///
  /// `settledAt` is when the notice was made that ends it.
  package static func end(of kind: Notice.Kind, now: Timestamp, settledAt: Timestamp) -> Timestamp {
    switch kind {
    case .resolved: settledAt
    default: Timestamp(microseconds: now.microseconds + resendSeconds * intervalsMax * 1_000_000)
    }
  }

  private static func object(_ labels: [Notice.Label]) -> String {
    JSONText.object(labels.filter { !$0.value.isEmpty }.map { ($0.name, JSONText.quoted($0.value)) })
  }

  /// A label's name as Prometheus allows it: letters, digits and `_`, no digit first.
  private static func labelName(_ name: String) -> String {
    let bytes = name.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        byte
      default: UInt8(ascii: "_")
      }
    }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.first.map { $0.isNumber ? "_" + text : text } ?? "_"
  }
}
