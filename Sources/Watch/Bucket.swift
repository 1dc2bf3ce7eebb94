import Units

/// Five minutes of a clock, the grain in which spend is watched: half-open, counted from 1970-01-01T00:00:00Z.
package struct Bucket: Hashable, Comparable, Sendable {
  /// Unit: seconds.
  package static let seconds: Int64 = 300
  package static let perHour: Int32 = 12
  package static let perDay: Int32 = 288
  /// How long after its end a bucket is closed, so that lines under way are in it.
  ///
  /// Unit: seconds.
  package static let lateness: Int64 = 60

  package let number: Int32

  package init(number: Int32) { self.number = number }

  /// The bucket an instant falls in; instants beyond ±20,000 years fall in the outermost.
  package init(containing instant: Timestamp) {
    let length = Self.seconds * Timestamp.microsecondsPerSecond
    let quotient = instant.microseconds / length
    number = Int32(clamping: instant.microseconds % length < 0 ? quotient - 1 : quotient)
  }

  package var start: Timestamp {
    Timestamp(microseconds: Int64(number) * Self.seconds * Timestamp.microsecondsPerSecond)
  }

  package static func < (a: Bucket, b: Bucket) -> Bool { a.number < b.number }

  package var next: Bucket { Bucket(number: number + 1) }

  /// The same hour on the clocks of a zone.
  package func hourOfWeek(in zone: ZoneOffsets) -> Int {
    hourOfWeek(utcOffset: zone.offset(at: start).microseconds / Timestamp.microsecondsPerSecond)
  }

  /// The hour of the day, 0 to 23, on a Monday to Friday; 24 more on a Saturday or Sunday.
  ///
  /// `utcOffset` is the seconds that local time is ahead of UTC.
  package func hourOfWeek(utcOffset: Int64) -> Int {
    let local = Int64(number) * Self.seconds + utcOffset
    let day = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
    let hour = Int((local - day * 86_400) / 3600)
    // 1970-01-01 was a Thursday.
    let weekday = ((day + 3) % 7 + 7) % 7
    return weekday >= 5 ? hour + 24 : hour
  }
}
