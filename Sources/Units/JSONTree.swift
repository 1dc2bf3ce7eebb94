/// A JSON document as a tree whose every value knows its line.
///
/// For files that people write (price cards, configuration): numbers stay text, keys keep their
/// order, and a duplicate key is kept so that its reader can name it. Log lines have a faster way.
package struct JSONTree: Sendable {
  package indirect enum Value: Sendable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONTree])
    case object([Member])
  }

  package struct Member: Sendable {
    package let name: String
    package let line: Int
    package let value: JSONTree

    package init(name: String, line: Int = 0, value: JSONTree) {
      self.name = name
      self.line = line
      self.value = value
    }
  }

  package let value: Value
  /// The line the value begins on; the first is 1.
  package let line: Int

  /// Reads a whole document.
  ///
  /// - Throws: ``JSONTreeFault`` with the line of the first thing that is not JSON.
  package init(parsing text: String) throws(JSONTreeFault) {
    var reader = Reader(bytes: Array(text.utf8))
    self = try reader.document()
  }

  package init(value: Value, line: Int = 0) {
    self.value = value
    self.line = line
  }

  package var string: String? { if case .string(let text) = value { text } else { nil } }
  package var members: [Member]? { if case .object(let members) = value { members } else { nil } }
  package var elements: [JSONTree]? { if case .array(let values) = value { values } else { nil } }

  /// The first member of that name, when this is an object that has one.
  package subscript(name: String) -> JSONTree? {
    members?.first { $0.name == name }?.value
  }
}

/// Where and why a text is not JSON.
package struct JSONTreeFault: Error, Hashable, Sendable, CustomStringConvertible {
  package let line: Int
  package let what: String

  package var description: String { "line \(line): \(what)" }
}

private struct Reader {
  let bytes: [UInt8]
  var place = 0
  var line = 1
  var depth = 0

  private static let depthMax = 64

  mutating func document() throws(JSONTreeFault) -> JSONTree {
    let tree = try value()
    skipSpace()
    guard place == bytes.count else { throw fault("there is text behind the document's end") }
    return tree
  }

  private func fault(_ what: String) -> JSONTreeFault { JSONTreeFault(line: line, what: what) }

  private mutating func skipSpace() {
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "\n"):
        line += 1
        place += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): place += 1
      default: return
      }
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard place < bytes.count, bytes[place] == byte else { return false }
    place += 1
    return true
  }

  private mutating func value() throws(JSONTreeFault) -> JSONTree {
    skipSpace()
    guard place < bytes.count else { throw fault("the document ends where a value should stand") }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthMax else { throw fault("more than \(Self.depthMax) levels") }
    let start = line
    switch bytes[place] {
    case UInt8(ascii: "{"): return JSONTree(value: try object(), line: start)
    case UInt8(ascii: "["): return JSONTree(value: try array(), line: start)
    case UInt8(ascii: "\""): return JSONTree(value: .string(try string()), line: start)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return JSONTree(value: .number(number()), line: start)
    default: return JSONTree(value: try literal(), line: start)
    }
  }

  private mutating func object() throws(JSONTreeFault) -> JSONTree.Value {
    place += 1
    var members: [JSONTree.Member] = []
    if take(UInt8(ascii: "}")) { return .object([]) }
    repeat {
      skipSpace()
      guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else {
        throw fault("a member needs a name in quotes")
      }
      let nameLine = line
      let name = try string()
      guard take(UInt8(ascii: ":")) else { throw fault("'\(name)' needs a colon behind it") }
      members.append(JSONTree.Member(name: name, line: nameLine, value: try value()))
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw fault("an object is not closed here") }
    return .object(members)
  }

  private mutating func array() throws(JSONTreeFault) -> JSONTree.Value {
    place += 1
    var values: [JSONTree] = []
    if take(UInt8(ascii: "]")) { return .array([]) }
    repeat { values.append(try value()) } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw fault("an array is not closed here") }
    return .array(values)
  }

  private mutating func string() throws(JSONTreeFault) -> String {
    place += 1
    var text: [UInt8] = []
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20: throw fault("a text runs over its line's end")
      default: text.append(byte)
      }
    }
    throw fault("a text is not closed")
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONTreeFault) {
    guard place < bytes.count else { throw fault("a text is not closed") }
    let byte = bytes[place]
    place += 1
    switch byte {
    case UInt8(ascii: "n"): text.append(10)
    case UInt8(ascii: "t"): text.append(9)
    case UInt8(ascii: "r"): text.append(13)
    case UInt8(ascii: "b"): text.append(8)
    case UInt8(ascii: "f"): text.append(12)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "u"):
      var code = try hex()
      if (0xd800..<0xdc00).contains(code) {
        guard place + 1 < bytes.count, bytes[place] == UInt8(ascii: "\\"),
          bytes[place + 1] == UInt8(ascii: "u")
        else { throw fault("half of a surrogate pair") }
        place += 2
        let low = try hex()
        guard (0xdc00..<0xe000).contains(low) else { throw fault("half of a surrogate pair") }
        code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw fault("half of a surrogate pair") }
      text.append(contentsOf: String(scalar).utf8)
    default: throw fault("an escape that JSON does not have")
    }
  }

  private mutating func hex() throws(JSONTreeFault) -> UInt32 {
    guard place + 4 <= bytes.count,
      let code = UInt32(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16)
    else { throw fault("\\u needs four hexadecimal digits") }
    place += 4
    return code
  }

  private mutating func number() -> String {
    let start = place
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
        UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
        place += 1
      default: return String(decoding: bytes[start..<place], as: UTF8.self)
      }
    }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private mutating func literal() throws(JSONTreeFault) -> JSONTree.Value {
    for (word, value) in [("true", JSONTree.Value.bool(true)), ("false", .bool(false)), ("null", .null)]
    where bytes[place...].starts(with: word.utf8) {
      place += word.utf8.count
      return value
    }
    throw fault("a value that JSON does not have")
  }
}
