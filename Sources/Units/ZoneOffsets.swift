/// How far a zone's clocks are ahead of UTC, through time.
///
/// Made at the edge from the system's zone files; the core asks no system.
package struct ZoneOffsets: Sendable {
  /// The zone's IANA name, such as `Asia/Shanghai`.
  package let name: String
  /// From each instant on, the offset in seconds; the first holds since ever.
  private let spans: [Span]

  package struct Span: Sendable {
    package let from: Timestamp
    package let seconds: Int64

    package init(from: Timestamp, seconds: Int64) {
      self.from = from
      self.seconds = seconds
    }
  }

  /// `spans` rise by their instants; an empty list is UTC.
  package init(name: String, spans: [Span]) {
    self.name = name
    self.spans = spans.isEmpty ? [Span(from: Timestamp(microseconds: .min), seconds: 0)] : spans
  }

  package static let utc = ZoneOffsets(name: "UTC", spans: [])

  /// The offset in microseconds at an instant, and the instants between which it holds.
  package func offset(at instant: Timestamp) -> (microseconds: Int64, from: Timestamp, until: Timestamp) {
    let next = spans.firstIndex { $0.from > instant } ?? spans.count
    let span = spans[max(next - 1, 0)]
    return (
      span.seconds * Timestamp.microsecondsPerSecond, next > 1 ? span.from : Timestamp(microseconds: .min),
      next < spans.count ? spans[next].from : Timestamp(microseconds: .max)
    )
  }
}

extension ZoneOffsets: Hashable {
  package static func == (a: ZoneOffsets, b: ZoneOffsets) -> Bool { a.name == b.name }
  package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
