/// A month of the calendar in UTC: the period that credits are granted for and statements speak of.
package struct Month: Hashable, Comparable, Sendable {
  /// Months since January of the year 0.
  private let number: Int

  package static func < (a: Month, b: Month) -> Bool { a.number < b.number }

  /// The month that a day lies in.
  package init(of day: Day) {
    let (year, month, _) = day.civil
    number = year * 12 + month - 1
  }

  /// Its first day.
  package var first: Day { Self.first(of: number) }

  /// Its last day.
  package var last: Day { Day(number: Self.first(of: number + 1).number - 1) }

  /// Its days, half-open.
  package var days: Range<Day> { first..<Self.first(of: number + 1) }

  private static func first(of number: Int) -> Day {
    Day(year: number / 12, month: number % 12 + 1, day: 1) ?? (number < 12 ? earliest : latest)
  }

  /// What stands in for days beyond the years 1 to 9999, which cannot be written.
  private static let earliest = Day(number: -719_162)
  private static let latest = Day(number: 2_932_897)
}

extension Month: CustomStringConvertible {
  /// `2026-11`.
  package var description: String { String("\(first)".prefix(7)) }

  /// Reads `2026-11`; nil for any other text.
  package init?(_ text: String) {
    guard text.utf8.count == 7, let day = Day(text + "-01") else { return nil }
    self.init(of: day)
  }
}
