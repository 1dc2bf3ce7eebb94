import Calls
import Units

/// A question about spend: over which span, broken down by what, of which calls.
package struct SpendQuery: Sendable {
  package let span: Span
  /// Name of the zone whose days and months are meant; the answer repeats it.
  package let zone: String
  package let keys: [SpendKey]
  /// The span's periods in order, without gap or overlap; one when no key is a key of time.
  package let periods: [Period]
  /// Values that a call must have, by key; a key with several takes any of them.
  package let wanted: [SpendKey: Set<String>]

  /// One day, month, … of the span, as its zone counts it.
  package struct Period: Hashable, Sendable {
    package let span: Span
    /// The value of each key of time: `2026-11-20` for the day.
    package let labels: [SpendKey: String]

    package init(span: Span, labels: [SpendKey: String]) {
      self.span = span
      self.labels = labels
    }
  }

  /// Periods are made by the caller, who knows the zone; none means the whole span.
  package init(
    span: Span, zone: String, keys: [SpendKey], periods: [Period] = [],
    wanted: [SpendKey: Set<String>] = [:]
  ) {
    self.span = span
    self.zone = zone
    self.keys = keys
    self.periods = periods.isEmpty ? [Period(span: span, labels: [:])] : periods
    self.wanted = wanted
  }

  /// Whether calls of that subject are asked for.
  package func wants(_ subject: Subject) -> Bool {
    wanted.allSatisfy { key, values in values.contains(key.value(of: subject)) }
  }
}
