import Units

/// A span's time: nanoseconds since 1970 in a text or number of 19 digits, seconds and nanoseconds in
/// a list, or what our own lines take.
struct SpanTime {
  let microseconds: Int64

  init?(_ value: Outline.Value?) {
    guard let value else { return nil }
    if value.isList {
      // JavaScript's console writes [seconds, nanoseconds].
      let parts = value.children.compactMap { Int64(String(decoding: $0.bytes, as: UTF8.self)) }
      guard parts.count == 2, (946_684_800..<4_102_444_800).contains(parts[0]), parts[1] >= 0 else { return nil }
      microseconds = parts[0] * 1_000_000 + parts[1] / 1000
      return
    }
    guard value.kind == .number || value.kind == .text else { return nil }
    if value.bytes.count == 19, value.bytes.allSatisfy({ $0 &- 48 < 10 }) {
      guard let nanoseconds = Int64(String(decoding: value.bytes, as: UTF8.self)) else { return nil }
      microseconds = nanoseconds / 1000
      return
    }
    guard let instant = try? CountText.time(value.bytes) else { return nil }
    microseconds = instant.microseconds
  }
}
