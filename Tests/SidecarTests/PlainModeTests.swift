import CSystem
import Foundation
import Sidecar
import TestSupport
import Testing

/// Fire and forget: any shape, bad lines kept apart, the daemon never stopped by them.
@Suite(.serialized) struct PlainModeTests {
  @Test func `lines of any kind pass, and the last needs no newline`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let sender = try RawSender(daemon.socket)
    let line = #"{"provider":"acme","model":"m","units":{"input":1000}}"#
    sender.send(line + "\r\n\n   \n" + "garbage\n" + line)
    sender.close()
    let torn = try RawSender(daemon.socket)
    torn.send(#"{"provider":"acme","mod"#)
    torn.close()
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select count(*), sum(cost_n) from call") == ["2 4000000"])
    #expect(try daemon.ask("select reason from dead_letter order by reason") == ["bad_json", "torn"])
    #expect(try daemon.ask("select reason, lines from refusal order by reason") == ["bad_json 1", "torn 1"])
  }

  @Test func `a line that is too long is passed over without being kept`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let sender = try RawSender(daemon.socket)
    let long = #"{"model":"m","messages":""# + String(repeating: "x", count: 3_000_000) + "\"}\n"
    sender.send(long + #"{"provider":"acme","model":"m","units":{"input":1000}}"# + "\n")
    sender.close()
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select reason, length from dead_letter") == ["too_long \(long.utf8.count - 1)"])
    #expect(try daemon.ask("select count(*) from call") == ["1"])
  }

  @Test func `every hostile line is refused or booked by name, and none is fatal`() throws {
    guard let lines = SharedFiles.bytes("samples/hostile_lines.ndjson") else { return }
    let daemon = try DaemonProcess()
    try daemon.start()
    let sender = try RawSender(daemon.socket)
    sender.send(bytes: lines)
    sender.close()
    #expect(daemon.stop() == 0)
    let counted = try daemon.ask("select reason, lines from refusal order by reason")
    #expect(
      counted == [
        "bad_json 2", "bad_text 2", "count_too_large 1", "duplicate_key 1", "empty_id 1",
        "fractional_count 1", "id_conflict 1", "negative_count 1", "no_usage 1", "not_utf8 1", "torn 1",
      ])
    #expect(try daemon.run("verify").status == 0)
  }

  @Test func `a new price file prices what comes after it, a wrong one changes nothing`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    func send() throws {
      let sender = try RawSender(daemon.socket)
      sender.send(RawSender.hello("c-\(UUID().uuidString)") + RawSender.line(1))
      _ = try sender.hear("{\"ack\"")
    }
    try send()
    try daemon.write(card: DaemonProcess.card.replacing(#""input":"2""#, with: #""input":"two""#))
    daemon.signal(SIGHUP)
    while !daemon.log.contains("rates_refused") { tb_pause(5_000) }
    try send()
    try daemon.write(card: DaemonProcess.card.replacing(#""input":"2""#, with: #""input":"3""#))
    daemon.signal(SIGHUP)
    while daemon.log.components(separatedBy: "event=rates_loaded").count < 3 { tb_pause(5_000) }
    try send()
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select cost_n from call order by seq") == ["2000000", "2000000", "3000000"])
    #expect(daemon.log.contains("'two' is not a plain decimal"))
  }

  @Test func `a line that came whole is booked when the daemon is told to stop`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let sender = try RawSender(daemon.socket)
    sender.send(String(RawSender.line(1).dropLast()))
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select count(*) from call") == ["1"])
  }

  @Test func `senders that hold long lines open are cut off before memory is`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let long = #"{"note":""# + String(repeating: "x", count: 1_000_000)
    let senders = try (0..<40).map { _ in try RawSender(daemon.socket) }
    for sender in senders { sender.send(long) }
    // 33 of them fit into 32 MiB.
    let other = try RawSender(daemon.socket)
    other.send(RawSender.hello("c") + RawSender.line(1))
    _ = try other.hear(#"{"ack":1}"#)
    let heard = try #require(senders.last).hear("{\"error\"")
    #expect(heard.last?.contains("no_room") == true)
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select reason, count(*) from dead_letter group by reason") == ["torn 40"])
  }

  @Test func `two hundred senders at once are all booked`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let senders = try (0..<200).map { _ in try RawSender(daemon.socket) }
    for (index, sender) in senders.enumerated() {
      sender.send(#"{"provider":"acme","model":"m","units":{"input":\#(index)}}"# + "\n")
    }
    for sender in senders { sender.close() }
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select count(*), sum(input) from call") == ["200 19900"])
  }
}
