import Units

/// A notice as Standard Webhooks sends it; also what a command reads on its standard input.
///
/// Amounts are decimal dollars to the nano, as strings. Source: standardwebhooks.com,
/// spec/standard-webhooks.md, read 2026-11-21.
package enum WebhookMessage {
  /// `alert.firing` and its like.
  package static func type(_ kind: Notice.Kind) -> String {
    kind == .test ? "test" : kind == .digest ? "digest.daily" : "alert.\(kind.rawValue)"
  }

  package static func body(_ notice: Notice) -> String {
    JSONText.object([
      ("type", JSONText.quoted(type(notice.kind))), ("timestamp", JSONText.quoted("\(notice.at)")),
      ("data", data(notice)),
    ])
  }

  /// The notice itself.
  package static func data(_ notice: Notice) -> String {
    var members: [(name: String, json: String)] = [
      ("event_id", JSONText.quoted(notice.id)), ("incident_id", JSONText.quoted(notice.incident)),
      ("fingerprint", JSONText.quoted(notice.fingerprint)),
      ("status", JSONText.quoted(notice.kind.rawValue)),
      ("severity", JSONText.quoted(notice.severity.rawValue)), ("rule", JSONText.quoted(notice.rule)),
      ("labels", JSONText.object(notice.labels.map { ($0.name, JSONText.quoted($0.value)) })),
      ("since", JSONText.quoted("\(notice.since)")),
      ("until", JSONText.optional(notice.until.map { "\($0)" })),
      ("summary", JSONText.quoted(notice.summary)),
    ]
    if let impact = notice.impact { members.append(("impact", json(impact))) }
    members += [
      ("contributors", JSONText.array(notice.contributors.map(json))),
      ("evidence", JSONText.array(notice.evidence.map(JSONText.quoted))),
      ("calls", JSONText.array(notice.calls.map(JSONText.quoted))),
      ("link", JSONText.optional(notice.link)),
    ]
    return JSONText.object(members)
  }

  private static func json(_ impact: Notice.Impact) -> String {
    JSONText.object([
      ("window_seconds", "\(impact.windowSeconds)"),
      ("actual_usd", JSONText.quoted("\(impact.actual)")),
      ("expected_usd", JSONText.quoted("\(impact.expected)")),
      ("excess_usd", JSONText.quoted("\(impact.excess)")),
      ("projected_24h_usd", JSONText.quoted("\(impact.projectedDay)")),
    ])
  }

  private static func json(_ contributor: Notice.Contributor) -> String {
    JSONText.object([
      ("dimension", JSONText.quoted(contributor.dimension)),
      ("value", JSONText.quoted(contributor.value)),
      ("excess_usd", JSONText.quoted("\(contributor.excess)")), ("new", "\(contributor.isNew)"),
    ])
  }

  /// The three headers of a Standard Webhook, as lines.
  ///
  /// `hmac` makes HMAC-SHA256 of a key and bytes. With several secrets, while one takes another's place,
  /// there is a signature of each. `at` is the instant of the attempt: an old one is refused as a replay.
  package static func headers(
    id: String, at: Timestamp, body: [UInt8], secrets: [[UInt8]],
    hmac: (_ key: [UInt8], _ bytes: [UInt8]) -> [UInt8]
  ) -> [String] {
    let seconds = at.microseconds / Timestamp.microsecondsPerSecond
    var lines = ["webhook-id: \(id)", "webhook-timestamp: \(seconds)"]
    guard !secrets.isEmpty else { return lines }
    let signed = Array("\(id).\(seconds).".utf8) + body
    let signatures = secrets.map { "v1," + Base64Text.encoded(hmac($0, signed)) }
    lines.append("webhook-signature: " + signatures.joined(separator: " "))
    return lines
  }

  /// The keys in a file of secrets: one `whsec_` and base 64 of 24 to 64 bytes a line; nil for anything else.
  package static func secrets(_ text: String) -> [[UInt8]]? {
    var keys: [[UInt8]] = []
    for line in text.split(whereSeparator: \.isWhitespace) {
      guard line.hasPrefix("whsec_"), let key = Base64Text.decoded(line.dropFirst(6)),
        (24...64).contains(key.count)
      else { return nil }
      keys.append(key)
    }
    return keys.isEmpty || keys.count > secretsMax ? nil : keys
  }

  /// Secrets that sign at once: the old one and the new one, and one to spare.
  package static let secretsMax = 3
}
