import CSystem
import Foundation
import Testing

/// Lines that come as datagrams, from real programs and from hostile ones.
@Suite struct DatagramTests {
  static func send(_ text: String, to path: String) throws {
    let descriptor = tb_connect_datagrams(path)
    try #require(descriptor >= 0)
    defer { _ = tb_close(descriptor) }
    _ = Array(text.utf8).withUnsafeBytes { tb_send_all(descriptor, $0.baseAddress, $0.count) }
  }

  @Test func `a datagram's lines are booked, behind whatever header`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let path = daemon.socket.replacing(".sock", with: ".dgram")
    let line = RawSender.line(1).dropLast()
    // One line, two of them by newline and NUL with an empty one between, one behind a syslog header.
    try Self.send("\(line)", to: path)
    try Self.send("\(line)\n\n\(line)\u{0}", to: path)
    try Self.send("<13>1 2026-11-20T10:00:00Z host app - - - \(line)", to: path)
    // Not for datagrams: a hello has no connection to speak of. And a line that is none.
    try Self.send(RawSender.hello("c"), to: path)
    try Self.send("<13>Nov 20 10:00:00 host app: hello", to: path)
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select count(*) from call") == ["4"])
    #expect(try daemon.ask("select reason, count(*) from dead_letter group by reason") == ["bad_json 1"])
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  /// Sends a datagram larger than a sender may by default; false where the system does not let it.
  private static func sendLarge(_ count: Int, to path: String) throws -> Bool {
    let descriptor = tb_connect_datagrams(path)
    try #require(descriptor >= 0)
    defer { _ = tb_close(descriptor) }
    var room: Int32 = 4 << 20
    guard setsockopt(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, &room, 4) == 0 else { return false }
    let bytes = [UInt8](repeating: 120, count: count)
    return bytes.withUnsafeBytes { tb_send_all(descriptor, $0.baseAddress, $0.count) } == count
  }

  // 1 MiB a line; what is beyond 1.25 MiB was cut by the kernel, and that is seen.
  @Test func `a datagram that is too long is refused whole`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let path = daemon.socket.replacing(".sock", with: ".dgram")
    let sent = try [(1 << 20) + 1, 1_500_000].map { try Self.sendLarge($0, to: path) }
    try Self.send(String(RawSender.line(1)), to: path)
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select count(*) from call") == ["1"])
    guard sent == [true, true] else { return }
    #expect(
      try daemon.ask("select reason, length from dead_letter order by id") == ["too_long 1048577", "too_long 1500000"])
  }

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/logger"), "logger is not installed"),
    .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/socat"), "socat is not installed"))
  func `logger and socat reach the books`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let path = daemon.socket.replacing(".sock", with: ".dgram")
    let line = String(RawSender.line(1).dropLast())
    let commands = [
      ["/usr/bin/logger", "--socket", path, "--socket-errors=on", line],
      ["/usr/bin/logger", "--rfc5424", "--socket", path, "--socket-errors=on", line],
      ["/usr/bin/logger", "--rfc3164", "--socket", path, "--socket-errors=on", line],
    ]
    for command in commands {
      let process = Process()
      process.executableURL = URL(filePath: command[0])
      process.arguments = Array(command.dropFirst())
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = ["-c", "printf '%s\\n' \"$1\" | socat -u - UNIX-SENDTO:\"$2\"", "sh", line, path]
    try shell.run()
    shell.waitUntilExit()
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select count(*) from call") == ["4"])
    #expect(try daemon.ask("select count(*) from dead_letter") == ["0"])
  }

  @Test func `datagrams can be off, and a file in their way is left alone`() throws {
    let daemon = try DaemonProcess()
    try daemon.start("--datagrams", "off")
    let path = daemon.socket.replacing(".sock", with: ".dgram")
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(daemon.stop() == 0)
    try "mine".write(toFile: path, atomically: true, encoding: .utf8)
    let run = try daemon.run("serve")
    #expect(run.status == 1)
    #expect(run.error.contains("is in the way"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
  }
}
