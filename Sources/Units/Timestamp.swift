/// An instant in UTC.
///
/// Unit: microseconds since 1970-01-01T00:00:00Z. Leap seconds are not counted, as in POSIX.
package struct Timestamp: Hashable, Comparable, Sendable {
  package let microseconds: Int64

  @inlinable package init(microseconds: Int64) { self.microseconds = microseconds }

  package static let microsecondsPerSecond: Int64 = 1_000_000
  package static let microsecondsPerHour: Int64 = 3_600_000_000

  @inlinable package static func < (a: Timestamp, b: Timestamp) -> Bool {
    a.microseconds < b.microseconds
  }

  /// Whole UTC hours since 1970, rounded down: the bucket of the hourly rollups.
  @inlinable package var hour: Int64 {
    let quotient = microseconds / 3_600_000_000
    return microseconds % 3_600_000_000 < 0 ? quotient - 1 : quotient
  }

  /// The UTC day this instant falls in.
  package var day: Day { Day(number: Int(hour >= 0 ? hour / 24 : (hour - 23) / 24)) }
}

extension Timestamp: CustomStringConvertible {
  /// RFC 3339 in UTC: `2026-11-20T23:45:55Z`, with a fraction only when there is one.
  package var description: String {
    let dayNumber = day.number
    // The day's start may lie beyond 64 bits; what is left of the day never does.
    let rest = microseconds &- Int64(dayNumber) &* 24 &* Self.microsecondsPerHour
    let seconds = rest / Self.microsecondsPerSecond
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    var text = "\(day)T\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    let fraction = rest % Self.microsecondsPerSecond
    if fraction != 0 {
      text += "." + DecimalText.plain(Int128(fraction), decimals: 6).dropFirst(2)
    }
    return text + "Z"
  }

  /// Reads RFC 3339 (`2026-11-20T23:45:55.5+01:00`) or a plain day (`2026-11-20`, midnight UTC).
  ///
  /// Returns nil for any other text. Digits beyond the microsecond are cut.
  package init?(_ text: String) {
    var text = text
    let instant = text.withUTF8 { Timestamp.parse($0) }
    guard let instant else { return nil }
    self = instant
  }

  /// As ``init(_:)``, from bytes; the log reader's way in.
  package static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Timestamp? {
    func number(_ from: Int, _ count: Int) -> Int? {
      guard from + count <= bytes.count else { return nil }
      var value = 0
      for place in from..<from + count {
        let digit = bytes[place] &- 48
        guard digit < 10 else { return nil }
        value = value * 10 + Int(digit)
      }
      return value
    }
    func has(_ byte: UInt8, at place: Int) -> Bool { place < bytes.count && bytes[place] == byte }
    guard let year = number(0, 4), has(45, at: 4), let month = number(5, 2), has(45, at: 7),
      let dayOfMonth = number(8, 2),
      let day = Day(year: year, month: month, day: dayOfMonth)
    else { return nil }
    let midnight = Int64(day.number) * 24 * microsecondsPerHour
    if bytes.count == 10 { return Timestamp(microseconds: midnight) }
    guard bytes[10] | 0x20 == 0x74 || bytes[10] == 32, let hour = number(11, 2), hour < 24,
      has(58, at: 13), let minute = number(14, 2), minute < 60, has(58, at: 16),
      let second = number(17, 2), second <= 60
    else { return nil }
    var place = 19
    var fraction: Int64 = 0
    if has(46, at: place) {
      place += 1
      var unit: Int64 = 100_000
      let first = place
      while place < bytes.count, bytes[place] &- 48 < 10 {
        fraction += unit * Int64(bytes[place] - 48)
        unit /= 10
        place += 1
      }
      guard place > first else { return nil }
    }
    var offsetMinutes = 0
    if place < bytes.count, bytes[place] | 0x20 == 0x7a {
      place += 1
    } else if place < bytes.count, bytes[place] == 43 || bytes[place] == 45 {
      guard let hours = number(place + 1, 2), has(58, at: place + 3),
        let minutes = number(place + 4, 2), hours < 24, minutes < 60
      else { return nil }
      offsetMinutes = (hours * 60 + minutes) * (bytes[place] == 45 ? -1 : 1)
      place += 6
    } else {
      return nil
    }
    guard place == bytes.count else { return nil }
    let seconds = Int64(hour * 3600 + minute * 60 + second - offsetMinutes * 60)
    return Timestamp(microseconds: midnight + seconds * microsecondsPerSecond + fraction)
  }
}
