import Audit
import Books
import Calls
import Rates
import Units

/// Reads every call once, in order, and judges each by itself.
struct VerifyCalls {
  /// Whether there is a call that was not taken yet, and its number.
  private(set) var waits = false
  var seq: Int64 { rows.int64(0) }

  private let rows: Statement
  private let past: VerifyPast
  private var prices: VerifyCharges
  private let parts: VerifyParts

  init(_ database: Database, _ parts: VerifyParts, _ past: VerifyPast) throws(StoreFault) {
    rows = try database.prepare(CarriedFile.query("verify-calls.sql"))
    prices = try VerifyCharges(database)
    self.past = past
    self.parts = parts
  }

  mutating func advance() throws(StoreFault) { waits = try rows.step() }

  /// Takes the calls up to the number `last`: feeds the seal, adds up, and judges amounts.
  ///
  /// Entries follow from what the calls were booked at, when runs up to `document` were booked; rollups
  /// from the prices in effect now.
  mutating func take(
    through last: Int64, after document: Int64, _ header: BatchHeader, _ hasher: inout ChainHasher,
    _ sums: inout VerifyBatch, _ derived: inout VerifyDerived, _ faults: inout VerifyFaults
  ) throws(StoreFault) {
    var expected = header.firstSeq == ChainHasher.null ? last &+ 1 : header.firstSeq
    while waits, seq <= last {
      let row = VerifyRow(rows)
      if row.seq != expected {
        faults.add(
          .sequence, batch: header.id,
          row.seq > expected
            ? "calls #\(expected) to #\(row.seq - 1) are missing"
            : "call #\(row.seq) is not its own")
      }
      expected = row.seq &+ 1
      let at = header.base &+ rows.int64(1)
      seal(at, &hasher)
      if at < header.firstAt || at > header.lastAt {
        faults.add(.sequence, batch: header.id, "call #\(row.seq) lies outside its span of time")
      }
      guard row.isPlausible else {
        faults.add(.amount, batch: header.id, "call #\(row.seq) has a number that no call can have")
        try advance()
        continue
      }
      let latency = rows.optionalInt64(8)
      let instant = Timestamp(microseconds: at)
      let sum = try past.sum(endingWith: row, after: document)
      let counted = row.counted(latency: latency, prior: sum.priorState)
      add(row, counted, at: instant, &sums)
      try derive(row, counted, at: instant, latency: latency, &derived)
      judge(row, sum, batch: header.id, &faults)
      try advance()
    }
    if expected <= last {
      faults.add(.sequence, batch: header.id, "calls #\(expected) to #\(last) are missing")
    }
  }

  private func seal(_ at: Int64, _ hasher: inout ChainHasher) {
    hasher.add(
      call: rows.int64(0), at: at, dimensionFlags: rows.int64(2), input: rows.int64(3),
      cacheRead: rows.int64(4), output: rows.int64(5),
      cost: rows.optionalInt64(6) ?? ChainHasher.null,
      margin: rows.optionalInt64(7) ?? ChainHasher.null,
      latency: Int32(truncatingIfNeeded: rows.optionalInt64(8) ?? -1), key: rows.bytes(9),
      details: rows.bytes(10))
  }

  /// Adds a row up, as it was booked, to what its batch's entries follow from.
  private func add(
    _ row: VerifyRow, _ counted: SpendSums, at: Timestamp, _ sums: inout VerifyBatch
  ) {
    sums.cost &+= counted.cost
    sums.moved += Int128(counted.cost.magnitude) + Int128(counted.margin.magnitude)
    sums.unpriced += row.state == 2 ? 1 : 0
    let key = VerifyBatch.Key(day: Int64(at.day.number), dimension: row.dimension)
    sums.days[key, default: VerifyBatch.Sum()].add(counted)
  }

  /// Adds a row, with its price in effect, to what the rollups must say.
  private mutating func derive(
    _ row: VerifyRow, _ counted: SpendSums, at: Timestamp, latency: Int64?,
    _ derived: inout VerifyDerived
  ) throws(StoreFault) {
    var counted = counted
    var dimension = row.dimension
    if !past.isUntouched {
      var priced = row
      if let price = try prices.price(of: row.seq) { priced.take(price) }
      let prior = try row.prior.flatMap { seq throws(StoreFault) in try past.row(seq, after: .max) }
      counted = priced.counted(latency: latency, prior: prior?.state)
      dimension = priced.dimension
    }
    derived.add(counted, hour: at.hour, dimension: dimension)
    if row.hasMeters { derived.add(row.usage, hour: at.hour, dimension: dimension) }
  }

  /// Works a row's amount out again from the card that the ledger keeps; `sum` is of all its call.
  private func judge(
    _ row: VerifyRow, _ sum: VerifySum, batch: Int64, _ faults: inout VerifyFaults
  ) {
    guard let dimension = parts.dimensions[row.dimension] else {
      faults.add(
        .sequence, batch: batch,
        "call #\(row.seq) points to dimension \(row.dimension), which is missing")
      return
    }
    for fault in dimension.faults(row, sum, parts.cards, did: "is booked") {
      faults.add(fault.kind, batch: batch, fault.what)
    }
  }
}
