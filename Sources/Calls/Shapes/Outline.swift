/// What stands where in a JSON text: made for lines of other programs, which are walked by name.
///
/// A text in a line may hold JSON itself; an outline of it is made by ``text(_:)``.
final class Outline {
  /// One value: its key, where it is, and which node comes behind all that it holds.
  struct Node {
    var key: Slice
    var slice: Slice
    var kind: Kind
    var next: Int32
  }

  enum Kind: UInt8 { case object, list, text, escapedText, number, yes, no, null }

  /// Values of one line: a line of a mebibyte has no more.
  static let nodesMax = 1 << 20

  // Read and made by one thread, a node at a time; asking each time whether another writes would cost a third.
  @exclusivity(unchecked) var nodes: ContiguousArray<Node> = []
  private(set) var base: UnsafePointer<UInt8>
  /// Memory of an outline that holds its own text.
  private var own: UnsafeMutablePointer<UInt8>
  /// Bytes of it that are written, where the outline is drawn, and bytes that it takes.
  private var drawn = (count: 0, capacity: 1)

  init() {
    let empty = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
    own = empty
    base = UnsafePointer(empty)
  }

  deinit { own.deallocate() }

  var root: Value { Value(outline: self, place: 0) }

  /// Outlines the JSON of `count` bytes at `bytes`; 16 more must be readable behind them.
  ///
  /// What begins at one of the `unread` offsets is passed over.
  func read(
    _ bytes: UnsafePointer<UInt8>, count: Int, by scanner: inout LineScanner, unread: [Slice] = []
  ) throws(Refusal) {
    nodes.removeAll(keepingCapacity: true)
    base = bytes
    scanner.turn(to: bytes, count: count)
    scanner.skipSpace()
    try value(.absent, &scanner, depth: 1, unread)
    scanner.skipSpace()
    guard scanner.isAtEnd else { throw .badJSON }
  }

  /// Begins an outline of what is no JSON: its text is written here, and its nodes are added by whoever reads it.
  func beginDrawing() {
    nodes.removeAll(keepingCapacity: true)
    drawn.count = 0
    base = UnsafePointer(own)
  }

  /// Writes a piece of the outline's text; what lies there now may be as long as a line.
  func draw(_ bytes: UnsafeBufferPointer<UInt8>, _ kind: Slice.Kind) -> Slice {
    if drawn.count + bytes.count > drawn.capacity {
      drawn.capacity = max(drawn.count + bytes.count, drawn.capacity * 2, 1 << 16)
      let more = UnsafeMutablePointer<UInt8>.allocate(capacity: drawn.capacity)
      more.update(from: own, count: drawn.count)
      own.deallocate()
      own = more
      base = UnsafePointer(own)
    }
    if let start = bytes.baseAddress { (own + drawn.count).update(from: start, count: bytes.count) }
    defer { drawn.count += bytes.count }
    return Slice(offset: drawn.count, length: bytes.count, kind: kind)
  }

  private func value(
    _ key: Slice, _ scanner: inout LineScanner, depth: Int, _ unread: [Slice]
  ) throws(Refusal) {
    guard nodes.count < Self.nodesMax else { throw .tooLong }
    let start = scanner.p - base
    let place = nodes.count
    let first = try scanner.next()
    guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
      let slice = try scanner.scalar(depth: depth)
      guard let kind = Kind(slice.kind) else { throw .badJSON }
      return nodes.append(Node(key: key, slice: slice, kind: kind, next: Int32(place + 1)))
    }
    guard depth <= Limits.depth else { throw .tooDeep }
    let isObject = first == UInt8(ascii: "{")
    nodes.append(Node(key: key, slice: .absent, kind: isObject ? .object : .list, next: 0))
    if depth == 2, let skipped = unread.first(where: { Int($0.offset) == start }) {
      scanner.p += skipped.length
    } else if isObject {
      try scanner.members { (scanner: inout LineScanner, key: Slice) throws(Refusal) in
        try self.value(key, &scanner, depth: depth + 1, unread)
      }
    } else {
      try scanner.list { (scanner: inout LineScanner) throws(Refusal) in
        try self.value(.absent, &scanner, depth: depth + 1, unread)
      }
    }
    nodes[place].slice = Slice(offset: start, length: scanner.p - base - start, kind: .compound)
    nodes[place].next = Int32(nodes.count)
  }

  /// The outline of the JSON that the text of a value holds; nil when it holds none.
  static func text(_ value: Value?) -> Outline? {
    guard let value, value.isText, value.bytes.count <= Limits.lineBytes else { return nil }
    let plain = UnsafeMutablePointer<UInt8>.allocate(capacity: value.bytes.count + 24)
    plain.initialize(repeating: 0, count: value.bytes.count + 24)
    let outline = Outline()
    outline.own.deallocate()
    outline.own = plain
    guard let count = TextReader.unescapeLoosely(value.bytes, to: plain) else { return nil }
    let line = ScannedLine()
    defer { line.deallocate() }
    var scanner = LineScanner(into: line, keys: .shared)
    do throws(Refusal) {
      try outline.read(plain, count: count, by: &scanner)
      return outline
    } catch {
      return nil
    }
  }
}

extension Outline.Kind {
  fileprivate init?(_ kind: Slice.Kind) {
    switch kind {
    case .null: self = .null
    case .text: self = .text
    case .escapedText: self = .escapedText
    case .number: self = .number
    case .yes: self = .yes
    case .no: self = .no
    case .absent, .compound: return nil
    }
  }
}
