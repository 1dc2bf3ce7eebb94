import Books
import Calls

/// Writes what a batch adds to the rollups, in the order of their keys.
struct BatchRollups {
  /// Where a row of the turnover goes: its hour and the id of its dimension.
  private struct Place {
    let hour: Int64
    let dimension: Int64
    let row: Int

    var day: Int64 { hour >= 0 ? hour / 24 : (hour - 23) / 24 }
  }

  private var places: ContiguousArray<Place> = []
  private var meters: [MeterKey: Int64] = [:]

  private struct MeterKey: Hashable {
    let hour: Int64
    let dimension: Int64
    let meter: Meter
  }

  mutating func removeAll() {
    places.removeAll(keepingCapacity: true)
    meters.removeAll(keepingCapacity: true)
  }

  mutating func add(_ quantity: Int64, of meter: Meter, hour: Int64, dimension: Int64) {
    meters[MeterKey(hour: hour, dimension: dimension, meter: meter), default: 0] += quantity
  }

  /// Writes the turnover's rows; `ids` are the ledger's ids of the dimensions that it numbers.
  mutating func write(
    _ turnover: Turnover, ids: ContiguousArray<Int64>, _ statements: BookingStatements
  ) throws(StoreFault) {
    for (index, row) in turnover.rows.enumerated() {
      places.append(Place(hour: row.hour, dimension: ids[Int(row.dimension)], row: index))
    }
    places.sort { a, b in a.hour != b.hour ? a.hour < b.hour : a.dimension < b.dimension }
    let source = statements.turnover
    source.removeAll()
    for place in places {
      try Self.add(turnover.rows[place.row], at: place.hour, place.dimension, to: source, statements.addHour)
    }
    try source.write(by: statements.addHour)
    if let first = places.first, let last = places.last, first.hour != last.hour {
      places.sort { a, b in a.day != b.day ? a.day < b.day : a.dimension < b.dimension }
    }
    var next = 0
    while next < places.count {
      let place = places[next]
      var sum = turnover.rows[place.row]
      next += 1
      while next < places.count, places[next].day == place.day,
        places[next].dimension == place.dimension
      {
        sum.add(turnover.rows[places[next].row])
        next += 1
      }
      try Self.add(sum, at: place.day, place.dimension, to: source, statements.addDay)
    }
    try source.write(by: statements.addDay)
    try writeMeters(statements.addMeter)
  }

  private static func add(
    _ row: Turnover.Row, at time: Int64, _ dimension: Int64, to source: RowSource, _ statement: Statement
  ) throws(StoreFault) {
    if source.isFull { try source.write(by: statement) }
    let cells = source.next()
    cells[0] = time
    cells[1] = dimension
    cells[2] = row.calls
    cells[3] = row.errors
    cells[4] = row.unpriced
    cells[5] = row.partial
    cells[6] = row.input
    cells[7] = row.cacheRead
    cells[8] = row.output
    cells[9] = row.cost
    cells[10] = row.margin
    cells[11] = row.latency
    cells[12] = row.latencyCalls
  }

  private func writeMeters(_ statement: Statement) throws(StoreFault) {
    guard !meters.isEmpty else { return }
    let order = meters.sorted { a, b in
      (a.key.hour, a.key.dimension, a.key.meter.name)
        < (b.key.hour, b.key.dimension, b.key.meter.name)
    }
    for (key, quantity) in order where quantity != 0 {
      statement.bind(1, key.hour)
      statement.bind(2, key.dimension)
      statement.bind(3, key.meter.name)
      statement.bind(4, quantity)
      try statement.run()
    }
  }
}
