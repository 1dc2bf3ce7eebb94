import CSystem
import Foundation
import Testing

@testable import Sidecar

/// What one turn of HTTP's thread holds, and who is answered while a large body is worked on.
///
/// Told by turns and by order: bodies' lanes are worked by the test, and batches are written by it.
@Suite(.serialized) struct HTTPTurnTests {
  /// A door whose lanes nobody works on but the test.
  private final class Door {
    let loop: HeldLoop
    let light = BodyLane()
    let heavy = BodyLane()
    let door: HTTPDoor
    private let socket: IngestSocket

    init(pages: @escaping HTTPDoor.Pages = { _ in nil }) throws {
      loop = try HeldLoop(batchLines: 50_000)
      socket = try IngestSocket(path: loop.folder + "/http.sock", .http)
      let health = Health()
      door = HTTPDoor(
        listeners: [HTTPDoor.Listener(descriptor: socket.descriptor, isInet: false)], exchange: loop.exchange,
        acts: ActPosts(queue: loop.queue, wakeWatch: {}), actsSocket: nil, ingest: loop.loop, health: health,
        counters: loop.counters, lanes: (light, heavy),
        pages: pages)
      health.set(.ready)
      door.start()
    }

    deinit { door.end() }

    func client() throws -> RawSender { try RawSender(socket.path) }
  }

  private static func post(_ body: String, _ path: String = "/v1/usage", _ type: String = "application/x-ndjson")
    -> String
  {
    "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  private static func line(_ id: String) -> String { DaemonProcess.call(id, input: 1) + "\n" }

  /// An export of one span, with a text of so many bytes that nothing reads.
  private static func export(_ id: String, filling: Int) -> String {
    #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"\#(id)","spanId":"\#(id)","attributes":["#
      + #"{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},"#
      + #"{"key":"gen_ai.request.model","value":{"stringValue":"m"}},"#
      + #"{"key":"x","value":{"stringValue":"\#(String(repeating: "x", count: filling))"}}]}]}]}]}"#
  }

  @Test func `a small post is handed on while larger ones are worked on, and these come after it`() throws {
    let door = try Door()
    let large = try (0..<3).map { _ in try door.client() }
    let lines = (0..<20_000).map { Self.line("large-\($0)") }.joined()
    for client in large { client.send(Self.post(lines)) }
    let export = try door.client()
    export.send(Self.post(Self.export("0a", filling: 200_000), "/v1/traces", "application/json"))
    let small = try door.client()
    small.send(Self.post(Self.line("small")))
    // Its line is taken though nobody has worked on the others.
    door.loop.waitFor(taken: 1)
    door.loop.take()
    door.loop.settle()
    _ = try small.hear("{\"taken\":1")
    #expect(door.light.work())
    door.loop.waitFor(taken: 2)
    #expect(door.heavy.work())
    door.loop.waitFor(atLeast: 3)
    #expect(door.loop.counters.postsTaken.now == 3)
  }

  @Test func `lines of one who hung up are taken, and its place is free again`() throws {
    let door = try Door()
    let body = (0..<2_000).map { Self.line("gone-\($0)") }.joined()
    for round in 1...3 {
      let gone = try door.client()
      gone.send(Self.post(body))
      while door.light.waiting < 1 { tb_pause(200) }
      gone.close()
      while door.loop.counters.connectionsOpen.now > 0 { tb_pause(200) }
      #expect(door.light.work())
      door.loop.waitFor(taken: 2_000 * round)
      door.loop.take()
      door.loop.settle()
    }
    let other = try door.client()
    other.send(Self.post(Self.line("other")))
    door.loop.waitFor(taken: 6_001)
    door.loop.take()
    door.loop.settle()
    _ = try other.hear("{\"taken\":1")
    door.door.end()
    #expect(door.door.outstanding == (0, 0))
  }

  @Test func `a body that is not lines yet when the daemon stops is refused, and none of it is taken`() throws {
    let door = try Door()
    let client = try door.client()
    client.send(Self.post((0..<2_000).map { Self.line("late-\($0)") }.joined()))
    while door.light.waiting < 1 { tb_pause(200) }
    door.door.end()
    let heard = try client.hear("{\"error\"")
    #expect(heard.first?.hasPrefix("HTTP/1.1 503") == true && heard.last?.contains("stopping") == true, "\(heard)")
    #expect(!door.light.work())
    #expect(door.loop.counters.linesTaken.now == 0)
  }

  @Test func `of bodies that wait, the lesser is made lines of first`() throws {
    let lane = BodyLane()
    for (token, lines) in [900, 9_000, 300, 1].enumerated() {
      let posted = PostedBody(isPacked: false)
      try Array(String(repeating: Self.line("a"), count: lines).utf8).withUnsafeBufferPointer {
        (bytes) throws(HTTPRefusal) in _ = try posted.add(bytes)
      }
      let head = "POST /v1/usage HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n\r\n"
      let post = try UsagePost(HTTPHead(parsing: ArraySlice(Array(head.utf8))))
      lane.add(try WholeBody(post, posted, HTTPConnection(descriptor: -1, token: UInt64(token), isInet: false)))
    }
    for _ in 0..<4 { #expect(lane.work()) }
    #expect(lane.takeDone().map(\.connection) == [3, 2, 0, 1])
    lane.close()
    #expect(!lane.work())
  }

  // 15 MiB of blanks are some 15 KiB packed: 60 slices of 256 KiB, of which none is another's wait.
  @Test func `what is packed is unpacked a slice at a time`() throws {
    let packed = try Packed.gzip([UInt8](repeating: 32, count: 15 << 20))
    let body = PostedBody(isPacked: true)
    var slices = 0
    var rest = packed[...]
    repeat {
      let before = body.bytes.count
      let used = try rest.withUnsafeBufferPointer { (bytes) throws(HTTPRefusal) in try body.add(bytes) }
      rest.removeFirst(used)
      slices += 1
      #expect(body.bytes.count - before <= HTTPLimits.sliceBytes)
    } while body.isUnpacking || !rest.isEmpty
    #expect(body.bytes.count == 15 << 20)
    #expect((60...61).contains(slices))
  }

  @Test func `of many questions in one piece each has a turn of its own`() throws {
    let asked = Gate<[String]>([])
    let mayAnswer = Gate(false)
    let door = try Door { head in
      asked.change { $0.append(head.path) }
      _ = mayAnswer.wait { $0 ? true : nil }
      return HTTPAnswer(200, "{\"page\":1}\n")
    }
    let many = try door.client()
    many.send(String(repeating: "GET /many HTTP/1.1\r\nHost: x\r\n\r\n", count: 500))
    _ = asked.wait { $0.isEmpty ? nil : true }
    let other = try door.client()
    other.send("GET /other HTTP/1.1\r\nHost: x\r\n\r\n")
    mayAnswer.change { $0 = true }
    for _ in 0..<500 { _ = try many.hear("{\"page\"") }
    _ = try other.hear("{\"page\"")
    // One turn for the connection to be taken in at most, then one page.
    let place = try #require(asked.change { $0.firstIndex(of: "/other") })
    #expect(place <= 2)
  }
}
