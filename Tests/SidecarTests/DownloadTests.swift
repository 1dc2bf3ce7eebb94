import Foundation
import Sidecar
import Synchronization
import TestSupport
import Testing

/// A download from a server that does what it should not: one typed reason each time, or the whole.
@Suite struct DownloadTests {
  /// What came, or why nothing did; and how often and with what pauses it was asked for.
  private struct Outcome {
    var body: String?
    var fault: String?
    var pauses: [Int64] = []
    var requests: [String] = []
  }

  private static func fetch(
    _ change: (inout DownloadLimits) -> Void = { _ in }, path: String = "/list",
    _ answers: @escaping @Sendable (Int, UInt16) -> LocalServer.Answer
  ) throws -> Outcome {
    let server = try LocalServer(answers)
    defer { server.stop() }
    var limits = DownloadLimits()
    limits.totalMilliseconds = 20_000
    change(&limits)
    let pauses = Mutex<[Int64]>([])
    let download = Download(limits: limits, pause: { pause in pauses.withLock { $0.append(pause) } })
    var outcome = Outcome()
    do {
      outcome.body = String(decoding: try download.fetch(server.address + path), as: UTF8.self)
    } catch {
      outcome.fault = error.description.replacing(server.address, with: "SERVER")
        .replacing(/127\.0\.0\.1 port \d+( after \d+ ms)?/, with: "HERE")
    }
    outcome.pauses = pauses.withLock { $0 }
    outcome.requests = server.requests
    return outcome
  }

  @Test func `a whole document comes as it is, asked for once`() throws {
    let outcome = try Self.fetch { _, _ in .status(200, "{\"a\":1}") }
    #expect(outcome.body == "{\"a\":1}" && outcome.pauses.isEmpty && outcome.requests.count == 1)
    let head = try #require(outcome.requests.first)
    for line in ["GET /list HTTP/1.1\r\n", "Accept-Encoding: gzip\r\n", "User-Agent: tollbook (rates import)\r\n"] {
      #expect(head.contains(line), "\(line)")
    }
  }

  @Test func `down twice, then up`() throws {
    let outcome = try Self.fetch { connection, _ in
      connection == 0 ? .status(500, "sorry") : connection == 1 ? .nothing : .status(200, "[]")
    }
    #expect(outcome.body == "[]" && outcome.pauses == [1_000, 2_000] && outcome.requests.count == 3)
  }

  @Test(arguments: [408, 429, 500, 502, 503, 504])
  func `what passes is tried three times`(status: Int) throws {
    let outcome = try Self.fetch { _, _ in .status(status, "no") }
    #expect(outcome.fault == "SERVER/list answers with status \(status). Try again later, or use --file.")
    #expect(outcome.requests.count == 3)
  }

  @Test(arguments: [204, 304, 400, 401, 403, 404, 410])
  func `what does not pass is tried once`(status: Int) throws {
    let outcome = try Self.fetch { _, _ in .status(status) }
    #expect(outcome.fault == "SERVER/list answers with status \(status). Try again later, or use --file.")
    #expect(outcome.requests.count == 1)
  }

  @Test func `a stated pause is kept, one that is too long is told`() throws {
    let short = try Self.fetch { connection, _ in
      connection == 0 ? .status(429, "", "Retry-After: 3\r\n") : .status(200, "[]")
    }
    #expect(short.body == "[]" && short.pauses == [3_000])
    let long = try Self.fetch { _, _ in .status(503, "", "Retry-After: 3600\r\n") }
    #expect(long.fault == "SERVER/list asks to wait 3600 s. Try again then, or use --file.")
    #expect(long.requests.count == 1)
  }

  @Test func `half a document is none`() throws {
    let outcome = try Self.fetch { _, _ in .status(200, "{\"a\":1}", length: 4_000) }
    #expect(outcome.fault == "SERVER/list ended before its stated length. Try again, or use --file.")
    #expect(outcome.requests.count == 3 && outcome.body == nil)
    let chunked = try Self.fetch { _, _ in
      .bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"a\":1}\r\n")
    }
    #expect(chunked.body == nil && chunked.requests.count == 3)
  }

  @Test func `too much is refused, whether it is announced or not`() throws {
    let announced = try Self.fetch({ $0.bytesMax = 1_000 }) { _, _ in .status(200, "[", length: 1_001) }
    let fault = "SERVER/list is larger than 1000 bytes, which no price list is. Look at it before you use it."
    #expect(announced.fault == fault && announced.requests.count == 1)
    let endless = try Self.fetch({ $0.bytesMax = 1_000 }) { _, _ in
      .bytes("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + String(repeating: " ", count: 100_000))
    }
    #expect(endless.fault == fault && endless.requests.count == 1)
  }

  @Test func `packed bytes are counted unpacked`() throws {
    // 100,000 spaces, packed by gzip into some hundred bytes.
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["sh", "-c", "head -c 100000 /dev/zero | tr '\\0' ' ' | gzip -c | od -An -v -tu1"]
    let out = Pipe()
    process.standardOutput = out
    try process.run()
    let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let packed = text.split { $0 == " " || $0 == "\n" }.compactMap { UInt8($0) }
    #expect(packed.count > 50 && packed.count < 1_000)
    let answer = LocalServer.Answer.packed(packed)
    #expect(try Self.fetch { _, _ in answer }.body == String(repeating: " ", count: 100_000))
    let bounded = try Self.fetch({ $0.bytesMax = 50_000 }) { _, _ in answer }
    #expect(bounded.fault?.contains("larger than 50000 bytes") == true)
  }

  @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"])
  func `one that hangs is left in time`(first: String) throws {
    let start = Date()
    let outcome = try Self.fetch({ $0.totalMilliseconds = 300 }) { _, _ in .hangs(after: first) }
    #expect(
      outcome.fault
        == "SERVER/list did not answer in time: 10000 ms to connect, 300 ms in all. Try again later, or use --file."
    )
    #expect(Date().timeIntervalSince(start) < 5)
  }

  @Test func `redirects are followed, three at most, on this machine only`() throws {
    let three = try Self.fetch { connection, port in
      connection < 3 ? .redirect("http://127.0.0.1:\(port)/next\(connection)") : .status(200, "[]")
    }
    #expect(three.body == "[]" && three.requests.count == 4)
    let loop = try Self.fetch { _, _ in .redirect("/list") }
    #expect(loop.fault == "SERVER/list redirects more than 3 times. Look at it, and fetch by hand with --file.")
    #expect(loop.requests.count == 4)
    for target in [
      "http://example.com/list", "https://example.com/list", "ftp://127.0.0.1/list", "file:///etc/passwd",
      "http://127.0.0.1@example.com/", "http://127.0.0.1.example.com/",
    ] {
      let outcome = try Self.fetch { _, _ in .redirect(target) }
      #expect(outcome.fault?.contains("leads to") == true, "\(target)")
      #expect(outcome.requests.count == 1, "\(target)")
    }
  }

  @Test func `garbage for HTTP is told`() throws {
    let outcome = try Self.fetch { _, _ in .bytes("\u{1}\u{2}garbage\r\n\r\n") }
    #expect(outcome.body == nil && outcome.fault?.hasPrefix("SERVER/list cannot be ") == true)
    let empty = try Self.fetch { _, _ in .status(200) }
    #expect(empty.fault == "SERVER/list answered with nothing. Try again later, or use --file.")
  }

  @Test(arguments: [
    "http://example.com/list", "http://10.0.0.1/list", "http://localhost.example.com/", "http://127.0.0.1.nip.io/",
  ])
  func `nothing leaves the machine unencrypted`(url: String) {
    #expect(throws: DownloadFault.notSecure(url)) { try Download().fetch(url) }
  }

  @Test(arguments: [
    "", "list", "ftp://a/b", "file:///etc/passwd", "https://", "https://a b/", "https://me@host/", "https:///x",
  ])
  func `what is no address is refused`(url: String) {
    #expect(throws: DownloadFault.badAddress(url)) { try Download().fetch(url) }
  }

  @Test func `a closed port cannot be reached`() throws {
    let server = try LocalServer { _, _ in .nothing }
    let address = server.address
    server.stop()
    usleep(50_000)
    var limits = DownloadLimits()
    limits.tries = 1
    do {
      _ = try Download(limits: limits).fetch(address)
      Issue.record("somebody answered")
    } catch {
      guard case .unreachable = error else { throw error }
    }
  }

  private static func secure(_ port: UInt16, sourceLocation: SourceLocation = #_sourceLocation) throws {
    var limits = DownloadLimits()
    limits.totalMilliseconds = 10_000
    do {
      _ = try Download(limits: limits).fetch("https://127.0.0.1:\(port)/list")
      Issue.record("it was believed", sourceLocation: sourceLocation)
    } catch {
      guard case .notVerified = error else { throw error }
    }
  }

  @Test func `what answers https without TLS is not believed`() throws {
    let server = try LocalServer { _, _ in .status(200, "[]") }
    defer { server.stop() }
    try Self.secure(server.port)
  }

  @Test(.enabled(if: Checker.path(of: "openssl") != nil, "openssl is not installed"))
  func `a certificate that nobody signed is not believed`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (key, certificate) = (folder.path + "/key.pem", folder.path + "/certificate.pem")
    let made = try Checker.run(
      "openssl",
      [
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost", "-addext",
        "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
      ], on: "")
    try #require(made.status == 0, "\(made.output)")
    let server = Process()
    server.executableURL = URL(filePath: try #require(Checker.path(of: "openssl")))
    server.arguments = ["s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate, "-www"]
    let said = Pipe()
    server.standardOutput = said
    server.standardInput = FileHandle.nullDevice
    server.standardError = FileHandle.nullDevice
    try server.run()
    // By force: this process's threads may hold back the signals that ask, and a child inherits that.
    defer { kill(server.processIdentifier, SIGKILL) }
    var words = ""
    while !words.contains(/ACCEPT .*:\d+\n/) {
      let more = said.fileHandleForReading.availableData
      try #require(!more.isEmpty, "openssl ended after '\(words)'")
      words += String(decoding: more, as: UTF8.self)
    }
    let port = try #require(words.firstMatch(of: /ACCEPT .*:(\d+)\n/).flatMap { UInt16($0.output.1) })
    try Self.secure(port)
  }
}

extension LocalServer.Answer {
  /// A body packed by gzip.
  fileprivate static func packed(_ bytes: [UInt8]) -> Self {
    let head =
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(bytes.count)\r\nConnection: close\r\n\r\n"
    return .raw(Array(head.utf8) + bytes)
  }
}
