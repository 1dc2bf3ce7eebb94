/// Where a ledger ends, as it was found at start: the chain's head, and the ids booked last.
struct LedgerEnd {
  let head: ChainHead
  let lastEntry: Int64
  /// No call begins after this.
  private let lastMoment: Int64
  private let path: String

  /// Rows read at a time on the way back.
  private static let stride: Int64 = 65_536

  init(_ statements: BookingStatements, path: String) throws(StoreFault) {
    self.path = path
    let last = statements.lastBatch
    if try last.step() {
      head = ChainHead(
        batches: last.int64(0), calls: last.int64(1), hash: Array(last.bytes(2)))
    } else {
      head = .empty
    }
    last.reset()
    let rows = statements.lastRows
    guard try rows.step() else { preconditionFailure("a select of values has a row") }
    defer { rows.reset() }
    guard rows.int64(0) == head.calls else {
      throw .corrupt(
        path: path, what: "its last call is \(rows.int64(0)), but its last batch ends at \(head.calls)")
    }
    lastEntry = rows.int64(1)
    lastMoment = rows.optionalInt64(2) ?? .min
  }

  /// Fills the window of recent ids from the newest calls, and learns of the older ones' spans.
  func ids(
    _ statements: BookingStatements, ledgerFolder: String, limits: WriterLimits
  ) throws(StoreFault) -> (IDWindow, PastIDs, ReferenceWindow) {
    var past = PastIDs(ledgerFolder: ledgerFolder, limits: limits)
    var sealed: Int64 = 0
    let spans = statements.idSpans
    while try spans.step() {
      guard let span = PastIDs.Span(row: spans) else {
        throw .corrupt(path: path, what: "the span from call \(spans.int64(0)) has no moments")
      }
      past.add(span, sealed: true)
      sealed = span.rows.upperBound
    }
    var window = IDWindow(limit: limits.windowIDs)
    window.restart(after: sealed, nextSeq: head.calls + 1)
    window.reserve(Int(min(Int64(limits.windowIDs), head.calls - sealed)))
    var ids: ContiguousArray<(key: UInt64, seq: Int64)> = []
    var references: [ReferenceWindow.Row] = []
    var low = head.calls + 1
    while low > sealed + 1, window.rememberedIDs < limits.windowIDs,
      head.calls - low < Int64(limits.rebuildRows)
    {
      let from = max(try statements.batchOfCall.find(low - min(Self.stride, low - 1)).calls.lowerBound, sealed + 1)
      window.reserve(Int(low - from))
      ids.removeAll(keepingCapacity: true)
      let isRecent = references.count < limits.windowReferences
      try statements.ids.read(from...(low - 1)) { row in
        if isRecent { references.append(row) }
      } _: { key, seq in
        ids.append((key, seq))
      }
      window.restore(ids)
      low = from
    }
    window.restored(from: low, upTo: lastMoment)
    // Calls that no table and no span knows: as many at once as a table can tell apart.
    for first in Swift.stride(from: sealed + 1, to: low, by: Int(IDTable.rowsMax)) {
      let last = min(first + IDTable.rowsMax, low) - 1
      past.add(
        PastIDs.Span(rows: first...last, ids: Int(last - first + 1), moments: TimeSlots(upTo: lastMoment)),
        sealed: false)
    }
    var recent = ReferenceWindow(limit: limits.windowReferences)
    recent.restart(from: low, nextSeq: head.calls + 1, references)
    return (window, past, recent)
  }
}

extension PastIDs.Span {
  init?(row: Statement) {
    guard
      let moments = TimeSlots(bytes: row.bytes(5), first: row.int64(2), last: row.int64(3)),
      row.int64(1) >= row.int64(0)
    else { return nil }
    self.init(rows: row.int64(0)...row.int64(1), ids: Int(row.int64(4)), moments: moments)
  }

  func write(_ insert: Statement) throws(StoreFault) {
    insert.bind(1, rows.lowerBound)
    insert.bind(2, rows.upperBound)
    insert.bind(3, moments.first)
    insert.bind(4, moments.last)
    insert.bind(5, ids)
    insert.bind(6, blob: moments.bytes)
    try insert.run()
  }
}
