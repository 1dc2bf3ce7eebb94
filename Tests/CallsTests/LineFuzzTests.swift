import Calls
import Foundation
import TestSupport
import Testing

/// Damaged lines without end: nothing crashes, nothing is read from beyond a line, no line changes how the
/// next one is read, and what is refused as no JSON is none for another program either.
///
/// A short run belongs to the suite; `make fuzz` goes on for longer, from a seed of its own. Whatever it finds
/// is found again under the same `FUZZ_SEED`.
@Suite struct LineFuzzTests {
  static let cases = Int(ProcessInfo.processInfo.environment["FUZZ_CASES"] ?? "") ?? 4_000
  static let seed = UInt64(ProcessInfo.processInfo.environment["FUZZ_SEED"] ?? "") ?? 1

  /// Lines to be damaged: short ones of each shape, and those of real clients where they are at hand.
  private static let lines: [[UInt8]] = {
    var lines = ShapeTests.rows.map { Array($0.line.utf8) }
    for name in SharedFiles.names("samples").sorted() where name.hasSuffix("jsonl") || name.hasSuffix("ndjson") {
      for line in (SharedFiles.bytes("samples/" + name) ?? []).split(separator: 10) where line.count < 20_000 {
        lines.append(Array(line))
      }
    }
    return lines
  }()

  /// Pieces that grammars and meanings hang on.
  private static let pieces: [[UInt8]] =
    [
      "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u0000", "\\ud800", "-", "0", "1e5", "1E400", "-1", "0.5", ".",
      "9223372036854775808", "null", "true", "\"usage\":", "\"units\":{\"input\":1}", "\"id\":\"\"", "\"n\":1,",
      "\"hello\":{\"v\":1}", "\"model\":\"m\",", "\"at\":\"2026-11-21T00:00:00Z\",", "\u{0}", "\u{1f}", "é", "\u{feff}",
    ].map { Array($0.utf8) } + [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]

  @Test func `damaged lines`() {
    var dice = Seeded(Self.seed)
    let used = Reading.Reader()
    var booked = 0
    for number in 0..<Self.cases {
      let line = Self.damaged(&dice)
      let reading = used.read(line, defaults: [:])
      if number % 50 == 0 {
        #expect(Reading.of(bytes: line) == reading, "seed \(Self.seed), case \(number): an unused decoder differs")
      }
      #expect(
        Self.read(line, behind: 0xff) == Self.read(line, behind: UInt8(ascii: "\"")),
        "seed \(Self.seed), case \(number): what stands behind the line is read")
      if reading.hasPrefix("ok") { booked += 1 }
      if (reading == "refused bad_json" || reading == "refused torn") && !Self.endsInComma(line) {
        #expect(!Self.isJSON(line), "seed \(Self.seed), case \(number): it is JSON")
      } else if !reading.hasPrefix("refused"), reading != "blank", Self.isPlain(line) {
        #expect(Self.isJSON(line), "seed \(Self.seed), case \(number): \(reading) though it is no JSON")
      }
    }
    // Otherwise the damage is so great that only its first step is tried.
    #expect(booked > Self.cases / 20)
  }

  @Test func `damaged spans in protobuf`() throws {
    var exports = SharedFiles.names("samples").sorted().filter { $0.hasSuffix("_traces.pb") }
      .compactMap { SharedFiles.bytes("samples/" + $0) }
    // resource_spans { scope_spans { spans { name: "chat m", attributes { key: "gen_ai.request.model" … } } } }
    exports.append(Self.span)
    var dice = Seeded(Self.seed)
    for number in 0..<Self.cases / 4 {
      let export = Self.damaged(exports[Self.below(exports.count, &dice)], &dice)
      let signal: ExportedCalls.Signal = number % 5 == 0 ? .logs : .traces
      let calls = try? export.withUnsafeBufferPointer {
        try ExportedCalls($0, .protobuf, signal, lineBytesMax: Limits.unfoldedBytes) { "\(Double(bitPattern: $0))" }
      }
      for range in calls?.ranges ?? [] {
        let line = Array(calls?.bytes[range] ?? [])
        #expect(Self.isJSON(line), "seed \(Self.seed), case \(number): the line of a span is no JSON")
        _ = Reading.of(bytes: line)
      }
    }
  }

  @Test func `damaged syslog headers`() {
    let headers = [
      "<14>1 2026-11-21T08:00:00.123456+01:00 host app 12 ID47 [a@1 b=\"c\"] ", "<134>Nov 21 08:00:00 host app[9]: ",
      "@cee: ",
    ].map { Array($0.utf8) }
    var dice = Seeded(Self.seed)
    for number in 0..<Self.cases {
      let line = Self.damaged(headers[Self.below(headers.count, &dice)] + Array("{\"model\":\"m\"}".utf8), &dice)
      let length = line.withUnsafeBufferPointer { SyslogHeader.length(of: $0) }
      #expect((0...line.count).contains(length), "seed \(Self.seed), case \(number)")
    }
  }

  // MARK: - Damage

  private static func below(_ bound: Int, _ dice: inout Seeded) -> Int { Int.random(in: 0..<bound, using: &dice) }

  private static func damaged(_ dice: inout Seeded) -> [UInt8] {
    damaged(lines[below(lines.count, &dice)], &dice)
  }

  private static func damaged(_ whole: [UInt8], _ dice: inout Seeded) -> [UInt8] {
    var line = whole
    for _ in 0...below(3, &dice) where !line.isEmpty {
      let place = below(line.count, &dice)
      switch below(9, &dice) {
      case 0: line[place] ^= 1 << UInt8(below(8, &dice))
      case 1: line.remove(at: place)
      case 2, 3: line.insert(contentsOf: pieces[below(pieces.count, &dice)], at: place)
      case 4: line.swapAt(place, below(line.count, &dice))
      case 5: line.removeSubrange(place..<min(line.count, place + 1 + below(12, &dice)))
      case 6: line.removeSubrange(place...)
      case 7:
        let from = below(line.count, &dice)
        line.insert(contentsOf: line[from..<min(line.count, from + 1 + below(60, &dice))], at: place)
      default:
        let other = lines[below(lines.count, &dice)]
        line.insert(contentsOf: other[below(other.count, &dice)...].prefix(80), at: place)
      }
    }
    return line
  }

  // MARK: - Judges

  private static func read(_ line: [UInt8], behind: UInt8) -> String {
    Reading.Reader().read(line, behind: behind)
  }

  /// Whether Foundation's reader takes it.
  private static func isJSON(_ line: [UInt8]) -> Bool {
    (try? JSONSerialization.jsonObject(with: Data(line), options: .fragmentsAllowed)) != nil
  }

  /// Whether a list or object may end in a comma, which Foundation takes and JSON's grammar does not.
  private static func endsInComma(_ line: [UInt8]) -> Bool {
    String(decoding: line, as: UTF8.self).contains(/,\s*[}\]]/)
  }

  /// Without what Foundation refuses and JSON's grammar allows: numbers that no Double holds, half a surrogate
  /// pair, a byte order mark; and without other encodings, which Foundation guesses by their noughts.
  private static func isPlain(_ line: [UInt8]) -> Bool {
    line.allSatisfy { $0 != 0 && $0 < 0x80 } && !String(decoding: line, as: UTF8.self).contains(/[0-9][eE]|\\u[dD]/)
  }

  /// An export of one span, as its bytes are laid down in opentelemetry-proto.
  private static let span: [UInt8] = {
    func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] { [number << 3 | 2, UInt8(bytes.count)] + bytes }
    func text(_ key: String, _ value: String) -> [UInt8] {
      field(9, field(1, Array(key.utf8)) + field(2, field(1, Array(value.utf8))))
    }
    func count(_ key: String, _ value: UInt8) -> [UInt8] {
      field(9, field(1, Array(key.utf8)) + field(2, [3 << 3, value]))
    }
    let attributes = text("gen_ai.request.model", "m") + count("gen_ai.usage.input_tokens", 9)
    return field(1, field(2, field(2, field(5, Array("chat m".utf8)) + attributes)))
  }()
}
