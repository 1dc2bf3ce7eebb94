import Calls
import Units

/// What a batch adds to each hour and dimension: the rollups, and from them the entries.
package struct Turnover: Sendable {
  package struct Row: Sendable {
    /// UTC hours since 1970.
    package let hour: Int64
    package let dimension: Int32
    package var calls: Int64 = 0
    package var errors: Int64 = 0
    package var unpriced: Int64 = 0
    package var partial: Int64 = 0
    package var input: Int64 = 0
    package var cacheRead: Int64 = 0
    package var output: Int64 = 0
    package var cost: Int64 = 0
    package var margin: Int64 = 0
    package var latency: Int64 = 0
    package var latencyCalls: Int64 = 0

    package init(hour: Int64, dimension: Int32) {
      self.hour = hour
      self.dimension = dimension
    }

    /// Adds what another row came to; with `times` -1 takes it away.
    package mutating func add(_ other: Row, times: Int64 = 1) {
      calls += times * other.calls
      errors += times * other.errors
      unpriced += times * other.unpriced
      partial += times * other.partial
      input += times * other.input
      cacheRead += times * other.cacheRead
      output += times * other.output
      cost += times * other.cost
      margin += times * other.margin
      latency += times * other.latency
      latencyCalls += times * other.latencyCalls
    }
  }

  package private(set) var rows: ContiguousArray<Row> = []
  /// Row index + 1 by hash of hour and dimension; 0 for an empty slot.
  private var slots: ContiguousArray<Int32> = ContiguousArray(repeating: 0, count: 1024)

  package init() {}

  package mutating func removeAll() {
    rows.removeAll(keepingCapacity: true)
    for place in slots.indices { slots[place] = 0 }
  }

  /// The index of the row for that hour and dimension, made when it is new.
  package mutating func row(hour: Int64, dimension: Int32) -> Int {
    let mask = slots.count - 1
    var place = Self.hash(hour, dimension) & mask
    while slots[place] != 0 {
      let index = Int(slots[place]) - 1
      if rows[index].dimension == dimension && rows[index].hour == hour { return index }
      place = (place + 1) & mask
    }
    rows.append(Row(hour: hour, dimension: dimension))
    slots[place] = Int32(rows.count)
    if rows.count * 2 > slots.count { grow() }
    return rows.count - 1
  }

  /// Adds one call.
  ///
  /// A stream's correction carries differences: it counts as no further call, and moves it from
  /// the state it had, `corrects`, to the one it has now.
  package mutating func add(_ call: BookedCall, corrects prior: BookedCall.State? = nil) {
    let index = row(hour: call.at.hour, dimension: call.dimension)
    if prior == nil {
      rows[index].calls += 1
      if call.outcome == .error { rows[index].errors += 1 }
      if call.latency >= 0 {
        rows[index].latency += Int64(call.latency)
        rows[index].latencyCalls += 1
      }
    }
    rows[index].unpriced += (call.state == .unpriced ? 1 : 0) - (prior == .unpriced ? 1 : 0)
    rows[index].partial += (call.state == .partial ? 1 : 0) - (prior == .partial ? 1 : 0)
    rows[index].input += call.input
    rows[index].cacheRead += call.cacheRead
    rows[index].output += call.output
    rows[index].cost += call.cost
    rows[index].margin += call.margin
  }

  /// Adds what a call's row comes to in its hour and dimension; with `times` -1 takes it away.
  package mutating func add(_ row: Row, times: Int64) {
    let index = self.row(hour: row.hour, dimension: row.dimension)
    rows[index].add(row, times: times)
  }

  private mutating func grow() {
    slots = ContiguousArray(repeating: 0, count: slots.count * 2)
    let mask = slots.count - 1
    for index in rows.indices {
      var place = Self.hash(rows[index].hour, rows[index].dimension) & mask
      while slots[place] != 0 { place = (place + 1) & mask }
      slots[place] = Int32(index + 1)
    }
  }

  @inline(__always) private static func hash(_ hour: Int64, _ dimension: Int32) -> Int {
    Int(
      truncatingIfNeeded: (UInt64(bitPattern: hour) &* 0x9e37_79b9_7f4a_7c15)
        ^ (UInt64(UInt32(bitPattern: dimension)) &* 0xc2b2_ae3d_27d4_eb4f)) >> 8 & Int.max
  }
}
