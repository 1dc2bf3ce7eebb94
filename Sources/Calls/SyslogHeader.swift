/// Where the message begins behind the header that loggers put before it.
///
/// Reads RFC 5424 (`<13>1 2026-11-20T10:00:00Z host app - - - {…}`) and the older form of RFC 3164 and of `logger`
/// (`<13>Nov 20 10:00:00 host tag[12]: {…}`). What has no such header begins at once.
package enum SyslogHeader {
  private static let open = UInt8(ascii: "<")
  private static let brace = UInt8(ascii: "{")
  private static let space = UInt8(ascii: " ")

  /// Bytes before the message; 0 where there is no header.
  ///
  /// The mark `@cee:`, by which rsyslog and `logger` announce JSON, is part of the header.
  package static func length(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
    let length = lengthOfHeader(of: bytes)
    guard length > 0, bytes[length...].starts(with: mark) else { return length }
    return bytes[(length + mark.count)...].firstIndex { $0 != space } ?? bytes.count
  }

  private static let mark = Array("@cee:".utf8)

  private static func lengthOfHeader(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
    guard bytes.first == open, let close = bytes.prefix(5).firstIndex(of: UInt8(ascii: ">")), close > 1,
      bytes[1..<close].allSatisfy({ (48...57).contains($0) })
    else { return 0 }
    let rest = close + 1
    if rest + 1 < bytes.count, bytes[rest] == UInt8(ascii: "1"), bytes[rest + 1] == space {
      return message(in: bytes, afterVersion: rest + 2)
    }
    // The older form says nothing of where its tag ends; a tag has no brace.
    return bytes[rest...].firstIndex(of: brace) ?? rest
  }

  /// RFC 5424: time, host, program, process and message id; then structured data; then the message.
  private static func message(in bytes: UnsafeBufferPointer<UInt8>, afterVersion start: Int) -> Int {
    var place = start
    for _ in 0..<5 {
      guard let end = bytes[place...].firstIndex(of: space) else { return bytes.count }
      place = end + 1
    }
    if place < bytes.count, bytes[place] == UInt8(ascii: "[") {
      place = endOfData(in: bytes, place)
    } else {
      place += 1
    }
    if place < bytes.count, bytes[place] == space { place += 1 }
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    return bytes[min(place, bytes.count)...].starts(with: mark) ? place + mark.count : min(place, bytes.count)
  }

  /// Behind the last of the elements `[id name="value"]`, in whose quotes brackets may stand.
  private static func endOfData(in bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var place = start
    var isQuoted = false
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "\\") where isQuoted: place += 1
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: "]") where !isQuoted:
        if place + 1 >= bytes.count || bytes[place + 1] != UInt8(ascii: "[") { return place + 1 }
      default: break
      }
      place += 1
    }
    return bytes.count
  }
}
