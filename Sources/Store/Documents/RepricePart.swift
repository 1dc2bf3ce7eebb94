import Audit
import Books
import Calls
import Units

/// What one transaction of a re-pricing run writes: recharges, and what they move.
struct RepricePart {
  /// What a call's row costs from now on; its dimension is a number of the part.
  struct Recharge {
    let seq: Int64
    let dimension: Int32
    let cost: Int64?
    let margin: Int64?
    let state: BookedCall.State
  }

  /// What rows on one day, under one dimension, were booked at or come to now.
  struct Place: Hashable {
    /// The day of the entry.
    let day: Int64
    let dimension: Int32
  }

  private(set) var recharges: ContiguousArray<Recharge> = []
  private(set) var calls: Int64 = 0
  /// The part's dimensions, by number.
  private(set) var dimensions: ContiguousArray<BookedCharge.Under> = []
  /// What leaves each hour and dimension, and what comes to it.
  private(set) var turnover = Turnover()
  private(set) var meters: [(hour: Int64, dimension: Int32, meter: Meter, quantity: Int64)] = []
  private(set) var reversed: [Place: DayTurnover.Sum] = [:]
  private(set) var rebooked: [Place: DayTurnover.Sum] = [:]
  /// The dimensions, by id, whose rows went elsewhere.
  private(set) var left: Set<Int64> = []
  /// Nanodollars: what the rows come to now, less what they cost before.
  private(set) var difference: Int64 = 0
  /// Every amount of the part without its sign: what the ledger's sums must hold.
  private(set) var moved: Int64 = 0

  /// Calls behind these change too: they are for another part of the run.
  var hasMore = false

  private var numbers: [BookedCharge.Under: Int32] = [:]
  private let query: RepriceQuery

  init(_ query: RepriceQuery) { self.query = query }

  /// Puts the recharges in the order of their rows, as the seal has them: a stream's lie apart.
  mutating func sort() { recharges.sort { $0.seq < $1.seq } }

  /// Takes a call whose price changes; false, and nothing taken, where no sum could hold it.
  mutating func take(_ rows: [RepriceScan.Row], _ prices: [BookedCharge?]) -> Bool {
    var more: Int64 = 0
    for (row, price) in zip(rows, prices) {
      guard let price else { continue }
      let before = row.priced.price
      // Each is at most 200,000 dollars.
      for amount in [before.cost, before.margin, price.cost, price.margin] { more += abs(amount ?? 0) }
    }
    let (sum, overflows) = moved.addingReportingOverflow(more)
    guard !overflows else { return false }
    moved = sum
    calls += 1
    var prior: (before: BookedCall.State, after: BookedCall.State)?
    for (row, price) in zip(rows, prices) {
      let before = row.priced.price
      if let price { move(row, to: price, prior) }
      prior = (before.state, price?.state ?? before.state)
    }
    return true
  }

  private mutating func move(
    _ row: RepriceScan.Row, to price: BookedCharge,
    _ prior: (before: BookedCall.State, after: BookedCall.State)?
  ) {
    let old = number(of: row.priced.price.dimension)
    let new = number(of: price.dimension)
    let before = counted(row, row.priced.price, dimension: old, prior: prior?.before)
    let after = counted(row, price, dimension: new, prior: prior?.after)
    turnover.add(before, times: -1)
    turnover.add(after, times: 1)
    let day = query.entryDay(ofCallOn: Int64(row.priced.at.day.number))
    reversed[Place(day: day, dimension: old), default: DayTurnover.Sum()].add(before)
    rebooked[Place(day: day, dimension: new), default: DayTurnover.Sum()].add(after)
    // Meters beyond input, cache read and output have rows of their own.
    if row.priced.usage.present & ~0b111 != 0, old != new {
      for (meter, quantity) in row.priced.usage.stated where meter.rawValue > Meter.output.rawValue {
        meters.append((row.priced.at.hour, old, meter, -quantity))
        meters.append((row.priced.at.hour, new, meter, quantity))
      }
    }
    left.insert(row.dimension)
    difference += (price.cost ?? 0) - (row.priced.price.cost ?? 0)
    recharges.append(
      Recharge(seq: row.seq, dimension: new, cost: price.cost, margin: price.margin, state: price.state))
  }

  /// What a row counts for in the rollups, as ``Turnover/add(_:corrects:)`` has it.
  private func counted(
    _ row: RepriceScan.Row, _ price: BookedCharge, dimension: Int32, prior: BookedCall.State?
  ) -> Turnover.Row {
    var counted = Turnover.Row(hour: row.priced.at.hour, dimension: dimension)
    if prior == nil {
      counted.calls = 1
      counted.errors = row.priced.outcome == .error ? 1 : 0
      counted.latency = row.latency ?? 0
      counted.latencyCalls = row.latency == nil ? 0 : 1
    }
    counted.unpriced = (price.state == .unpriced ? 1 : 0) - (prior == .unpriced ? 1 : 0)
    counted.partial = (price.state == .partial ? 1 : 0) - (prior == .partial ? 1 : 0)
    counted.input = row.priced.usage[.input]
    counted.cacheRead = row.priced.usage[.cacheRead]
    counted.output = row.priced.usage[.output]
    counted.cost = price.cost ?? 0
    counted.margin = price.margin ?? 0
    return counted
  }

  private mutating func number(of dimension: BookedCharge.Under) -> Int32 {
    if let number = numbers[dimension] { return number }
    let number = Int32(dimensions.count)
    numbers[dimension] = number
    dimensions.append(dimension)
    return number
  }
}
