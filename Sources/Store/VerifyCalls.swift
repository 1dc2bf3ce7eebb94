import Audit
import Books
import Calls
import Rates
import Units

/// What the calls of one batch come to.
struct VerifyBatch {
  struct Key: Hashable {
    let day: Int64
    let dimension: Int64
  }
  struct Sum {
    var cost: Int64 = 0
    var margin: Int64 = 0
    var unpriced: Int64 = 0

    mutating func add(_ sums: SpendSums) {
      cost &+= sums.cost
      margin &+= sums.margin
      unpriced &+= sums.unpriced
    }
  }

  var cost: Int64 = 0
  /// Amounts of its rows without their signs: within 64 bits no sum over some of them overflows.
  var moved: Int128 = 0
  /// Rows without a price, later lines of streams among them.
  var unpriced: Int64 = 0
  var days: [Key: Sum] = [:]
}

/// Reads every call once, in order, and judges each by itself.
struct VerifyCalls {
  /// Whether there is a call that was not taken yet, and its number.
  private(set) var waits = false
  var seq: Int64 { rows.int64(0) }

  private let rows: Statement
  private let single: Statement
  private let parts: VerifyParts

  init(_ database: Database, _ parts: VerifyParts) throws(StoreFault) {
    rows = try database.prepare(CarriedFile.query("verify-calls.sql"))
    single = try database.prepare(CarriedFile.query("verify-call.sql"))
    self.parts = parts
  }

  mutating func advance() throws(StoreFault) { waits = try rows.step() }

  /// One row, as far as it is judged.
  private struct Row {
    let seq: Int64
    let dimension: Int64
    let outcome: Outcome
    let state: Int64
    var usage: Usage
    let cost: Int64?
    let margin: Int64?
    let prior: Int64?
    /// Whether it has meters without a column.
    let hasMeters: Bool

    /// Whether its numbers can be reckoned with: no call that was booked has others.
    var isPlausible: Bool { CallRecord.canBe(usage, cost: cost, margin: margin) }
  }

  private static func row(_ rows: Statement) -> Row {
    let flags = rows.int64(2)
    var usage = Usage()
    for (column, meter) in [(Int32(3), Meter.input), (4, .cacheRead), (5, .output)] {
      let quantity = rows.int64(column)
      if quantity != 0 { usage[meter] = quantity }
    }
    var prior: Int64?
    var hasMeters = false
    if !rows.isNull(10) {
      let details = DetailMembers(rows.text(10))
      prior = details.prior
      for (meter, quantity) in details.meters {
        usage[meter] = quantity
        hasMeters = true
      }
    }
    return Row(
      seq: rows.int64(0), dimension: flags >> 5,
      outcome: Outcome(rawValue: UInt8(flags >> 2 & 3)) ?? .ok, state: flags & 3, usage: usage,
      cost: rows.optionalInt64(6), margin: rows.optionalInt64(7), prior: prior,
      hasMeters: hasMeters)
  }

  /// Takes the calls up to the number `last`: feeds the seal, adds up, and judges amounts.
  mutating func take(
    through last: Int64, _ header: BatchHeader, _ hasher: inout ChainHasher,
    _ sums: inout VerifyBatch, _ derived: inout VerifyDerived, _ faults: inout VerifyFaults
  ) throws(StoreFault) {
    var expected = header.firstSeq == ChainHasher.null ? last &+ 1 : header.firstSeq
    while waits, seq <= last {
      let row = Self.row(rows)
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
      try add(row, at: Timestamp(microseconds: at), latency: latency, &sums, &derived)
      try judge(row, batch: header.id, &faults)
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

  /// Adds a row up as ``Turnover/add(_:corrects:)`` does.
  private func add(
    _ row: Row, at: Timestamp, latency: Int64?, _ sums: inout VerifyBatch,
    _ derived: inout VerifyDerived
  ) throws(StoreFault) {
    let prior = try row.prior.flatMap { seq throws(StoreFault) in try self.row(seq) }
    var sum = SpendSums()
    if prior == nil {
      sum.calls = 1
      sum.errors = row.outcome == .error ? 1 : 0
      sum.latencyMilliseconds = latency ?? 0
      sum.latencyCalls = latency == nil ? 0 : 1
    }
    sum.unpriced = (row.state == 2 ? 1 : 0) - (prior?.state == 2 ? 1 : 0)
    sum.partial = (row.state == 1 ? 1 : 0) - (prior?.state == 1 ? 1 : 0)
    sum.input = row.usage[.input]
    sum.cacheRead = row.usage[.cacheRead]
    sum.output = row.usage[.output]
    sum.cost = row.cost ?? 0
    sum.margin = row.margin ?? 0
    derived.add(sum, hour: at.hour, dimension: row.dimension)
    if row.hasMeters { derived.add(row.usage, hour: at.hour, dimension: row.dimension) }
    sums.cost &+= sum.cost
    sums.moved += Int128(sum.cost.magnitude) + Int128(sum.margin.magnitude)
    sums.unpriced += row.state == 2 ? 1 : 0
    let key = VerifyBatch.Key(day: Int64(at.day.number), dimension: row.dimension)
    sums.days[key, default: VerifyBatch.Sum()].add(sum)
  }

  private func row(_ seq: Int64) throws(StoreFault) -> Row? {
    single.bind(":seq", seq)
    guard try single.step() else { return nil }
    defer { single.reset() }
    return Self.row(single)
  }

  /// Works the row's amount out again from the card that the ledger keeps.
  private func judge(
    _ row: Row, batch: Int64, _ faults: inout VerifyFaults
  ) throws(StoreFault) {
    guard let dimension = parts.dimensions[row.dimension] else {
      faults.add(
        .sequence, batch: batch,
        "call #\(row.seq) points to dimension \(row.dimension), which is missing")
      return
    }
    guard let cost = row.cost, dimension.card != 0 else { return }
    guard let card = parts.cards[dimension.card] else {
      faults.add(
        .card, batch: batch,
        "call #\(row.seq) is priced by card \(dimension.card), which is missing")
      return
    }
    var usage = row.usage
    var booked = cost
    var margin = row.margin
    var earlier = row
    // Rows that no call has are told where they stand; here their sums must only not trap.
    while let seq = earlier.prior, seq < earlier.seq, let prior = try self.row(seq) {
      for (meter, quantity) in prior.usage.stated { usage[meter] &+= quantity }
      booked &+= prior.cost ?? 0
      if let addition = prior.margin { margin = (margin ?? 0) &+ addition }
      earlier = prior
    }
    let judgement = Recomputation.judge(usage, outcome: row.outcome, booked: booked, card: card)
    if case .differs(_, let reckoned) = judgement {
      faults.add(
        .amount, batch: batch,
        "call #\(row.seq) is booked at \(Amount(nanos: booked)) USD, but its card makes \(reckoned)"
      )
    } else if let margin, let direct = parts.cards[dimension.direct] {
      let base = direct.charge(usage, outcome: row.outcome)
      let reckoned = Amount(nanos: booked &- base.amount.nanos)
      if case .exact = base.state, margin != reckoned.nanos {
        faults.add(
          .amount, batch: batch,
          "call #\(row.seq) has a margin of \(Amount(nanos: margin)) USD, but its cards make \(reckoned)")
      }
    }
  }
}
