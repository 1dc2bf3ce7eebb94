import Foundation
import Testing

/// `/healthz`, `/readyz` and `/metrics`, asked by curl.
@Suite(.serialized) struct StatusPageTests {
  static func curl(_ url: String) throws -> (status: String, body: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/curl")
    process.arguments = ["--silent", "--max-time", "10", "--write-out", "\n%{http_code}", url]
    let out = Pipe()
    process.standardOutput = out
    try process.run()
    let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let end = text.lastIndex(of: "\n") ?? text.startIndex
    return (String(text[text.index(after: end)...]), String(text[..<end]))
  }

  /// Starts a daemon with a page on a port that is free; the page's address.
  static func page(_ daemon: DaemonProcess, on address: String = "127.0.0.1") throws -> String {
    for _ in 0..<20 {
      let port = Int.random(in: 20_000..<60_000)
      try daemon.start("--http", "\(address):\(port)")
      for _ in 0..<200 {
        if daemon.log.contains("http_failed") { break }
        if try curl("http://127.0.0.1:\(port)/healthz").status != "000" { return "http://127.0.0.1:\(port)" }
        usleep(10_000)
      }
      daemon.kill()
    }
    throw DaemonProcess.Silent(log: daemon.log)
  }

  @Test func `the page tells health and counts`() throws {
    let daemon = try DaemonProcess()
    let page = try Self.page(daemon)
    let sender = try RawSender(daemon.socket)
    sender.send(RawSender.hello("c") + RawSender.line(1) + "nonsense\n")
    _ = try sender.hear("{\"ack\":2}")
    let health = try Self.curl(page + "/healthz")
    #expect(health.status == "200")
    let head = try daemon.ask("select lower(hex(hash)) from batch order by id desc limit 1")
    let start = "{\"status\":\"ok\",\"reason\":null,\"head\":\"\(head[0])\",\"watched_to\":"
    #expect(health.body.hasPrefix(start) && health.body.hasSuffix("}\n"))
    #expect(try Self.curl(page + "/readyz").status == "200")
    let metrics = try Self.curl(page + "/metrics").body
    for line in [
      "tollbook_lines_taken_total 1", "tollbook_lines_refused_total{reason=\"bad_json\"} 1",
      "tollbook_calls_booked_total 1", "tollbook_ready 1",
      "tollbook_incidents_open{severity=\"critical\"} 0", "# TYPE tollbook_calls_booked_total counter",
    ] {
      #expect(metrics.contains(line + "\n"), "\(line)")
    }
    #expect(try Self.curl(page + "/nothing-here").status == "404")
    #expect(daemon.stop() == 0)
  }

  @Test(arguments: ["8089x", "1.2.3:1", "host:1:2", "127.0.0.1:99999"])
  func `an address that is none is refused`(address: String) throws {
    let run = try DaemonProcess().run("serve", "--http", address)
    #expect(run.status == 64)
    #expect(run.error.contains("'\(address)' is no address."))
  }
}
