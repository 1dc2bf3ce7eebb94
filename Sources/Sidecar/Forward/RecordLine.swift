import Calls

/// Writes a record of MessagePack as the line of JSON that it stands for.
///
/// Whole numbers are written digit by digit, others as the shortest text that reads as the same number. Where the
/// record has a text `log` or `message` that holds an object, as containers' and files' lines come, that is the line.
struct RecordLine {
  private(set) var bytes: ContiguousArray<UInt8>
  /// Where the line begins that is being written.
  private var start = 0

  typealias Bytes = MessagePack.Bytes

  init() { bytes = [] }

  /// Adds the record as a line; what is no map comes out as JSON too, to be refused as no object.
  mutating func add(_ record: Bytes) -> Range<Int> {
    start = bytes.count
    if let line = Self.line(within: record) {
      bytes.append(contentsOf: line)
    } else {
      var reader = MessagePack(record)
      do throws(MessagePack.Fault) {
        try value(&reader, depth: 1)
      } catch {
        bytes.removeLast(bytes.count - start)
        bytes.append(contentsOf: record)
      }
    }
    defer { bytes.append(10) }
    return start..<bytes.count
  }

  /// Adds what is no record, as it came.
  mutating func add(raw: Bytes) -> Range<Int> {
    start = bytes.count
    bytes.append(contentsOf: raw)
    defer { bytes.append(10) }
    return start..<bytes.count
  }

  /// Takes back what lies behind so many bytes.
  mutating func removeAll(behind count: Int) { bytes.removeLast(bytes.count - count) }

  /// Room behind the last line that a scanner may look at.
  mutating func end() { for _ in 0..<16 { bytes.append(0) } }

  /// The line that another program has put into the record whole; a record with usage of its own has none.
  private static func line(within record: Bytes) -> Bytes? {
    var reader = MessagePack(record)
    var found: Bytes?
    do throws(MessagePack.Fault) {
      guard case .map(let count) = try reader.head() else { return nil }
      for _ in 0..<count {
        guard case .text(let key) = try reader.head() else { return nil }
        let start = reader.place
        if case .text(let text) = try reader.head(), key.elementsEqual("log".utf8) || key.elementsEqual("message".utf8)
        {
          if holdsObject(text), found == nil || key.count == 3 { found = text }
          continue
        }
        if key.elementsEqual("usage".utf8) || key.elementsEqual("units".utf8) { return nil }
        reader.place = start
        _ = try reader.skip()
      }
    } catch {
      return nil
    }
    return found
  }

  private static func holdsObject(_ text: Bytes) -> Bool {
    text.first { $0 > 32 } == UInt8(ascii: "{") && text.last { $0 > 32 } == UInt8(ascii: "}")
  }

  // MARK: - Values

  private mutating func value(_ reader: inout MessagePack, depth: Int) throws(MessagePack.Fault) {
    let first = reader.place
    // A line that is too deep or too long already is not written on: it is refused as that.
    if depth > Limits.depth + 1 || bytes.count - start > Limits.lineBytes {
      _ = try reader.skip()
      return put("null")
    }
    switch try reader.head() {
    case .null, .other: put("null")
    case .truth(let truth): put(truth ? "true" : "false")
    case .unsigned(let number): put("\(number)")
    case .negative(let number): put("\(number)")
    case .single(let bits):
      let number = Float(bitPattern: bits)
      put(number.isFinite ? "\(number)" : "null")
    case .double(let bits):
      let number = Double(bitPattern: bits)
      put(number.isFinite ? "\(number)" : "null")
    case .text(let text): quote(text)
    case .binary(let data):
      if (try? UTF8Span(validating: data.span)) != nil { quote(data) } else { put("null") }
    case .list(let count):
      bytes.append(UInt8(ascii: "["))
      for place in 0..<count {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        try value(&reader, depth: depth + 1)
      }
      bytes.append(UInt8(ascii: "]"))
    case .map:
      reader.place = first
      try members(&reader, depth: depth)
    }
  }

  private mutating func members(_ reader: inout MessagePack, depth: Int) throws(MessagePack.Fault) {
    guard case .map(let count) = try reader.head() else { throw .malformed }
    bytes.append(UInt8(ascii: "{"))
    var isFirst = true
    for _ in 0..<count {
      let start = reader.place
      let key = try reader.head()
      // JSON names members by texts: others are passed over.
      guard key.isName else {
        reader.place = start
        _ = try reader.skip()
        _ = try reader.skip()
        continue
      }
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      switch key {
      case .unsigned(let number): put("\"\(number)\"")
      case .text(let name), .binary(let name): quote(name)
      default: put("\"\"")
      }
      bytes.append(UInt8(ascii: ":"))
      try value(&reader, depth: depth + 1)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// A text with the escapes that JSON asks for; its bytes are otherwise as they came.
  private mutating func quote(_ text: Bytes) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0..<0x20:
        put("\\u00")
        bytes.append(Self.digit(byte >> 4))
        bytes.append(Self.digit(byte & 15))
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? value + 48 : value + 87 }
}

extension MessagePack.Head {
  /// Whether a member may be called that.
  fileprivate var isName: Bool {
    switch self {
    case .text, .binary, .unsigned: true
    default: false
    }
  }
}
