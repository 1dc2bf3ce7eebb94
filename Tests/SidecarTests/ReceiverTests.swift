import Foundation
import Sidecar
import Testing
import Watch

/// Lines that name receivers: what they mean, and what is wrong with them.
@Suite struct ReceiverTests {
  private func configuration(_ text: String) throws(ConfigurationFaults) -> Configuration {
    try Configuration(flags: [:], environment: [:], file: ("t.conf", text))
  }

  @Test func `a line of each kind is read, and shows no secret`() throws {
    let receivers = try configuration(
      """
      receiver.am = alertmanager http://10.0.0.5:9093/prefix severity=info
      receiver.hook = webhook https://u.example/hook?key=hidden secret_file=/etc/t/hook
      receiver.chat = slack https://hooks.slack.com/services/T0/B0/hidden severity=critical
      receiver.chat2 = slack address_file=/etc/t/slack
      receiver.pager = pagerduty secret_file=/etc/t/pager
      receiver.mail = smtp smtps://mail.example.com:465 from=t@example.com to=a@example.com,b@example.com user=t secret_file=/etc/t/mail
      receiver.run = command /usr/local/bin/notify
      """
    ).receivers
    #expect(
      receivers.map { "\($0.name): \($0.shown)" } == [
        "am: alertmanager http://10.0.0.5:9093 from info",
        "hook: webhook https://u.example from warning",
        "chat: slack https://hooks.slack.com from critical",
        "chat2: slack address in /etc/t/slack from warning",
        "pager: pagerduty https://events.pagerduty.com from warning",
        "mail: smtp smtps://mail.example.com:465 to 2 from warning",
        "run: command /usr/local/bin/notify from warning",
      ])
    #expect(receivers[3].place == "t.conf:4")
  }

  @Test func `every mistake is told, with its cure`() throws {
    let text = """
      receiver.a b = slack https://x.example
      receiver.b = slak https://x.example
      receiver.c = slack http://x.example
      receiver.d = webhook
      receiver.e = webhook ftp://x.example
      receiver.f = pagerduty
      receiver.g = smtp mail.example.com from=t to=a@example.com
      receiver.h = webhook https://x.example secretfile=/etc/t/hook severity=loud severity=info
      receiver.i = command notify secret_file=/etc/t/x
      receiver.j = alertmanager http://127.0.0.1:9093 to=a@example.com
      receiver.j = alertmanager http://127.0.0.1:9093
      zon = UTC
      """
    let faults = #expect(throws: ConfigurationFaults.self) { try configuration(text) }
    #expect(
      faults?.description.split(separator: "\n").map(String.init) == [
        "t.conf:1: receiver.a b: 'a b' is no name of a receiver. Write letters, digits, '-' and '_', at most 40.",
        "t.conf:2: receiver.b: 'slak' is no kind of receiver. Did you mean 'slack'?",
        "t.conf:3: receiver.c: slack is sent over https only, but for this machine. Write an address that begins with https://.",
        "t.conf:4: receiver.d: A receiver of the kind webhook needs an address. Add it.",
        "t.conf:5: receiver.e: The address is none for webhook. Write one such as https://example.com/alerts.",
        "t.conf:6: receiver.f: A receiver of the kind pagerduty needs secret_file. Add it.",
        "t.conf:7: receiver.g: The address is none for smtp. Write smtp://mail.example.com:587 or smtps://mail.example.com:465.",
        "t.conf:7: receiver.g: 't' is no mail address. Write a bare one, such as ops@example.com.",
        "t.conf:8: receiver.h: 'secretfile' is no option of a receiver. Did you mean 'secret_file'?",
        "t.conf:8: receiver.h: 'severity' stands there twice. Delete one.",
        "t.conf:9: receiver.i: The address is none for command. Write the whole path of a program.",
        "t.conf:9: receiver.i: A receiver of the kind command has no secret_file. Delete it.",
        "t.conf:10: receiver.j: A receiver of the kind alertmanager has no to. Delete it.",
        "t.conf:11: 'receiver.j' was set before, at t.conf:10. Delete one.",
        "t.conf:12: 'zon' is no setting. Did you mean 'zone'?",
      ])
  }

  @Test func `a secret's file must be its owner's`() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "secret-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    let line = "receiver.hook = webhook https://u.example secret_file=\(file.path)"
    let receiver = try #require(try configuration(line).receivers.first)
    #expect(throws: ReceiverFault.cannotRead(file.path, reason: "No such file or directory")) {
      try receiver.access()
    }
    for (mode, isOpen) in [(0o644, true), (0o660, true), (0o640, false), (0o400, false)] {
      try? FileManager.default.removeItem(at: file)
      try "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n".write(to: file, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
      if isOpen {
        #expect(throws: ReceiverFault.openToOthers(file.path)) { try receiver.access() }
      } else {
        #expect(try receiver.access().signingKeys.first?.count == 24)
      }
    }
    try? FileManager.default.removeItem(at: file)
    try "not a key".write(to: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    let fault = #expect(throws: ReceiverFault.self) { try receiver.access() }
    #expect(fault?.description.contains("not a key") == false)
  }

  // The message that libraries of standardwebhooks.com try themselves on, worked out with Python's hmac; the HMAC cases 1 and 6 of RFC 4231.
  @Test func `webhooks are signed as the specification's libraries sign them`() throws {
    let keys = try #require(WebhookMessage.secrets("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    let lines = WebhookMessage.headers(
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek", at: Notices.second(1_614_265_330),
      body: Array(#"{"test": 2432232314}"#.utf8), secrets: keys, hmac: HMAC.sha256)
    #expect(
      lines == [
        "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp: 1614265330",
        "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
      ])
    func hex(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }
    #expect(
      hex(HMAC.sha256([UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8)))
        == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
    #expect(
      hex(
        HMAC.sha256(
          [UInt8](repeating: 0xaa, count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)))
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }
}
