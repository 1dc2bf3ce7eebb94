import Books
import CSystem
import Foundation
import Testing

@testable import Sidecar

/// What is answered over HTTP while there is no room, no disk, or no daemon for long.
///
/// By name, with a time to come again. The disk is held by the test, so that no limit depends on how fast it is.
@Suite(.serialized) struct HTTPLimitTests {
  /// A door over a loop whose batches nobody writes.
  private final class Door {
    let loop: HeldLoop
    let health = Health()
    private let door: HTTPDoor
    private let socket: IngestSocket

    init() throws {
      loop = try HeldLoop(batchLines: 50_000)
      socket = try IngestSocket(path: loop.folder + "/http.sock", .http)
      door = HTTPDoor(
        listeners: [HTTPDoor.Listener(descriptor: socket.descriptor, isInet: false)], exchange: loop.exchange,
        acts: ActPosts(queue: loop.queue, wakeWatch: {}), actsSocket: nil, ingest: loop.loop, health: health,
        counters: loop.counters, pages: { _ in nil })
      health.set(.ready)
      door.start()
    }

    deinit { door.end() }

    func client() throws -> RawSender { try RawSender(socket.path) }
  }

  private static func post(_ bytes: Int) -> String {
    let line = DaemonProcess.call("a", input: 1)
    let body = line + String(repeating: " ", count: max(0, bytes - line.utf8.count))
    return "POST /v1/usage HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  /// Status, `Retry-After` and code of an answer.
  private static func answer(_ client: RawSender) throws -> [String] {
    let lines = try client.hear("{\"error\"")
    let code = lines.last?.firstMatch(of: /"code":"([a-z_]+)"/).map { String($0.1) }
    let after = lines.first { $0.hasPrefix("Retry-After: ") }?.dropFirst(13).filter { $0 != "\r" }
    return [String(lines[0].dropFirst(9).prefix(3)), after.map { String($0) } ?? "", code ?? ""]
  }

  @Test func `the 65th post waits a second`() throws {
    let door = try Door()
    let waiting = try (0..<64).map { _ in try door.client() }
    for client in waiting { client.send(Self.post(0)) }
    while door.loop.counters.postsTaken.now < 64 { tb_pause(200) }
    let late = try door.client()
    late.send(Self.post(0))
    #expect(try Self.answer(late) == ["503", "1", "too_many_posts"])
    #expect(door.loop.counters.postsRefused.now == 1)
  }

  // Bodies of 15 MiB wait for the disk: three are within 48 MiB, and so is a small one beside them; a fourth is not.
  @Test func `bodies beyond 48 MiB wait a second`() throws {
    let door = try Door()
    let waiting = try (0..<3).map { _ in try door.client() }
    for client in waiting { client.send(Self.post(15 << 20)) }
    while door.loop.counters.postsTaken.now < 3 { tb_pause(200) }
    let late = try door.client()
    late.send(Self.post(15 << 20))
    #expect(try Self.answer(late) == ["503", "1", "too_many_bytes"])
    let small = try door.client()
    small.send(Self.post(0))
    while door.loop.counters.postsTaken.now < 4 { tb_pause(200) }
  }

  @Test func `a ledger that cannot be written is waited for, and so is a daemon that stops`() throws {
    let door = try Door()
    door.health.set(.waiting("the disk is full"))
    let first = try door.client()
    first.send(Self.post(0))
    #expect(try Self.answer(first) == ["503", "5", "not_writable"])
    door.health.set(.ready)
    door.health.set(.stopping)
    let second = try door.client()
    second.send(Self.post(0))
    #expect(try Self.answer(second) == ["503", "1", "stopping"])
    #expect(door.loop.counters.postsTaken.now == 0)
  }

  @Test func `slow bodies and packed bombs are in nobody's way`() throws {
    let door = try Door()
    let quiet = try door.loop.sender("quiet")
    let slow = try (0..<10).map { _ in try door.client() }
    let post = Self.post(1000)
    for client in slow { client.send(String(post.dropLast(500))) }
    // 64 MiB of blanks in some 64 KiB: it is given up at 16 MiB.
    let bomb = try door.client()
    let packed = try Self.packed(bytes: 64 << 20)
    bomb.send(
      "POST /v1/usage HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nContent-Encoding: gzip\r\n"
        + "Content-Length: \(packed.count)\r\n\r\n")
    bomb.send(bytes: packed)
    for number in 1...5 {
      quiet.send(RawSender.line(number))
      #expect(door.loop.take()?.calls.count == 1)
      door.loop.settle()
      _ = try quiet.hear("{\"ack\":\(number)}")
    }
    #expect(try Self.answer(bomb) == ["413", "", "body_too_large"])
    for client in slow { client.send(String(post.suffix(500))) }
    while door.loop.counters.postsTaken.now < 10 { tb_pause(200) }
  }

  private static func packed(bytes: Int) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "head -c \(bytes) /dev/zero | tr '\\0' ' ' | gzip -c"]
    let out = Pipe()
    process.standardOutput = out
    try process.run()
    return [UInt8](out.fileHandleForReading.readDataToEndOfFile())
  }
}
