import Foundation
import Testing
import Units

@testable import Watch

/// Five minutes of a clock, hours of a week, and logarithms that are the same everywhere.
@Suite struct BucketTests {
  /// An instant, seconds ahead of UTC | the bucket's start, the cell of the week.
  @Test(arguments: [
    "2026-11-20T00:00:00Z 0      | 2026-11-20T00:00:00Z 0",
    "2026-11-20T13:59:59Z 0      | 2026-11-20T13:55:00Z 13",
    // A Friday evening in New York that is a Saturday in UTC, and the other way round in Tokyo.
    "2026-11-21T02:00:00Z -18000 | 2026-11-21T02:00:00Z 21",
    "2026-11-21T02:00:00Z 0      | 2026-11-21T02:00:00Z 26",
    "2026-11-20T16:00:00Z 32400  | 2026-11-20T16:00:00Z 25",
    "2026-11-22T23:59:00Z 0      | 2026-11-22T23:55:00Z 47",
    "1969-12-28T12:00:00Z 0      | 1969-12-28T12:00:00Z 36",
  ])
  func `an instant lies in a bucket and an hour of the week`(row: String) throws {
    let cells = row.split(whereSeparator: { " |".contains($0) }).map(String.init)
    let bucket = Bucket(containing: try #require(Timestamp(cells[0])))
    #expect(bucket.start.description == cells[2])
    #expect(bucket.hourOfWeek(utcOffset: try #require(Int64(cells[1]))) == Int(cells[3]))
  }

  @Test func `a planned window holds its first instant and not its last`() throws {
    let from = try #require(Timestamp("2026-11-20T10:00:00Z"))
    let to = try #require(Timestamp("2026-11-20T11:00:00Z"))
    let search = SeriesKey(.team, "search")
    let window = try #require(PlannedWindow(from: from, to: to, multiplier: 4, series: search))
    let first = Bucket(containing: from)
    #expect(window.covers(first, of: search))
    #expect(window.covers(Bucket(number: first.number + 11), of: SeriesKey(.teamModel, "search", "large-1")))
    #expect(!window.covers(Bucket(number: first.number + 12), of: search))
    #expect(!window.covers(Bucket(number: first.number - 1), of: search))
    #expect(!window.covers(first, of: SeriesKey(.team, "ads")))
    #expect(PlannedWindow(from: to, to: from, multiplier: 4) == nil)
    #expect(PlannedWindow(from: from, to: to, multiplier: 0) == nil)
    #expect(PlannedWindow(from: from, to: to, multiplier: .nan) == nil)
  }

  @Test func `logarithms are right to fifteen digits`() {
    for place in 0..<20_000 {
      let x = exp(Double(place - 10_000) * 0.07)
      let right = log(x)
      #expect(abs(Logarithm.natural(x) - right) <= 1e-15 * max(1, abs(right)))
      let small = x < 1 ? x : 1 / x
      #expect(abs(Logarithm.onePlus(small) - log1p(small)) <= 1e-15 * log1p(small))
    }
    #expect(Logarithm.natural(1) == 0 && Logarithm.onePlus(0) == 0)
    #expect(abs(Logarithm.natural(.leastNonzeroMagnitude) - log(.leastNonzeroMagnitude)) < 1e-12)
  }
}
