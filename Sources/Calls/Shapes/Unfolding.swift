import Units

/// The calls that a line of another program's shape was unfolded to.
struct Unfolding {
  let outline = Outline()
  var lines = PlainLines()
  /// How many of the lines have been decoded.
  var taken = 0
  /// The bytes of a nested line, which is unfolded in its turn.
  var nested: ContiguousArray<UInt8> = []
  /// Whether the lines are those of the line that is being decoded.
  var isOpen = false
  /// The number of the shape that made them; see ``Shapes/number(of:)``.
  var shape: UInt16 = 0
}

extension CallDecoder {
  /// Whether the line that was decoded last tells of further calls.
  package var hasMore: Bool { unfolding.isOpen && unfolding.taken < unfolding.lines.ranges.count }

  /// The next call of the line that was decoded last, as ``decode(_:arrival:defaults:into:)`` gives
  /// the first; ask ``hasMore`` first.
  package mutating func decodeNext(
    arrival: Timestamp, defaults: CallDefaults, into call: inout Call
  ) -> NoCall? {
    precondition(hasMore, "the line tells of no further call")
    let range = unfolding.lines.ranges[unfolding.taken]
    let isNested = unfolding.lines.nested.contains(unfolding.taken)
    unfolding.taken += 1
    if isNested {
      // What it unfolds to is added behind the other lines, whose memory may move.
      unfolding.nested.removeAll(keepingCapacity: true)
      unfolding.nested.append(contentsOf: unfolding.lines.bytes[range])
      for _ in 0..<16 { unfolding.nested.append(0) }
    }
    let bytes = isNested ? unfolding.nested : unfolding.lines.bytes
    let offset = isNested ? 0 : range.lowerBound
    return bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return .blank }
      return decode(
        start + offset, count: range.count, arrival: arrival, defaults: defaults,
        mayUnfold: isNested && unfolding.lines.ranges.count < Limits.callsOfLine, into: &call)
    }
  }

  /// Forgets what further calls the line has: they were booked before with it.
  package mutating func dropRest() { unfolding.isOpen = false }

  /// What an unfolded line came to: its first call, or none.
  struct Unfolded {
    let noCall: NoCall?
  }

  /// Makes our own lines of a line of another program's shape, and decodes the first.
  ///
  /// - Returns: nil where it is of no such shape.
  mutating func unfold(
    _ start: UnsafePointer<UInt8>, count: Int, arrival: Timestamp, defaults: CallDefaults,
    into call: inout Call
  ) throws(Refusal) -> Unfolded? {
    // Our own meters are our own contract.
    guard !line.sawUnits, !line.has(.dialect) else { return nil }
    var isRead = false
    if !mappings.all.isEmpty {
      try outline(start, count: count)
      isRead = true
      if let mapping = mappings.all.first(where: { $0.fits(unfolding.outline.root) }) {
        unfolding.shape = Shapes.mappingNumber
        mapping.read(unfolding.outline.root, into: &unfolding.lines)
        return Unfolded(noCall: decodeNext(arrival: arrival, defaults: defaults, into: &call))
      }
    }
    for shape in Shapes.all where shape.fits(line) {
      if !isRead {
        try outline(start, count: count)
        isRead = true
      }
      let before = unfolding.lines.ranges.count
      switch shape.read(unfolding.outline.root, into: &unfolding.lines) {
      case .other: continue
      case .ignored(let reason): return Unfolded(noCall: .ignored(reason))
      case .calls:
        let found = unfolding.lines.ranges.count
        guard found <= Limits.callsOfLine, !unfolding.lines.isFull else {
          unfolding.isOpen = false
          throw .tooManyCalls
        }
        guard found > before else { return Unfolded(noCall: .ignored(.noModelCall)) }
        unfolding.shape = Shapes.number(of: shape)
        return Unfolded(noCall: decodeNext(arrival: arrival, defaults: defaults, into: &call))
      }
    }
    return nil
  }

  private mutating func outline(_ start: UnsafePointer<UInt8>, count: Int) throws(Refusal) {
    if !unfolding.isOpen {
      unfolding.lines.removeAll()
      unfolding.taken = 0
      unfolding.isOpen = true
    }
    let unread = [line[.messages], line[.modelMap]].filter { $0.kind == .compound }
    try unfolding.outline.read(start, count: count, by: &scanner, unread: unread)
  }
}
