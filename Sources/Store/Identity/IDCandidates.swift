/// Rows that may bear lines' ids, to be checked against the rows themselves.
struct IDCandidates {
  private var found: ContiguousArray<Candidate> = []
  /// The newest row of each line's id, 0 for none.
  private var newest: ContiguousArray<Int64>

  private struct Candidate {
    let rows: ClosedRange<Int64>
    let key: UInt64
    let line: Int
  }

  init(lines: Int) { newest = ContiguousArray(repeating: 0, count: lines) }

  mutating func add(_ rows: ClosedRange<Int64>, key: UInt64, line: Int) {
    found.append(Candidate(rows: rows, key: key, line: line))
  }

  /// The newest row that bears each line's id, by the line's index; 0 for new ids.
  ///
  /// Rows are read in the order of the ledger, and kept for whoever compares them with the lines.
  mutating func check(_ statements: BookingStatements) throws(StoreFault) -> ContiguousArray<Int64> {
    found.sort { $0.rows.lowerBound < $1.rows.lowerBound }
    var wanted: ContiguousArray<Int64> = []
    wanted.reserveCapacity(found.count)
    for place in found.indices {
      let rows = found[place].rows
      // A block is of a span with more rows than its file can tell apart.
      guard rows.count == 1 else {
        try statements.ids.read(rows) { key, seq in check(seq, key, of: place) }
        continue
      }
      if wanted.last != rows.lowerBound { wanted.append(rows.lowerBound) }
    }
    var place = 0
    try statements.priorRows.readAhead(wanted) { row in
      while found[place].rows.lowerBound < row.seq { place += 1 }
      var same = place
      while same < found.count, found[same].rows.lowerBound == row.seq {
        check(row.seq, row.key.id, of: same)
        same += 1
      }
    }
    return newest
  }

  /// Notes a row for a candidate that it is of.
  private mutating func check(_ seq: Int64, _ key: UInt64, of place: Int) {
    guard found[place].key == key else { return }
    newest[found[place].line] = max(newest[found[place].line], seq)
  }
}
