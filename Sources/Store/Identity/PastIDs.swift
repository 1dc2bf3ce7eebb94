import Books
import Units

/// Ids older than the ``IDWindow``, found by the moments of their calls.
///
/// A line sent again bears the time it bore before. So older calls are cut into spans of about one
/// window each, with the moments they touch; only lines that fall into a span's moments are looked
/// for there. Live lines fall into none, and cost one comparison. What does is searched, when few
/// rows come into question, row by row by way of the batches' times; else through a filter over the
/// span's ids, read from its rows once. Both end at the rows themselves: nothing is a duplicate by
/// a digest's likeness alone.
struct PastIDs {
  private(set) var spans: [Span] = []
  /// Spans that the database does not know yet.
  private(set) var unsealed: [Span] = []
  /// No older call begins after this.
  private(set) var last = Int64.min
  private let limits: WriterLimits
  private var blocks = BlockCache()
  /// Counts searches, to tell which filters were used lately.
  private var clock = 0
  /// Lines that were looked for since the last span was added.
  private var suspectCount = 0

  struct Span {
    let firstSeq: Int64
    let lastSeq: Int64
    let ids: Int
    let moments: TimeSlots
    var filter: IDFilter?
    /// Rows read for single lines; once they are as many as a filter's reading, it is made.
    var searched = 0
    var usedAt = 0

    var rows: Int { Int(lastSeq - firstSeq + 1) }
  }

  init(limits: WriterLimits) { self.limits = limits }

  // MARK: - Spans

  /// Takes over a generation that the window forgets.
  mutating func add(_ table: IDTable, lastSeq: Int64) {
    var span = Span(
      firstSeq: table.coversFrom, lastSeq: lastSeq, ids: table.count, moments: table.moments)
    if suspectCount >= limits.windowIDs / 100, filterCount < limits.filters {
      span.filter = IDFilter(firstSeq: span.firstSeq, lastSeq: lastSeq, forEach: table.forEach)
    }
    suspectCount = 0
    add(span, sealed: false)
  }

  mutating func add(_ span: Span, sealed: Bool) {
    guard span.rows > 0 else { return }
    spans.append(span)
    if !sealed { unsealed.append(span) }
    last = max(last, span.moments.last)
  }

  /// The unsealed spans are in the database now.
  mutating func seal() { unsealed.removeAll() }

  private var filterCount: Int { spans.count { $0.filter != nil } }

  // MARK: - Search

  /// The newest older call under each line's id, by the line's index; lines without one are left out.
  mutating func find(
    _ calls: UnsafeBufferPointer<BookedCall>, in rows: IDRows
  ) throws(StoreFault) -> [Int: Int64] {
    guard last != .min else { return [:] }
    var suspects: [Int: [Int]] = [:]
    for index in calls.indices {
      let at = calls[index].at.microseconds
      guard at <= last, calls[index].key != 0 else { continue }
      for span in spans.indices where spans[span].moments.contains(at) {
        suspects[span, default: []].append(index)
      }
    }
    guard !suspects.isEmpty else { return [:] }
    clock += 1
    var found: [Int: Int64] = [:]
    for (span, indices) in suspects {
      suspectCount += indices.count
      try search(span, for: indices, of: calls, in: rows) { index, seq in
        found[index] = max(found[index] ?? 0, seq)
      }
    }
    return found
  }

  private mutating func search(
    _ place: Int, for indices: [Int], of calls: UnsafeBufferPointer<BookedCall>, in rows: IDRows,
    found: (_ index: Int, _ seq: Int64) -> Void
  ) throws(StoreFault) {
    var rest = indices[...]
    if spans[place].filter == nil {
      while let index = rest.first, spans[place].searched < spans[place].rows {
        guard
          let ranges = try rows.ranges(
            covering: calls[index].at.microseconds, within: spans[place].firstSeq...spans[place].lastSeq,
            rowsMax: limits.searchedRows)
        else { break }
        for range in ranges {
          spans[place].searched += range.count
          try rows.read(range) { key, seq in if key == calls[index].key { found(index, seq) } }
        }
        rest.removeFirst()
      }
      if rest.isEmpty { return }
    }
    let filter = try filter(of: place, in: rows)
    for index in rest {
      let key = calls[index].key
      try filter.blocks(of: key) { (range) throws(StoreFault) in
        try blocks.find(key, in: range, from: rows) { found(index, $0) }
      }
    }
  }

  /// The span's filter, kept when there is room or when another lay idle.
  private mutating func filter(of place: Int, in rows: IDRows) throws(StoreFault) -> IDFilter {
    spans[place].usedAt = clock
    if let filter = spans[place].filter { return filter }
    let range = spans[place].firstSeq...spans[place].lastSeq
    var ids: ContiguousArray<(key: UInt64, seq: Int64)> = []
    ids.reserveCapacity(spans[place].ids)
    try rows.read(range) { key, seq in ids.append((key, seq)) }
    let filter = IDFilter(firstSeq: range.lowerBound, lastSeq: range.upperBound) { body in
      for id in ids { body(id.key, id.seq) }
    }
    if filterCount >= limits.filters {
      let idle = spans.indices.filter { spans[$0].filter != nil }.min {
        spans[$0].usedAt < spans[$1].usedAt
      }
      guard let idle, spans[idle].usedAt < clock else { return filter }
      spans[idle].filter = nil
    }
    spans[place].filter = filter
    return filter
  }
}

/// The blocks of rows read last: lines that are sent again come in the order they were booked in.
private struct BlockCache {
  private var blocks: [(range: ClosedRange<Int64>, ids: ContiguousArray<(key: UInt64, seq: Int64)>)] = []

  private static let limit = 8

  mutating func find(
    _ key: UInt64, in range: ClosedRange<Int64>, from rows: IDRows, found: (_ seq: Int64) -> Void
  ) throws(StoreFault) {
    if let place = blocks.firstIndex(where: { $0.range == range }) {
      for id in blocks[place].ids where id.key == key { found(id.seq) }
      return
    }
    var ids: ContiguousArray<(key: UInt64, seq: Int64)> = []
    ids.reserveCapacity(range.count)
    try rows.read(range) { id, seq in
      ids.append((id, seq))
      if id == key { found(seq) }
    }
    if blocks.count >= Self.limit { blocks.removeFirst() }
    blocks.append((range, ids))
  }
}
