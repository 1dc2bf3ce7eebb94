import CSystem
import Foundation
import Testing

/// Very many senders at once, and one more than there may be.
@Suite(.serialized) struct CrowdTests {
  /// Files and sockets that the daemon has open, and the memory that it takes.
  private func held(_ daemon: DaemonProcess) throws -> (files: Int, bytes: Int) {
    let process = try #require(daemon.process).processIdentifier
    let files = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count
    let pages = try String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8).split(separator: " ")[1]
    return (files, (Int(pages) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))))
  }

  /// 1,000 senders; 100 where this process may not have as many connections.
  private static let senders = tb_raise_files() > 2_000 ? 1_000 : 100

  @Test func `a thousand senders are booked, and leave nothing behind`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let first = try RawSender(daemon.socket)
    first.send(RawSender.hello("first") + RawSender.line(1))
    _ = try first.hear("{\"ack\":1}")
    let before = try held(daemon)
    var senders: [RawSender] = []
    for number in 0..<Self.senders {
      senders.append(try RawSender(daemon.socket))
      senders[number].send(RawSender.hello("c\(number)"))
    }
    // Nobody is idle and nobody floods: a line each, five times over, and each round is on disk before the next.
    var during = before
    for round in 1...5 {
      for sender in senders { sender.send(RawSender.line(round)) }
      for sender in senders { _ = try sender.hear("{\"ack\":\(round)}") }
      if round == 1 { during = try held(daemon) }
    }
    let after = try held(daemon)
    // The runtime opens a few files of its own, when it first needs them.
    #expect((before.files + Self.senders...before.files + Self.senders + 8).contains(during.files))
    #expect(after.files - during.files < 8)
    // A connection costs some 10 KB of memory at most, and five rounds cost no more than one.
    #expect(after.bytes - before.bytes < Self.senders * 10_000 + 30_000_000)
    #expect(after.bytes < 150_000_000)
    print("\(Self.senders) senders: \(before.bytes >> 10) KiB before, \(after.bytes >> 10) KiB with all of them")
    for sender in senders { sender.close() }
    while try held(daemon).files > before.files + 16 { usleep(1_000) }
    first.send(RawSender.line(2))
    _ = try first.hear("{\"ack\":2}")
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select count(*) from call") == ["\(Self.senders * 5 + 2)"])
    #expect(try daemon.ask("select count(*), min(number), max(gaps) from mark") == ["\(Self.senders + 1) 2 0"])
  }

  // 100 files at most, 64 of them for other things: 36 senders. The soft limit of 50 is raised.
  @Test func `one sender too many is told so, and has room when another has gone`() throws {
    let daemon = try DaemonProcess()
    daemon.filesMax = 100
    try daemon.start()
    var senders: [RawSender] = []
    for number in 0..<36 {
      senders.append(try RawSender(daemon.socket))
      senders[number].send(RawSender.hello("c\(number)"))
      _ = try senders[number].hear("{\"ready\"")
    }
    let late = try RawSender(daemon.socket)
    #expect(
      try late.hear("{") == [
        #"{"error":{"code":"too_many_connections","message":"36 senders are connected. Connect again later, or send over fewer connections."}}"#
      ])
    // The others are served on, and one that goes makes room.
    senders[1].send(RawSender.line(1))
    _ = try senders[1].hear("{\"ack\":1}")
    senders[0].close()
    var heard = ""
    repeat {
      let next = try RawSender(daemon.socket)
      next.send(RawSender.hello("late"))
      heard = try next.hear("{").last ?? ""
    } while heard.hasPrefix("{\"error\"")
    #expect(heard.hasPrefix("{\"ready\""))
    #expect(daemon.stop() == 0)
    #expect(daemon.log.contains("event=few_files files_max=100 senders_max=36"))
    #expect(daemon.log.contains("event=connection_refused open_max=36"))
  }
}
