import Foundation

/// Other people's programs, which judge what we export.
package enum Checker {
  /// The program's path, from PATH or the folder that `TOLLBOOK_CHECKERS` names; nil for none.
  package static func path(of program: String) -> String? {
    let environment = ProcessInfo.processInfo.environment
    let folders = [environment["TOLLBOOK_CHECKERS"], environment["PATH"]].compactMap { $0 }
      .joined(separator: ":").split(separator: ":")
    return folders.map { "\($0)/\(program)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// What the program says of a text, and how it ended; `FILE` among the arguments is the text.
  package static func run(
    _ program: String, _ arguments: [String], on text: String
  ) throws -> (status: Int32, output: String) {
    guard let path = path(of: program) else { return (127, "\(program) is not installed") }
    let file = FileManager.default.temporaryDirectory.appending(
      path: "tollbook-\(UUID().uuidString).export")
    try text.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: path)
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
}
