import Foundation
import Units

/// The system's zones, as the price files name them.
enum ZoneFiles {
  /// From 2000 on, as no line is older; to 2100, as no line is younger.
  private static let span = 946_684_800.0...4_102_444_800.0

  /// A zone by its IANA name, with every change of its clocks; nil when the system has none of that name.
  @Sendable static func offsets(of name: String) -> ZoneOffsets? {
    if name == "UTC" { return .utc }
    guard TimeZone.knownTimeZoneIdentifiers.contains(name), let zone = TimeZone(identifier: name) else {
      return nil
    }
    var moment = Date(timeIntervalSince1970: span.lowerBound)
    func offset() -> Int64 { Int64(zone.secondsFromGMT(for: moment)) }
    var spans = [ZoneOffsets.Span(from: Timestamp(microseconds: .min), seconds: offset())]
    while let next = zone.nextDaylightSavingTimeTransition(after: moment),
      next.timeIntervalSince1970 < span.upperBound
    {
      moment = next
      let from = Int64(next.timeIntervalSince1970) * Timestamp.microsecondsPerSecond
      spans.append(ZoneOffsets.Span(from: Timestamp(microseconds: from), seconds: offset()))
    }
    return ZoneOffsets(name: name, spans: spans)
  }
}
