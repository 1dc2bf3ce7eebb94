import Testing

@testable import Sidecar

/// What one turn of Fluent Forward's thread holds of a sender's bytes, told by turns.
@Suite struct ForwardTurnTests {
  private static let tag = Packed.text("llm")
  private static func connection(_ bytes: [UInt8]) -> ForwardConnection {
    let connection = ForwardConnection(descriptor: -1, token: 1)
    bytes.withUnsafeBufferPointer { connection.add($0) }
    return connection
  }

  /// Turns until the sender has nothing to be gone on with, and the lines of its posts.
  private static func turns(_ connection: ForwardConnection) throws -> (turns: Int, lines: [Int]) {
    var turns = 0
    var lines: [Int] = []
    while true {
      turns += 1
      switch try connection.goOn() {
      case .waits: return (turns, lines)
      case .goesOn: break
      case .post(let post): lines.append(post.lines.count)
      }
    }
  }

  // 20,000 entries of 102 bytes are 2,040,000: looked at once for their end and once to become lines, 64 KiB a turn.
  @Test func `a long message is read a slice a turn`() throws {
    let entry = Packed.list([.at(), .call(input: 1, ("pad", .text(String(repeating: "x", count: 48))))]).bytes
    #expect(entry.count == 102)
    let entries = (0..<20_000).flatMap { _ in entry }
    let listed = [0x93] + Self.tag.bytes + [0xdc, 0x4e, 0x20] + entries + [0xc0]
    #expect(try Self.turns(Self.connection(listed)) == (64, [20_000]))
    // In one piece its end is found at once.
    let piece = Packed.list([Self.tag, .binary(entries), .named(("chunk", .text("c")))]).bytes
    let told = try Self.turns(Self.connection(piece))
    #expect((32...34).contains(told.turns))
    #expect(told.lines == [20_000])
  }

  @Test func `what is packed is unpacked a slice a turn, and small messages need one`() throws {
    let entries = (0..<10_000).flatMap { Packed.list([.whole(1), .named(("a", .whole($0)))]).bytes }
    let packed = Packed.list([
      Self.tag, .binary(try Packed.gzip(entries)), .named(("compressed", .text("gzip"))),
    ]).bytes
    let slices = (entries.count + ForwardLimits.sliceBytes - 1) / ForwardLimits.sliceBytes
    let told = try Self.turns(Self.connection(packed))
    #expect((2 * slices...2 * slices + 2).contains(told.turns), "\(told.turns) turns, \(slices) slices")
    let one = Packed.list([Self.tag, .at(), .call(input: 1)]).bytes
    // The post, and the turn that finds nothing more.
    #expect(try Self.turns(Self.connection(one + one + one)) == (2, [3]))
  }

  @Test func `a message of more than a slice is large when it has had half a mebibyte`() throws {
    let entries = (0..<60_000).flatMap { _ in Packed.list([.at(), .named(("a", .whole(1)))]).bytes }
    let connection = Self.connection(Packed.list([Self.tag, .binary(entries)]).bytes)
    var turns = 0
    while !connection.isLarge {
      guard case .goesOn = try connection.goOn() else { break }
      turns += 1
    }
    #expect(turns == 9)
    #expect(entries.count > ForwardLimits.largeBytes)
  }

  @Test func `a record of more values than a line has is a line that is refused`() throws {
    let many = [0xdd] + [0, 2, 0, 1] + [UInt8](repeating: 0xc0, count: (1 << 17) + 1)
    let message = [0x92] + Self.tag.bytes + [0x91, 0x92, 1] + many
    let connection = Self.connection(message)
    var told: LinePost?
    while told == nil { if case .post(let post) = try connection.goOn() { told = post } }
    let post = try #require(told)
    #expect(post.lines.count == 1)
    #expect(post.body[0] == 0x92)
  }

  /// The reading thread refuses whatever it finds of a user who owes lines: as many posts as were on their way.
  @Test func `posts that are held back together are handed over again in their order, and none is lost`() throws {
    let loop = try HeldLoop()
    let exchange = PostExchange()
    let door = ForwardDoor(
      socket: try IngestSocket(path: loop.folder + "/forward.sock"), exchange: exchange, ingest: loop.loop,
      counters: loop.counters, log: EventLog())
    let connection = ForwardConnection(descriptor: -1, token: 20)
    door.connections[20] = connection
    for input in 1...3 {
      Packed.list([Self.tag, .at(), .call(input: input)]).bytes.withUnsafeBufferPointer { connection.add($0) }
      door.queue(connection)
      door.takeTurn()
    }
    let posts = exchange.take()
    #expect(posts.count == 3)
    for post in posts {
      var refusal = HTTPRefusal(429, "too_many_lines_a_second", "Later.")
      refusal.retryAfterSeconds = 0
      post.refusal = refusal
      exchange.settle(post)
    }
    door.acknowledge()
    #expect(!connection.isQuiet && !connection.mayBegin)
    door.resumeHeld()
    let again = exchange.take()
    #expect(again.map(ObjectIdentifier.init) == posts.map(ObjectIdentifier.init))
    #expect(again.allSatisfy { $0.refusal == nil })
    for post in again { exchange.settle(post) }
    door.acknowledge()
    #expect(connection.isQuiet && connection.mayBegin && door.heldBytes == 0)
  }
}
