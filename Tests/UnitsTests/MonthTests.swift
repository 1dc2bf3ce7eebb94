import Testing
import Units

/// Months of the calendar.
@Suite struct MonthTests {
  @Test(arguments: [
    ("2026-11", "2026-11-01", "2026-11-30"), ("2026-12", "2026-12-01", "2026-12-31"),
    ("2028-02", "2028-02-01", "2028-02-29"), ("2100-02", "2100-02-01", "2100-02-28"),
    ("0001-01", "0001-01-01", "0001-01-31"), ("9999-12", "9999-12-01", "9999-12-31"),
  ])
  func `a month is its days`(text: String, first: String, last: String) throws {
    let month = try #require(Month(text))
    #expect("\(month)" == text && "\(month.first)" == first && "\(month.last)" == last)
    #expect(Month(of: month.first) == month && Month(of: month.last) == month)
    #expect(month.days.contains(month.last) && month.days.upperBound.number == month.last.number + 1)
  }

  @Test(arguments: ["", "2026", "2026-13", "2026-00", "2026-1", "2026-11-01", "0000-01", "٢٠٢٦-11", "november"])
  func `other text is no month`(text: String) { #expect(Month(text) == nil) }

  @Test func `days beyond those that can be written do not trap`() {
    for number in [Int(Int32.min), -800_000, 3_000_000, Int(Int32.max)] {
      let month = Month(of: Day(number: number))
      #expect(month.first <= month.last || month.days.isEmpty)
    }
  }
}
