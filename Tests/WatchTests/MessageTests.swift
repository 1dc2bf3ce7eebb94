import TestSupport
import Testing
import Units
import Watch

/// What each receiver reads, byte by byte.
@Suite struct MessageTests {
  @Test func `messages read as they did`() throws {
    var text = ""
    for kind in [Notice.Kind.firing, .resolved, .test] {
      let notice = Notices.notice(kind, at: kind == .firing ? "2026-03-02T10:05:00Z" : "2026-03-02T11:07:00Z")
      text += "# \(kind.rawValue)\n\nalertmanager\n"
      text += String(
        decoding: AlertmanagerMessage.body(
          Array(AlertmanagerMessage.alert(notice).utf8),
          endsAt: AlertmanagerMessage.end(of: kind, now: notice.at, settledAt: notice.at)), as: UTF8.self)
      text +=
        "\n\nwebhook, command\n\(WebhookMessage.body(notice))\n\nslack\n\(SlackMessage.body(notice))\n\npagerduty\n"
      text += String(
        decoding: PagerDutyMessage.body(Array(PagerDutyMessage.message(notice).utf8), key: "ROUTING-KEY"),
        as: UTF8.self)
      text +=
        "\n\nsmtp\n"
        + MailMessage.mail(notice, from: "tollbook@example.com", to: ["ops@example.com"])
        .replacing("\r\n", with: "\n")
      text += "\nwhat the mail says\n" + notice.lines.joined(separator: "\n") + "\n\n"
    }
    try expectGolden(text, "alert-messages.txt")
  }

  @Test func `every message of JSON is JSON, whatever a name holds`() throws {
    let wild = "a\"b\\c\u{1}\u{7F}\n<&>\u{2028}é漢🙂" + String(repeating: "x", count: 4_000)
    let notice = Notice(
      id: wild, incident: wild, fingerprint: "f", kind: .firing, severity: .info, rule: wild,
      labels: [Notice.Label("team", wild), Notice.Label("1 odd/name", wild), Notice.Label("empty", "")],
      since: Notices.at("2026-03-02"), at: Notices.at("2026-03-02"), summary: wild,
      contributors: Array(
        repeating: Notice.Contributor(dimension: "key", value: wild, excess: Amount(nanos: -1)), count: 9),
      evidence: Array(repeating: wild, count: 20), calls: Array(repeating: wild, count: 20))
    #expect(notice.contributors.count == 5 && notice.evidence.count == 8 && notice.calls.count == 3)
    #expect(notice.id.utf8.allSatisfy { $0 > 44 && $0 < 123 && $0 != 46 } && notice.id.utf8.count <= 120)
    let alert = String(
      decoding: AlertmanagerMessage.body(Array(AlertmanagerMessage.alert(notice).utf8), endsAt: notice.at),
      as: UTF8.self)
    let pager = String(
      decoding: PagerDutyMessage.body(Array(PagerDutyMessage.message(notice).utf8), key: "k"), as: UTF8.self)
    for text in [WebhookMessage.body(notice), SlackMessage.body(notice), alert, pager] {
      _ = try JSONTree(parsing: text)
    }
    let labels = try JSONTree(parsing: alert).elements?.first?["labels"]?.members ?? []
    #expect(labels.map(\.name).contains("_1_odd_name"))
    #expect(!labels.map(\.name).contains("empty"))
    let blocks = try JSONTree(parsing: SlackMessage.body(notice))["blocks"]?.elements ?? []
    #expect((blocks.first?["text"]?["text"]?.string?.count ?? 999) <= 150)
    #expect(blocks.allSatisfy { ($0["text"]?["text"]?.string?.count ?? 0) <= 3_000 })
    #expect(!SlackMessage.body(notice).contains("<&"))
    #expect(pager.utf8.count < 512 * 1_024)
    // Mails keep to ASCII, and to lines far below the 998 of RFC 5322; a name cannot add a header.
    let mail = MailMessage.mail(notice, from: "a@b.example", to: ["c@d.example"])
    #expect(mail.utf8.allSatisfy { $0 < 128 })
    #expect(mail.split(separator: "\r\n").allSatisfy { $0.count <= 160 })
  }

  @Test func `keys of webhooks are read, and nothing else is`() {
    #expect(WebhookMessage.secrets("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?.first?.count == 24)
    #expect(
      WebhookMessage.secrets("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\nwhsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?
        .count == 2)
    for wrong in ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ=", "whsec_!!!", "whsec_MfKQ9r8GK x"] {
      #expect(WebhookMessage.secrets(wrong) == nil)
    }
  }

  @Test(arguments: [
    (412_200_000_000 as Int64, "$412.20"), (8_690_405_000_000, "$8,690.40"), (8_690_415_000_000, "$8,690.42"),
    (1_234_567_891_000_000_000, "$1,234,567,891.00"), (0, "$0.00"), (1, "less than $0.01"),
    (-50_000_000_000, "-$50.00"),
  ])
  func `dollars for reading round half to even`(nanos: Int64, wanted: String) {
    #expect(Notice.dollars(Amount(nanos: nanos)) == wanted)
  }
}
