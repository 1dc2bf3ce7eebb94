import Audit

/// One rollup, rebuilt from calls: sums by time and dimension.
struct VerifyRollup {
  private struct Row {
    let time: Int64
    let dimension: Int64
    var sums: SpendSums
  }

  private struct Place: Hashable {
    let time: Int64
    let dimension: Int64
  }

  private var rows: ContiguousArray<Row> = []
  private var indices: [Place: Int32] = [:]

  /// Time counts hours or days since 1970.
  mutating func add(_ sums: SpendSums, time: Int64, dimension: Int64) {
    let next = Int32(rows.count)
    let index = indices[Place(time: time, dimension: dimension), default: next]
    if index == next {
      indices[Place(time: time, dimension: dimension)] = next
      rows.append(Row(time: time, dimension: dimension, sums: sums))
    } else {
      rows[Int(index)].sums += sums
    }
  }

  /// Hours added up to days.
  var byDay: VerifyRollup {
    var days = VerifyRollup()
    for row in rows {
      let day = row.time >= 0 ? row.time / 24 : (row.time - 23) / 24
      days.add(row.sums, time: day, dimension: row.dimension)
    }
    return days
  }

  /// Compares with the rows that are stored: time, dimension, and each sum.
  func compare(
    with stored: Statement, _ faults: inout VerifyFaults, named: (Int64) -> String
  ) throws(StoreFault) {
    var isStored = ContiguousArray(repeating: false, count: rows.count)
    while try stored.step() {
      let sums = SpendSums(stored, from: 2)
      let place = Place(time: stored.int64(0), dimension: stored.int64(1))
      let index = indices[place].map(Int.init)
      if let index { isStored[index] = true }
      if index.map({ rows[$0].sums }) ?? SpendSums() != sums {
        faults.add(
          .rollup,
          "\(named(place.time)), dimension \(place.dimension): its sums are not those of its calls")
      }
    }
    for (index, row) in rows.enumerated() where !isStored[index] && row.sums != SpendSums() {
      faults.add(
        .rollup, "\(named(row.time)), dimension \(row.dimension): its sums are missing")
    }
  }
}
