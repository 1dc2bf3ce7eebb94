/// What is asked over HTTP: a method, a path, a query and headers.
///
/// Read strictly (RFC 9112): what two programs could read in two ways is refused.
package struct HTTPHead: Sendable {
  package let method: String
  package let path: String
  /// Names and values of the query, with their escapes undone.
  package let query: [(name: String, value: String)]
  /// Names in lower case.
  package let headers: [(name: String, value: String)]
  /// The other end expects another answer on this connection.
  let keepsAlive: Bool

  /// Bytes up to and with the blank line that ends the head; nil when it has not come.
  static func length(in bytes: ArraySlice<UInt8>) -> Int? {
    var lineStart = bytes.startIndex
    for place in bytes.indices where bytes[place] == 10 {
      let isBlank = place == lineStart || (place == lineStart + 1 && bytes[lineStart] == 13)
      if isBlank { return place + 1 - bytes.startIndex }
      lineStart = place + 1
    }
    return nil
  }

  /// Reads a head, with its blank line or without.
  ///
  /// - Throws: ``HTTPRefusal`` of status 400, 431 or 505.
  package init(parsing bytes: ArraySlice<UInt8>) throws(HTTPRefusal) {
    guard bytes.allSatisfy({ $0 == 10 || $0 == 13 || $0 == 9 || ($0 >= 32 && $0 < 127) }) else {
      throw .malformed("The head has bytes beyond printable ASCII. Escape them as %xx.")
    }
    var lines = String(decoding: bytes, as: UTF8.self).utf8.split(separator: 10, omittingEmptySubsequences: false)
      .map { line in Substring(line.last == 13 ? line.dropLast() : line) }
    while let last = lines.last, last.isEmpty { lines.removeLast() }
    guard !lines.isEmpty, !lines.contains(where: { $0.utf8.contains(13) }) else {
      throw .malformed("The head has no first line, or a carriage return inside a line. End lines with CR LF.")
    }
    let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, !words[0].isEmpty, words[0].utf8.allSatisfy(Self.isToken), words[1].hasPrefix("/") else {
      throw .malformed("The first line is no method, path and version. Send POST /v1/usage HTTP/1.1.")
    }
    guard words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0" else {
      throw HTTPRefusal(505, "bad_http", "'\(words[2].prefix(20))' is not spoken here. Send HTTP/1.1.")
    }
    method = String(words[0])
    let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = String(target[0])
    query = target.count > 1 ? try Self.query(target[1]) : []
    headers = try Self.headers(lines.dropFirst())
    let asks = headers.filter { $0.name == "connection" }.map { $0.value.lowercased() }.joined(separator: ",")
    keepsAlive = words[2] == "HTTP/1.1" && !asks.contains("close")
  }

  /// The header's value; several of one name are joined by commas.
  package subscript(header: String) -> String? {
    let values = headers.filter { $0.name == header }.map(\.value)
    return values.isEmpty ? nil : values.joined(separator: ", ")
  }

  private static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }

  private static func headers(
    _ lines: ArraySlice<Substring>
  ) throws(HTTPRefusal) -> [(name: String, value: String)] {
    guard lines.count <= HTTPLimits.headers else {
      throw HTTPRefusal(431, "head_too_large", "There are more than \(HTTPLimits.headers) headers. Send fewer.")
    }
    var headers: [(name: String, value: String)] = []
    for line in lines {
      guard let colon = line.utf8.firstIndex(of: 58), colon > line.startIndex,
        line[..<colon].utf8.allSatisfy(isToken)
      else { throw .malformed("A header has no name and colon. Send Name: value, one a line.") }
      var value = line[line.index(after: colon)...]
      while let first = value.first, first == " " || first == "\t" { value.removeFirst() }
      while let last = value.last, last == " " || last == "\t" { value.removeLast() }
      headers.append((line[..<colon].lowercased(), String(value)))
    }
    return headers
  }

  private static func query(_ text: Substring) throws(HTTPRefusal) -> [(name: String, value: String)] {
    var pairs: [(name: String, value: String)] = []
    for pair in text.split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      pairs.append((try unescaped(sides[0]), sides.count > 1 ? try unescaped(sides[1]) : ""))
    }
    return pairs
  }

  /// Undoes `%xx`, and `+` for a space.
  private static func unescaped(_ text: Substring) throws(HTTPRefusal) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == 37 else {
        bytes.append(byte == 43 ? 32 : byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(Substring(rest.prefix(2)), radix: 16) else {
        throw .malformed("The query has a '%' without two hexadecimal digits behind it. Write %25 for '%'.")
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .malformed("The query is not UTF-8. Escape each of its bytes as %xx.")
    }
    return text
  }
}
