import Audit
import Books
import Calls
import Units

/// Balances and rollups, rebuilt from calls and entries and compared with the stored ones.
struct VerifyDerived {
  private struct MeterPlace: Hashable {
    let hour: Int64
    let dimension: Int64
    let meter: String
  }
  private struct Turnover {
    var debit: Int64 = 0
    var credit: Int64 = 0
  }

  private var hours = VerifyRollup()
  private var meters: [MeterPlace: Int64] = [:]
  private var balances: [Int64: Turnover] = [:]
  /// Calls that were added; a stream's later lines are none.
  private(set) var calls: Int64 = 0

  mutating func add(_ sums: SpendSums, hour: Int64, dimension: Int64) {
    calls += sums.calls
    hours.add(sums, time: hour, dimension: dimension)
  }

  /// Adds the quantities of the meters that have no column of their own.
  mutating func add(_ usage: Usage, hour: Int64, dimension: Int64) {
    for (meter, quantity) in usage.stated where meter.rawValue > Meter.output.rawValue {
      let place = MeterPlace(hour: hour, dimension: dimension, meter: meter.name)
      meters[place, default: 0] &+= quantity
    }
  }

  mutating func add(debit: Int64, credit: Int64, amount: Int64) {
    balances[debit, default: Turnover()].debit &+= amount
    balances[credit, default: Turnover()].credit &+= amount
  }

  func compare(
    with database: Database, _ parts: VerifyParts, _ faults: inout VerifyFaults
  ) throws(StoreFault) {
    try hours.compare(with: database.prepare(CarriedFile.query("verify-hours.sql")), &faults) {
      Span.writtenHours.contains($0)
        ? "hour \(Timestamp(microseconds: $0 * Timestamp.microsecondsPerHour))" : "hour \($0)"
    }
    try hours.byDay.compare(
      with: database.prepare(CarriedFile.query("verify-days.sql")), &faults
    ) {
      Span.writtenDays.contains($0) ? "day \(Day(number: Int($0)))" : "day \($0)"
    }
    try compareMeters(database, &faults)
    try compareBalances(database, parts, &faults)
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
