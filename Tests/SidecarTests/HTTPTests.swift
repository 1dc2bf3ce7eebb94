import Foundation
import TestSupport
import Testing

/// Lines over HTTP, posted by curl: what is answered, and what is in the books then.
@Suite(.serialized) struct HTTPTests {
  static func counts(
    _ taken: Int, _ booked: Int, duplicates: Int = 0, replayed: Int = 0, passedOver: Int = 0, refused: String = "",
    resumeAfter: Int? = nil
  ) -> HTTPReply {
    let lines = refused.isEmpty ? 0 : refused.split(separator: "},{").count
    var body = #"{"taken":\#(taken),"booked":\#(booked),"duplicates":\#(duplicates),"observed":0,"#
    body += #""replayed":\#(replayed),"#
    body += #""passed_over":\#(passedOver),"refused_lines":\#(lines),"refused":[\#(refused)]"#
    if let resumeAfter { body += ",\"resume_after\":\(resumeAfter)" }
    return HTTPReply(status: "200", body: body + "}\n")
  }

  @Test func `what is answered with 200 is in the books, whatever its form`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    typealias D = DaemonProcess
    // 1,000 tokens at 2 dollars a million are 0.002 dollars: 2,000,000 nanodollars.
    #expect(try daemon.post(D.call("a", input: 1000), type: "application/json") == Self.counts(1, 1))
    #expect(try daemon.ask("select count(*), sum(cost_n) from call") == ["1 2000000"])
    // An array, indented, with a bracket and a comma inside a text; one of its lines was there before.
    #expect(
      try daemon.post(
        "[\n  \(D.call("a", input: 1000)) ,\n  \(D.call("b", input: 500, #""x":"],[\"}","#))\n]\n",
        type: "application/json; charset=utf-8") == Self.counts(2, 1, duplicates: 1))
    // Lines: a blank one, one that is none, a hello, and the last without its newline.
    #expect(
      try daemon.post(
        D.call("c", input: 1) + "\r\n\nnonsense\n" + RawSender.hello("h") + D.call("d", input: 2),
        to: "/v1/usage?team=search%20two&project=p+q")
        == Self.counts(2, 2, passedOver: 2, refused: #"{"line":3,"code":"bad_json","dead_letter":1}"#))
    #expect(
      try daemon.post(D.call("e", input: 3), "--header", "Transfer-Encoding: chunked") == Self.counts(1, 1))
    // The same id with other content is kept aside, and named.
    #expect(
      try daemon.post(D.call("f", input: 4) + "\n" + D.call("a", input: 7) + "\n")
        == Self.counts(2, 1, refused: #"{"line":2,"code":"id_conflict","dead_letter":2}"#))
    // 1,000 + 500 + 1 + 2 + 3 + 4 tokens at 2,000 nanodollars.
    #expect(try daemon.ask("select count(*), sum(input), sum(cost_n) from call") == ["6 1510 3020000"])
    let spend = try daemon.run("spend", "--by", "team,project", "--json", "--from", "2026-10-01", "--to", "2026-10-02")
    #expect(spend.out.contains(#""team":"search two","project":"p q","calls":2"#), "\(spend.out)")
    #expect(daemon.stop() == 0)
    #expect(try daemon.run("verify").status == 0)
  }

  @Test func `calls of one line are counted one by one, those beside a refused one too`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    func spans(_ number: Int, _ inputs: Int...) -> String {
      let spans = inputs.enumerated().map { place, input in
        #"{"traceId":"t\#(number)","spanId":"s\#(place)","startTimeUnixNano":"1790812800000000000","attributes":["#
          + #"{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},"#
          + #"{"key":"gen_ai.provider.name","value":{"stringValue":"acme"}},"#
          + #"{"key":"gen_ai.request.model","value":{"stringValue":"m"}},"#
          + #"{"key":"gen_ai.usage.input_tokens","value":{"intValue":"\#(input)"}}]}"#
      }
      return #"{"resourceSpans":[{"scopeSpans":[{"spans":[\#(spans.joined(separator: ","))]}]}]}"# + "\n"
    }
    #expect(try daemon.post(spans(1, 10, 20, 30)) == Self.counts(1, 3))
    #expect(try daemon.post(spans(1, 10, 20, 30)) == Self.counts(1, 0, duplicates: 3))
    let line = DaemonProcess.call("a", input: 1) + "\n"
    let body = spans(2, 40, -1, 50) + line
    func refused(_ letter: Int) -> String { #"{"line":1,"code":"negative_count","dead_letter":\#(letter)}"# }
    #expect(try daemon.post(body) == Self.counts(1, 3, refused: refused(1)))
    #expect(try daemon.post(body) == Self.counts(1, 0, duplicates: 3, refused: refused(2)))
    // 10 + 20 + 30, 40 + 50, and 1 token at 2,000 nanodollars.
    #expect(try daemon.ask("select count(*), sum(input), sum(cost_n) from call") == ["6 151 302000"])
    #expect(daemon.stop() == 0)
  }

  @Test func `a packed body is unpacked, and one that bursts is refused`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let lines = (1...2000).map { DaemonProcess.call("g\($0)", input: 1) + "\n" }.joined()
    try lines.write(toFile: daemon.folder + "/lines", atomically: true, encoding: .utf8)
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = [
      "-c",
      "cd \"$1\" && gzip -k lines && head -c 100000000 /dev/zero | gzip > bomb.gz && head -c 300 lines.gz > torn.gz",
      "sh", daemon.folder,
    ]
    try shell.run()
    shell.waitUntilExit()
    func post(_ file: String) throws -> HTTPReply {
      try daemon.curl(
        "/v1/usage", "--header", "Content-Type: application/x-ndjson", "--header", "Content-Encoding: gzip",
        "--data-binary", "@\(daemon.folder)/\(file)")
    }
    #expect(try post("lines.gz") == Self.counts(2000, 2000))
    let refused = try [post("bomb.gz"), post("torn.gz"), post("lines")]
    #expect(refused.map(\.status) == ["413", "400", "400"])
    #expect(refused.map(\.code) == ["body_too_large", "bad_gzip", "bad_gzip"])
    #expect(try daemon.ask("select count(*) from call") == ["2000"])
    #expect(daemon.stop() == 0)
  }

  @Test func `numbered posts are booked once, however often they come`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let resume = "/v1/usage/resume?client=c&epoch=7"
    let line = #"{"at":"2026-10-01T00:00:00Z","provider":"acme","model":"m","units":{"input":1}}"# + "\n"
    #expect(try daemon.curl(resume).body == "{\"resume_after\":0}\n")
    let first = "/v1/usage?client=c&epoch=7&first_n=1"
    #expect(
      try daemon.post(line + "nonsense\n\n" + line, to: first)
        == Self.counts(
          2, 2, passedOver: 1, refused: #"{"line":2,"code":"bad_json","dead_letter":1}"#, resumeAfter: 4))
    // Again, and with one line more behind them.
    #expect(
      try daemon.post(line + "nonsense\n\n" + line + line, to: first)
        == Self.counts(1, 1, replayed: 3, passedOver: 1, resumeAfter: 5))
    // Lines 6 to 8 have not come: taking 9 would shut them out.
    let gap = try daemon.post(line, to: "/v1/usage?client=c&epoch=7&first_n=9")
    #expect(gap.status == "409" && gap.code == "gap" && gap.body.contains(#""resume_after":5}"#))
    // By headers; and the socket goes on where HTTP stopped.
    let headers = ["Tollbook-Client: c", "Tollbook-Epoch: 7", "Tollbook-First-N: 6"].flatMap { ["--header", $0] }
    #expect(try daemon.startPost(line, headers).reply() == Self.counts(1, 1, resumeAfter: 6))
    let sender = try RawSender(daemon.socket)
    sender.send(RawSender.hello("c", 7) + RawSender.line(6) + RawSender.line(7))
    #expect(try sender.hear("{\"ack\":7}").first == #"{"ready":{"v":1,"resume_after":6,"max_line":1048576}}"#)
    daemon.kill()
    try daemon.start()
    #expect(try daemon.curl(resume).body == "{\"resume_after\":7}\n")
    #expect(try daemon.ask("select count(*) from call") == ["5"])
    #expect(daemon.stop() == 0)
  }

  @Test func `a daemon killed between post and answer books a repeated post once`() throws {
    let daemon = try DaemonProcess(flushMilliseconds: 5)
    try daemon.start()
    var dice = Seeded(KillTests.seed)
    var total = 0
    let line = #"{"at":"2026-10-01T00:00:00Z","provider":"acme","model":"m","units":{"input":3}}"# + "\n"
    var killed = 0
    for _ in 0..<8 {
      let lines = Int(dice.next() % 3000) + 1
      let body = String(repeating: line, count: lines)
      let target = "/v1/usage?client=c&first_n=\(total + 1)"
      let posting = try daemon.startPost(body, to: target)
      usleep(UInt32(dice.next() % 40_000))
      daemon.kill()
      if posting.reply().status != "200" { killed += 1 }
      try daemon.start()
      #expect(try daemon.post(body, to: target).status == "200")
      total += lines
    }
    #expect(killed > 0)
    #expect(try daemon.curl("/v1/usage/resume?client=c").body == "{\"resume_after\":\(total)}\n")
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select count(*), sum(cost_n) from call") == ["\(total) \(total * 3 * 2000)"])
    #expect(try daemon.run("verify").status == 0)
  }

  @Test func `posts that come at once are all booked, beside one that hangs`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    // Half a body, and no more of it: it holds up nobody, and is not booked.
    let hung = try RawSender(daemon.httpSocket)
    hung.send(
      "POST /v1/usage HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: 1000\r\n\r\n"
        + DaemonProcess.call("half", input: 1) + "\n")
    let postings = try (0..<10).map { place in
      try daemon.startPost((0..<300).map { DaemonProcess.call("p\(place)-\($0)", input: 1) + "\n" }.joined())
    }
    for posting in postings { #expect(posting.reply() == Self.counts(300, 300)) }
    hung.close()
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select count(*), sum(cost_n) from call") == ["3000 6000000"])
  }

  @Test func `a daemon that stops answers what it has taken`() throws {
    let daemon = try DaemonProcess(flushMilliseconds: 10_000)
    try daemon.start()
    let posting = try daemon.startPost(DaemonProcess.call("a", input: 1))
    while try !daemon.curl("/metrics").body.contains("tollbook_posts_taken_total 1\n") {}
    #expect(daemon.stop() == 0)
    #expect(posting.reply() == Self.counts(1, 1))
    #expect(try daemon.ask("select count(*) from call") == ["1"])
    #expect(!FileManager.default.fileExists(atPath: daemon.httpSocket))
  }
}
