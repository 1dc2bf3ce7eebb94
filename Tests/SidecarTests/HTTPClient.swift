import Foundation
import Testing

/// What curl was answered.
struct HTTPReply: Equatable {
  let status: String
  let body: String

  /// `"code":"…"` of an error, or of nothing.
  var code: String { body.firstMatch(of: #/"code":"([a-z_]+)"/#).map { String($0.1) } ?? "" }
}

extension DaemonProcess {
  var httpSocket: String { data + "/http.sock" }

  /// Starts curl on the daemon's socket for HTTP; its answer is read by ``Posting/reply()``.
  func startCurl(_ target: String, _ arguments: [String], input: Data? = nil) throws -> Posting {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/curl")
    process.arguments =
      ["--silent", "--max-time", "60", "--write-out", "\n%{http_code}", "--unix-socket", httpSocket]
      + arguments + ["http://localhost" + target]
    let out = Pipe()
    process.standardOutput = out
    if let input {
      let file = folder + "/post-\(UUID().uuidString.prefix(8))"
      try input.write(to: URL(filePath: file))
      process.standardInput = FileHandle(forReadingAtPath: file)
    }
    try process.run()
    return Posting(process: process, out: out)
  }

  func curl(_ target: String, _ arguments: String...) throws -> HTTPReply {
    try startCurl(target, arguments).reply()
  }

  /// Posts a body as NDJSON.
  func post(
    _ body: String, to target: String = "/v1/usage", type: String = "application/x-ndjson", _ more: String...
  ) throws -> HTTPReply {
    try startPost(body, to: target, type: type, more).reply()
  }

  func startPost(
    _ body: String, to target: String = "/v1/usage", type: String = "application/x-ndjson", _ more: [String] = []
  ) throws -> Posting {
    try startCurl(
      target, ["--header", "Content-Type: \(type)", "--data-binary", "@-"] + more, input: Data(body.utf8))
  }

  /// Writes the user's configuration.
  func configure(_ text: String) throws {
    let path = folder + "/.config/tollbook"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try text.write(toFile: path + "/tollbook.conf", atomically: true, encoding: .utf8)
  }

  /// A line of the one model, 2 dollars a million in.
  static func call(_ id: String, input: Int, _ fields: String = "") -> String {
    #"{"id":"\#(id)",\#(fields)"at":"2026-10-01T00:00:00Z","provider":"acme","model":"m","units":{"input":\#(input)}}"#
  }
}

/// A curl on its way.
struct Posting {
  let process: Process
  let out: Pipe

  func reply() -> HTTPReply {
    let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let end = text.lastIndex(of: "\n") ?? text.startIndex
    return HTTPReply(status: String(text[text.index(after: end)...]), body: String(text[..<end]))
  }
}
