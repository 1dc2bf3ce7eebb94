import Foundation
import Sidecar
import Testing

/// The acknowledged protocol, spoken to a real daemon over a real socket.
@Suite(.serialized) struct AcknowledgedModeTests {
  @Test func `lines are acknowledged once they are on disk, and a resend books nothing twice`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let sender = try RawSender(daemon.socket)
    sender.send(RawSender.hello("checkout-7"))
    #expect(try sender.hear("{\"ready\"") == [#"{"ready":{"v":1,"resume_after":0,"max_line":1048576}}"#])
    sender.send(RawSender.line(1) + RawSender.line(2) + RawSender.line(3))
    _ = try sender.hear(#"{"ack":3}"#)
    // What was acknowledged is on disk: it is there for another process before anything else happens.
    #expect(try daemon.ask("select count(*), sum(cost_n) from call") == ["3 6000000"])
    daemon.kill()

    try daemon.start()
    let again = try RawSender(daemon.socket)
    again.send(RawSender.hello("checkout-7"))
    #expect(try again.hear("{\"ready\"") == [#"{"ready":{"v":1,"resume_after":3,"max_line":1048576}}"#])
    again.send(RawSender.line(2) + RawSender.line(3) + RawSender.line(4))
    _ = try again.hear(#"{"ack":4}"#)
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select count(*), sum(cost_n) from call") == ["4 8000000"])
    #expect(try daemon.ask("select client, epoch, number, gaps, replays from mark") == ["checkout-7 1 4 0 2"])
    #expect(try daemon.run("verify").status == 0)
  }

  @Test func `a bad line is refused by name and number, and the next is booked`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let sender = try RawSender(daemon.socket)
    sender.send(RawSender.hello("c"))
    sender.send(RawSender.line(1))
    sender.send("nonsense\n")
    sender.send(#"{"n":3,"units":{"input":-1}}"# + "\n")
    sender.send(RawSender.line(6))
    let heard = try sender.hear(#"{"ack":6}"#)
    #expect(heard.contains(#"{"nack":2,"code":"bad_json","dead_letter":1}"#))
    #expect(heard.contains(#"{"nack":3,"code":"negative_count","dead_letter":2}"#))
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select number, gaps from mark") == ["6 2"])
    #expect(
      try daemon.ask("select reason, length, number from dead_letter") == ["bad_json 8 2", "negative_count 28 3"])
    #expect(try daemon.ask("select count(*) from call") == ["2"])
  }

  @Test func `an id is booked once, a growing stream by its difference, a conflict is kept and told`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let sender = try RawSender(daemon.socket)
    sender.send(RawSender.hello("c"))
    sender.send(RawSender.line(1, #""id":"a","#))
    sender.send(RawSender.line(2, #""id":"a","#))
    sender.send(RawSender.line(3, #""id":"s","stream":true,"#, input: 10))
    sender.send(RawSender.line(4, #""id":"s","stream":true,"#, input: 700))
    sender.send(RawSender.line(5, #""id":"a","#, input: 5))
    let heard = try sender.hear(#"{"ack":5}"#)
    #expect(heard.contains(#"{"nack":5,"code":"id_conflict","dead_letter":1}"#))
    #expect(daemon.stop() == 0)
    // 1000 × 2, 10 × 2 and 690 × 2 millionths.
    #expect(
      try daemon.ask("select input, cost_n from call order by seq") == ["1000 2000000", "10 20000", "690 1380000"])
    #expect(try daemon.ask("select sum(calls), sum(cost_n) from rollup_hour") == ["2 3400000"])
    #expect(try daemon.run("verify").status == 0)
  }

  @Test func `hello comes first, in version 1, with a client`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let late = try RawSender(daemon.socket)
    late.send(RawSender.line(1) + RawSender.hello("c"))
    #expect(try late.hear("{\"error\"").last?.contains("bad_hello") == true)
    let newer = try RawSender(daemon.socket)
    newer.send(#"{"hello":{"v":2,"client":"c"}}"# + "\n")
    #expect(try newer.hear("{\"error\"").last?.contains("not of version 1") == true)
    let misspelt = try RawSender(daemon.socket)
    misspelt.send(#"{"hello":{"v":1,"client":"c","defaults":{"taem":"search"}}}"# + "\n")
    #expect(try misspelt.hear("{\"error\"").last?.contains("Did you mean 'team'?") == true)
    let sender = try RawSender(daemon.socket)
    sender.send(RawSender.hello("c"))
    sender.send(#"{"status":200,"model":"m"}"# + "\n" + RawSender.line(1))
    #expect(try sender.hear("{\"error\"").last?.contains("missing_n") == true)
    #expect(daemon.stop() == 0)
  }

  @Test func `a slip in a number does not mute its sender`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    for slip in [
      RawSender.line(1_000_000_002), #"{"n":9999999999999,"bad"#,
      #"{"n":9999999999999,"object":"chat.completion.chunk","choices":[],"usage":null}"#,
    ] {
      let sender = try RawSender(daemon.socket)
      sender.send(RawSender.hello("c"))
      _ = try sender.hear("{\"ready\"")
      sender.send(RawSender.line(1))
      _ = try sender.hear(#"{"ack":1}"#)
      sender.send(slip.hasSuffix("\n") ? slip : slip + "\n")
      let heard = try sender.hear("{").last ?? ""
      #expect(heard.contains("n_too_far"), "\(slip)")
    }
    let sender = try RawSender(daemon.socket)
    sender.send(RawSender.hello("c"))
    _ = try sender.hear("{\"ready\"")
    sender.send(RawSender.line(1_000_000_001))
    _ = try sender.hear(#"{"ack":1000000001}"#)
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select count(*) from call") == ["2"])
  }

  @Test func `a bad line that is resent before its commit takes no other line's number`() throws {
    // Long enough that nothing is on disk before the second sender has asked.
    let daemon = try DaemonProcess(flushMilliseconds: 10_000)
    try daemon.start()
    let first = try RawSender(daemon.socket)
    first.send(RawSender.hello("c"))
    _ = try first.hear("{\"ready\"")
    first.send(RawSender.line(1) + "not json\n" + RawSender.line(3))
    usleep(50_000)
    first.close()
    let second = try RawSender(daemon.socket)
    second.send(RawSender.hello("c"))
    #expect(try second.hear("{\"ready\"").last?.contains("\"resume_after\":0") == true)
    second.send(RawSender.line(1) + "not json\n" + RawSender.line(3) + RawSender.line(4) + RawSender.line(5))
    let heard = try second.hear(#"{"ack":5}"#)
    #expect(heard.filter { $0.contains("nack") } == [#"{"nack":2,"code":"bad_json","dead_letter":1}"#])
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select count(*) from call") == ["4"])
    #expect(try daemon.ask("select number, gaps from mark") == ["5 0"])
  }
}
