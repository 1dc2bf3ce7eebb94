import Units

/// Hours of the day, and days of the week, in which a price holds.
package struct PriceWindow: Hashable, Sendable {
  /// `16:30-00:30`: the start is in it, the end is not; it may run over midnight.
  package let hours: String?
  /// `mon-fri`, `sat,sun`; nil for every day.
  package let weekdays: String?

  /// Whether prices by the hour become cards: the one switch.
  ///
  /// Off, a model whose price depends on the hour is left out: either price alone would be wrong.
  package static let areCards = true

  /// The window as conditions of a card.
  package var conditions: [String: String] {
    var when: [String: String] = [:]
    if let hours {
      when["hours"] = hours
      when["zone"] = "UTC"
    }
    if let weekdays {
      when["weekdays"] = weekdays
      when["zone"] = "UTC"
    }
    return when
  }

  package init(hours: String?, weekdays: String?) {
    self.hours = hours
    self.weekdays = weekdays
  }

  /// Reads `16:30-00:30`; a span that ends where it starts is the whole day, and has no hours.
  ///
  /// Nil for anything else.
  static func span(_ text: String) -> (start: Int, end: Int)? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let start = minutes(ends[0]), let end = minutes(ends[1]) else { return nil }
    return (start, end)
  }

  /// Minutes since midnight of `16:30`, of `16:30:00Z`, and of no other text.
  static func minutes(_ text: Substring) -> Int? {
    var text = text
    if text.hasSuffix("Z") { text.removeLast() }
    if text.utf8.count == 8, text.hasSuffix(":00") { text.removeLast(3) }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = Int(parts[0]),
      let minute = Int(parts[1]), (0..<24).contains(hour), (0..<60).contains(minute)
    else { return nil }
    return hour * 60 + minute
  }

  /// `16:30-00:30` of minutes since midnight; nil for a whole day.
  static func hours(from start: Int, to end: Int) -> String? {
    func clock(_ minutes: Int) -> String {
      let (hour, minute) = (minutes / 60 % 24, minutes % 60)
      return (hour < 10 ? "0\(hour)" : "\(hour)") + ":" + (minute < 10 ? "0\(minute)" : "\(minute)")
    }
    return start == end ? nil : clock(start) + "-" + clock(end)
  }

  private static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  /// `mon-fri` of day numbers, 1 for Monday; nil when it is every day, or when one is no day.
  static func weekdays(_ days: [Int]) -> (text: String?, isSound: Bool) {
    let days = Set(days).sorted()
    guard let first = days.first, let last = days.last, days.allSatisfy({ (1...7).contains($0) })
    else { return (nil, false) }
    if days.count == 7 { return (nil, true) }
    if days.count > 2, last - first == days.count - 1 {
      return (names[first - 1] + "-" + names[last - 1], true)
    }
    return (days.map { names[$0 - 1] }.joined(separator: ","), true)
  }

  /// The number of `monday`, `mon`; nil for another word.
  static func weekday(_ name: String) -> Int? {
    names.firstIndex(of: String(name.lowercased().prefix(3))).map { $0 + 1 }
  }
}
