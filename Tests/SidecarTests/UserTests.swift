import Foundation
import Testing

@testable import Sidecar

/// What hangs on the user of the host who sends: the team of lines without one, and how many lines there may be.
@Suite(.serialized) struct UserTests {
  @Test func `a line without a team has its user's, and one with a team its own`() throws {
    let daemon = try DaemonProcess()
    try daemon.configure("uid_teams = 4294967294:nobody, \(getuid()): ops and more\n")
    try daemon.start()
    func line(_ n: Int, _ fields: String = "") -> String {
      RawSender.line(n, #""provider":"acme",\#(fields)"#)
    }
    let plain = try RawSender(daemon.socket)
    plain.send(line(1) + line(2, #""team":"own","#))
    plain.close()
    let sender = try RawSender(daemon.socket)
    sender.send(#"{"hello":{"v":1,"client":"a"}}"# + "\n" + line(1))
    _ = try sender.hear("{\"ack\":1}")
    let other = try RawSender(daemon.socket)
    other.send(RawSender.hello("b") + line(1))
    _ = try other.hear("{\"ack\":1}")
    #expect(try daemon.post(line(1)).status == "200")
    #expect(try daemon.post(line(1), to: "/v1/usage?team=asked").status == "200")
    try DatagramTests.send(line(1), to: daemon.socket.replacing(".sock", with: ".dgram"))
    #expect(daemon.stop() == 0)
    let spend = try daemon.run("spend", "--by", "team", "--json", "--from", "2026-10-01", "--to", "2026-10-02")
    for (team, calls) in [("ops and more", 4), ("own", 1), ("search", 1), ("asked", 1)] {
      #expect(spend.out.contains(#""team":"\#(team)","calls":\#(calls),"#), "\(team): \(spend.out)")
    }
  }

  @Test func `who has sent too much waits, and loses nothing`() throws {
    let daemon = try DaemonProcess()
    try daemon.configure("rate_limit = 1\n")
    try daemon.start()
    func lines(_ numbers: ClosedRange<Int>) -> String { numbers.map { RawSender.line($0) }.joined() }
    let sender = try RawSender(daemon.socket)
    sender.send(RawSender.hello("c") + lines(1...500))
    _ = try sender.hear("{\"ack\":500}")
    // 499 lines are owed: for eight minutes nothing more is taken of this user, whichever way.
    let post = try daemon.post(DaemonProcess.call("a", input: 1), "--dump-header", daemon.folder + "/head")
    #expect(post.status == "429" && post.code == "too_many_lines_a_second")
    let head = try String(contentsOfFile: daemon.folder + "/head", encoding: .utf8)
    let seconds = head.firstMatch(of: #/Retry-After: (\d+)/#).flatMap { Int($0.1) } ?? 0
    #expect((300...500).contains(seconds))
    sender.send(lines(501...1000))
    // What is held back is read when the daemon stops.
    #expect(daemon.stop() == 0)
    _ = try sender.hear("{\"ack\":1000}")
    #expect(try daemon.ask("select count(*) from call") == ["1000"])
  }

  @Test func `a user may run ahead by one second's lines, and makes good what is owed`() {
    var limit = RateLimit(linesPerSecond: 100)
    let second: Int64 = 1_000_000
    #expect(limit.wait(for: 1000, at: 0) == 0)
    limit.charge(100, to: 1000, at: 0)
    // All of the first second's lines are used: the next comes 10 ms later.
    #expect(limit.wait(for: 1000, at: 0) == 1)
    #expect(limit.wait(for: 1000, at: 10_000) == 0)
    limit.charge(301, to: 1000, at: 10_000)
    // 300 are owed at 10 ms: three seconds.
    #expect(limit.wait(for: 1000, at: 10_000) == 3 * second + 1)
    #expect(limit.wait(for: 1001, at: 10_000) == 0)
    #expect(limit.wait(for: 1000, at: 3 * second + 10_001) == 0)
    // However long nothing comes, no more than a second's lines are saved up.
    limit.charge(100, to: 1000, at: 100 * second)
    #expect(limit.wait(for: 1000, at: 100 * second) == 1)
    // Who cannot be told apart has no limit.
    limit.charge(1_000_000, to: -1, at: 0)
    #expect(limit.wait(for: -1, at: 0) == 0)
    var none = RateLimit(linesPerSecond: nil)
    none.charge(1_000_000, to: 1000, at: 0)
    #expect(none.wait(for: 1000, at: 0) == 0)
  }

  @Test(arguments: ["1000", "1000:", "x:a", "1:a,1:b", "1:a,", "-1:a", "4294967296:a", ":a"])
  func `teams that are no list are refused`(text: String) throws {
    let daemon = try DaemonProcess()
    try daemon.configure("uid_teams = \(text)\n")
    let run = try daemon.run("serve", "--http", "off")
    #expect(run.status == 64)
    #expect(run.error.contains("'uid_teams' is \(text), set by "))
  }
}
