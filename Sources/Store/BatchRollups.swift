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
    for place in places {
      try Self.write(
        turnover.rows[place.row], at: place.hour, place.dimension, statements.addHour)
    }
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
      try Self.write(sum, at: place.day, place.dimension, statements.addDay)
    }
    try writeMeters(statements.addMeter)
  }

  private static func write(
    _ row: Turnover.Row, at time: Int64, _ dimension: Int64, _ statement: Statement
  ) throws(StoreFault) {
    statement.bind(1, time)
    statement.bind(2, dimension)
    statement.bind(3, row.calls)
    statement.bind(4, row.errors)
    statement.bind(5, row.unpriced)
    statement.bind(6, row.partial)
    statement.bind(7, row.input)
    statement.bind(8, row.cacheRead)
    statement.bind(9, row.output)
    statement.bind(10, row.cost)
    statement.bind(11, row.margin)
    statement.bind(12, row.latency)
    statement.bind(13, row.latencyCalls)
    try statement.run()
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
