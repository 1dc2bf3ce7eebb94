import Units

/// The instants from one up to, and without, another.
package struct Span: Hashable, Sendable {
  package let from: Timestamp
  package let to: Timestamp

  /// Returns nil when the span would end before it begins.
  package init?(from: Timestamp, to: Timestamp) {
    guard from <= to else { return nil }
    self.from = from
    self.to = to
  }

  /// The span of no time at an instant.
  package init(at instant: Timestamp) {
    from = instant
    to = instant
  }

  private init(hours: Range<Int64>) {
    from = Timestamp(microseconds: hours.lowerBound * Timestamp.microsecondsPerHour)
    to = Timestamp(microseconds: hours.upperBound * Timestamp.microsecondsPerHour)
  }

  package var isEmpty: Bool { from == to }

  package func contains(_ instant: Timestamp) -> Bool { from <= instant && instant < to }

  /// The span of whole UTC hours.
  package static func hours(_ hours: Range<Int64>) -> Span { Span(hours: hours) }

  /// The parts whose sums the ledger keeps, and the edges whose calls must be added up.
  ///
  /// Together they are the span, and no two of them overlap.
  package struct Parts: Hashable, Sendable {
    /// Whole UTC days, as days since 1970.
    package var days: Range<Int64> = 0..<0
    /// Whole UTC hours outside those days, as hours since 1970.
    package var hours: [Range<Int64>] = []
    /// What is left: at most two spans of less than an hour.
    package var edges: [Span] = []
  }

  package var parts: Parts {
    var parts = Parts()
    let hour = Timestamp.microsecondsPerHour
    let firstHour = from.microseconds == from.hour * hour ? from.hour : from.hour + 1
    let endHour = to.hour
    guard firstHour <= endHour else {
      parts.edges = isEmpty ? [] : [self]
      return parts
    }
    let whole = Span(hours: firstHour..<endHour)
    parts.edges = [Span(from: from, to: whole.from), Span(from: whole.to, to: to)]
      .compactMap { $0 }.filter { !$0.isEmpty }
    let firstDay = -Self.floorDivide(-firstHour, by: 24)
    let endDay = Self.floorDivide(endHour, by: 24)
    if firstDay < endDay {
      parts.days = firstDay..<endDay
      parts.hours = [firstHour..<firstDay * 24, endDay * 24..<endHour].filter { !$0.isEmpty }
    } else if firstHour < endHour {
      parts.hours = [firstHour..<endHour]
    }
    return parts
  }

  private static func floorDivide(_ value: Int64, by divisor: Int64) -> Int64 {
    value / divisor - (value % divisor < 0 ? 1 : 0)
  }
}
