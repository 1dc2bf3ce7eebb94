import Units

/// Hours of some weekdays, by the clocks of a zone: when a peak or off-peak price holds.
///
/// Half-open: at `from` it begins, at `until` it is over. A window that ends at or before its beginning goes
/// on into the next day and belongs to the day on which it began: Friday 22:00 to 06:00 covers Saturday's
/// first six hours.
package struct TimeWindow: Hashable, Sendable {
  /// Bit 0 is Monday: the days on which the window begins.
  package let weekdays: UInt8
  /// Minutes since midnight by the zone's clocks.
  package let from: Int
  package let until: Int
  package let zone: ZoneOffsets

  package static let everyDay: UInt8 = 0b111_1111
  private static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
  private static let minuteMicroseconds: Int64 = 60_000_000
  private static let dayMicroseconds: Int64 = 24 * Timestamp.microsecondsPerHour

  /// Reads `16:30-00:30`, and `mon-fri` or `mon,wed,sat`; nil when one of them is no such text.
  ///
  /// Without hours the whole day counts, without weekdays every day.
  package init?(hours: String?, weekdays: String?, zone: ZoneOffsets) {
    guard let days = weekdays.map(Self.days) ?? Self.everyDay else { return nil }
    guard let span = hours.map(Self.span) ?? (0, 0) else { return nil }
    self.weekdays = days
    (from, until) = span
    self.zone = zone
  }

  private static func span(_ text: String) -> (Int, Int)? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { minute($0) }
    guard ends.count == 2, let from = ends[0], let until = ends[1], from < 1440 else { return nil }
    return (from, until % 1440)
  }

  /// Minutes of `16:30`; `24:00` is the day's end.
  private static func minute(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = Int(parts[0]),
      let minute = Int(parts[1]), hour >= 0, (0..<60).contains(minute), hour * 60 + minute <= 1440
    else { return nil }
    return hour * 60 + minute
  }

  private static func days(_ text: String) -> UInt8? {
    var days: UInt8 = 0
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { names.firstIndex(of: String($0)) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2 else { return nil }
      var day = first
      days |= 1 << UInt8(day)
      while day != last {
        day = (day + 1) % 7
        days |= 1 << UInt8(day)
      }
    }
    return days
  }

  // MARK: - When it holds

  /// Minutes from the window's beginning to its end.
  private var minutes: Int { until > from ? until - from : until - from + 1440 }

  /// Whether the window holds at an instant, and between which instants the answer stays the same.
  package func holds(at instant: Timestamp) -> (holds: Bool, from: Timestamp, until: Timestamp) {
    let offset = zone.offset(at: instant)
    var holds = false
    var first = offset.from.microseconds
    var last = offset.until.microseconds
    let local = instant.microseconds + offset.microseconds
    let today = Timestamp(microseconds: local).day.number
    // A window may have begun yesterday, and the next may be a week ahead.
    for day in today - 8...today + 8 where weekdays & (1 << UInt8((day + 3) %% 7)) != 0 {
      let begins =
        Int64(day) * Self.dayMicroseconds + Int64(from) * Self.minuteMicroseconds - offset.microseconds
      let ends = begins + Int64(minutes) * Self.minuteMicroseconds
      if begins <= instant.microseconds, instant.microseconds < ends { holds = true }
      for edge in [begins, ends] {
        if edge <= instant.microseconds { first = max(first, edge) } else { last = min(last, edge) }
      }
    }
    return (holds, Timestamp(microseconds: first), Timestamp(microseconds: last))
  }

  /// Whether both can hold at once, as far as their own clocks tell.
  package func meets(_ other: TimeWindow) -> Bool {
    guard zone == other.zone else { return true }
    let mine = weekMinutes
    return other.weekMinutes.contains { span in
      mine.contains { $0.lowerBound < span.upperBound && span.lowerBound < $0.upperBound }
    }
  }

  /// Its spans in minutes since Monday's beginning; what passes Sunday's end comes again at the front.
  private var weekMinutes: [Range<Int>] {
    (0..<7).filter { weekdays & (1 << UInt8($0)) != 0 }.flatMap { day -> [Range<Int>] in
      let start = day * 1440 + from
      let span = start..<start + minutes
      return span.upperBound > 10_080 ? [span, span.lowerBound - 10_080..<span.upperBound - 10_080] : [span]
    }
  }

  /// `hours=16:30-00:30;weekdays=mon,tue;zone=UTC`, as ``Conditions/text`` writes it.
  package var text: String {
    func clock(_ minute: Int) -> String {
      func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
      return "\(two(minute / 60)):\(two(minute % 60))"
    }
    var parts = ["hours=\(clock(from))-\(clock(until))"]
    if weekdays != Self.everyDay {
      let days = (0..<7).filter { weekdays & (1 << UInt8($0)) != 0 }.map { Self.names[$0] }
      parts.append("weekdays=\(days.joined(separator: ","))")
    }
    return (parts + ["zone=\(zone.name)"]).joined(separator: ";")
  }
}

infix operator %% : MultiplicationPrecedence

/// The remainder that is never negative.
private func %% (a: Int, b: Int) -> Int {
  let rest = a % b
  return rest < 0 ? rest + b : rest
}
