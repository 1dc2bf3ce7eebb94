import Units

/// A notice as a Slack incoming webhook takes it.
///
/// Limits of Slack: a header of 150 characters, a section of 3,000; `&`, `<` and `>` are
/// escaped, or they would be mark-up. Source: docs.slack.dev/reference/block-kit/blocks, as noted 2026-11.
package enum SlackMessage {
  package static let headerMax = 150
  package static let sectionMax = 3_000

  package static func body(_ notice: Notice) -> String {
    let scope = notice.labels.map(\.value).joined(separator: " / ")
    let title = notice.kind.rawValue.uppercased() + ": " + notice.rule + (scope.isEmpty ? "" : " - " + scope)
    var blocks = [
      block("header", text("plain_text", escaped(title, to: headerMax))),
      block("section", text("mrkdwn", escaped(notice.summary, to: sectionMax))),
    ]
    let figures = notice.figures
    if !figures.isEmpty {
      let fields = figures.map { text("mrkdwn", "*\(escaped($0.name, to: 100))*\n\(escaped($0.value, to: 100))") }
      blocks.append(JSONText.object([("type", "\"section\""), ("fields", JSONText.array(fields))]))
    }
    var why: [String] = []
    if !notice.who.isEmpty { why.append("*Who:* " + escaped(notice.who, to: 1_000)) }
    if !notice.evidence.isEmpty { why.append("*Why:* " + escaped(notice.evidence.joined(separator: " "), to: 1_300)) }
    if !notice.calls.isEmpty { why.append("*Calls:* " + escaped(notice.calls.joined(separator: ", "), to: 600)) }
    if !why.isEmpty { blocks.append(block("section", text("mrkdwn", why.joined(separator: "\n")))) }
    var foot = "\(notice.severity.rawValue) | incident \(notice.incident) | since \(notice.since)"
    if let until = notice.until { foot += " | until \(until)" }
    foot = escaped(foot, to: 1_000)
    if let link = notice.link { foot += " | <\(escaped(link, to: 1_000))|details>" }
    blocks.append(
      JSONText.object([("type", "\"context\""), ("elements", JSONText.array([text("mrkdwn", foot)]))]))
    return JSONText.object([
      ("text", JSONText.quoted(escaped(notice.headline, to: sectionMax))), ("blocks", JSONText.array(blocks)),
    ])
  }

  private static func block(_ type: String, _ text: String) -> String {
    JSONText.object([("type", JSONText.quoted(type)), ("text", text)])
  }

  private static func text(_ type: String, _ text: String) -> String {
    JSONText.object([("type", JSONText.quoted(type)), ("text", JSONText.quoted(text))])
  }

  /// The text without mark-up, and no longer than that as it is sent; no escape is cut in two.
  private static func escaped(_ text: String, to max: Int) -> String {
    var escaped = ""
    var count = 0
    for character in text {
      let piece =
        switch character {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        default: String(character)
        }
      guard count + piece.count < max else { return escaped + "…" }
      escaped += piece
      count += piece.count
    }
    return escaped
  }
}
