/// Rows that may bear lines' ids, to be checked against the rows themselves.
struct IDCandidates {
  private var found: ContiguousArray<Candidate> = []

  private struct Candidate {
    let rows: ClosedRange<Int64>
    let key: UInt64
    let line: Int
  }

  var isEmpty: Bool { found.isEmpty }

  mutating func add(_ rows: ClosedRange<Int64>, key: UInt64, line: Int) {
    found.append(Candidate(rows: rows, key: key, line: line))
  }

  /// The newest row that bears each line's id, by the line's index; lines of new ids are left out.
  ///
  /// Reads in the order of the rows: neighbours, at most `gap` rows apart, at once, because a row that follows costs a
  /// tenth of one that is looked for.
  mutating func newest(in ids: IDRows, gap: Int64) throws(StoreFault) -> [Int: Int64] {
    found.sort { $0.rows.lowerBound < $1.rows.lowerBound }
    var newest: [Int: Int64] = [:]
    var first = 0
    while first < found.count {
      var rows = found[first].rows
      var end = first + 1
      while end < found.count, found[end].rows.lowerBound - rows.upperBound <= gap {
        rows = rows.lowerBound...max(rows.upperBound, found[end].rows.upperBound)
        end += 1
      }
      try ids.read(rows) { key, seq in
        while first < end, found[first].rows.upperBound < seq { first += 1 }
        var place = first
        while place < end, found[place].rows.lowerBound <= seq {
          if found[place].key == key, found[place].rows.upperBound >= seq {
            newest[found[place].line] = max(newest[found[place].line] ?? 0, seq)
          }
          place += 1
        }
      }
      first = end
    }
    return newest
  }
}
