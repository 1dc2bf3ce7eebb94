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

  /// The days of the years that a time can be written in, 1 to 9999, as days since 1970.
  package static let writtenDays: ClosedRange<Int64> = -719_162...2_932_896
  /// Their hours, as hours since 1970.
  package static let writtenHours =
    writtenDays.lowerBound * 24...writtenDays.upperBound * 24 + 23

  /// The span of whole UTC hours, which are ``writtenHours``.
  package static func hours(_ hours: Range<Int64>) -> Span { Span(hours: hours) }

  /// The span as whole UTC days, whose sums the ledger keeps, with a piece at each end.
  ///
  /// Each end goes to the nearer midnight, so that a piece is at most half a day: it is added where
  /// the days fall short of the span, and taken away where they reach beyond it.
  package struct Parts: Hashable, Sendable {
    /// As days since 1970.
    package var days: Range<Int64> = 0..<0
    package var pieces: [Piece] = []
  }

  /// A part of a day.
  package struct Piece: Hashable, Sendable {
    package let span: Span
    /// Whether it is added to the days, or taken away from them.
    package let isAdded: Bool

    /// Whole UTC hours in it, as hours since 1970.
    package var hours: Range<Int64> {
      let first = span.firstWholeHour
      return first < span.to.hour ? first..<span.to.hour : first..<first
    }

    /// What is left beside the hours, whose calls must be added up: less than an hour at each end.
    package var edges: [Span] {
      let first = span.firstWholeHour
      guard first <= span.to.hour else { return [span] }
      let whole = Span(hours: first..<span.to.hour)
      return [Span(from: span.from, to: whole.from), Span(from: whole.to, to: span.to)]
        .compactMap { $0 }.filter { !$0.isEmpty }
    }
  }

  package var parts: Parts {
    var parts = Parts()
    let (first, end) = (Self.nearestMidnight(from), Self.nearestMidnight(to))
    guard first < end else {
      parts.pieces = isEmpty ? [] : [Piece(span: self, isAdded: true)]
      return parts
    }
    parts.days = first..<end
    let days = Span(hours: first * 24..<end * 24)
    let ends = [
      (Span(from: from, to: days.from), true), (Span(from: days.from, to: from), false),
      (Span(from: days.to, to: to), true), (Span(from: to, to: days.to), false),
    ]
    parts.pieces = ends.compactMap { span, isAdded in
      span.flatMap { $0.isEmpty ? nil : Piece(span: $0, isAdded: isAdded) }
    }
    return parts
  }

  private var firstWholeHour: Int64 {
    from.microseconds == from.hour * Timestamp.microsecondsPerHour ? from.hour : from.hour + 1
  }

  private static func nearestMidnight(_ instant: Timestamp) -> Int64 {
    let half = 12 * Timestamp.microsecondsPerHour
    return Int64(Timestamp(microseconds: instant.microseconds + half).day.number)
  }
}
