import CSystem
import Foundation
import Sidecar
import Store
import Testing

/// A real `tollbook serve` in a folder of its own, with a price file that the test wrote.
final class DaemonProcess {
  let folder: String
  private(set) var process: Process?
  private let flushMilliseconds: Int
  /// Files that the daemon may open at most; nil for as many as this process.
  var filesMax: Int?
  /// The clock it runs by; nil for that of the host.
  var clock: FalseClock?

  /// One direct card: 2 dollars a million in, 10 out.
  static let card = #"""
    {"issuer":"acme","source":"acme.example","read_on":"2026-03-01","models":[{"model":"m","cards":[
      {"from":"2026-01-01","per":"1M tokens","rates":{"input":"2","output":"10"}}]}]}
    """#

  init(flushMilliseconds: Int = 10) throws {
    self.flushMilliseconds = flushMilliseconds
    folder = FileManager.default.temporaryDirectory.path + "/tollbook-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(
      atPath: folder + "/pricing", withIntermediateDirectories: true)
    try write(card: Self.card)
  }

  deinit {
    kill()
    try? FileManager.default.removeItem(atPath: folder)
  }

  var data: String { folder + "/data" }
  var socket: String { data + "/tollbook.sock" }
  var log: String { (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "" }

  func write(card: String) throws {
    try card.write(toFile: folder + "/pricing/acme.json", atomically: true, encoding: .utf8)
  }

  /// The binary that was built beside the tests.
  static let binary =
    Bundle.main.bundlePath.hasSuffix(".xctest")
    ? (Bundle.main.bundlePath as NSString).deletingLastPathComponent + "/tollbook"
    : (CommandLine.arguments[0] as NSString).deletingLastPathComponent + "/tollbook"

  /// A finished run of a command.
  struct Run {
    let status: Int32
    let out: String
    let error: String
  }

  func process(_ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = URL(filePath: Self.binary)
    process.arguments = arguments
    process.environment = ["HOME": folder, "TOLLBOOK_PRICING": folder + "/pricing", "TOLLBOOK_DATA": data]
    return process
  }

  /// Runs a command to its end.
  func run(_ arguments: String..., input: String? = nil) throws -> Run { try run(arguments, input: input) }

  func run(_ arguments: [String], input: String? = nil) throws -> Run {
    let process = process(arguments)
    let out = Pipe()
    let error = Pipe()
    process.standardOutput = out
    process.standardError = error
    let file = folder + "/input"
    try (input ?? "").write(toFile: file, atomically: true, encoding: .utf8)
    process.standardInput = FileHandle(forReadingAtPath: file)
    try process.run()
    let outText = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let errorText = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Run(status: process.terminationStatus, out: outText, error: errorText)
  }

  /// Starts the daemon and waits until it listens.
  func start(_ more: String...) throws {
    let page = more.contains("--http") ? [] : ["--http", "off"]
    let process = process(
      ["serve", "--socket", socket, "--flush-ms", "\(flushMilliseconds)"] + page + more)
    if let filesMax {
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments =
        ["-c", "ulimit -Sn \(filesMax / 2) && ulimit -Hn \(filesMax) && exec \"$0\" \"$@\"", Self.binary]
        + (process.arguments ?? [])
    }
    clock?.apply(to: process)
    FileManager.default.createFile(atPath: folder + "/log", contents: nil)
    let log = FileHandle(forWritingAtPath: folder + "/log")
    process.standardError = log
    process.standardOutput = log
    try process.run()
    self.process = process
    for _ in 0..<2000 {
      let descriptor = tb_connect_unix(socket)
      if descriptor >= 0 {
        _ = tb_close(descriptor)
        clock?.tidy(after: process)
        return
      }
      if !process.isRunning { break }
      tb_pause(5_000)
    }
    throw Silent(log: self.log)
  }

  struct Silent: Error { let log: String }

  func signal(_ number: Int32) {
    if let process, process.isRunning { Foundation.kill(process.processIdentifier, number) }
  }

  /// Stops the daemon as systemd would; its exit status.
  func stop() -> Int32 {
    signal(SIGTERM)
    process?.waitUntilExit()
    defer { process = nil }
    return process?.terminationStatus ?? -1
  }

  /// Ends the daemon at once, wherever it stands.
  func kill() {
    signal(SIGKILL)
    process?.waitUntilExit()
    process = nil
  }

  /// Asks the ledger's file a question.
  func ask(_ sql: String) throws -> [String] {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/sqlite3")
    process.arguments = ["-readonly", "-separator", " ", data + "/tollbook.db", sql]
    let out = Pipe()
    process.standardOutput = out
    try process.run()
    let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text.split(separator: "\n").map(String.init)
  }
}

/// A plain or acknowledged sender, byte by byte as a test wants it.
final class RawSender {
  private let descriptor: Int32
  private var heard = ""

  convenience init(_ path: String) throws { try self.init(connected: tb_connect_unix(path)) }

  init(connected descriptor: Int32) throws {
    self.descriptor = descriptor
    try #require(descriptor >= 0)
  }

  deinit { close() }
  private var isClosed = false

  func close() {
    if !isClosed { _ = tb_close(descriptor) }
    isClosed = true
  }

  func send(_ text: String) {
    _ = Array(text.utf8).withUnsafeBytes { tb_send_all(descriptor, $0.baseAddress, $0.count) }
  }

  func send(bytes: [UInt8]) {
    _ = bytes.withUnsafeBytes { tb_send_all(descriptor, $0.baseAddress, $0.count) }
  }

  /// Reads until a line begins with `prefix`; the lines up to it.
  func hear(_ prefix: String) throws -> [String] {
    var lines: [String] = []
    while true {
      // By bytes: behind a carriage return a newline is no character of its own.
      while let newline = heard.utf8.firstIndex(of: 10) {
        let line = String(heard[..<newline])
        heard = String(heard[heard.utf8.index(after: newline)...])
        lines.append(line)
        if line.hasPrefix(prefix) { return lines }
      }
      var chunk = [UInt8](repeating: 0, count: 4096)
      let count = tb_read(descriptor, &chunk, chunk.count)
      try #require(count > 0, "the daemon closed the connection after \(lines)")
      heard += String(decoding: chunk[..<count], as: UTF8.self)
    }
  }

  /// Reads so many bytes, or as many as come before the daemon closes the connection.
  func hear(bytes count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      var chunk = [UInt8](repeating: 0, count: count - bytes.count)
      let read = tb_read(descriptor, &chunk, chunk.count)
      guard read > 0 else { break }
      bytes += chunk[..<read]
    }
    return bytes
  }

  static func hello(_ client: String, _ epoch: Int = 1) -> String {
    #"{"hello":{"v":1,"client":"\#(client)","epoch":\#(epoch),"ack":true,"defaults":{"team":"search","provider":"acme"}}}"#
      + "\n"
  }

  static func line(_ n: Int, _ fields: String = "", input: Int = 1000) -> String {
    #"{"n":\#(n),\#(fields)"at":"2026-10-01T00:00:00Z","model":"m","units":{"input":\#(input)}}"# + "\n"
  }
}
