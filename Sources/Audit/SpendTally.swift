import Calls
import Units

/// Adds the ledger's sums by dimension up to the rows of a report.
///
/// A dimension is looked at once: its values become a group, and a row is a group in a period.
package struct SpendTally {
  package let query: SpendQuery
  private var groups: [[String]: Int] = [:]
  private var values: [[String]] = []
  /// By dimension: its group, -1 for one that was not asked for, -2 for one not seen yet.
  private var known: [Place] = []
  private var rows: [SpendRow] = []
  private var periodOfRow: [Int] = []
  /// Row of each group in the present period; -1 for none yet.
  private var rowOfGroup: [Int] = []
  private var period = 0

  private struct Place {
    var group = -2
    var routing = Routing.direct
  }

  package init(_ query: SpendQuery) { self.query = query }

  /// Turns to the next period; rows of earlier ones with other labels are complete.
  package mutating func begin(period: Int) {
    let before = self.period
    self.period = period
    guard query.periods[before].labels != query.periods[period].labels else { return }
    for place in rowOfGroup.indices { rowOfGroup[place] = -1 }
  }

  package func knows(_ dimension: Int) -> Bool {
    known.indices.contains(dimension) && known[dimension].group != -2
  }

  /// Learns what a dimension stands for.
  package mutating func learn(_ dimension: Int, _ subject: Subject, _ routing: Routing) {
    while known.count <= dimension { known.append(Place()) }
    guard query.wants(subject) else {
      known[dimension] = Place(group: -1)
      return
    }
    let key = query.keys.map { $0.value(of: subject) }
    let group = groups[key] ?? values.count
    if group == values.count {
      groups[key] = group
      values.append(key)
      rowOfGroup.append(-1)
    }
    known[dimension] = Place(group: group, routing: routing)
  }

  /// Adds what a known dimension came to in the present period.
  package mutating func add(_ dimension: Int, _ sums: SpendSums) {
    let place = known[dimension]
    guard place.group >= 0 else { return }
    if rowOfGroup[place.group] < 0 {
      rowOfGroup[place.group] = rows.count
      rows.append(SpendRow(values: labelled(values[place.group]), sums: SpendSums()))
      periodOfRow.append(period)
    }
    rows[rowOfGroup[place.group]].sums.add(sums, place.routing)
  }

  private func labelled(_ values: [String]) -> [String] {
    let labels = query.periods[period].labels
    return zip(query.keys, values).map { key, value in labels[key] ?? value }
  }

  /// The report: periods in their order, and in each the dearest first.
  package func report() throws(SumFault) -> SpendReport {
    let inPeriods = query.keys.contains(where: \.isTime)
    let order = rows.indices.filter { rows[$0].sums != SpendSums() }.sorted { a, b in
      if inPeriods, periodOfRow[a] != periodOfRow[b] { return periodOfRow[a] < periodOfRow[b] }
      if rows[a].sums.cost != rows[b].sums.cost { return rows[a].sums.cost > rows[b].sums.cost }
      return rows[a].values.lexicographicallyPrecedes(rows[b].values)
    }
    return try SpendReport(query: query, rows: order.map { rows[$0] })
  }
}
