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

  /// Days, hours and edges of a span, as text.
  static func parts(_ span: Span) -> String {
    let parts = span.parts
    var words: [String] = []
    if !parts.days.isEmpty {
      words.append(
        "days \(Day(number: Int(parts.days.lowerBound)))..<\(Day(number: Int(parts.days.upperBound)))"
      )
    }
    words += parts.hours.map { hours in
      let whole = Span.hours(hours)
      return "hours \(whole.from)..<\(whole.to)"
    }
    words += parts.edges.map { "calls \($0.from)..<\($0.to)" }
    return words.joined(separator: ", ")
  }

  @Test(arguments: [
    ("2026-11-01", "2026-12-01", "days 2026-11-01..<2026-12-01"),
    (
      "2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z",
      "days 2026-11-01..<2026-11-30, hours 2026-10-31T23:00:00Z..<2026-11-01T00:00:00Z, hours 2026-11-30T00:00:00Z..<2026-11-30T23:00:00Z"
    ),
    (
      "2026-10-31T18:30:00Z", "2026-11-01T18:30:00Z",
      "hours 2026-10-31T19:00:00Z..<2026-11-01T18:00:00Z, calls 2026-10-31T18:30:00Z..<2026-10-31T19:00:00Z, calls 2026-11-01T18:00:00Z..<2026-11-01T18:30:00Z"
    ),
    (
      "2026-11-01T10:10:00Z", "2026-11-01T10:20:00Z",
      "calls 2026-11-01T10:10:00Z..<2026-11-01T10:20:00Z"
    ),
    (
      "2026-11-01T10:10:00Z", "2026-11-01T11:20:00Z",
      "calls 2026-11-01T10:10:00Z..<2026-11-01T11:00:00Z, calls 2026-11-01T11:00:00Z..<2026-11-01T11:20:00Z"
    ),
    ("2026-11-01T10:00:00Z", "2026-11-01T10:00:00Z", ""),
    ("1969-12-31", "1970-01-02", "days 1969-12-31..<1970-01-02"),
  ])
  func `a span is days, hours and edges`(from: String, to: String, parts: String) throws {
    #expect(Self.parts(try Self.span(from, to)) == parts)
  }

  @Test func `the parts of any span are the span, without overlap`() throws {
    var random = Seeded(1)
    for _ in 0..<2_000 {
      let from = Timestamp(
        microseconds: Int64.random(in: -9_000_000_000_000...9_000_000_000_000, using: &random))
      let length = Int64.random(in: 0...400_000_000_000, using: &random)
      let span = try #require(
        Span(from: from, to: Timestamp(microseconds: from.microseconds + length)))
      let parts = span.parts
      let day = 24 * Timestamp.microsecondsPerHour
      var pieces = parts.edges.map { ($0.from.microseconds, $0.to.microseconds) }
      pieces += parts.hours.map {
        (
          $0.lowerBound * Timestamp.microsecondsPerHour,
          $0.upperBound * Timestamp.microsecondsPerHour
        )
      }
      if !parts.days.isEmpty {
        pieces.append((parts.days.lowerBound * day, parts.days.upperBound * day))
      }
      pieces.sort { $0.0 < $1.0 }
      var place = span.from.microseconds
      for piece in pieces {
        #expect(piece.0 == place)
        place = piece.1
      }
      #expect(place == span.to.microseconds)
    }
  }

  @Test func `a span that ends before it begins is none`() {
    #expect(Span(from: Timestamp(microseconds: 1), to: Timestamp(microseconds: 0)) == nil)
  }
}
