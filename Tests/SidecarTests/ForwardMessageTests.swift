import Foundation
import TestSupport
import Testing
import Units

@testable import Sidecar

extension ForwardRecords {
  /// Adds a message slice by slice; false for one that is larger than is taken at once.
  mutating func add(_ message: UnsafeBufferPointer<UInt8>, sliceBytes: Int = 64) -> Bool {
    var reading = ForwardReading(message, parts: [], into: &self)
    do throws(ForwardConnection.Fault) {
      while true {
        var slice = sliceBytes
        if try reading.goOn(with: message, into: &self, slice: &slice) { return true }
      }
    } catch { return false }
  }
}

/// Fluent Forward's messages, and the lines that their records come to.
@Suite struct ForwardMessageTests {
  /// The lines of messages, one behind the other; the times of those that state one, in microseconds.
  private static func lines(_ messages: [UInt8]) -> (lines: [String], times: [Int64?], acks: [UInt8]) {
    var records = ForwardRecords()
    _ = messages.withUnsafeBufferPointer { records.add($0) }
    let post = records.post(of: ForwardConnection(descriptor: -1, token: 1))
    var times: [Int64?] = []
    var lines: [String] = []
    for range in post.lines {
      times.append(post.sourceOfNext.standIn.at?.microseconds)
      lines.append(String(decoding: post.body[Int(range.lowerBound)..<Int(range.upperBound)], as: UTF8.self))
      post.next += 1
    }
    return (lines, times, post.acknowledgements)
  }

  private static let tag = Packed.text("llm.usage")
  private static let one = Packed.named(("a", .whole(1)))
  private static let two = Packed.named(("a", .whole(2)))
  private static let packed = Packed.list([.at(), one]).bytes + Packed.list([.whole(1_790_812_801), two]).bytes

  @Test(arguments: [
    Packed.list([.list([.at(), one]), .list([.whole(1_790_812_801), two])]), .binary(packed),
    .bytes([0xda, 0, UInt8(packed.count)] + packed),
    // Fluent Bit's metadata beside the time.
    .list([.list([.list([.at(), .map([])]), one]), .list([.list([.whole(1_790_812_801), .null]), two])]),
  ])
  func `entries come to lines with their times`(entries: Packed) {
    let told = Self.lines(Packed.list([Self.tag, entries, .named(("chunk", .text("c1")), ("size", .whole(2)))]).bytes)
    #expect(told.lines == [#"{"a":1}"#, #"{"a":2}"#])
    #expect(told.times == [1_790_812_800_123_456, 1_790_812_801_000_000])
    #expect(told.acks == Packed.ack("c1"))
    #expect(Self.lines(Packed.list([Self.tag, entries]).bytes).acks == [])
  }

  @Test func `a message of one record, and times that say nothing`() {
    let told = Self.lines(Packed.list([Self.tag, .at(), Self.one, .named(("chunk", .text("c")))]).bytes)
    #expect(told.lines == [#"{"a":1}"#])
    #expect(told.times == [1_790_812_800_123_456])
    #expect(told.acks == Packed.ack("c"))
    for time in [Packed.null, .whole(0), .double(1.5), .text("x")] {
      let told = Self.lines(Packed.list([Self.tag, time, Self.one, .null]).bytes)
      #expect(told.times == [nil])
    }
  }

  @Test(arguments: [
    (Packed.named(("a", .whole(-1)), ("b", .whole(-33)), ("c", .whole(70_000))), #"{"a":-1,"b":-33,"c":70000}"#),
    (.named(("a", .large(.max)), ("b", .whole(.min))), #"{"a":18446744073709551615,"b":-9223372036854775808}"#),
    (.named(("a", .double(0.1)), ("b", .single(0.1)), ("c", .double(1.35e-05))), #"{"a":0.1,"b":0.1,"c":1.35e-05}"#),
    (.named(("a", .double(.nan)), ("b", .single(.infinity)), ("c", .at())), #"{"a":null,"b":null,"c":null}"#),
    (
      .named(("a", .truth(true)), ("b", .null), ("c", .list([.whole(1), .map([])]))), #"{"a":true,"b":null,"c":[1,{}]}"#
    ),
    (.named(("a", .text("é \"\\\n"))), #"{"a":"é \"\\\u000a"}"#),
    (.named(("a", .binary(Array("é".utf8))), ("b", .binary([0xff]))), #"{"a":"é","b":null}"#),
    (.map([(.whole(7), .whole(1)), (.list([]), .whole(2)), (.binary([0x61]), .whole(3))]), #"{"7":1,"a":3}"#),
    // A container's line is the line; its record is not. One with usage of its own is the line itself.
    (.named(("log", .text(" {\"b\":1}\n")), ("container_id", .text("x"))), " {\"b\":1}\n"),
    (.named(("message", .text("{\"b\":1}"))), #"{"b":1}"#),
    (.named(("message", .text("{\"b\":1}")), ("log", .text("{\"c\":1}"))), #"{"c":1}"#),
    (.named(("log", .text("GET /"))), #"{"log":"GET /"}"#),
    (.named(("message", .text("{}")), ("usage", .map([]))), #"{"message":"{}","usage":{}}"#),
  ])
  func `a record is the line of JSON that it stands for`(record: Packed, line: String) {
    #expect(Self.lines(Packed.list([Self.tag, .at(), record]).bytes).lines == [line])
  }

  @Test func `what is no record stands for itself, to be refused by name`() {
    let entry = Packed.list([.at(), .text("text")])
    let told = Self.lines(Packed.list([Self.tag, .list([entry, .whole(9)])]).bytes)
    #expect(told.lines == ["\"text\"", "9"])
    // No list of two to four, no tag, an unknown shape, options that are none, a pack that bursts.
    for message in [
      Packed.list([Self.tag]), .list([.whole(1), .list([])]), .list([Self.tag, .whole(1)]),
      .list([Self.tag, .list([]), .whole(3)]),
      .list([Self.tag, .binary([0x92, 0]), .map([])]),
      .list([Self.tag, .binary([1, 2]), .named(("compressed", .text("gzip")))]),
    ] {
      let told = Self.lines(message.bytes)
      #expect(told.lines == [String(decoding: message.bytes, as: UTF8.self)])
      #expect(told.acks == [])
    }
    // Metrics and traces of Fluent Bit's own are acknowledged and tell of nothing.
    let metrics = Packed.list([
      Self.tag, .list([.list([.at(), Self.one])]), .named(("fluent_signal", .whole(1)), ("chunk", .text("c"))),
    ])
    #expect(Self.lines(metrics.bytes).lines == [])
    #expect(Self.lines(metrics.bytes).acks == Packed.ack("c"))
  }

  @Test func `of a message beyond its limit nothing is kept, and what came before it stays`() {
    var records = ForwardRecords()
    func add(_ message: Packed) -> Bool { message.bytes.withUnsafeBufferPointer { records.add($0) } }
    let options = Packed.named(("chunk", .text("c")))
    #expect(add(.list([Self.tag, .list([.list([.at(), Self.one])]), options])))
    let many = Packed.list([.whole(1), .map([])]).bytes
    let entries = (0...ForwardLimits.records).flatMap { _ in many }
    #expect(!add(.list([Self.tag, .binary(entries), options])))
    #expect(add(.list([Self.tag, .binary(Array(entries.dropLast(many.count))), .null])))
    let post = records.post(of: ForwardConnection(descriptor: -1, token: 1))
    #expect(post.lines.count == 1 + ForwardLimits.records)
    #expect(post.acknowledgements == Packed.ack("c"))
  }

  @Test func `a record deeper or longer than a line may be is written no further than that`() {
    var deep = Packed.whole(1)
    for _ in 0..<500 { deep = .named(("a", deep)) }
    let line = Self.lines(Packed.list([Self.tag, .at(), deep]).bytes).lines[0]
    #expect(line.utf8.count { $0 == UInt8(ascii: "{") } == 65)
    let long = Packed.named(("a", .list((0..<20_000).map { _ in .text(String(repeating: "\u{1}", count: 31)) })))
    let told = Self.lines(Packed.list([Self.tag, .at(), long]).bytes).lines[0]
    #expect((1_048_577...1_200_000).contains(told.utf8.count), "\(told.utf8.count)")
  }

  @Test func `the end of a message is found however its bytes come`() throws {
    let message = Packed.list([Self.tag, .binary(Self.packed), .named(("chunk", .text("c1")))]).bytes
    var framing = MessageFraming()
    let two = message + message
    for count in 0..<message.count {
      #expect(try two[..<count].withUnsafeBufferPointer { try framing.length(in: $0) } == nil)
    }
    #expect(try two.withUnsafeBufferPointer { try framing.length(in: $0) } == message.count)
    #expect(framing.isFresh)
    for bytes: [UInt8] in [
      Array("{\"a\":1}\n".utf8), [0xc1], [0x92, 0xc1], [0xdd, 0xff, 0xff, 0xff, 0xff], [0xa1, 0x61], [0x90],
    ] {
      var framing = MessageFraming()
      #expect(throws: MessagePack.Fault.malformed, "\(bytes)") {
        try bytes.withUnsafeBufferPointer { try framing.length(in: $0) }
      }
    }
  }

  @Test func `what fluent-logger sends comes to its lines`() throws {
    guard let sample = SharedFiles.bytes("samples/transport_fluent_forward_unix.jsonl") else { return }
    let text = String(decoding: sample, as: UTF8.self)
    let encoded = try #require(text.firstMatch(of: #/"b64": "([^"]+)"/#)).1
    let bytes = Array(try #require(Data(base64Encoded: String(encoded))))
    var framing = MessageFraming()
    let length = try #require(try bytes.withUnsafeBufferPointer { try framing.length(in: $0) })
    #expect(
      Self.lines(Array(bytes[..<length])).lines == [
        #"{"id":"chatcmpl-x1","model":"gpt-5-mini","usage":{"prompt_tokens":2306,"completion_tokens":300}}"#
      ])
    #expect(try bytes[length...].withUnsafeBufferPointer { try framing.length(in: $0) } == bytes.count - length)
    #expect(Self.lines(Array(bytes[length...])).lines == [#"{"id":"chatcmpl-x2","model":"gpt-5-mini"}"#])
  }

  @Test func `damaged messages`() {
    let wholes = [
      Packed.list([Self.tag, .at(), .call(input: 1)]).bytes,
      Packed.list([Self.tag, .binary(Self.packed), .named(("chunk", .text("c1")), ("size", .whole(2)))]).bytes,
      Packed.list([
        Self.tag, .list([.list([.at(), .named(("log", .text("{\"a\":[1]}")))])]), .named(("chunk", .text("c"))),
      ]).bytes,
      Packed.list([Self.tag, .binary([0x1f, 0x8b, 8, 0]), .named(("compressed", .text("gzip")))]).bytes,
    ]
    let seed = UInt64(ProcessInfo.processInfo.environment["FUZZ_SEED"] ?? "") ?? 1
    let cases = Int(ProcessInfo.processInfo.environment["FUZZ_CASES"] ?? "") ?? 4_000
    var dice = Seeded(seed)
    var whole = 0
    for number in 0..<cases {
      let kind = Int(dice.next() % UInt64(wholes.count))
      var message = wholes[kind]
      for _ in 0...(dice.next() % 3) where !message.isEmpty {
        let place = Int(dice.next() % UInt64(message.count))
        switch dice.next() % 5 {
        case 0: message[place] ^= 1 << UInt8(dice.next() % 8)
        case 1: message[place] = UInt8(truncatingIfNeeded: dice.next())
        case 2: message.remove(at: place)
        case 3: message.insert(UInt8(truncatingIfNeeded: dice.next()), at: place)
        default: message.removeSubrange(place...)
        }
      }
      var framing = MessageFraming()
      guard let length = try? message.withUnsafeBufferPointer({ try framing.length(in: $0) }) else { continue }
      whole += 1
      let lines = Self.lines(Array(message[..<length])).lines
      // A text that holds a line is handed on as it is, damaged or not.
      for line in lines where kind != 2 && line.hasPrefix("{") && !line.contains("\u{fffd}") {
        let isJSON = (try? JSONSerialization.jsonObject(with: Data(line.utf8))) != nil
        #expect(isJSON, "seed \(seed), case \(number): \(line)")
      }
    }
    #expect(whole > cases / 20)
  }
}
