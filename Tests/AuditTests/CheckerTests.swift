import Audit
import Foundation
import Testing

/// Other people's programs judge our export, where they are installed.
@Suite struct CheckerTests {
  /// The program's path, from PATH or the folder that `TOLLBOOK_CHECKERS` names.
  static func path(of program: String) -> String? {
    let environment = ProcessInfo.processInfo.environment
    let folders = [environment["TOLLBOOK_CHECKERS"], environment["PATH"]].compactMap { $0 }
      .joined(separator: ":").split(separator: ":")
    return folders.map { "\($0)/\(program)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// What the program says of the text, and how it ended.
  static func run(_ program: String, _ arguments: [String], on text: String) throws
    -> (status: Int32, output: String)
  {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "tollbook-\(UUID().uuidString).export")
    try text.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: try #require(path(of: program)))
    process.arguments = arguments.map { $0 == "FILE" ? file.path : $0 }
    process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C.UTF-8"]) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  @Test(.enabled(if: path(of: "hledger") != nil, "hledger is not installed"))
  func `hledger accepts the export`() throws {
    let text = try ExportTests.export().text(.hledger)
    let check = try Self.run("hledger", ["-f", "FILE", "check", "-s"], on: text)
    #expect(check.status == 0, "\(check.output)")
  }

  @Test(.enabled(if: path(of: "hledger") != nil, "hledger is not installed"))
  func `hledger refuses the export when one nano is off`() throws {
    let text = try ExportTests.export().text(.hledger)
    let off = text.replacing("-2.000000001 USD", with: "-2.000000002 USD")
    #expect(off != text)
    let check = try Self.run("hledger", ["-f", "FILE", "check", "-s"], on: off)
    #expect(check.status != 0)
  }

  @Test(.enabled(if: path(of: "ledger") != nil, "ledger is not installed"))
  func `ledger accepts the export`() throws {
    let text = try ExportTests.export().text(.ledger)
    let check = try Self.run("ledger", ["-f", "FILE", "--strict", "--pedantic", "balance"], on: text)
    #expect(check.status == 0, "\(check.output)")
    #expect(check.output.split(separator: "\n").last?.trimmingCharacters(in: .whitespaces) == "0")
  }

  @Test(.enabled(if: path(of: "bean-check") != nil, "bean-check is not installed"))
  func `bean-check accepts the export`() throws {
    let text = try ExportTests.export().text(.beancount)
    let check = try Self.run("bean-check", ["FILE"], on: text)
    #expect(check.status == 0, "\(check.output)")
  }
}
