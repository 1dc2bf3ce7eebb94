import Books
import Units

/// A batch's entries: one for each day, kind and pair of accounts, whatever the number of calls.
///
/// Movements in both directions between two accounts are set off against each other, so that the
/// entries follow from the calls alone and not from their order.
struct BatchEntries {
  /// A movement to be written: debited, credited, above nought.
  struct Row {
    let id: Int64
    let day: Int64
    let kind: Int64
    let debit: Int64
    let credit: Int64
    let amount: Int64
    /// The entry it takes back, and the document it belongs to; 0 for none.
    var reverses: Int64 = 0
    var document: Int64 = 0
  }

  private struct Pair: Hashable {
    let day: Int64
    let kind: Int64
    /// The lower and the higher account; what the lower one is debited counts positive.
    let low: Int64
    let high: Int64
  }

  private var sums: [Pair: Int64] = [:]

  mutating func add(day: Int64, kind: Int64, debit: Int64, credit: Int64, amount: Int64) {
    let forward = debit < credit
    let pair = Pair(
      day: day, kind: kind, low: forward ? debit : credit, high: forward ? credit : debit)
    sums[pair, default: 0] += forward ? amount : -amount
  }

  /// The entries, by day, kind and accounts, numbered from `firstID` on.
  func rows(firstID: Int64) -> [Row] {
    var rows: [Row] = []
    rows.reserveCapacity(sums.count)
    let order = sums.filter { $0.value != 0 }.sorted { a, b in
      (a.key.day, a.key.kind, a.key.low, a.key.high) < (b.key.day, b.key.kind, b.key.low, b.key.high)
    }
    for (pair, sum) in order {
      rows.append(
        Row(
          id: firstID + Int64(rows.count), day: pair.day, kind: pair.kind,
          debit: sum > 0 ? pair.low : pair.high, credit: sum > 0 ? pair.high : pair.low,
          amount: abs(sum)))
    }
    return rows
  }
}

/// What a batch's calls move, by day and by the accounts their dimensions share.
struct DayTurnover {
  struct Sum {
    var cost: Int64 = 0
    var margin: Int64 = 0
    var unpriced: Int64 = 0

    mutating func add(_ row: Turnover.Row) {
      cost += row.cost
      margin += row.margin
      unpriced += row.unpriced
    }
  }

  struct Key: Hashable {
    let day: Int64
    let rules: Int32
  }

  private(set) var sums: [Key: Sum] = [:]

  mutating func add(_ row: Turnover.Row, day: Int64, rules: Int32) {
    sums[Key(day: day, rules: rules), default: Sum()].add(row)
  }
}
