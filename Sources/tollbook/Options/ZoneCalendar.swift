import Audit
import Foundation
import Rates
import Units

/// Days, weeks and months as one zone counts them.
///
/// The only place that knows zones: what comes out are instants, and names for spans of them.
struct ZoneCalendar: Sendable {
  let name: String
  private let zone: TimeZone

  static let utc = ZoneCalendar(name: "UTC", zone: .gmt)

  private init(name: String, zone: TimeZone) {
    self.name = name
    self.zone = zone
  }

  /// The zone of an IANA name, such as `Europe/Berlin`.
  init(named name: String) throws(CommandFault) {
    if name == "UTC" || name == "Z" {
      self = .utc
      return
    }
    guard let zone = TimeZone(identifier: name) else {
      let near = nearest(to: name, in: TimeZone.knownTimeZoneIdentifiers)
      throw CommandFault(
        misuse: "There is no zone '\(name)'." + (near.map { " Did you mean '\($0)'?" } ?? ""),
        try: "tollbook spend --zone \(near ?? "Europe/Berlin")")
    }
    self.name = name
    self.zone = zone
  }

  /// Seconds that the zone's clocks are ahead of UTC.
  private func offset(_ second: Int64) -> Int64 {
    Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(second))))
  }

  private static func second(_ instant: Timestamp) -> Int64 {
    let (second, rest) = instant.microseconds.quotientAndRemainder(
      dividingBy: Timestamp.microsecondsPerSecond)
    return rest < 0 ? second - 1 : second
  }

  /// How many hours ago the clocks showed what they show now, so many weeks before; a change by less than an hour is
  /// passed over.
  func hoursBack(weeks: Int64, from instant: Timestamp) -> Int64 {
    let second = Self.second(instant)
    let change = offset(second) - offset(second - weeks * 7 * 86_400)
    return weeks * 168 - change / 3_600
  }

  /// The day that the zone's calendar shows at an instant.
  func day(of instant: Timestamp) -> Day {
    let offset = offset(Self.second(instant)) * Timestamp.microsecondsPerSecond
    return Timestamp(microseconds: instant.microseconds + offset).day
  }

  /// The first instant of a day; of the next one where the zone skipped it.
  ///
  /// Where clocks are put forward at midnight, that is the instant at which they are.
  func start(of day: Day) -> Timestamp {
    let midnight = Int64(day.number) * 86_400
    let offsets = Set([-86_400, 0, 86_400].map { offset(midnight + $0) })
    let starts = offsets.map { midnight - $0 }.filter { $0 + offset($0) == midnight }
    if let first = starts.min() { return Self.instant(first) }
    var before = midnight - (offsets.max() ?? 0)
    var after = midnight - (offsets.min() ?? 0)
    while after - before > 1 {
      let middle = before + (after - before) / 2
      if middle + offset(middle) < midnight { before = middle } else { after = middle }
    }
    return Self.instant(after)
  }

  /// The day that the zone's calendar shows at an instant, and the instants that it lasts.
  func lasting(at instant: Timestamp) -> (day: Day, span: Span) {
    let day = day(of: instant)
    let next = start(of: Day(number: day.number + 1))
    return (day, Span(from: start(of: day), to: next) ?? Span(at: instant))
  }

  /// The first instant at which the zone's clocks show a time, given as if it were UTC.
  ///
  /// Where clocks are put forward over it, that is the time on the clocks from before.
  func instant(onClocks time: Timestamp) -> Timestamp {
    let second = Self.second(time)
    let offsets = Set([-86_400, 0, 86_400].map { offset(second + $0) })
    let shown = offsets.filter { offset(second - $0) == $0 }.max()
    let ahead = shown ?? offset(second - 86_400)
    return Timestamp(
      microseconds: time.microseconds - ahead * Timestamp.microsecondsPerSecond)
  }

  private static func instant(_ second: Int64) -> Timestamp {
    Timestamp(microseconds: second * Timestamp.microsecondsPerSecond)
  }

  /// `2026-11-20T00:00:00+01:00`; with `Z` in UTC.
  func text(_ instant: Timestamp) -> String {
    if self.name == "UTC" { return "\(instant)" }
    let seconds = offset(Self.second(instant))
    let local = Timestamp(
      microseconds: instant.microseconds + seconds * Timestamp.microsecondsPerSecond)
    return "\(local)".dropLast() + Self.offsetText(seconds)
  }

  private static func offsetText(_ seconds: Int64) -> String {
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let minutes = seconds.magnitude / 60
    return (seconds < 0 ? "-" : "+") + two(Int64(minutes / 60)) + ":" + two(Int64(minutes % 60))
  }

  // MARK: - Periods

  /// Periods of a report at most.
  static let periodsMax = 100_000

  /// The span cut where a period of the finest of `keys` ends; empty when none is a key of time.
  func periods(_ keys: [SpendKey], over span: Span) throws(CommandFault) -> [SpendQuery.Period] {
    let times = Set(keys.filter(\.isTime))
    guard !times.isEmpty else { return [] }
    let unit: SpendKey =
      times.contains(.hour)
      ? .hour
      : times.contains(.day) || times.count > 1 ? .day : times.first ?? .day
    var periods: [SpendQuery.Period] = []
    var from = span.from
    while from < span.to {
      guard periods.count < Self.periodsMax else {
        throw CommandFault(
          misuse: "The report would have more than \(Self.periodsMax) \(unit.name)s. "
            + "Name a shorter span, or a longer period.",
          try: "tollbook spend --by \(unit == .hour ? "day" : "month")")
      }
      let to = min(end(of: unit, at: from), span.to)
      guard let part = Span(from: from, to: to) else { break }
      let labels = times.map { ($0, label($0, from)) }
      periods.append(
        SpendQuery.Period(span: part, labels: Dictionary(uniqueKeysWithValues: labels)))
      from = to
    }
    return periods
  }

  /// The first instant behind the period that holds `instant`.
  private func end(of unit: SpendKey, at instant: Timestamp) -> Timestamp {
    if unit == .hour { return endOfHour(at: instant) }
    let today = day(of: instant)
    var next =
      switch unit {
      case .week: Day(number: Self.monday(of: today).number + 7)
      case .month: Self.firstOfNextMonth(today)
      default: Day(number: today.number + 1)
      }
    // A day that the zone skipped begins where the next one does.
    while start(of: next) <= instant { next = Day(number: next.number + 1) }
    return start(of: next)
  }

  /// The next full hour on the zone's clocks, or the instant at which they are put forward or back.
  private func endOfHour(at instant: Timestamp) -> Timestamp {
    let second = Self.second(instant)
    let ahead = offset(second)
    let local = second + ahead
    let intoHour = ((local % 3600) + 3600) % 3600
    var after = second + 3600 - intoHour
    guard offset(after) != ahead || offset(after - 1) != ahead else { return Self.instant(after) }
    var before = second
    while after - before > 1 {
      let middle = before + (after - before) / 2
      if offset(middle) == ahead { before = middle } else { after = middle }
    }
    return Self.instant(after)
  }

  private func label(_ unit: SpendKey, _ instant: Timestamp) -> String {
    let day = day(of: instant)
    switch unit {
    case .hour:
      let text = text(instant)
      return String(text.prefix(16)) + (text.hasSuffix("Z") ? "Z" : text.suffix(6))
    case .week:
      let thursday = Day(number: Self.monday(of: day).number + 3)
      let first = Day(year: thursday.civil.year, month: 1, day: 1) ?? thursday
      let week = (thursday.number - first.number) / 7 + 1
      return "\(thursday.civil.year)-W\(week < 10 ? "0" : "")\(week)"
    case .month: return String("\(day)".prefix(7))
    default: return "\(day)"
    }
  }

  private static func monday(of day: Day) -> Day {
    // 1970-01-01 was a Thursday.
    Day(number: day.number - ((day.number + 3) % 7 + 7) % 7)
  }

  static func firstOfNextMonth(_ day: Day) -> Day {
    let (year, month, _) = day.civil
    let next =
      month == 12
      ? Day(year: year + 1, month: 1, day: 1) : Day(year: year, month: month + 1, day: 1)
    return next ?? Day(number: day.number + 28)
  }
}
