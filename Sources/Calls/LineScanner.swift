import CScan
import Units

/// Walks one line's JSON strictly and notes where the values we read are.
///
/// The whole grammar is checked, of skipped values too.
/// The line's bytes are borrowed; 16 bytes behind the last one must be readable.
struct LineScanner {
  /// What the walk has found.
  let line: ScannedLine
  private(set) var base: UnsafePointer<UInt8>
  private(set) var end: UnsafePointer<UInt8>
  var p: UnsafePointer<UInt8>
  private let keys: KeyTable
  /// Keys at a line's top by which a mapping may hold for it.
  var marks: [[UInt8]] = []
  /// Nonzero once a byte beyond ASCII was seen: the line's UTF-8 must then be checked.
  var high: UInt32 = 0

  init(into line: ScannedLine, keys: KeyTable) {
    self.line = line
    base = line.base
    end = base
    p = base
    self.keys = keys
  }

  /// Takes up the next line; what the last one said is forgotten.
  mutating func take(_ bytes: UnsafePointer<UInt8>, count: Int) {
    base = bytes
    end = bytes + count
    p = bytes
    high = 0
    line.begin(bytes)
  }

  /// Turns to other bytes, and keeps what the line said.
  mutating func turn(to bytes: UnsafePointer<UInt8>, count: Int) {
    base = bytes
    end = bytes + count
    p = bytes
  }

  var isAtEnd: Bool { p == end }

  /// Walks the line; afterwards the slots hold what it says.
  mutating func scan() throws(Refusal) {
    skipSpace()
    guard p < end else { throw .notAnObject }
    guard p.pointee == UInt8(ascii: "{") else {
      try skipValue(depth: 1)
      throw .notAnObject
    }
    try object(.top, depth: 1)
    skipSpace()
    guard p == end else { throw .badJSON }
    if high != 0, !isUTF8(UnsafeBufferPointer(start: base, count: end - base)) { throw .notUTF8 }
  }

  // MARK: - Grammar

  @inline(__always) mutating func skipSpace() {
    // Mostly there is none; the byte may be one behind the line's end, which is readable.
    if p.pointee > 32 { return }
    skipSpaces()
  }

  private mutating func skipSpaces() {
    while p < end {
      let byte = p.pointee
      guard byte == 32 || byte == 10 || byte == 13 || byte == 9 else { return }
      p += 1
    }
  }

  /// The byte at `p`, or `torn` at the line's end.
  @inline(__always) func next() throws(Refusal) -> UInt8 {
    guard p < end else { throw .torn }
    return p.pointee
  }

  /// Walks the object at `p`, whose meaning is `context`.
  private mutating func object(_ context: Context, depth: Int) throws(Refusal) {
    guard depth <= Limits.depth else { throw .tooDeep }
    p += 1
    skipSpace()
    if try next() == UInt8(ascii: "}") {
      p += 1
      return
    }
    while true {
      guard try next() == UInt8(ascii: "\"") else { throw .badJSON }
      let key = try text()
      skipSpace()
      guard try next() == UInt8(ascii: ":") else { throw .badJSON }
      p += 1
      skipSpace()
      try member(key, context, depth: depth)
      skipSpace()
      let byte = try next()
      p += 1
      if byte == UInt8(ascii: "}") { return }
      guard byte == UInt8(ascii: ",") else { throw .badJSON }
      skipSpace()
    }
  }

  /// Walks the value of one key.
  @inline(__always)
  private mutating func member(_ key: Slice, _ context: Context, depth: Int) throws(Refusal) {
    switch context {
    case .tags: return try tag(key, depth: depth)
    case .unknownUsage: return try unknownMember(key, depth: depth)
    case .headers: return try header(key, depth: depth)
    case .hello, .defaults: return try helloMember(key, context, depth: depth)
    default: break
    }
    let name = base + Int(key.offset)
    let action =
      key.kind == .text
      ? keys.action(name, key.length, in: context) : escapedAction(key, in: context)
    try act(action, key, context, depth: depth)
  }

  /// A hello's member: what is wrong with it is kept, because its sender waits to be told.
  private mutating func helloMember(
    _ key: Slice, _ context: Context, depth: Int
  ) throws(Refusal) {
    let action =
      key.kind == .text
      ? keys.action(base + Int(key.offset), key.length, in: context)
      : escapedAction(key, in: context)
    guard case .slot(let slot) = action else {
      if context == .defaults { line.unknownDefault = line.unknownDefault ?? key }
      return try act(action, key, context, depth: depth)
    }
    let value = try scalar(depth: depth)
    try line.set(
      slot, value.kind == .absent ? Slice(offset: 0, length: 0, kind: .compound) : value)
  }

  /// The rule of a key that is written with escapes: JSON says that it is the same key.
  private func escapedAction(_ key: Slice, in context: Context) -> KeyAction? {
    guard key.length <= Self.escapedKeyBytes else { return nil }
    let plain = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.escapedKeyBytes + 24)
    defer { plain.deallocate() }
    guard
      let length = try? TextReader.append(
        line.bytes(of: key), key.kind, to: plain, limit: Self.escapedKeyBytes)
    else { return nil }
    return keys.action(plain, length, in: context)
  }

  /// Bytes of a key with escapes that may still be one of ours, each letter written as `\u0000`.
  private static let escapedKeyBytes = 256

  private mutating func act(
    _ action: KeyAction?, _ key: Slice, _ context: Context, depth: Int
  ) throws(Refusal) {
    switch action {
    case .slot(let slot): try line.set(slot, try scalar(depth: depth))
    case .descend(let inner): try descend(inner, from: context, depth: depth)
    case .ignore: try skipValue(depth: depth + 1)
    case .kind(let slot):
      line.sawKind = true
      try line.set(slot, try scalar(depth: depth))
    case .sign(let slot): try sign(slot, depth: depth)
    case .note(let slot): try line.set(slot, try extent(depth: depth))
    case nil:
      switch context {
      case .usage, .inputDetails, .outputDetails, .cacheCreation, .writeDetails, .serverTools, .units:
        try unknownMember(key, depth: depth)
      default:
        if context == .top, !marks.isEmpty, marks.contains(where: { line.bytes(of: key).elementsEqual($0) }) {
          line.sawSign = true
        }
        try skipValue(depth: depth + 1)
      }
    }
  }

  private mutating func descend(
    _ inner: Context, from context: Context, depth: Int
  ) throws(Refusal) {
    // Whoever says hello waits for an answer: a wrong one is refused as a hello, not as a line.
    if inner == .hello { line.sawHello = true }
    switch try next() {
    case UInt8(ascii: "{"):
      switch inner {
      case .usage:
        if line.sawUsage { throw .duplicateKey }
        line.sawUsage = true
      case .units:
        if line.sawUnits { throw .duplicateKey }
        line.sawUnits = true
      default: break
      }
      try object(inner, depth: depth + 1)
    case UInt8(ascii: "["):
      switch inner {
      case .inputDetails, .promptModalities: try modalityList(depth: depth, \.prompt)
      case .cacheModalities: try modalityList(depth: depth, \.cached)
      case .candidateModalities: try modalityList(depth: depth, \.answer)
      case .body, .serverTools, .toolUsage, .toolSearch: try skipValue(depth: depth + 1)
      case .output: try outputItems(depth: depth)
      case .hello, .defaults: throw .wrongType
      default:
        line.misfit = .wrongType
        try skipValue(depth: depth + 1)
      }
    default:
      // A body may be content in any form; elsewhere only null stands for an absent object.
      let value = try scalar(depth: depth)
      guard value.kind != .null, inner != .body, inner != .output else { return }
      guard inner != .hello, inner != .defaults else { throw .wrongType }
      // Another program may mean something else by the name.
      line.misfit = .wrongType
    }
  }

  /// A header's name means the same in any case.
  private mutating func header(_ key: Slice, depth: Int) throws(Refusal) {
    guard key.kind == .text, key.length <= 32 else { return try skipValue(depth: depth + 1) }
    var lower: InlineArray<48, UInt8> = InlineArray(repeating: 0)
    let name = base + Int(key.offset)
    for place in 0..<key.length {
      let byte = name[place]
      lower[place] = byte >= 65 && byte <= 90 ? byte | 0x20 : byte
    }
    let action = unsafe withUnsafeBytes(of: &lower) { bytes in
      bytes.baseAddress.flatMap {
        keys.action($0.assumingMemoryBound(to: UInt8.self), key.length, in: .headers)
      }
    }
    guard case .slot(let slot) = action else { return try skipValue(depth: depth + 1) }
    let first = try next()
    guard first != UInt8(ascii: "["), first != UInt8(ascii: "{") else {
      return try skipValue(depth: depth + 1)
    }
    try line.set(slot, try scalar(depth: depth))
  }

  private mutating func tag(_ key: Slice, depth: Int) throws(Refusal) {
    let value = try scalar(depth: depth)
    if value.kind == .null { return }
    guard value.isText else { throw .wrongType }
    guard line.tagCount < Limits.tags else { throw .tooManyTags }
    guard key.length <= Limits.attributionBytes, value.length <= Limits.attributionBytes else {
      throw .textTooLong
    }
    line.add(tag: key, value)
  }

  /// A usage member without a meter: kept by name when it counts something.
  private mutating func unknownMember(_ key: Slice, depth: Int) throws(Refusal) {
    switch try next() {
    case UInt8(ascii: "{"): try object(.unknownUsage, depth: depth + 1)
    case UInt8(ascii: "["): try unknownList(key, depth: depth + 1)
    default:
      let value = try scalar(depth: depth)
      guard value.kind == .number, line.bytes(of: value).contains(where: { $0 >= 49 && $0 <= 57 })
      else { return }
      line.add(unknown: key)
    }
  }

  private mutating func unknownList(_ key: Slice, depth: Int) throws(Refusal) {
    guard depth <= Limits.depth else { throw .tooDeep }
    try list { (scanner: inout LineScanner) throws(Refusal) in
      try scanner.unknownMember(key, depth: depth)
    }
  }

  /// Walks the array at `p`, each element by `element`.
  mutating func list(
    _ element: (inout LineScanner) throws(Refusal) -> Void
  ) throws(Refusal) {
    p += 1
    skipSpace()
    if try next() == UInt8(ascii: "]") {
      p += 1
      return
    }
    while true {
      skipSpace()
      try element(&self)
      skipSpace()
      let byte = try next()
      p += 1
      if byte == UInt8(ascii: "]") { return }
      guard byte == UInt8(ascii: ",") else { throw .badJSON }
    }
  }
}
