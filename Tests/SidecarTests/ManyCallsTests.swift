import Books
import Calls
import Rates
import Sidecar
import Testing
import Units

/// Lines that tell of several calls, or of none, at the door of numbered lines.
@Suite struct ManyCallsTests {
  private static let arrival = Timestamp(microseconds: 1_795_222_800_000_000)

  /// A pump with one sender, and what becomes of lines.
  private struct Door: ~Copyable {
    var pump: LinePump
    var source: LinePump.Source

    init() throws {
      var reader = RateFileReader(digest: { String($0.utf8.count) })
      reader.read(
        #"{"issuer":"acme","route":"direct","currency":"USD","rounding":"half_even","source":"s","read_on":"2026-01-01","models":[{"model":"m","cards":[{"from":"2026-01-01","per":"1M tokens","rates":{"input":"1","output":"2"}}]}]}"#,
        file: "acme.json")
      pump = LinePump(rates: try reader.book(origin: "test"), marks: [:], batchLinesMax: 100)
      source = LinePump.Source(
        sender: pump.join(Sender(client: "c", epoch: 0)).number, defaults: CallDefaults(["provider": "acme"]))
    }

    mutating func take(_ line: String) -> LinePump.Outcome {
      let bytes = Array(line.utf8) + [UInt8](repeating: 0, count: 32)
      let source = source
      let outcome = bytes.withUnsafeBufferPointer {
        pump.take(UnsafeBufferPointer(rebasing: $0[..<(bytes.count - 32)]), from: source, at: ManyCallsTests.arrival)
      }
      self.source.lastNumber = pump.lastNumber
      return outcome
    }
  }

  private static func spans(_ number: Int, _ counts: Int...) -> String {
    let spans = counts.enumerated().map { place, count in
      #"{"traceId":"t\#(number)","spanId":"s\#(place)","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},{"key":"gen_ai.request.model","value":{"stringValue":"m"}},{"key":"gen_ai.usage.input_tokens","value":{"intValue":"\#(count)"}}]}"#
    }
    return #"{"n":\#(number),"resourceSpans":[{"scopeSpans":[{"spans":[\#(spans.joined(separator: ","))]}]}]}"#
  }

  @Test func `the calls of a line go into one batch under its number, and a resend books none of them`() throws {
    var door = try Door()
    guard case .taken = door.take(Self.spans(1, 5, 7)) else { return #expect(Bool(false)) }
    guard case .replayed = door.take(Self.spans(1, 5, 7)) else { return #expect(Bool(false)) }
    let batch = door.pump.seal()
    #expect(batch.calls.map(\.number) == [1, 1])
    // 5 and 7 tokens at a millionth of a dollar, in nanodollars.
    #expect(batch.calls.map(\.cost) == [5000, 7000])
    #expect(batch.marks[0]?.number == 1)
    #expect(batch.marks[0]?.replays == 1)
  }

  @Test func `a call that is refused is a dead letter of its line, and the others are booked`() throws {
    var door = try Door()
    guard case .refused(.negativeCount) = door.take(Self.spans(1, 5, -7, 9)) else { return #expect(Bool(false)) }
    guard case .refused(.negativeCount) = door.take(Self.spans(2, -5, 7)) else { return #expect(Bool(false)) }
    let batch = door.pump.seal()
    #expect(batch.calls.map(\.cost) == [5000, 9000, 7000])
    #expect(batch.deadLetters.map(\.number) == [1, 2])
    #expect(batch.marks[0]?.number == 2)
    #expect(batch.marks[0]?.gaps == 0)
  }

  @Test func `a line that tells of no call moves the mark and leaves nothing`() throws {
    var door = try Door()
    guard case .ignored(.streamPart) = door.take(#"{"n":1,"object":"chat.completion.chunk","usage":null}"#),
      case .ignored(.metricPoints) = door.take(#"{"n":2,"resourceMetrics":[]}"#),
      case .ignored(.sumOfCalls) = door.take(
        #"{"n":3,"spanId":"s","name":"ai.generateText","attributes":{"ai.operationId":"ai.generateText"}}"#)
    else { return #expect(Bool(false)) }
    let isEmpty = door.pump.isEmpty
    #expect(!isEmpty)
    let batch = door.pump.seal()
    #expect(batch.calls.isEmpty && batch.deadLetters.isEmpty)
    #expect(batch.marks[0]?.number == 3)
  }
}
