import Foundation
import Testing

/// A file through a daemon is booked as it is without one, whatever stands in its lines.
@Suite(.serialized) struct SendingTests {
  static let call = #""provider":"acme","model":"m","units":{"input":"#

  /// Lines that a sender might misread: each with what becomes of it.
  static let odd: [(line: String, outcome: String)] = [
    ("\u{feff}{\(call)1}}", "booked"),
    (#"{"hello":{"v":1,"client":"x","ack":true}}"#, "passed over"),
    ("{\(call)2}}", "booked"),
    (#"{"hello":{"v":9}}"#, "bad_hello"),
    (#"{"n":1,"# + call + "4}}", "booked"),
    (#"{"n":1,"# + call + "8}}", "booked"),
    (#"{"n":900,"\u006e":1,"# + call + "16}}", "duplicate_key"),
    (#"{"\u006e":-1.5,"# + call + "32}}", "booked"),
    (#"{"n":"seven","# + call + "64}}", "booked"),
    ("  {\(call)128}}  ", "booked"), ("", "passed over"), ("\u{feff}", "passed over"),
    ("\0", "bad_json"), ("nonsense", "bad_json"), ("[1,2]", "not_an_object"), ("7 {}", "not_an_object"),
    (#""text""#, "not_an_object"), (#"{"a":1"#, "torn"), ("{}", "no_usage"),
    (#"{"object":"chat.completion.chunk","usage":null}"#, "passed over"),
    (#"{"id":"a","at":"2026-10-01T00:00:00Z","# + call + "256}}", "booked"),
    (#"{"id":"a","at":"2026-10-01T00:00:00Z","# + call + "512}}", "id_conflict"),
    (#"{"x":""# + String(repeating: "x", count: (1 << 20) - 70) + "\"," + call + "1024}}", "booked"),
    (#"{"x":""# + String(repeating: "x", count: 2 << 20) + "\"}", "too_long"),
    ("{\(call)2048}}", "booked"),
  ]

  static let questions = [
    "select count(*), sum(input), sum(cost_n) from call",
    "select reason, length, hex(sha256) from dead_letter order by 1, 2, 3",
  ]

  @Test func `the same is booked and refused with a daemon as without`() throws {
    let text = Self.odd.map { $0.line + "\n" }.joined()
    let refused = Self.odd.filter { !["booked", "passed over"].contains($0.outcome) }
    let direct = try DaemonProcess()
    let alone = try direct.run("ingest", "-", input: text)
    let served = try DaemonProcess()
    try served.start()
    let sent = try served.run("ingest", "-", input: text)
    #expect(alone.status == 2)
    #expect(sent.status == 2)
    #expect(sent.out.hasSuffix("\(refused.count) refused.\n"))
    #expect(served.stop() == 0)
    // The lines that are booked hold 1, 2, 4, 8, 32, 64, 128, 256, 1024 and 2048.
    #expect(try direct.ask(Self.questions[0]) == ["10 3567 7134000"])
    let letters = try direct.ask("select reason from dead_letter order by id")
    #expect(letters.sorted() == refused.map(\.outcome).sorted())
    for question in Self.questions { #expect(try served.ask(question) == direct.ask(question)) }
    #expect(try served.ask("select sum(gaps) from mark") == ["0"])
  }

  @Test func `numbered lines are taken as they stand, and one without a number ends the sending`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let sender = try RawSender(daemon.socket)
    sender.send(#"{"hello":{"v":1,"client":"c","framing":"numbered"}}"# + "\n")
    #expect(
      try sender.hear("{\"ready\"") == [
        #"{"ready":{"v":1,"resume_after":0,"max_line":1048576,"framing":"numbered"}}"#
      ])
    sender.send("10 {\(Self.call)1}}\n20 nonsense\n")
    #expect(try sender.hear(#"{"ack":20}"#).contains(#"{"nack":20,"code":"bad_json","dead_letter":1}"#))
    sender.send("\(Int64.max - 1) {\(Self.call)2}}\n")
    _ = try sender.hear(#"{"ack":9223372036854775806}"#)
    sender.send("9223372036854775808 {\(Self.call)3}}\n")
    #expect(try sender.hear("{\"error\"").last?.contains("missing_n") == true)
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select count(*), sum(input) from call") == ["2 3"])
    #expect(try daemon.ask("select number, gaps from mark") == ["9223372036854775806 0"])
  }
}
