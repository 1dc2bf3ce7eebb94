import Foundation
import Sidecar
import Store
import TestSupport
import Testing
import Units
import Watch

/// One attempt at a receiver that is well, fails, hangs, or stands where nothing is sent.
@Suite(.serialized) struct DeliveryTests {
  private func send(
    _ line: String, access: ReceiverAccess? = nil, kind: Notice.Kind = .firing
  ) throws -> DeliveryAnswer {
    let configuration = try Configuration(
      flags: [:], environment: [:], file: ("t.conf", "receiver.r = " + line))
    let receiver = try #require(configuration.receivers.first)
    let notice = Notices.notice(kind)
    let row = OutboxRow(
      id: 1, notice: notice.id, incident: notice.incident, kind: kind,
      body: Delivery.body(notice, for: receiver), madeAt: notice.at, attempts: 0, doubts: 0, isRepeated: false)
    let access = try access ?? receiver.access()
    return Delivery(receiver, access: access).send(row, now: Notices.start)
  }

  @Test func `a webhook carries its id, its instant, its signature and its notice`() throws {
    let server = try LocalServer { _, _ in .status(204) }
    defer { server.stop() }
    let key = [UInt8](repeating: 7, count: 24)
    let answer = try send(
      "webhook \(server.address)/hook", access: ReceiverAccess(address: server.address + "/hook", signingKeys: [key]))
    #expect(answer.outcome == .status(204))
    let request = try #require(server.requests.first)
    let body = String(request[try #require(request.firstRange(of: "\r\n\r\n")).upperBound...])
    #expect(request.hasPrefix("POST /hook HTTP/1.1\r\n"))
    #expect(body == WebhookMessage.body(Notices.notice(.firing)))
    let signature = Base64Text.encoded(HMAC.sha256(key, Array("i1_firing.1772445600.\(body)".utf8)))
    for header in [
      "webhook-id: i1_firing", "webhook-timestamp: 1772445600", "webhook-signature: v1,\(signature)",
      "Content-Type: application/json",
    ] { #expect(request.contains(header + "\r\n"), "no \(header)") }
  }

  @Test func `PagerDuty's key is sent, and is not in what was frozen`() throws {
    let server = try LocalServer { _, _ in .status(202) }
    defer { server.stop() }
    let answer = try send(
      "pagerduty \(server.address) secret_file=/none",
      access: ReceiverAccess(address: server.address, password: "R-KEY"), kind: .resolved)
    #expect(answer.outcome == .status(202))
    #expect(
      server.requests.first?.hasSuffix(
        #"{"routing_key":"R-KEY","event_action":"resolve","dedup_key":"i1"}"#) == true)
  }

  @Test func `an answer is told with its words and what it asks to wait`() throws {
    let server = try LocalServer { _, _ in .status(429, "rate\u{7}limited", "Retry-After: 30\r\n") }
    defer { server.stop() }
    let answer = try send("slack \(server.address)/services/hidden")
    #expect(answer == DeliveryAnswer(.status(429), retryAfterSeconds: 30, words: "rate limited"))
  }

  @Test func `a redirect is an answer, and is not followed`() throws {
    let server = try LocalServer { _, port in .redirect("http://127.0.0.1:\(port)/elsewhere") }
    defer { server.stop() }
    #expect(try send("webhook \(server.address)").outcome == .status(302))
    #expect(server.requests.count == 1)
  }

  @Test func `a connection that breaks after the message is a doubt, none at all is not`() throws {
    let server = try LocalServer { _, _ in .nothing }
    #expect(try send("webhook \(server.address)").outcome == .inDoubt)
    server.stop()
    let gone = try LocalServer { _, _ in .nothing }
    gone.stop()
    // Its port is let go once the thread has left; until then a connection breaks.
    var outcome = DeliveryAnswer.Outcome.inDoubt
    for _ in 0..<200 where outcome == .inDoubt { outcome = try send("webhook \(gone.address)").outcome }
    #expect(outcome == .unreached)
  }

  @Test func `addresses where clouds keep their secrets are not connected to`() throws {
    for address in ["169.254.169.254", "[::ffff:169.254.169.254]", "[fe80::1]", "100.100.100.200", "[fd00:ec2::254]"] {
      #expect(try send("webhook http://\(address)/latest").outcome == .forbidden, "\(address)")
    }
  }

  @Test func `no fault tells an address's path`() throws {
    let server = try LocalServer { _, _ in .nothing }
    defer { server.stop() }
    let answer = try send("slack \(server.address)/services/hidden")
    #expect(!answer.words.contains("hidden"))
  }

  @Test func `a program reads the notice, and its exit decides`() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/command-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func program(_ name: String, _ text: String) throws -> String {
      let path = "\(folder)/\(name)"
      try "#!/bin/sh\n\(text)\n".write(toFile: path, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
      return path
    }
    #expect(try send("command \(try program("keeps", "cat > \(folder)/out; echo loud"))").outcome == .status(0))
    #expect(
      try String(contentsOfFile: folder + "/out", encoding: .utf8) == WebhookMessage.body(Notices.notice(.firing)))
    // One that reads nothing is no fault, and no signal to us.
    #expect(try send("command \(try program("fails", "exit 3"))").outcome == .status(3))
    #expect(try send("command \(try program("dies", "kill -9 $$"))").outcome == .inDoubt)
    #expect(try send("command \(folder)/none").outcome == .unreached)
  }
}
