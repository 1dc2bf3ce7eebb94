import Foundation
import Testing

/// Files into the ledger: once, through a daemon, and as they grow.
@Suite(.serialized) struct IngestTests {
  static func lines(_ range: ClosedRange<Int>) -> String {
    range.map { #"{"provider":"acme","model":"m","units":{"input":\#($0)}}"# + "\n" }.joined()
  }

  /// Follows a file, lets `grow` change it, and stops once so many calls are booked.
  static func follow(_ path: String, _ daemon: DaemonProcess, until calls: Int, _ grow: () throws -> Void) throws {
    let process = daemon.process(["ingest", "--follow", path])
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    try grow()
    for _ in 0..<1000 {
      if try daemon.ask("select count(*) from call") == ["\(calls)"] { break }
      usleep(10_000)
    }
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  static func append(_ text: String, to path: String) throws {
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }

  @Test func `a followed file is booked once, through stops and rotations`() throws {
    let daemon = try DaemonProcess()
    let path = daemon.folder + "/calls.ndjson"
    // It begins empty: what it is called by must not change with its first line.
    FileManager.default.createFile(atPath: path, contents: nil)
    try Self.follow(path, daemon, until: 100) { try Self.append(Self.lines(1...100), to: path) }
    // It grows and is renamed while nobody looks; a new one takes its place.
    try Self.append(Self.lines(101...150), to: path)
    try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
    try Self.lines(151...180).write(toFile: path, atomically: false, encoding: .utf8)
    try Self.follow(path, daemon, until: 200) {
      try FileManager.default.moveItem(atPath: path, toPath: path + ".2")
      try Self.lines(181...200).write(toFile: path, atomically: false, encoding: .utf8)
    }
    try Self.follow(path, daemon, until: 201) { try Self.append(Self.lines(201...201), to: path) }
    // 1 + 2 + … + 201
    #expect(try daemon.ask("select count(*), sum(input) from call") == ["201 20301"])
    #expect(try daemon.ask("select sum(gaps) from mark") == ["0"])
  }

  @Test func `a file is sent to the daemon that holds the ledger`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let path = daemon.folder + "/calls.ndjson"
    try (Self.lines(1...10) + "nonsense\n").write(toFile: path, atomically: true, encoding: .utf8)
    let run = try daemon.run("ingest", path)
    #expect(run.out == "11 lines, 11 sent and on disk, 1 refused.\n")
    #expect(run.status == 2)
    #expect(daemon.stop() == 0)
    #expect(try daemon.ask("select count(*), sum(input) from call") == ["10 55"])
  }

  @Test func `a line with an id that states no time is a duplicate when it comes again`() throws {
    let daemon = try DaemonProcess()
    let line = #"{"id":"a","provider":"acme","model":"m","units":{"input":7}}"# + "\n"
    #expect(try daemon.run("ingest", "-", input: line).out == "1 lines, 1 calls booked.\n")
    let again = try daemon.run("ingest", "-", input: line)
    #expect(again.out == "1 lines, 0 calls booked, 1 booked before.\n")
    #expect(again.status == 0)
    // Its id written with an escape is the same id, and so is its key.
    let escaped = line.replacing("\"id\":\"a\"", with: #""\u0069d":"\u0061""#)
    #expect(try daemon.run("ingest", "-", input: escaped).out == "1 lines, 0 calls booked, 1 booked before.\n")
  }
}
