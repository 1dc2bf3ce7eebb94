import Foundation
import Sidecar
import Store
import TestSupport
import Testing
import Units
import Watch

/// Alerts delivered to the programs that people run: Debian's Alertmanager, Prometheus and a mail server.
@Suite(.serialized) struct RealReceiverTests {
  /// Another program in a folder of its own.
  private final class Neighbour {
    let folder = FileManager.default.temporaryDirectory.path + "/neighbour-\(UUID().uuidString.prefix(8))"
    private let process = Process()

    init(files: [String: String] = [:]) throws {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for (name, text) in files { try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8) }
    }

    func start(_ path: String, _ arguments: [String]) throws {
      process.executableURL = URL(filePath: path)
      process.arguments = arguments
      process.currentDirectoryURL = URL(filePath: folder)
      _ = FileManager.default.createFile(atPath: folder + "/log", contents: nil)
      let log = FileHandle(forWritingAtPath: folder + "/log")
      process.standardOutput = log
      process.standardError = log
      try process.run()
    }

    var log: String { (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "" }

    deinit {
      if process.isRunning {
        // Signals that this process blocks are blocked in its children: this one cannot be.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
      try? FileManager.default.removeItem(atPath: folder)
    }
  }

  /// A port that nobody listens on just now.
  private func freePort() throws -> UInt16 {
    let server = try LocalServer { _, _ in .nothing }
    defer { server.stop() }
    return server.port
  }

  private func get(_ url: String) throws -> String {
    try Checker.run("curl", ["-s", "--max-time", "5", url], on: "").output
  }

  /// Asks until the answer holds, a minute at most.
  private func eventually(_ what: String, _ body: () throws -> Bool) throws {
    for _ in 0..<600 {
      if try body() { return }
      usleep(100_000)
    }
    Issue.record("\(what) did not come about within a minute")
  }

  private func deliver(_ line: String, _ notice: Notice, now: Timestamp) throws -> DeliveryAnswer {
    let text = "receiver.r = " + line
    let receiver = try #require(
      try Configuration(flags: [:], environment: [:], file: ("t.conf", text)).receivers.first)
    let row = OutboxRow(
      id: 1, notice: notice.id, incident: notice.incident, kind: notice.kind,
      body: Delivery.body(notice, for: receiver), madeAt: notice.at, attempts: 0, doubts: 0, isRepeated: false)
    return Delivery(receiver, access: try receiver.access()).send(row, now: now)
  }

  private var now: Timestamp { Timestamp(microseconds: Int64(Date().timeIntervalSince1970) * 1_000_000) }

  @Test(
    .enabled(if: Checker.path(of: "prometheus-alertmanager") != nil, "prometheus-alertmanager is not installed"))
  func `Alertmanager takes an alert, keeps one of it, and ends it`() throws {
    let hooks = try LocalServer { _, _ in .status(200) }
    defer { hooks.stop() }
    let neighbour = try Neighbour(files: [
      "a.yml": """
      route: { receiver: hook, group_wait: 100ms, group_interval: 1s, group_by: [alertname, incident] }
      receivers: [{ name: hook, webhook_configs: [{ url: "\(hooks.address)/", send_resolved: true }] }]
      """
    ])
    let port = try freePort()
    try neighbour.start(
      try #require(Checker.path(of: "prometheus-alertmanager")),
      [
        "--config.file=a.yml", "--storage.path=\(neighbour.folder)/data", "--cluster.listen-address=",
        "--web.listen-address=127.0.0.1:\(port)",
      ])
    let address = "http://127.0.0.1:\(port)"
    try eventually("Alertmanager") { try get(address + "/-/ready").contains("OK") }
    let firing = Notices.notice(.firing, "i-am", at: now)
    for _ in 0..<3 {
      #expect(try deliver("alertmanager \(address)", firing, now: now) == DeliveryAnswer(.status(200)))
    }
    let alerts = try JSONTree(parsing: try get(address + "/api/v2/alerts")).elements ?? []
    #expect(alerts.count == 1)
    #expect(alerts.first?["labels"]?["alertname"]?.string == "spend_spike")
    #expect(alerts.first?["annotations"]?["excess_usd"]?.string == "362.100000000")
    try eventually("the firing notice") { hooks.requests.contains { $0.contains("\"status\":\"firing\"") } }
    let resolved = Notices.notice(.resolved, "i-am", at: now)
    #expect(try deliver("alertmanager \(address)", resolved, now: now) == DeliveryAnswer(.status(200)))
    try eventually("the resolved notice") { hooks.requests.contains { $0.contains("\"status\":\"resolved\"") } }
    #expect(try JSONTree(parsing: try get(address + "/api/v2/alerts")).elements?.count == 0)
    // What it will not take is told as such.
    let wrong = try deliver("alertmanager \(address)/nowhere", firing, now: now)
    #expect(wrong.outcome == .status(404))
  }

  @Test(.enabled(if: Checker.path(of: "promtool") != nil, "prometheus is not installed"))
  func `Prometheus reads the metrics of alerts and the rules of deploy`() throws {
    let rules = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../deploy/alerts.yml")
    let checked = try Checker.run("promtool", ["check", "rules", rules.standardized.path], on: "")
    #expect(checked.status == 0, "\(checked.output)")
    let daemon = try DaemonProcess()
    let port = try freePort()
    try daemon.start("--http", "127.0.0.1:\(port)")
    defer { _ = daemon.stop() }
    let pagePort = port
    try eventually("the page") { try get("http://127.0.0.1:\(pagePort)/metrics").contains("tollbook_ready 1") }
    let own = try freePort()
    let neighbour = try Neighbour(files: [
      "p.yml": """
      global: { scrape_interval: 1s }
      rule_files: ["\(rules.standardized.path)"]
      scrape_configs: [{ job_name: tollbook, static_configs: [{ targets: ["127.0.0.1:\(port)"] }] }]
      """
    ])
    try neighbour.start(
      try #require(Checker.path(of: "prometheus")),
      [
        "--config.file=p.yml", "--storage.tsdb.path=\(neighbour.folder)/data",
        "--web.listen-address=127.0.0.1:\(own)",
      ])
    try eventually("a scrape") {
      try get("http://127.0.0.1:\(own)/api/v1/query?query=tollbook_alerts_dead_total").contains("\"value\"")
    }
    #expect(try get("http://127.0.0.1:\(own)/api/v1/rules").contains("TollbookGivesUpAlerts"))
  }

  private static let python = "/usr/bin/python3"

  /// A mail server that keeps what it gets in files, and refuses `no@example.com`.
  private static let mailServer = """
    import asyncio, os, sys
    from aiosmtpd.smtp import SMTP
    class Box:
        count = 0
        async def handle_RCPT(self, server, session, envelope, address, options):
            if address.startswith("no@"): return "550 no such box"
            if address.startswith("later@"): return "451 come back"
            envelope.rcpt_tos.append(address)
            return "250 OK"
        async def handle_DATA(self, server, session, envelope):
            Box.count += 1
            with open(f"mail-{Box.count}.tmp", "wb") as file:
                file.write(f"{envelope.mail_from} {' '.join(envelope.rcpt_tos)}\\r\\n".encode() + envelope.content)
            os.rename(f"mail-{Box.count}.tmp", f"mail-{Box.count}")
            return "250 kept"
    async def main():
        server = await asyncio.get_running_loop().create_server(lambda: SMTP(Box()), "127.0.0.1", int(sys.argv[1]))
        print("ready", flush=True)
        await server.serve_forever()
    asyncio.run(main())
    """

  private static let hasMailServer: Bool = {
    (try? Checker.run("python3", ["-c", "import aiosmtpd"], on: "").status) == 0
      || FileManager.default.fileExists(atPath: "/usr/lib/python3/dist-packages/aiosmtpd")
  }()

  @Test(.enabled(if: hasMailServer, "python3-aiosmtpd is not installed"))
  func `a mail server takes a mail, and another program reads it`() throws {
    let neighbour = try Neighbour(files: ["s.py": Self.mailServer])
    let port = try freePort()
    try neighbour.start(Self.python, ["s.py", "\(port)"])
    try eventually("the mail server") { neighbour.log.contains("ready") }
    let line = "smtp smtp://127.0.0.1:\(port) from=tollbook@example.com to="
    var notice = Notices.notice(.resolved, at: Notices.minute(62))
    #expect(try deliver(line + "ops@example.com,cfo@example.com", notice, now: now).outcome == .status(250))
    let mail = neighbour.folder + "/mail-1"
    try eventually("the mail") { FileManager.default.fileExists(atPath: mail) }
    let read = """
      import sys
      from email import message_from_binary_file, policy
      file = open(sys.argv[1], "rb")
      print(file.readline().decode().strip())
      mail = message_from_binary_file(file, policy=policy.default)
      for name in ("Subject", "Message-ID", "In-Reply-To", "Auto-Submitted", "Date"): print(mail[name])
      print(mail.defects, mail.get_content().splitlines()[0])
      """
    let seen = try Checker.run("python3", ["-c", read, mail], on: "").output
    #expect(
      seen == """
        tollbook@example.com ops@example.com cfo@example.com
        [RESOLVED] search: $362.10 above expected in 1 h
        <i1_resolved@example.com>
        <i1_firing@example.com>
        auto-generated
        Mon, 02 Mar 2026 11:02:00 +0000
        [] search: $362.10 above expected in 1 h

        """)
    // A subject that is more than ASCII comes out as it went in.
    notice = Notice(
      id: "i2_firing", incident: "i2", fingerprint: "i2", kind: .firing, severity: .warning, rule: "r", labels: [],
      since: Notices.start, at: Notices.start, summary: "Überwachung: 漢字 🙂 " + String(repeating: "länger ", count: 20))
    #expect(try deliver(line + "ops@example.com", notice, now: now).outcome == .status(250))
    try eventually("the second mail") { FileManager.default.fileExists(atPath: neighbour.folder + "/mail-2") }
    let second = try Checker.run("python3", ["-c", read, neighbour.folder + "/mail-2"], on: "").output
    #expect(second.contains("[FIRING] \(notice.summary.trimmingCharacters(in: .whitespaces))"))
    #expect(try deliver(line + "no@example.com", notice, now: now).outcome == .status(550))
    #expect(try deliver(line + "later@example.com", notice, now: now).outcome == .status(451))
  }
}
