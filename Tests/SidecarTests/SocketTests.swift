import Foundation
import Testing

/// The socket's file, the lock and the signals.
@Suite(.serialized) struct SocketTests {
  @Test func `a stale socket is replaced, and ours is for user and group`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    daemon.kill()
    #expect(FileManager.default.fileExists(atPath: daemon.socket))
    try daemon.start()
    let attributes = try FileManager.default.attributesOfItem(atPath: daemon.socket)
    #expect(attributes[.posixPermissions] as? Int == 0o660)
    #expect(daemon.stop() == 0)
    #expect(!FileManager.default.fileExists(atPath: daemon.socket))
  }

  @Test func `a plain file in the way is refused and left alone`() throws {
    let daemon = try DaemonProcess()
    let path = daemon.folder + "/precious"
    try "mine".write(toFile: path, atomically: true, encoding: .utf8)
    let run = try daemon.run("serve", "--http", "off", "--socket", path)
    #expect(run.status == 1)
    #expect(run.error.contains("\(path) is in the way: it is no socket."))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
  }

  @Test func `a second daemon is kept out`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let other = try daemon.run("serve", "--http", "off", "--socket", daemon.folder + "/other.sock")
    #expect(other.status == 1)
    #expect(other.error.contains("is held by process"))
    #expect(daemon.stop() == 0)
  }

  @Test func `a configuration's mistake stops the start with every cure at once`() throws {
    let daemon = try DaemonProcess()
    try FileManager.default.createDirectory(
      atPath: daemon.folder + "/.config/tollbook", withIntermediateDirectories: true)
    try "flush_msec = 5\nbatch_lines = many\nnonsense\n".write(
      toFile: daemon.folder + "/.config/tollbook/tollbook.conf", atomically: true, encoding: .utf8)
    let run = try daemon.run("serve", "--http", "off")
    #expect(run.status == 64)
    #expect(run.error.contains("tollbook.conf:1: 'flush_msec' is no setting. Did you mean 'flush_ms'?"))
    #expect(run.error.contains("tollbook.conf:3: the line has no '='. Write key = value."))
    #expect(run.error.contains("'batch_lines' is many"))
  }

  @Test func `a start that is refused while price files are read leaves as it should`() throws {
    let daemon = try DaemonProcess()
    let shipped = URL(filePath: #filePath).deletingLastPathComponent().path + "/../../pricing"
    // What would be taken away under the reading thread is not the same each time.
    for _ in 0..<50 {
      #expect(try daemon.run("serve", "--http", "127.0.0.1:99999", "--pricing", shipped).status == 64)
    }
  }
}
