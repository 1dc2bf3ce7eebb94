import CSystem

/// Where in a body each line lies.
struct PostedLines {
  private(set) var ranges: ContiguousArray<Range<Int32>> = []

  /// What a body is made of.
  enum Form {
    /// Objects, each ended by a newline.
    case lines
    /// One object, or an array of them.
    case json
  }

  /// Finds the lines of a body of at most 2 GiB.
  ///
  /// - Throws: ``HTTPRefusal`` when it has none or too many, or is an array that cannot be told apart.
  init(_ body: UnsafeBufferPointer<UInt8>, _ form: Form) throws(HTTPRefusal) {
    var start = 0
    if body.starts(with: [0xef, 0xbb, 0xbf]) { start = 3 }
    let first = Self.skipSpace(body, start)
    guard first < body.count else {
      throw .emptyBody
    }
    switch form {
    case .lines: try cutLines(body, start)
    case .json where body[first] == Self.bracket: try cutArray(body, first + 1)
    case .json: try add(first, Self.trimmed(body, first, body.count))
    }
  }

  private mutating func add(_ start: Int, _ end: Int) throws(HTTPRefusal) {
    guard ranges.count < HTTPLimits.lines else {
      throw HTTPRefusal(413, "too_many_lines", "The body has more than \(HTTPLimits.lines) lines. Send it in parts.")
    }
    ranges.append(Int32(start)..<Int32(end))
  }

  private mutating func cutLines(_ body: UnsafeBufferPointer<UInt8>, _ start: Int) throws(HTTPRefusal) {
    guard let base = body.baseAddress else { return }
    var start = start
    while start < body.count {
      let end = start + Int(tb_line_end(base + start, Int64(body.count - start)))
      try add(start, end)
      start = end + 1
    }
  }

  /// Cuts an array at the commas that lie in none of its elements; what these are is asked later.
  private mutating func cutArray(_ body: UnsafeBufferPointer<UInt8>, _ start: Int) throws(HTTPRefusal) {
    var place = Self.skipSpace(body, start)
    if place < body.count, body[place] == Self.closing { return try end(body, place + 1) }
    while true {
      let first = place
      var depth = 0
      var isQuoted = false
      scan: while place < body.count {
        let byte = body[place]
        if isQuoted {
          if byte == 92 { place += 1 } else if byte == 34 { isQuoted = false }
        } else {
          switch byte {
          case 34: isQuoted = true
          case 91, 123: depth += 1
          case 93 where depth == 0, 44 where depth == 0: break scan
          case 93, 125: depth -= 1
          default: break
          }
          if depth < 0 { throw Self.badArray }
        }
        place += 1
      }
      guard place < body.count, Self.trimmed(body, first, place) > first else { throw Self.badArray }
      try add(first, Self.trimmed(body, first, place))
      if body[place] == Self.closing { return try end(body, place + 1) }
      place = Self.skipSpace(body, place + 1)
    }
  }

  private func end(_ body: UnsafeBufferPointer<UInt8>, _ place: Int) throws(HTTPRefusal) {
    guard Self.skipSpace(body, place) == body.count else { throw Self.badArray }
    if ranges.isEmpty { throw .emptyBody }
  }

  private static let bracket: UInt8 = 91
  private static let closing: UInt8 = 93
  private static let badArray = HTTPRefusal(
    400, "bad_json", "The body begins as an array and is none. Nothing of it was booked: send [{…},{…}], whole.")

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 10 || byte == 13 || byte == 9 }

  private static func skipSpace(_ body: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var place = start
    while place < body.count, isSpace(body[place]) { place += 1 }
    return place
  }

  private static func trimmed(_ body: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int {
    var end = end
    while end > start, isSpace(body[end - 1]) { end -= 1 }
    return end
  }
}

extension HTTPRefusal {
  static let emptyBody = HTTPRefusal(400, "empty_body", "There is nothing in the body. Send one JSON object a call.")
}
