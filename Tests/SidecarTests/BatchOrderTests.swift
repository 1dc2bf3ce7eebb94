import Books
import CSystem
import Testing

@testable import Sidecar

/// How many batches lie between a line's coming and its acknowledgement, beside senders of every kind.
///
/// The one that is being written, and its own. Batches have 100 lines.
@Suite(.serialized) struct BatchOrderTests {
  private static func lines(_ numbers: ClosedRange<Int>) -> String { numbers.map { RawSender.line($0) }.joined() }

  /// The sender's line is in the batch that is taken next, and is acknowledged when that is on disk.
  private func expectNext(
    _ loop: HeldLoop, has number: Int, of sender: RawSender, place: SourceLocation = #_sourceLocation
  ) throws -> Int {
    loop.settle()
    let batch = try #require(loop.take(), sourceLocation: place)
    #expect(batch.marks.values.contains { $0.number == Int64(number) }, sourceLocation: place)
    return batch.calls.count
  }

  @Test func `a line goes with the next batch, whatever another has ready`() throws {
    let loop = try HeldLoop()
    let flood = try loop.sender("flood")
    let quiet = try loop.sender("quiet")
    flood.send(Self.lines(1...1))
    loop.take()
    // Nine tenths of each batch are the flood's; there is more of it than all the batches take.
    flood.send(Self.lines(2...1500))
    var taken = 1
    for round in 1...12 {
      taken += 90
      loop.waitFor(taken: taken)
      quiet.send(RawSender.line(1_000_000 + round))
      taken += 1
      loop.waitFor(taken: taken)
      #expect(try expectNext(loop, has: 1_000_000 + round, of: quiet) == 91)
      if round > 1 { _ = try quiet.hear("{\"ack\":\(999_999 + round)}") }
    }
  }

  @Test func `the first line of one that has just connected finds room too`() throws {
    let loop = try HeldLoop()
    let flood = try loop.sender("flood")
    flood.send(Self.lines(1...1))
    loop.take()
    flood.send(Self.lines(2...300))
    // Alone it has all but a hundredth.
    loop.waitFor(taken: 100)
    let quiet = try loop.sender("quiet")
    quiet.send(RawSender.line(1_000_001))
    loop.waitFor(taken: 101)
    #expect(try expectNext(loop, has: 1_000_001, of: quiet) == 100)
  }

  @Test func `a post of many lines leaves room for who sends few`() throws {
    let loop = try HeldLoop()
    let quiet = try loop.sender("quiet")
    quiet.send(RawSender.line(1_000_000))
    loop.take()
    loop.post(Self.lines(1...1000), lines: 1000)
    loop.waitFor(taken: 91)
    quiet.send(RawSender.line(1_000_001))
    loop.waitFor(taken: 92)
    // A second, small post finds room beside them.
    loop.post(RawSender.line(1), lines: 1, connection: 2)
    loop.waitFor(taken: 93)
    #expect(try expectNext(loop, has: 1_000_001, of: quiet) == 92)
    loop.settle()
    while !loop.exchange.takeSettled(by: .http).contains(where: { $0.connection == 2 }) { tb_pause(200) }
  }

  /// Were the second taken first, a stream's earlier lines would come behind its end, and be refused.
  @Test func `posts of one sender keep their order, and another's small post goes between`() throws {
    func calls(_ inputs: ClosedRange<Int>) -> String {
      inputs.map { DaemonProcess.call("c\($0)", input: $0) + "\n" }.joined()
    }
    let loop = try HeldLoop()
    let quiet = try loop.sender("quiet")
    quiet.send(RawSender.line(1))
    loop.take()
    loop.post(calls(1...300), lines: 300, connection: 1)
    loop.waitFor(taken: 91)
    loop.post(calls(301...302), lines: 2, connection: 1)
    loop.post(calls(303...303), lines: 1, connection: 1)
    loop.post(calls(1000...1000), lines: 1, connection: 2)
    loop.waitFor(taken: 92)
    var inputs: [Int64] = []
    while inputs.count < 304 {
      loop.settle()
      inputs += try #require(loop.take()).calls.map(\.input)
    }
    #expect(inputs.filter { $0 < 1000 } == Array(1...303))
    #expect(inputs.firstIndex(of: 1000) == 90)
  }

  @Test func `datagrams leave room for who sends lines`() throws {
    let loop = try HeldLoop()
    let quiet = try loop.sender("quiet")
    quiet.send(RawSender.line(1_000_000))
    loop.take()
    let line = RawSender.line(1, #""provider":"acme","#)
    for _ in 0..<90 { try DatagramTests.send(line, to: loop.datagrams) }
    loop.waitFor(taken: 91)
    // These stay in the kernel.
    for _ in 0..<5 { try DatagramTests.send(line, to: loop.datagrams) }
    quiet.send(RawSender.line(1_000_001))
    loop.waitFor(taken: 92)
    #expect(try expectNext(loop, has: 1_000_001, of: quiet) == 91)
    // They go with the batch after it.
    loop.waitFor(atLeast: 97)
  }

  @Test func `a line of one MiB, half a line and idle connections are in nobody's way`() throws {
    let loop = try HeldLoop()
    let quiet = try loop.sender("quiet")
    let idle = try (0..<50).map { _ in try RawSender(loop.socket) }
    let half = try loop.sender("half")
    half.send(#"{"n":1,"at":"2026-10-01"#)
    quiet.send(RawSender.line(1))
    loop.take()
    let long = try loop.sender("long")
    let filling = String(repeating: "x", count: (1 << 20) - 200)
    for number in 1...3 { long.send(RawSender.line(number, #""note":"\#(filling)","#)) }
    loop.waitFor(taken: 4)
    quiet.send(RawSender.line(2))
    loop.waitFor(taken: 5)
    #expect(try expectNext(loop, has: 2, of: quiet) == 4)
    _ = try quiet.hear("{\"ack\":1}")
    #expect(idle.count == 50)
  }

  @Test func `one that does not read its answers is cut off, and others hear theirs`() throws {
    let loop = try HeldLoop(batchLines: 50_000)
    let quiet = try loop.sender("quiet")
    let deaf = try loop.sender("deaf")
    // In the batch before, nobody else has said anything: there is room for many lines.
    for number in 1...2 {
      loop.settle()
      quiet.send(RawSender.line(number))
      loop.take()
    }
    // 40,000 refusals of some 45 bytes: more than is kept for one that does not read them.
    deaf.send(String(repeating: "nonsense\n", count: 40_000))
    while loop.counters.refused.reduce(0, { $0 + $1.lines }) < 40_000 { tb_pause(200) }
    quiet.send(RawSender.line(3))
    loop.waitFor(taken: 3)
    _ = try expectNext(loop, has: 3, of: quiet)
    loop.settle()
    _ = try quiet.hear("{\"ack\":3}")
    while loop.counters.connectionsOpen.now > 1 { tb_pause(200) }
    #expect(loop.counters.connectionsCutOff.now == 1)
  }
}
