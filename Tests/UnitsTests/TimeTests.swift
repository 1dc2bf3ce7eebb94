import Testing
import Units

@Suite struct TimeTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", Int64(0)), ("1969-12-31T23:59:59.999999Z", -1),
    ("2026-10-01T10:00:00Z", 1_790_848_800_000_000), ("2026-10-01T12:00:00+02:00", 1_790_848_800_000_000),
    ("2026-10-01 04:30:00.5-05:30", 1_790_848_800_500_000), ("2024-02-29", 1_709_164_800_000_000),
    ("2026-10-01t10:00:00z", 1_790_848_800_000_000), ("2026-10-01T10:00:00.123456789Z", 1_790_848_800_123_456),
  ])
  func `RFC 3339 is read to the microsecond`(text: String, microseconds: Int64) {
    #expect(Timestamp(text)?.microseconds == microseconds)
  }

  @Test(arguments: [
    "", "2026", "2026-13-01", "2026-02-29", "2026-10-01T10:00:00", "2026-10-01T25:00:00Z",
    "2026-10-01T10:60:00Z", "2026-10-01T10:00:00.Z", "2026-10-01T10:00:00+2", "2026-10-01T10:00:00Zx",
    "٢٠٢٦-10-01",
  ])
  func `anything else is no instant`(text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test func `an instant is written as it is read`() {
    for text in [
      "1970-01-01T00:00:00Z", "2026-10-01T10:00:00.5Z", "1969-12-31T23:59:59.999999Z", "2100-03-01T00:00:00Z",
    ] {
      #expect(Timestamp(text)?.description == text)
    }
  }

  @Test func `days follow each other through four centuries`() throws {
    var day = try #require(Day("1969-12-31"))
    for number in 0..<146_098 {
      day = Day(number: number)
      let (year, month, dayOfMonth) = day.civil
      #expect(Day(year: year, month: month, day: dayOfMonth) == day)
      if number == 20_727 { #expect(day.description == "2026-10-01") }
    }
    #expect(day.description == "2370-01-01")
  }

  @Test func `hours are rounded down, before 1970 too`() {
    #expect(Timestamp(microseconds: -1).hour == -1)
    #expect(Timestamp(microseconds: 3_599_999_999).hour == 0)
    #expect(Timestamp(microseconds: 3_600_000_000).hour == 1)
    #expect(Timestamp(microseconds: -1).day.description == "1969-12-31")
  }
}
