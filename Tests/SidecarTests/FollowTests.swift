import Foundation
import Testing

/// Files that rotate while they are followed: into the ledger, and through the daemon that holds it.
@Suite(.serialized) struct FollowTests {
  enum Way: CaseIterable { case ledger, daemon }

  /// A ledger, with its daemon or without, and a file that something follows.
  final class Scene {
    let daemon: DaemonProcess
    let path: String
    private var follower: Process?

    init(_ way: Way, name: String = "calls.ndjson") throws {
      daemon = try DaemonProcess()
      path = daemon.folder + "/" + name
      FileManager.default.createFile(atPath: path, contents: nil)
      if way == .daemon { try daemon.start() }
    }

    deinit { follower?.terminate() }

    func follow(_ more: String...) throws {
      let process = daemon.process(["ingest", "--follow"] + more + [path])
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      follower = process
    }

    /// Stops the follower as systemd would; its exit status.
    func stop() -> Int32 {
      follower?.terminate()
      follower?.waitUntilExit()
      defer { follower = nil }
      return follower?.terminationStatus ?? -1
    }

    /// Waits until so many calls are booked, 20 seconds at most.
    func wait(for calls: Int) throws {
      for _ in 0..<1000 {
        if try daemon.ask("select count(*) from call") == ["\(calls)"] { return }
        usleep(20_000)
      }
      Issue.record("there are \(try daemon.ask("select count(*) from call")) calls, not \(calls)")
    }

    func write(_ range: ClosedRange<Int>) throws {
      try IngestTests.lines(range).write(toFile: path, atomically: false, encoding: .utf8)
    }

    func append(_ range: ClosedRange<Int>) throws {
      try IngestTests.append(IngestTests.lines(range), to: path)
    }

    func rename(to suffix: String, from: String = "") throws {
      try FileManager.default.moveItem(atPath: path + from, toPath: path + suffix)
    }

    /// Each of 1 to `last` is booked once, whatever came after what.
    func expectBooked(_ last: Int) throws {
      #expect(
        try daemon.ask("select count(*), count(distinct input), sum(input) from call")
          == ["\(last) \(last) \(last * (last + 1) / 2)"])
      #expect(try daemon.ask("select sum(gaps) from mark") == ["0"])
      #expect(try daemon.ask("select count(*) from dead_letter") == ["0"])
    }
  }

  @Test(arguments: Way.allCases) func `what is written to a file after its rename is booked`(way: Way) throws {
    let scene = try Scene(way)
    let writer = try #require(FileHandle(forWritingAtPath: scene.path))
    try writer.write(contentsOf: Data(IngestTests.lines(1...10).utf8))
    try scene.follow()
    try scene.wait(for: 10)
    let late = Array(IngestTests.lines(21...30).utf8)
    // The program is in the middle of a line, and hears of the rotation later.
    try writer.write(contentsOf: late[..<20])
    try scene.rename(to: ".1")
    try scene.write(11...20)
    try scene.wait(for: 20)
    try writer.write(contentsOf: late[20...])
    try scene.wait(for: 30)
    #expect(scene.stop() == 0)
    try scene.expectBooked(30)
  }

  @Test(arguments: Way.allCases) func `two renames within one pause lose no file`(way: Way) throws {
    let scene = try Scene(way)
    // It was there before and was never followed: it stays out of the books.
    try IngestTests.lines(1000...1009).write(toFile: scene.path + ".7", atomically: false, encoding: .utf8)
    try scene.write(1...10)
    try scene.follow()
    try scene.wait(for: 10)
    try scene.rename(to: ".1")
    try scene.write(11...20)
    try scene.rename(to: ".2", from: ".1")
    try scene.rename(to: ".1")
    try scene.write(21...30)
    try scene.rename(to: ".8", from: ".7")
    try scene.wait(for: 30)
    #expect(scene.stop() == 0)
    try scene.expectBooked(30)
  }

  @Test(arguments: Way.allCases) func `files that came and went between two runs are read`(way: Way) throws {
    let scene = try Scene(way)
    try IngestTests.lines(1000...1009).write(toFile: scene.path + ".9", atomically: false, encoding: .utf8)
    try scene.write(1...10)
    try scene.follow()
    try scene.wait(for: 10)
    #expect(scene.stop() == 0)
    try scene.append(11...20)
    try scene.rename(to: ".3")
    try scene.write(21...30)
    try scene.rename(to: ".2")
    try scene.write(31...40)
    try FileManager.default.copyItem(atPath: scene.path + ".3", toPath: scene.path + ".4")
    try scene.rename(to: ".1")
    try scene.write(41...50)
    try scene.follow()
    try scene.wait(for: 50)
    #expect(scene.stop() == 0)
    try scene.expectBooked(50)
  }

  @Test(arguments: Way.allCases) func `a stop right after a rotation leaves nothing unread`(way: Way) throws {
    let scene = try Scene(way)
    let writer = try #require(FileHandle(forWritingAtPath: scene.path))
    try writer.write(contentsOf: Data(IngestTests.lines(1...10).utf8))
    try scene.follow()
    try scene.wait(for: 10)
    try scene.rename(to: ".1")
    try scene.write(11...20)
    try scene.rename(to: "-20261121")
    try scene.write(21...30)
    try writer.write(contentsOf: Data(IngestTests.lines(31...40).utf8))
    #expect(scene.stop() == 0)
    try scene.expectBooked(40)
    // And the next run finds nothing more.
    try scene.follow()
    try scene.append(41...41)
    try scene.wait(for: 41)
    #expect(scene.stop() == 0)
    try scene.expectBooked(41)
  }

  @Test(arguments: Way.allCases) func `a file that is copied and emptied is booked once`(way: Way) throws {
    let scene = try Scene(way)
    try scene.write(1...10)
    try scene.follow()
    try scene.wait(for: 10)
    try FileManager.default.copyItem(atPath: scene.path, toPath: scene.path + ".1")
    #expect(truncate(scene.path, 0) == 0)
    try scene.append(11...20)
    try scene.wait(for: 20)
    // A rename now looks at what lies beside: the copy is none of the files that were missed.
    try scene.rename(to: ".2")
    try scene.write(21...30)
    try scene.wait(for: 30)
    #expect(scene.stop() == 0)
    try scene.follow()
    try scene.append(31...31)
    try scene.wait(for: 31)
    #expect(scene.stop() == 0)
    try scene.expectBooked(31)
  }

  @Test(arguments: Way.allCases) func `a file that is emptied and begins as before loses none`(way: Way) throws {
    let scene = try Scene(way)
    let heading = #"{"hello":{"v":1,"client":"x"}}"# + "\n"
    try IngestTests.append(heading + IngestTests.lines(1...10), to: scene.path)
    try scene.follow()
    try scene.wait(for: 10)
    for range in [11...17, 18...22, 23...25] {
      #expect(truncate(scene.path, 0) == 0)
      try IngestTests.append(heading + IngestTests.lines(range), to: scene.path)
      try scene.wait(for: range.upperBound)
      #expect(scene.stop() == 0)
      try scene.follow()
    }
    try scene.append(26...30)
    try scene.wait(for: 30)
    #expect(scene.stop() == 0)
    try scene.expectBooked(30)
  }

  @Test func `a last line without its end counts once the renamed file is still`() throws {
    let scene = try Scene(.ledger)
    try scene.append(1...9)
    try IngestTests.append(String(IngestTests.lines(10...10).dropLast()), to: scene.path)
    try scene.follow()
    try scene.wait(for: 9)
    try scene.rename(to: ".1")
    try scene.write(11...20)
    try scene.wait(for: 20)
    #expect(scene.stop() == 0)
    try scene.expectBooked(20)
  }

  @Test func `more files are renamed at once than are followed at once`() throws {
    let scene = try Scene(.ledger)
    try scene.write(1...10)
    try scene.follow()
    try scene.wait(for: 10)
    for number in 1...12 {
      try scene.rename(to: ".\(number)")
      try scene.write(number * 10 + 1...number * 10 + 10)
    }
    try scene.wait(for: 130)
    #expect(scene.stop() == 0)
    try scene.expectBooked(130)
  }

  @Test func `a line that is too long is one refusal, in a file that grows too`() throws {
    let scene = try Scene(.ledger)
    try scene.write(1...1)
    try scene.follow()
    try scene.wait(for: 1)
    for _ in 0..<3 {
      try IngestTests.append(String(repeating: "x", count: 700_000), to: scene.path)
      usleep(300_000)
    }
    try IngestTests.append("\n" + IngestTests.lines(2...2), to: scene.path)
    try scene.wait(for: 2)
    #expect(scene.stop() == 2)
    #expect(try scene.daemon.ask("select reason, length from dead_letter") == ["too_long 1048577"])
  }

  @Test func `with a daemon or without, either goes on where the other stopped`() throws {
    // Longer than a client's name may be.
    let scene = try Scene(.daemon, name: String(repeating: "å", count: 90) + ".ndjson")
    try scene.write(1...10)
    try scene.follow()
    try scene.wait(for: 10)
    #expect(scene.stop() == 0)
    try scene.append(11...20)
    #expect(scene.daemon.stop() == 0)
    try scene.follow()
    try scene.wait(for: 20)
    #expect(scene.stop() == 0)
    try scene.append(21...30)
    try scene.daemon.start()
    try scene.follow("--socket", scene.daemon.socket)
    try scene.wait(for: 30)
    #expect(scene.stop() == 0)
    try scene.expectBooked(30)
    #expect(try scene.daemon.ask("select count(*) from mark") == ["1"])
  }

  @Test func `a daemon that restarts is waited for`() throws {
    let scene = try Scene(.daemon)
    try scene.follow()
    try scene.append(1...10)
    try scene.wait(for: 10)
    scene.daemon.kill()
    try scene.append(11...20)
    try scene.rename(to: ".1")
    try scene.write(21...30)
    usleep(500_000)
    try scene.daemon.start()
    try scene.wait(for: 30)
    try scene.append(31...40)
    try scene.wait(for: 40)
    #expect(scene.stop() == 0)
    #expect(scene.daemon.stop() == 0)
    try scene.expectBooked(40)
    #expect(try scene.daemon.run("verify").status == 0)
  }

  @Test func `what is common to the lines holds for a followed file too`() throws {
    for way in Way.allCases {
      let scene = try Scene(way)
      try scene.write(1...1)
      try scene.follow("--default", "team=search")
      try scene.wait(for: 1)
      #expect(scene.stop() == 0)
      #expect(try scene.daemon.ask("select team from dimension") == ["search"])
    }
  }

  @Test func `a daemon that is not there is told at once, and so is a sender's name`() throws {
    let daemon = try DaemonProcess()
    let path = daemon.folder + "/calls.ndjson"
    FileManager.default.createFile(atPath: path, contents: nil)
    let gone = try daemon.run("ingest", "--follow", "--socket", daemon.folder + "/none", path)
    #expect(gone.status == 1)
    #expect(gone.error.contains("No daemon listens at"))
    let named = try daemon.run("ingest", "--follow", "--client", "c", path)
    #expect(named.status == 64)
    #expect(named.error.contains("leave --client and --epoch out"))
  }
}
