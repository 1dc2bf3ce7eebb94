import ArgumentParser
import Books
import Calls
import Foundation
import Rates
import Sidecar
import Store
import Testing
import Units

@testable import tollbook

/// A small ledger whose amounts are worked out by hand, in a folder of its own.
///
/// | call | usage | rate per 1M | amount |
/// |---|---|---|---|
/// | c1 together/large | input 1000, output 500 | 1.00, 2.00 | 0.001 + 0.001 = 0.002 |
/// | c2 the same by huggingface | input 1000, cached 400, output 500 | 1.10, 1.10, 2.20 | 0.00264; direct 0.001 + 0.0002 + 0.001 = 0.0022 |
/// | c3 novita/small by huggingface | input 2000, output 100 | 0.10, 0.40 | 0.00024; no direct card |
/// | c4 together/unheard-of | | none | unpriced |
/// | c5 together/large, failed without usage | | | 0 |
/// | c6 fal/flux | images 3 | 0.05 each | 0.15 |
/// | s1 together/large, a stream | input 100, output 10 then 100 | 1.00, 2.00 | 0.00012 + 0.00018 |
/// | c7 together/large | input 10, images 1 | 1.00, none | 0.00001, in part |
struct SampleLedger: ~Copyable {
  let folder: String
  private let cards: [String: String]

  static let rateFiles = [
    "together.json": """
    {"issuer":"together","source":"together.example/pricing","read_on":"2026-08-22","models":[
      {"model":"large","cards":[{"from":"2026-01-01","per":"1M tokens",
        "rates":{"input":"1.00","cache_read":"0.50","output":"2.00"}}]}]}
    """,
    "fal.json": """
    {"issuer":"fal","source":"fal.example/pricing","read_on":"2026-08-22","models":[
      {"model":"flux","cards":[{"from":"2026-01-01","per":"1 image","rates":{"images":"0.05"}}]}]}
    """,
    "huggingface.json": """
    {"issuer":"huggingface","route":"huggingface","rounding":"up","bills":"success",
     "source":"huggingface.example/pricing","read_on":"2026-08-22","models":[
      {"model":"org/large","provider":"together","direct":"large","cards":[
        {"from":"2026-01-01","per":"1M tokens","rates":{"input":"1.10","output":"2.20"}}]},
      {"model":"org/small","provider":"novita","cards":[
        {"from":"2026-01-01","per":"1M tokens","rates":{"input":"0.10","output":"0.40"}}]}]}
    """,
  ]

  /// Each inner list is a batch.
  static let lines = [
    [
      #"{"id":"c1","at":"2026-11-19T23:30:00Z","team":"search","user":"ada","provider":"together","model":"large","latency_ms":800,"tags":{"feature":"suggest"},"units":{"input":1000,"output":500}}"#,
      #"{"id":"c2","at":"2026-11-20T00:15:00Z","team":"search","user":"bob","route":"huggingface","provider":"together","model":"org/large","latency_ms":1101,"provider_request_id":"req-2","units":{"input":1000,"cache_read":400,"output":500}}"#,
      #"{"id":"c3","at":"2026-11-20T10:00:00Z","team":"support","route":"huggingface","provider":"novita","model":"org/small","units":{"input":2000,"output":100}}"#,
      #"{"id":"c4","at":"2026-11-20T18:40:00Z","team":"support","provider":"together","model":"unheard-of","units":{"input":5}}"#,
      #"{"id":"c5","at":"2026-11-20T18:20:00Z","team":"search","provider":"together","model":"large","status":500,"latency_ms":90}"#,
      #"{"id":"c6","at":"2026-11-20T18:29:59.999999Z","team":"studio","provider":"fal","model":"flux","operation":"image","units":{"images":3}}"#,
      #"{"id":"s1","at":"2026-11-20T18:31:00Z","team":"search","provider":"together","model":"large","stream":true,"units":{"input":100,"output":10}}"#,
      #"not json"#,
    ],
    [
      #"{"id":"s1","at":"2026-11-20T18:31:00Z","team":"search","provider":"together","model":"large","stream":true,"units":{"input":100,"output":100}}"#,
      #"{"id":"c7","at":"2026-11-21T08:00:00Z","team":"search","provider":"together","model":"large","units":{"input":10,"images":1}}"#,
    ],
  ]

  /// An empty folder, with a ledger of these lines when there are any.
  init(_ batches: [[String]] = lines, rateFiles: [String: String] = rateFiles) throws {
    cards = rateFiles
    folder =
      FileManager.default.temporaryDirectory
      .appending(path: "tollbook-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try "".write(toFile: folder + "/tollbook.conf", atomically: true, encoding: .utf8)
    try add(batches)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Books further batches, as a daemon would.
  func add(_ batches: [[String]]) throws {
    let start = try #require(Timestamp("2026-11-21T12:00:00Z"))
    let writer = try LedgerWriter(folder: folder, now: start)
    defer { writer.close() }
    var pump = LinePump(rates: try Self.rates(cards), marks: writer.marks(), batchLinesMax: 1_000)
    let sender = pump.join(Sender(client: "checkout-7", epoch: 3))
    let numbered = LinePump.Source(sender: sender.number, defaults: .none)
    for (place, batch) in batches.enumerated() {
      let now = Timestamp(microseconds: start.microseconds + Int64(place) * 1_000_000)
      for (line, text) in batch.enumerated() {
        let number = sender.resumeAfter + Int64(place * 10_000 + line + 1)
        Self.withPadding(text) {
          _ = pump.take(
            $0, from: place == 0 ? LinePump.Source() : numbered, at: now, number: number)
        }
      }
      let sealed = pump.seal()
      _ = try writer.commit(sealed, at: now)
      for (sender, move) in sealed.marks { pump.marked(sender, upTo: move.number) }
    }
  }

  static func rates(_ files: [String: String] = rateFiles) throws -> RateBook {
    var reader = RateFileReader(digest: PricingFolder.sha256)
    for (name, text) in files.sorted(by: { $0.key < $1.key }) { reader.read(text, file: name) }
    return try reader.book(origin: "the sample's cards")
  }

  /// Hands over the line's bytes with the 16 readable ones behind them that the decoder wants.
  private static func withPadding(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: 16)
    bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[..<(bytes.count - 16)])) }
  }

  // MARK: - Asking

  /// What a command line answers; faults come as the text that stands on stderr.
  func ask(_ arguments: String...) throws -> Answer { try ask(arguments) }

  func ask(_ arguments: [String], at now: String = "2026-11-21T12:00:00Z") throws -> Answer {
    var surroundings = Surroundings()
    surroundings.environment = [
      "TOLLBOOK_DATA": folder, "TOLLBOOK_CONFIG": folder + "/tollbook.conf",
    ]
    surroundings.now = try #require(Timestamp(now))
    return try Self.ask(arguments, surroundings)
  }

  static func ask(_ arguments: [String], _ surroundings: Surroundings) throws -> Answer {
    let command = try Tollbook.parseAsRoot(arguments)
    let answering = try #require(command as? any AnsweringCommand)
    do {
      return try answering.answer(surroundings)
    } catch {
      let fault = CommandFault(error)
      return Answer(fault.description, exit: fault.exit)
    }
  }

  /// A text without what differs from ledger to ledger: its folder and its seals.
  func scrubbed(_ text: String) -> String {
    text.replacing(folder, with: "DIR")
      .replacing(/[0-9a-f]{64}/, with: "SEAL").replacing(/seal [0-9a-f]{12}/, with: "seal SEAL")
  }
}
