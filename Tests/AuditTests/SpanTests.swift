import Audit
import TestSupport
import Testing
import Units

@Suite struct SpanTests {
  static func span(_ from: String, _ to: String) throws -> Span {
    let from = try #require(Timestamp(from))
    let to = try #require(Timestamp(to))
    return try #require(Span(from: from, to: to))
  }

  /// Days and pieces of a span, as text; pieces in their hours and edges.
  static func parts(_ span: Span) -> String {
    let parts = span.parts
    var words: [String] = []
    if !parts.days.isEmpty {
      let first = Day(number: Int(parts.days.lowerBound))
      words.append("days \(first)..<\(Day(number: Int(parts.days.upperBound)))")
    }
    for piece in parts.pieces {
      let sign = piece.isAdded ? "+" : "-"
      if !piece.hours.isEmpty {
        let hours = Span.hours(piece.hours)
        words.append("\(sign) hours \(hours.from)..<\(hours.to)")
      }
      words += piece.edges.map { "\(sign) calls \($0.from)..<\($0.to)" }
    }
    return words.joined(separator: ", ")
  }

  @Test(arguments: [
    ("2026-11-01", "2026-12-01", "days 2026-11-01..<2026-12-01"),
    (
      "2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z",
      "days 2026-11-01..<2026-12-01, + hours 2026-10-31T23:00:00Z..<2026-11-01T00:00:00Z, - hours 2026-11-30T23:00:00Z..<2026-12-01T00:00:00Z"
    ),
    (
      "2026-10-31T05:00:00Z", "2026-11-01T05:00:00Z",
      "days 2026-10-31..<2026-11-01, - hours 2026-10-31T00:00:00Z..<2026-10-31T05:00:00Z, + hours 2026-11-01T00:00:00Z..<2026-11-01T05:00:00Z"
    ),
    (
      "2026-10-31T22:30:00Z", "2026-11-01T22:30:00Z",
      "days 2026-11-01..<2026-11-02, + hours 2026-10-31T23:00:00Z..<2026-11-01T00:00:00Z, + calls 2026-10-31T22:30:00Z..<2026-10-31T23:00:00Z, - hours 2026-11-01T23:00:00Z..<2026-11-02T00:00:00Z, - calls 2026-11-01T22:30:00Z..<2026-11-01T23:00:00Z"
    ),
    (
      "2026-11-01T10:10:00Z", "2026-11-01T10:20:00Z",
      "+ calls 2026-11-01T10:10:00Z..<2026-11-01T10:20:00Z"
    ),
    (
      "2026-11-01T01:10:00Z", "2026-11-01T05:20:00Z",
      "+ hours 2026-11-01T02:00:00Z..<2026-11-01T05:00:00Z, + calls 2026-11-01T01:10:00Z..<2026-11-01T02:00:00Z, + calls 2026-11-01T05:00:00Z..<2026-11-01T05:20:00Z"
    ),
    ("2026-11-01T10:00:00Z", "2026-11-01T10:00:00Z", ""),
    ("1969-12-31", "1970-01-02", "days 1969-12-31..<1970-01-02"),
  ])
  func `a span is days, hours and edges`(from: String, to: String, parts: String) throws {
    #expect(Self.parts(try Self.span(from, to)) == parts)
  }

  @Test func `the parts of any span come to the span`() throws {
    var random = Seeded(1)
    let day = 24 * Timestamp.microsecondsPerHour
    for _ in 0..<2_000 {
      let from = Int64.random(in: -9_000_000_000_000...9_000_000_000_000, using: &random)
      let length = Int64.random(in: 0...400_000_000_000, using: &random)
      let span = try #require(
        Span(from: Timestamp(microseconds: from), to: Timestamp(microseconds: from + length)))
      // What each part covers, with the sign it is counted by.
      var covered = [(span.parts.days.lowerBound * day, span.parts.days.upperBound * day, 1)]
      for piece in span.parts.pieces {
        let sign = piece.isAdded ? 1 : -1
        #expect(piece.hours.count <= 24 && piece.edges.count <= 2)
        let hours = Span.hours(piece.hours)
        covered.append((hours.from.microseconds, hours.to.microseconds, sign))
        covered += piece.edges.map { ($0.from.microseconds, $0.to.microseconds, sign) }
        #expect(piece.edges.allSatisfy { $0.to.microseconds - $0.from.microseconds < 3_600_000_000 })
      }
      for _ in 0..<50 {
        let instant = Timestamp(
          microseconds: Int64.random(in: from - day...from + length + day, using: &random))
        let count = covered.reduce(0) { count, part in
          part.0 <= instant.microseconds && instant.microseconds < part.1 ? count + part.2 : count
        }
        #expect(count == (span.contains(instant) ? 1 : 0))
      }
    }
  }

  @Test func `a span that ends before it begins is none`() {
    #expect(Span(from: Timestamp(microseconds: 1), to: Timestamp(microseconds: 0)) == nil)
  }
}
