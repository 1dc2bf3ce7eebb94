import Books
import Calls
import Rates
import Testing
import Units

/// Lines through decoder and rates into a batch: what is booked for each.
@Suite struct DimensionTableTests {
  static let files = [
    (
      "acme.json",
      #"""
      {"issuer":"acme","source":"s","read_on":"2026-03-01","models":[{"model":"m","cards":[
        {"from":"2026-01-01","per":"1M tokens","rates":{"input":"2","output":"10"},
         "bands":[{"over":1000,"rates":{"input":"4","output":"20"}}]},
        {"from":"2026-03-01","per":"1M tokens","rates":{"input":"1","output":"10"}}]}]}
      """#
    ),
    (
      "router.json",
      #"""
      {"issuer":"huggingface","route":"huggingface","bills":"success","source":"s","read_on":"2026-03-01","models":[
        {"model":"m","provider":"acme","cards":[{"from":"2026-01-01","per":"1M tokens","rates":{"input":"3","output":"10"}}]}]}
      """#
    ),
  ]

  static func book(_ files: [(String, String)] = files) throws -> RateBook {
    var reader = RateFileReader(digest: { "\($0.hashValue)" })
    for (name, text) in files { reader.read(text, file: name) }
    return try reader.book(origin: "test")
  }

  /// Books lines and writes each as `dimension state cost margin`.
  static func booked(_ lines: [String], _ table: inout DimensionTable, _ decoder: inout CallDecoder) -> [String] {
    let batch = BookBatch()
    for line in lines {
      let bytes = Array(line.utf8) + [UInt8](repeating: 0, count: 32)
      let decoded = bytes.withUnsafeBufferPointer {
        decoder.decode(
          UnsafeBufferPointer(rebasing: $0[..<(bytes.count - 32)]),
          arrival: Timestamp(microseconds: 0), defaults: .none)
      }
      guard case .call(var call) = decoded else { continue }
      table.book(&call, of: decoder.subjects, details: &decoder.details, sender: -1, into: batch)
    }
    return batch.calls.map { call in
      let details = String(
        decoding: decoder.details.bytes[Int(call.details.lowerBound)..<Int(call.details.upperBound)],
        as: UTF8.self)
      return "\(call.dimension) \(call.state) \(call.cost) \(call.margin) \(details)"
    }
  }

  static func line(_ day: String, _ fields: String, input: Int, output: Int = 0) -> String {
    #"{"at":"\#(day)",\#(fields)"model":"m","provider":"acme","units":{"input":\#(input),"output":\#(output)}}"#
  }

  @Test func `calls booked alike share a dimension; another card or band is another`() throws {
    var table = DimensionTable(rates: try Self.book())
    var decoder = CallDecoder()
    let rows = Self.booked(
      [
        Self.line("2026-02-01", "", input: 100), Self.line("2026-02-02", "", input: 200),
        Self.line("2026-02-01", "", input: 1001), Self.line("2026-03-01", "", input: 100),
        Self.line("2026-02-01", "", input: 100), Self.line("2025-01-01", "", input: 100),
        Self.line("2026-03-02", "", input: 5000),
      ], &table, &decoder)
    #expect(
      rows == [
        "0 exact 200000 0 ", "0 exact 400000 0 ", "1 exact 4004000 0 ", "2 exact 100000 0 ",
        "0 exact 200000 0 ", "3 unpriced 0 0 ", "2 exact 5000000 0 ",
      ])
  }

  @Test func `a routed call carries what the route added`() throws {
    // February: 100 × 3 against 100 × 2; March: against 100 × 1. An error is not billed.
    let routed = #""route":"huggingface","#
    var table = DimensionTable(rates: try Self.book())
    var decoder = CallDecoder()
    let rows = Self.booked(
      [
        Self.line("2026-02-01", routed, input: 100), Self.line("2026-03-01", routed, input: 100),
        Self.line("2026-02-01", routed + #""status":500,"#, input: 100),
      ], &table, &decoder)
    #expect(
      rows == [
        "0 exact 300000 100000 ", "1 exact 300000 200000 ", #"0 exact 0 0 {"status":500}"#,
      ])
  }

  @Test func `a new book prices from then on, and old dimensions keep their numbers`() throws {
    var table = DimensionTable(rates: try Self.book())
    var decoder = CallDecoder()
    let line = Self.line("2026-03-01", "", input: 100)
    #expect(Self.booked([line], &table, &decoder) == ["0 exact 100000 0 "])
    table.replace(rates: .empty)
    #expect(Self.booked([line], &table, &decoder) == ["1 unpriced 0 0 "])
    table.replace(rates: try Self.book())
    #expect(Self.booked([line], &table, &decoder) == ["0 exact 100000 0 "])
  }
}
