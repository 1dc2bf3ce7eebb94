import Foundation
import TestSupport
import Testing

/// What was said to a model, and what it answered, goes nowhere, and nor do keys.
///
/// Not into the ledger and its log of writes, not into dead letters, events, metrics or answers.
@Suite(.serialized) struct PrivacyTests {
  private static let canary = "CANARY7f3a9"

  /// Members that hold what was said, or a key, in one client's words or another's.
  private static let content: Set<String> = [
    "content", "text", "prompt", "input", "output", "arguments", "messages", "system", "instructions", "transcript",
    "input_text", "completion", "reasoning_content", "thinking", "body", "delta", "summary", "authorization", "api_key",
    "x-api-key", "cookie", "error", "message", "detail", "reason", "logs", "description", "query", "documents",
    "b64_json",
    "data", "args", "signature", "refusal",
  ]

  /// A line with the canary wherever something was said, and under names that nobody knows.
  private static func planted(_ value: Any, key: String = "") -> Any {
    if let object = value as? [String: Any] {
      var planted: [String: Any] = [:]
      for (key, value) in object { planted[key] = Self.planted(value, key: key) }
      planted["a_member_of_tomorrow"] = canary
      return planted
    }
    if let list = value as? [Any] { return list.map { Self.planted($0, key: key) } }
    if value is String, content.contains(key.lowercased()) { return canary + " said" }
    return value
  }

  /// Lines of our own making, and those of real clients where they are at hand.
  private static func lines() throws -> [String] {
    var lines = [
      #"{"team":"a","provider":"acme","model":"m","usage":{"prompt_tokens":9},"messages":[{"content":"x"}]}"#,
      #"{"id":"chatcmpl-1","model":"m","choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":1}}"#,
      #"{"type":"message","model":"m","content":[{"type":"text","text":"x"}],"usage":{"input_tokens":3,"output_tokens":2}}"#,
      #"{"object":"response","model":"m","output":[{"content":[{"text":"x"}]}],"instructions":"x","usage":{"input_tokens":3}}"#,
      #"{"candidates":[{"content":{"parts":[{"text":"x"}]}}],"usageMetadata":{"promptTokenCount":5}}"#,
      #"{"provider":"acme","model":"m","status":500,"error":{"message":"x"}}"#,
      #"{"provider":"acme","model":"m","units":{"input":1},"headers":{"authorization":"x","x-request-id":"r"}}"#,
    ]
    for name in SharedFiles.names("samples").sorted() where name.hasSuffix("jsonl") || name.hasSuffix("ndjson") {
      lines += String(decoding: SharedFiles.bytes("samples/" + name) ?? [], as: UTF8.self).split(separator: "\n")
        .map(String.init)
    }
    return try lines.compactMap { line in
      guard let value = try? JSONSerialization.jsonObject(with: Data(line.utf8)) else { return nil }
      return String(
        decoding: try JSONSerialization.data(withJSONObject: planted(value), options: .withoutEscapingSlashes),
        as: UTF8.self)
    }
  }

  /// Lines that are refused, each with the canary in it.
  private static let refused = [
    "\(canary)", #"{"messages":"\#(canary)""#, #"["\#(canary)"]"#, #"{"usage":{"prompt_tokens":"\#(canary)"}}"#,
    #"{"model":{"x":"\#(canary)"},"units":{"input":1}}"#, #"{"at":"\#(canary)","units":{"input":1}}"#,
    #"{"units":{"\#(canary)":-1,"input":-1}}"#, #"{"prompt":"\#(canary)"}"#,
    #"{"id":"","messages":"\#(canary)","units":{"input":1}}"#,
    #"{"hello":{"v":1,"client":["\#(canary)"]}}"#, "{\"messages\":\"\(canary)\u{1}\"}",
    #"{"messages":"\#(canary)\#(String(repeating: "x", count: 1_100_000))"}"#,
  ]

  @Test func `nothing that was said is found anywhere`() throws {
    let daemon = try DaemonProcess()
    let page = try StatusPageTests.page(daemon)
    let lines = try Self.lines()
    let sender = try RawSender(daemon.socket)
    for line in lines { sender.send(line + "\n") }
    sender.close()
    for line in Self.refused {
      let sender = try RawSender(daemon.socket)
      sender.send(line + "\n")
      sender.close()
    }
    // In acknowledged mode the answer could say too much.
    let asking = try RawSender(daemon.socket)
    asking.send(RawSender.hello("c") + "{\"n\":1,\"messages\":\"\(Self.canary)\"}\n")
    var heard = try asking.hear("{\"ack\":1}").joined()
    let metrics = try StatusPageTests.curl(page + "/metrics").body
    heard += metrics
    // The log of writes has not been moved into the ledger yet.
    try expectNoCanary(in: daemon.folder + "/data")
    for arguments in [["dead-letters", "list"], ["dead-letters", "list", "--json"], ["spend"], ["status"]] {
      let run = try daemon.run(arguments)
      heard += run.out + run.error
    }
    #expect(daemon.stop() == 0)
    heard += daemon.log
    #expect(!heard.contains(Self.canary))
    try expectNoCanary(in: daemon.folder + "/data")
    let counts = try daemon.ask("select (select count(*) from call) > 5, (select count(*) from dead_letter) > 5")
    #expect(counts == ["1 1"], "a check that nothing was taken from could not fail")
  }

  @Test func `a daemon leaves no core, whatever its surroundings allow`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let process = try #require(daemon.process)
    let limits = try String(contentsOfFile: "/proc/\(process.processIdentifier)/limits", encoding: .utf8)
    let core = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
    #expect(core.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"])
  }

  private func expectNoCanary(in folder: String) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(names.contains("tollbook.db"))
    for name in names {
      guard let bytes = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
      #expect(bytes.range(of: Data(Self.canary.utf8)) == nil, "\(name)")
    }
  }
}
