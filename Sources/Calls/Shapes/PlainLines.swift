import Units

/// Lines of our own contract, made of a line of another program: what it says of each call.
///
/// Values go from line to line as the bytes they are, so that numbers stay exact and everything is
/// judged by the one decoder. Of two statements of one field the first holds.
struct PlainLines {
  /// The lines' bytes, each with room behind it that the scanner may read.
  private(set) var bytes: ContiguousArray<UInt8> = []
  private(set) var ranges: ContiguousArray<Range<Int>> = []
  /// Which of them may be of another program's shape in their turn.
  private(set) var nested: Set<Int> = []

  /// Bytes of all lines together, after which no further one is begun.
  var bytesMax = Limits.unfoldedBytes
  /// Whether they are longer than that: a name that many calls share is repeated in each of their lines.
  var isFull: Bool { bytes.count > bytesMax }

  private var start = 0
  /// Names of the object that is being written; there are a dozen, so that a list is quicker than a set.
  private var fields: ContiguousArray<String> = []
  private var depth = 0
  private var isFirst = true

  typealias Value = Outline.Value

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    ranges.removeAll(keepingCapacity: true)
    nested.removeAll()
  }

  // MARK: - Lines

  /// Fields of our own that hold beside another program's: that program has no say in them.
  private static let carried: [(field: String, name: StaticString)] = [
    ("n", "n"), ("team", "team"), ("project", "project"), ("environment", "environment"),
    ("route", "route"), ("issuer", "issuer"), ("attempt", "attempt"), ("operation", "operation"),
  ]

  /// Begins a line, with the fields of our own that its sender put beside the other program's.
  mutating func begin(_ root: Value) {
    start = bytes.count
    fields.removeAll(keepingCapacity: true)
    put("{")
    isFirst = true
    for (field, name) in Self.carried { add(field, root[name]) }
    if let tags = root["tags"], tags.isObject { add("tags", whole: tags) }
  }

  /// Ends the line; `isNested` when what it holds may be of another shape in its turn.
  mutating func end(isNested: Bool = false) {
    put("}")
    if isNested { nested.insert(ranges.count) }
    ranges.append(start..<bytes.count)
    for _ in 0..<16 { bytes.append(0) }
  }

  /// Takes back the line that has been begun.
  mutating func drop() { bytes.removeLast(bytes.count - start) }

  // MARK: - Fields

  /// Whether the line has that field.
  func has(_ field: String) -> Bool { fields.contains(field) }

  /// A field with a value as it stands: a text that is not empty, a number, a word.
  mutating func add(_ field: String, _ value: Value?) {
    guard let value, take(field, value) else { return }
    copy(value)
  }

  /// A field with the first of the values that says something.
  mutating func add(_ field: String, first values: Value?...) {
    for value in values { add(field, value) }
  }

  /// An object or a list, or any other value, whole as it stands.
  mutating func add(_ field: String, whole value: Value?) {
    guard let value, value.kind != .null, take(field) else { return }
    name(field)
    copy(value)
  }

  mutating func add(_ field: String, text: String) {
    guard !text.isEmpty, take(field) else { return }
    name(field)
    put(JSONText.quoted(text))
  }

  /// Texts joined to one, each as it stands in its line; nothing unless all are there.
  mutating func add(_ field: String, joined values: [Value?], by separator: String) {
    guard values.allSatisfy({ $0?.stated != nil }), take(field) else { return }
    name(field)
    put("\"")
    for (place, value) in values.enumerated() {
      if place > 0 { put(separator) }
      if let value { bytes.append(contentsOf: value.bytes) }
    }
    put("\"")
  }

  mutating func add(_ field: String, _ number: Int64?) {
    guard let number, take(field) else { return }
    name(field)
    put("\(number)")
  }

  /// A number of parts as a decimal: 1,904,000 with six decimals is `1.904000`.
  mutating func add(_ field: String, _ parts: Int64?, decimals: Int) {
    guard let parts, take(field) else { return }
    name(field)
    put("\"" + DecimalText.plain(Int128(parts), decimals: decimals) + "\"")
  }

  mutating func add(_ field: String, yes: Bool) {
    guard yes, take(field) else { return }
    name(field)
    put("true")
  }

  /// An object of fields that `write` adds; names within it are of their own.
  mutating func add(_ field: String, object write: (inout PlainLines) -> Void) {
    guard take(field) else { return }
    let outer = fields
    name(field)
    put("{")
    fields = []
    isFirst = true
    write(&self)
    put("}")
    isFirst = false
    fields = outer
  }

  /// Notes a field; false where it is there already.
  private mutating func take(_ field: String) -> Bool {
    if fields.contains(field) { return false }
    fields.append(field)
    return true
  }

  private mutating func take(_ field: String, _ value: Value) -> Bool {
    switch value.kind {
    case .text, .escapedText: guard !value.bytes.isEmpty else { return false }
    case .number, .yes, .no: break
    case .null, .object, .list: return false
    }
    guard take(field) else { return false }
    name(field)
    return true
  }

  private mutating func copy(_ value: Value) {
    if value.isText { put("\"") }
    bytes.append(contentsOf: value.bytes)
    if value.isText { put("\"") }
  }

  private mutating func name(_ field: String) {
    if !isFirst { put(",") }
    isFirst = false
    if field.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5c }) {
      put("\"")
      put(field)
      put("\":")
    } else {
      put(JSONText.quoted(field))
      put(":")
    }
  }

  private mutating func put(_ text: String) {
    var text = text
    text.withUTF8 { bytes.append(contentsOf: $0) }
  }
}
