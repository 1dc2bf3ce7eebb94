import Units

/// An amount that somebody may spend in a period.
package struct Budget: Hashable, Sendable {
  /// Unit: bytes of UTF-8.
  package static let nameMax = 64
  package static let matchersMax = 8

  /// Its name in alerts.
  package let name: String
  /// Whose calls count: all of these labels; none for everybody's.
  package let labels: [IncidentKey.Label]
  package let amount: Amount
  /// Whose months its periods are.
  package let zone: ZoneOffsets

  /// Returns nil without a name, for one that is too long, for too many labels, and unless the amount is above nought.
  package init?(name: String, labels: [IncidentKey.Label] = [], amount: Amount, zone: ZoneOffsets = .utc) {
    guard (1...Self.nameMax).contains(name.utf8.count), labels.count <= Self.matchersMax, amount > .zero
    else { return nil }
    self.name = name
    self.labels = labels.sorted()
    self.amount = amount
    self.zone = zone
  }

  /// Whether calls with these dimensions count.
  package func covers(_ value: (String) -> String) -> Bool { labels.allSatisfy { value($0.name) == $0.value } }

  /// The month of the zone that an instant lies in, and its instants.
  package func period(at instant: Timestamp) -> BudgetPeriod {
    let ahead = zone.offset(at: instant).microseconds
    let month = Month(of: Timestamp(microseconds: instant.microseconds + ahead).day)
    return BudgetPeriod(
      month: month, from: start(of: month.first), to: start(of: Day(number: month.last.number + 1)))
  }

  /// Midnight on the zone's clocks; where they skip or repeat it, by the offset that holds after it.
  private func start(of day: Day) -> Timestamp {
    let ahead = zone.offset(at: day.start).microseconds
    let guess = Timestamp(microseconds: day.start.microseconds - ahead)
    return Timestamp(microseconds: day.start.microseconds - zone.offset(at: guess).microseconds)
  }
}

/// A month of a budget: half-open.
package struct BudgetPeriod: Hashable, Sendable {
  package let month: Month
  package let from: Timestamp
  package let to: Timestamp

  /// The first bucket that begins in it, and the first that begins behind it.
  package var buckets: Range<Int32> {
    let first = Self.first(from)
    return first..<max(first, Self.first(to))
  }

  private static func first(_ instant: Timestamp) -> Int32 {
    let bucket = Bucket(containing: instant)
    return bucket.start < instant ? bucket.number + 1 : bucket.number
  }
}
