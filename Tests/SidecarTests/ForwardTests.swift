import CSystem
import Foundation
import TestSupport
import Testing

/// Fluent Forward over its socket: what is acknowledged is on disk, and a chunk that comes again is booked once.
@Suite(.serialized) struct ForwardTests {
  private static func path(_ daemon: DaemonProcess) -> String { daemon.data + "/forward.sock" }

  private static let one = "0123456789abcdef"
  private static let two = "fedcba9876543210"

  /// Starts the daemon, and waits until its socket for Forward takes senders too.
  private static func start(_ daemon: DaemonProcess) throws {
    try daemon.start("--forward", path(daemon))
    for _ in 0..<2000 {
      let descriptor = tb_connect_unix(path(daemon))
      if descriptor >= 0 {
        _ = tb_close(descriptor)
        return
      }
      tb_pause(5_000)
    }
  }

  /// A chunk of calls without ids, `input` tokens each.
  private static func chunk(_ name: String, _ inputs: [Int]) -> [UInt8] {
    let entries = inputs.enumerated().flatMap { Packed.list([.at(UInt32($0)), .call(input: $1)]).bytes }
    return Packed.list([.text("llm"), .binary(entries), .named(("size", .whole(inputs.count)), ("chunk", .text(name)))])
      .bytes
  }

  @Test func `an acknowledged chunk is on disk, and is not booked again`() throws {
    let daemon = try DaemonProcess()
    try Self.start(daemon)
    let sender = try RawSender(Self.path(daemon))
    let first = Self.chunk(Self.one, [100, 100, 7])
    sender.send(bytes: first)
    #expect(sender.hear(bytes: Packed.ack(Self.one).count) == Packed.ack(Self.one))
    // 207 tokens at 2,000 nanodollars; two records alike are two calls.
    #expect(try daemon.ask("select count(*), sum(input), sum(cost_n) from call") == ["3 207 414000"])
    #expect(try daemon.ask("select min(at), max(at) from call_detail")[0].hasPrefix("2026-10-01T00:00:00.123Z"))
    // Again, by this connection and after a crash, beside another chunk of the same content.
    sender.send(bytes: first + Self.chunk(Self.two, [100]))
    let both = Packed.ack(Self.one) + Packed.ack(Self.two)
    #expect(sender.hear(bytes: both.count) == both)
    daemon.kill()
    try Self.start(daemon)
    let again = try RawSender(Self.path(daemon))
    again.send(bytes: first)
    #expect(again.hear(bytes: Packed.ack(Self.one).count) == Packed.ack(Self.one))
    #expect(try daemon.ask("select count(*), sum(input) from call") == ["4 307"])
    // A short name is a counter that begins anew: it is acknowledged, and tells nothing of what came before.
    again.send(bytes: Self.chunk("0001", [1]) + Self.chunk("0001", [1]))
    let counted = Packed.ack("0001") + Packed.ack("0001")
    #expect(again.hear(bytes: counted.count) == counted)
    #expect(try daemon.ask("select count(*), sum(input) from call") == ["6 309"])
    #expect(daemon.stop() == 0)
    #expect(!FileManager.default.fileExists(atPath: Self.path(daemon)))
    #expect(try daemon.run("verify").status == 0)
  }

  @Test func `every mode is booked, and what is wrong in it is a dead letter`() throws {
    let daemon = try DaemonProcess()
    try Self.start(daemon)
    let packed = try Packed.gzip(Packed.list([.at(), .call(input: 3, ("id", .text("packed")))]).bytes)
    let tag = Packed.text("llm")
    let line = #"{"id":"log","provider":"acme","model":"m","units":{"input":4}}"#
    let messages: [Packed] = [
      .list([tag, .at(), .call(input: 1, ("id", .text("one")))]),
      .list([tag, .list([.list([.at(), .call(input: 2, ("id", .text("two")))]), .list([.at(), .whole(9)])])]),
      .list([tag, .binary(packed), .named(("compressed", .text("gzip")))]),
      .list([tag, .at(), .named(("log", .text(line + "\n")), ("container_name", .text("/app")))]),
      // No record, no message, a negative count; a member of the size of a line, in a record whose rest is not read.
      .list([tag]), .list([tag, .at(), .call(input: -1)]),
      .list([tag, .at(), .call(input: 1, ("x", .text(String(repeating: "x", count: 1 << 20))))]),
      .list([tag, .list([]), .named(("chunk", .text("last")))]),
    ]
    let sender = try RawSender(Self.path(daemon))
    sender.send(bytes: messages.flatMap(\.bytes))
    #expect(sender.hear(bytes: Packed.ack("last").count) == Packed.ack("last"))
    // The acknowledgement of an empty chunk waits for nothing; the rest is settled when the daemon has stopped.
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select count(*), sum(input) from call") == ["4 10"])
    #expect(
      try daemon.ask("select reason, count(*) from dead_letter group by 1 order by 1")
        == ["bad_json 1", "negative_count 1", "not_an_object 1", "too_long 1"])
  }

  @Test func `a chunk that cannot be unpacked is a dead letter and acknowledged, so that it holds up nobody`() throws {
    let daemon = try DaemonProcess()
    try Self.start(daemon)
    let sender = try RawSender(Self.path(daemon))
    // No gzip; and a whole record before one that breaks off.
    let spoilt = Packed.list([
      .text("llm"), .binary([1, 2, 3]), .named(("chunk", .text(Self.one)), ("compressed", .text("gzip"))),
    ])
    let entry = Packed.list([.at(), .call(input: 5)]).bytes
    let torn = Packed.list([
      .text("llm"), .binary(entry + entry.dropLast(3)), .named(("chunk", .text(Self.two))),
    ])
    sender.send(bytes: spoilt.bytes + torn.bytes)
    let both = Packed.ack(Self.one) + Packed.ack(Self.two)
    #expect(sender.hear(bytes: both.count) == both)
    #expect(try daemon.ask("select reason, count(*) from dead_letter group by 1") == ["bad_json 2"])
    // The whole record is booked, and not again when the chunk comes again.
    sender.send(bytes: torn.bytes)
    #expect(sender.hear(bytes: Packed.ack(Self.two).count) == Packed.ack(Self.two))
    #expect(try daemon.ask("select count(*), sum(input) from call") == ["1 5"])
    #expect(daemon.stop() == 0)
  }

  @Test func `what is no Forward is cut off, and others go on`() throws {
    let daemon = try DaemonProcess()
    try Self.start(daemon)
    let lines = try RawSender(Self.path(daemon))
    lines.send(DaemonProcess.call("a", input: 1) + "\n")
    #expect(lines.hear(bytes: 1) == [])
    let large = try RawSender(Self.path(daemon))
    large.send(bytes: [0x92, 0xa1, 0x61, 0xdb, 0x7f, 0xff, 0xff, 0xff] + [UInt8](repeating: 0, count: 9 << 20))
    #expect(large.hear(bytes: 1) == [])
    // Small as it comes and too large unpacked: nothing of it is acknowledged, booked or refused.
    let packed = try Packed.gzip([UInt8](repeating: 0, count: 9 << 20))
    let burst = try RawSender(Self.path(daemon))
    burst.send(
      bytes: Packed.list([
        .text("llm"), .binary(packed), .named(("chunk", .text(Self.one)), ("compressed", .text("gzip"))),
      ]).bytes)
    #expect(burst.hear(bytes: 1) == [])
    let sender = try RawSender(Self.path(daemon))
    sender.send(bytes: Self.chunk("c", [1]))
    #expect(sender.hear(bytes: Packed.ack("c").count) == Packed.ack("c"))
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select count(*) from call") == ["1"])
    #expect(try daemon.ask("select count(*) from dead_letter") == ["0"])
    #expect(daemon.log.contains("forward_cut_off"))
  }

  // Six chunks of 7 MiB are more than the 32 MiB that may be open: 5 MiB of each come first, then the rest of each.
  @Test func `chunks that are too much together are taken one after the other, and none is cut off`() throws {
    let daemon = try DaemonProcess()
    try Self.start(daemon)
    let filling = Packed.binary([UInt8](repeating: 0xff, count: 7 << 20))
    let chunks = (1...6).map { number in
      let record = Packed.call(input: number, ("id", .text("long-\(number)")), ("x", filling))
      return Packed.list([.text("llm"), .at(), record, .named(("chunk", .text("long-\(number)")))]).bytes
    }
    let senders = try chunks.map { _ in try RawSender(Self.path(daemon)) }
    for (sender, chunk) in zip(senders, chunks) { sender.send(bytes: Array(chunk.prefix(5 << 20))) }
    for (number, sender) in senders.enumerated() {
      sender.send(bytes: Array(chunks[number].dropFirst(5 << 20)))
      let ack = Packed.ack("long-\(number + 1)")
      #expect(sender.hear(bytes: ack.count) == ack)
    }
    #expect(try daemon.ask("select count(*), sum(input) from call") == ["6 21"])
    #expect(daemon.stop() == 0)
    #expect(!daemon.log.contains("forward_cut_off"))
  }

  @Test func `a user's limit holds records back, and loses none`() throws {
    let daemon = try DaemonProcess()
    try daemon.configure("rate_limit = 1000\nuid_teams = \(getuid()):search\n")
    try Self.start(daemon)
    let sender = try RawSender(Self.path(daemon))
    sender.send(bytes: Self.chunk("a", [Int](repeating: 1, count: 1500)))
    sender.send(bytes: Self.chunk("b", [1]))
    let both = Packed.ack("a") + Packed.ack("b")
    #expect(sender.hear(bytes: both.count) == both)
    #expect(try daemon.ask("select team, count(*) from call_detail group by 1") == ["search 1501"])
    #expect(daemon.stop() == 0)
  }

  @Test func `a sender that hangs up has its records booked, and a daemon that stops reads what was sent`() throws {
    let daemon = try DaemonProcess(flushMilliseconds: 200)
    try Self.start(daemon)
    let gone = try RawSender(Self.path(daemon))
    for place in 0..<200 {
      gone.send(bytes: Packed.list([.text("llm"), .at(), .call(input: 1, ("id", .text("g\(place)")))]).bytes)
    }
    gone.close()
    let sender = try RawSender(Self.path(daemon))
    sender.send(bytes: Self.chunk("c", [Int](repeating: 2, count: 5_000)))
    #expect(daemon.stop() == 0)
    #expect(sender.hear(bytes: Packed.ack("c").count) == Packed.ack("c"))
    #expect(try daemon.ask("select count(*), sum(input) from call") == ["5200 10200"])
  }

  @Test func `a daemon killed between records and acknowledgement books each chunk once`() throws {
    let daemon = try DaemonProcess(flushMilliseconds: 5)
    try Self.start(daemon)
    var dice = Seeded(KillTests.seed)
    var calls = 0
    var tokens = 0
    var killed = 0
    for number in 0..<KillTests.cycles {
      let inputs = (0...Int(dice.next() % 2000)).map { _ in Int(dice.next() % 900) + 1 }
      let name = "seed-\(KillTests.seed)-chunk-number-\(number)"
      let chunk = Self.chunk(name, inputs)
      let sender = try RawSender(Self.path(daemon))
      sender.send(bytes: chunk)
      usleep(UInt32(dice.next() % 40_000))
      daemon.kill()
      let heard = sender.hear(bytes: Packed.ack(name).count)
      try Self.start(daemon)
      // What was acknowledged is not sent again.
      if heard != Packed.ack(name) {
        killed += 1
        let again = try RawSender(Self.path(daemon))
        again.send(bytes: chunk)
        #expect(again.hear(bytes: Packed.ack(name).count) == Packed.ack(name))
      }
      calls += inputs.count
      tokens += inputs.reduce(0, +)
    }
    #expect(killed > 0)
    #expect(daemon.stop() == 0)
    #expect(
      try daemon.ask("select count(*), sum(input), sum(cost_n) from call") == ["\(calls) \(tokens) \(tokens * 2000)"])
    #expect(try daemon.run("verify").status == 0)
  }
}
