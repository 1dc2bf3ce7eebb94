import Audit
import Books
import Calls
import Units

/// Balances and rollups, rebuilt from calls and entries and compared with the stored ones.
struct VerifyDerived {
  private struct Place: Hashable {
    /// Hours or days since 1970.
    let time: Int64
    let dimension: Int64
  }
  private struct MeterPlace: Hashable {
    let hour: Int64
    let dimension: Int64
    let meter: String
  }
  private struct Turnover {
    var debit: Int64 = 0
    var credit: Int64 = 0
  }

  private var hours: [Place: SpendSums] = [:]
  private var meters: [MeterPlace: Int64] = [:]
  private var balances: [Int64: Turnover] = [:]

  /// Calls that were added; a stream's later lines are none.
  private(set) var calls: Int64 = 0

  mutating func add(_ sums: SpendSums, hour: Int64, dimension: Int64) {
    calls += sums.calls
    hours[Place(time: hour, dimension: dimension), default: SpendSums()] += sums
  }

  /// Adds the quantities of the meters that have no column of their own.
  mutating func add(_ usage: Usage, hour: Int64, dimension: Int64) {
    for (meter, quantity) in usage.stated where meter.rawValue > Meter.output.rawValue {
      let place = MeterPlace(hour: hour, dimension: dimension, meter: meter.name)
      meters[place, default: 0] += quantity
    }
  }

  mutating func add(debit: Int64, credit: Int64, amount: Int64) {
    balances[debit, default: Turnover()].debit += amount
    balances[credit, default: Turnover()].credit += amount
  }

  func compare(
    with database: Database, _ parts: VerifyParts, _ faults: inout VerifyFaults
  ) throws(StoreFault) {
    var days: [Place: SpendSums] = [:]
    for (place, sums) in hours {
      let day = place.time >= 0 ? place.time / 24 : (place.time - 23) / 24
      days[Place(time: day, dimension: place.dimension), default: SpendSums()] += sums
    }
    try Self.compare(hours, with: database, "verify-hours.sql", &faults) { hour in
      "hour \(Timestamp(microseconds: hour * Timestamp.microsecondsPerHour))"
    }
    try Self.compare(days, with: database, "verify-days.sql", &faults) { day in
      "day \(Day(number: Int(day)))"
    }
    try compareMeters(database, &faults)
    try compareBalances(database, parts, &faults)
  }

  private static func compare(
    _ rebuilt: [Place: SpendSums], with database: Database, _ query: String,
    _ faults: inout VerifyFaults, named: (Int64) -> String
  ) throws(StoreFault) {
    var rest = rebuilt
    let rows = try database.prepare(CarriedFile.query(query))
    while try rows.step() {
      var sums = SpendSums()
      sums.calls = rows.int64(2)
      sums.errors = rows.int64(3)
      sums.unpriced = rows.int64(4)
      sums.partial = rows.int64(5)
      sums.input = rows.int64(6)
      sums.cacheRead = rows.int64(7)
      sums.output = rows.int64(8)
      sums.cost = rows.int64(9)
      sums.margin = rows.int64(10)
      sums.latencyMilliseconds = rows.int64(11)
      sums.latencyCalls = rows.int64(12)
      let place = Place(time: rows.int64(0), dimension: rows.int64(1))
      if rest.removeValue(forKey: place) ?? SpendSums() != sums {
        faults.add(
          .rollup,
          "\(named(place.time)), dimension \(place.dimension): its sums are not those of its calls")
      }
    }
    for place in rest.keys where rest[place] != SpendSums() {
      faults.add(
        .rollup, "\(named(place.time)), dimension \(place.dimension): its sums are missing")
    }
  }

  private func compareMeters(
    _ database: Database, _ faults: inout VerifyFaults
  ) throws(StoreFault) {
    var rest = meters.filter { $0.value != 0 }
    let rows = try database.prepare(CarriedFile.query("verify-meters.sql"))
    while try rows.step() {
      let place = MeterPlace(hour: rows.int64(0), dimension: rows.int64(1), meter: rows.text(2))
      if rest.removeValue(forKey: place) ?? 0 != rows.int64(3) {
        faults.add(
          .rollup,
          "\(place.meter) of dimension \(place.dimension): its sum is not that of its calls")
      }
    }
    for place in rest.keys {
      faults.add(.rollup, "\(place.meter) of dimension \(place.dimension): its sum is missing")
    }
  }

  private func compareBalances(
    _ database: Database, _ parts: VerifyParts, _ faults: inout VerifyFaults
  ) throws(StoreFault) {
    var rest = balances
    let rows = try database.prepare(CarriedFile.query("trial-balance.sql"))
    while try rows.step() {
      let turnover = rest.removeValue(forKey: rows.int64(0)) ?? Turnover()
      if turnover.debit != rows.int64(3) || turnover.credit != rows.int64(4) {
        faults.add(.balance, "\(rows.text(1)): its balance is not that of its entries")
      }
    }
    for account in rest.keys {
      let name = parts.accounts[account]?.name ?? "account \(account)"
      faults.add(.balance, "\(name): its balance is missing")
    }
  }
}
