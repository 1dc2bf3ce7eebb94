import Foundation
import Testing

/// What is refused over HTTP: by whom it came, for how it was written, for how much it is.
@Suite(.serialized) struct HTTPRefusalTests {
  @Test func `what is wrong is told by name, and nothing of it is booked`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let line = DaemonProcess.call("a", input: 1)
    let lines = ["--header", "Content-Type: application/x-ndjson", "--data-binary", line]
    let json = ["--header", "Content-Type: application/json", "--data-binary"]
    func usage(_ query: String = "") -> String { "/v1/usage" + query }
    let table: [(String, [String], String, String)] = [
      (usage(), ["--data", line], "415", "wrong_content_type"),
      (usage(), ["--header", "Content-Type: text/plain", "--data", line], "415", "wrong_content_type"),
      (usage(), lines + ["--header", "Content-Encoding: br"], "415", "wrong_encoding"),
      (usage(), [], "405", "wrong_method"), (usage(), ["--request", "PUT"] + lines, "405", "wrong_method"),
      ("/v1/usages", lines, "404", "no_page"), ("/healthz", lines, "405", "wrong_method"),
      (usage(), lines + ["--header", "Origin: https://example.com"], "403", "from_a_browser"),
      (usage(), lines + ["--header", "Sec-Fetch-Site: cross-site"], "403", "from_a_browser"),
      (usage("?taem=x"), lines, "400", "bad_query"), (usage("?team="), lines, "400", "bad_query"),
      (usage("?team=%zz"), lines, "400", "bad_http"), (usage("?team=a&team=b"), lines, "400", "bad_query"),
      (usage("?team=" + String(repeating: "t", count: 129)), lines, "400", "bad_query"),
      (usage("?client=c"), lines, "400", "bad_query"), (usage("?first_n=1"), lines, "400", "bad_query"),
      (usage("?epoch=1"), lines, "400", "bad_query"), (usage("?client=c&first_n=0"), lines, "400", "bad_query"),
      (usage("?client=c&first_n=1&epoch=-1"), lines, "400", "bad_query"),
      (usage("?client=c&first_n=99999999999999999999"), lines, "400", "bad_query"),
      ("/v1/usage/resume", [], "400", "bad_query"), ("/v1/usage/resume?client=c&team=x", [], "400", "bad_query"),
      ("/v1/usage/resume?client=c", lines, "405", "wrong_method"),
      (usage(), json + [""], "400", "empty_body"), (usage(), json + [" \n"], "400", "empty_body"),
      (usage(), json + ["[]"], "400", "empty_body"), (usage(), json + ["[\(line)"], "400", "bad_json"),
      (usage(), json + ["[\(line),]"], "400", "bad_json"), (usage(), json + ["[\(line)],"], "400", "bad_json"),
      (usage(), json + ["[}]"], "400", "bad_json"), (usage(), json + ["[\"]"], "400", "bad_json"),
      (usage(), lines + ["--header", "X: " + String(repeating: "x", count: 20_000)], "431", "head_too_large"),
    ]
    for (target, arguments, status, code) in table {
      let reply = try daemon.startCurl(target, arguments).reply()
      #expect(reply.status == status && reply.code == code, "\(target) \(arguments): \(reply)")
    }
    #expect(try daemon.ask("select (select count(*) from call) + (select count(*) from dead_letter)") == ["0"])
    #expect(daemon.stop() == 0)
  }

  /// Heads, and the status that each is answered with.
  private static let heads: [(text: String, status: Int)] = [
    ("nonsense\r\n\r\n", 400), ("POST /v1/usage HTTP/1.1\r\nno colon\r\n\r\n", 400),
    ("POST /v1/usage HTTP/2.0\r\n\r\n", 505), ("POST http://x/v1/usage HTTP/1.1\r\n\r\n", 400),
    ("GET /healthz HTTP/1.1\r\n folded: x\r\n\r\n", 400), ("GET /health\u{1}z HTTP/1.1\r\n\r\n", 400),
    (usage("Content-Length: 5\r\nContent-Length: 5"), 400), (usage("Content-Length: +5"), 400),
    (usage("Content-Length: 5\r\nTransfer-Encoding: chunked"), 400), (usage("Content-Length: x"), 400),
    (usage("Transfer-Encoding: gzip"), 501), (usage("X: y"), 411), (usage("Content-Length: 0"), 400),
    (usage("Content-Length: 99999999999999999999"), 413), (usage("Content-Length: 16777217"), 413),
    (usage("Transfer-Encoding: chunked", "zz\r\n"), 400), (usage("Transfer-Encoding: chunked", "-1\r\n"), 400),
    (usage("Transfer-Encoding: chunked", "2\r\n{}}\r\n"), 400), (String(repeating: "x", count: 17_000), 431),
    (String(repeating: "a: b\r\n", count: 3_000), 431),
    ("GET / HTTP/1.1\r\n\(String(repeating: "a: b\r\n", count: 65))\r\n", 431),
    // What is well-formed stands beside it.
    ("\r\nGET /healthz HTTP/1.0\r\n\r\n", 200), ("GET /healthz HTTP/1.1\nHost: x\n\n", 200),
  ]

  @Test func `a head that is malformed is answered`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    for (text, status) in Self.heads {
      let sender = try RawSender(daemon.httpSocket)
      sender.send(text)
      let first = try sender.hear("HTTP/1.1 ").last
      #expect(first?.hasPrefix("HTTP/1.1 \(status) ") ?? false, "\(text.prefix(200)): \(first ?? "")")
    }
    // Two questions in one write are answered one after the other.
    let sender = try RawSender(daemon.httpSocket)
    let question = "GET /v1/usage/resume?client=c HTTP/1.1\r\nHost: x\r\n\r\n"
    sender.send(question + question + "GET /nothing HTTP/1.1\r\n\r\n")
    #expect(try sender.hear("{\"resume_after\":0}").first == "HTTP/1.1 200 OK\r")
    #expect(try sender.hear("{\"resume_after\":0}").first == "HTTP/1.1 200 OK\r")
    #expect(try sender.hear("{").first == "HTTP/1.1 404 Not Found\r")
    #expect(daemon.stop() == 0)
  }

  private static func usage(_ header: String, _ body: String = "") -> String {
    "POST /v1/usage HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n\(header)\r\n\r\n\(body)"
  }

  @Test func `a large body that is refused reads its answer`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let body = String(repeating: "x", count: (16 << 20) + 1)
    #expect(try daemon.post(body).code == "body_too_large")
    #expect(try daemon.post(body, "--header", "Transfer-Encoding: chunked").code == "body_too_large")
    #expect(try daemon.post(String(repeating: "\n", count: 100_001) + "x").code == "too_many_lines")
    #expect(daemon.stop() == 0)
  }

  @Test func `the port is for programs of this host`() throws {
    let daemon = try DaemonProcess()
    let page = try StatusPageTests.page(daemon)
    let port = page.split(separator: ":").last ?? ""
    let line = DaemonProcess.call("a", input: 1)
    func post(_ host: String) throws -> String {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/curl")
      process.arguments = [
        "--silent", "--max-time", "20", "--output", daemon.folder + "/out", "--write-out", "%{http_code}", "--header",
        "Content-Type: application/json", "--header", "Host: \(host)", "--data", line, page + "/v1/usage",
      ]
      let out = Pipe()
      process.standardOutput = out
      try process.run()
      return String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
    #expect(try post("127.0.0.1:\(port)") == "200")
    #expect(try post("LocalHost:\(port)") == "200")
    #expect(try post("[::1]:\(port)") == "200")
    // A page of another site makes its own name lead here, and cannot make a browser say another.
    #expect(try post("rebound.example:\(port)") == "421")
    #expect(try post("127.0.0.1.example") == "421")
    #expect(try daemon.ask("select count(*) from call") == ["1"])
    #expect(daemon.stop() == 0)
  }

  /// An address of this host that is not loopback's.
  private static let address: String? = {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/hostname")
    process.arguments = ["-I"]
    let out = Pipe()
    process.standardOutput = out
    guard (try? process.run()) != nil else { return nil }
    let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    return text.split { $0.isWhitespace }.first { $0.contains(".") && !$0.hasPrefix("127.") }.map(String.init)
  }()

  @Test(.enabled(if: address != nil, "this host has no address but loopback's"))
  func `other hosts may read where they are let in, and never post`() throws {
    let daemon = try DaemonProcess()
    let local = try StatusPageTests.page(daemon, on: "0.0.0.0")
    let page = local.replacing("127.0.0.1", with: Self.address ?? "")
    #expect(try StatusPageTests.curl(page + "/readyz").status == "200")
    #expect(try StatusPageTests.curl(page + "/v1/usage/resume?client=c").status == "403")
    #expect(try StatusPageTests.curl(local + "/v1/usage/resume?client=c").status == "200")
    #expect(daemon.stop() == 0)
  }

  @Test func `bodies that were begun and left make room for others`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    // As many as there is room for, and each held open.
    let head = Self.usage("Content-Length: 1000")
    let left = try (0..<64).map { _ in try RawSender(daemon.httpSocket) }
    for sender in left { sender.send(head) }
    var replies: [HTTPReply] = []
    repeat {
      replies.append(try daemon.post(DaemonProcess.call("a", input: 1)))
    } while replies.last?.status == "503"
    #expect(replies.dropLast().allSatisfy { $0.code == "too_many_posts" })
    #expect(replies.last?.status == "200")
    #expect(try left[0].hear("{\"error\"").first == "HTTP/1.1 408 Request Timeout\r")
    #expect(daemon.stop() == 0)
  }

  @Test func `http.sock is for user and group, replaced when stale, and can be off`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    daemon.kill()
    try daemon.start()
    let attributes = try FileManager.default.attributesOfItem(atPath: daemon.httpSocket)
    #expect(attributes[.posixPermissions] as? Int == 0o660)
    #expect(daemon.stop() == 0)
    try daemon.start("--http-socket", "off")
    #expect(!FileManager.default.fileExists(atPath: daemon.httpSocket))
    #expect(daemon.stop() == 0)
    try "mine".write(toFile: daemon.httpSocket, atomically: true, encoding: .utf8)
    let run = try daemon.run("serve", "--http", "off", "--socket", daemon.socket)
    #expect(run.status == 1)
    #expect(run.error.contains("\(daemon.httpSocket) is in the way: it is no socket."))
    #expect(try String(contentsOfFile: daemon.httpSocket, encoding: .utf8) == "mine")
    #expect(!FileManager.default.fileExists(atPath: daemon.socket), "a socket was left behind")
  }
}
