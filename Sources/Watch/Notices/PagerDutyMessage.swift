import Units

/// A notice as PagerDuty's Events API, version 2, takes it.
///
/// The key that routes it is a secret: it is put in when the message is sent, and never stored with it.
/// Source: PagerDuty developer documentation, "PD-CEF" and "Send an alert event", as noted 2026-11.
package enum PagerDutyMessage {
  package static let address = "https://events.pagerduty.com/v2/enqueue"

  /// The message without its routing key, which ``body(_:key:)`` adds.
  package static func message(_ notice: Notice) -> String {
    if notice.kind == .resolved {
      return JSONText.object([
        ("event_action", "\"resolve\""), ("dedup_key", JSONText.quoted(notice.incident)),
      ])
    }
    var details = [
      ("incident", JSONText.quoted(notice.incident)), ("since", JSONText.quoted("\(notice.since)")),
    ]
    details += notice.labels.map { ($0.name, JSONText.quoted($0.value)) }
    if let impact = notice.impact {
      details += [
        ("actual_usd", JSONText.quoted("\(impact.actual)")),
        ("expected_usd", JSONText.quoted("\(impact.expected)")),
        ("excess_usd", JSONText.quoted("\(impact.excess)")),
        ("projected_24h_usd", JSONText.quoted("\(impact.projectedDay)")),
      ]
    }
    if !notice.who.isEmpty { details.append(("who", JSONText.quoted(notice.who))) }
    if !notice.evidence.isEmpty {
      details.append(("why", JSONText.quoted(notice.evidence.joined(separator: " "))))
    }
    var members = [
      ("event_action", "\"trigger\""), ("dedup_key", JSONText.quoted(notice.incident)),
      ("client", "\"tollbook\""),
      (
        "payload",
        JSONText.object([
          ("summary", JSONText.quoted(notice.summary)), ("source", "\"tollbook\""),
          ("severity", JSONText.quoted(notice.severity.rawValue)),
          ("timestamp", JSONText.quoted("\(notice.at)")), ("class", JSONText.quoted(notice.rule)),
          ("custom_details", JSONText.object(details)),
        ])
      ),
    ]
    if let link = notice.link {
      members.append(("client_url", JSONText.quoted(link)))
      members.append(
        ("links", JSONText.array([JSONText.object([("href", JSONText.quoted(link)), ("text", "\"Incident\"")])])))
    }
    return JSONText.object(members)
  }

  /// The message with the key of its service.
  package static func body(_ message: [UInt8], key: String) -> [UInt8] {
    Array("{\"routing_key\":\(JSONText.quoted(key)),".utf8) + message.dropFirst()
  }
}
