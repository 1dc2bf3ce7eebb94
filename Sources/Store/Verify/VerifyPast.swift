import Calls

/// Looks up rows of calls, and what they cost at a time: after a document's run, before later ones.
struct VerifyPast {
  private let single: Statement
  private let until: Statement
  /// Nothing was ever re-priced: every price is the booked one.
  let isUntouched: Bool

  init(_ database: Database) throws(StoreFault) {
    single = try database.prepare(CarriedFile.query("verify-call.sql"))
    until = try database.prepare(CarriedFile.query("recharge-until.sql"))
    isUntouched = try database.number("select 1 from recharge limit 1") == nil
  }

  /// The row of a number, with what it cost after the runs up to `document`; nil when it is missing.
  func row(_ seq: Int64, after document: Int64) throws(StoreFault) -> VerifyRow? {
    try located(seq, after: document)?.row
  }

  /// The same with its instant in microseconds and its latency.
  func located(
    _ seq: Int64, after document: Int64
  ) throws(StoreFault) -> (row: VerifyRow, at: Int64, latency: Int64?)? {
    single.bind(":seq", seq)
    guard try single.step() else { return nil }
    defer { single.reset() }
    var row = VerifyRow(single)
    if let price = try price(of: seq, after: document) { row.take(price) }
    return (row, single.int64(11) &+ single.int64(1), single.optionalInt64(8))
  }

  /// What a row cost by the latest run up to `document`; nil for what it was booked at.
  private func price(of seq: Int64, after document: Int64) throws(StoreFault) -> VerifyCharge? {
    if isUntouched { return nil }
    until.bind(":seq", seq)
    until.bind(":document", document)
    guard try until.step() else { return nil }
    defer { until.reset() }
    return VerifyCharge(until, from: 0)
  }

  /// What the call came to with `row`: it and the rows before it, each with what it cost after the runs
  /// up to `document`.
  ///
  /// `row` is taken as it stands. Rows that no call has are told where they stand; here their sums only
  /// must not trap.
  @inline(__always)
  func sum(endingWith row: VerifyRow, after document: Int64) throws(StoreFault) -> VerifySum {
    var sum = VerifySum(row)
    if row.prior != nil { try add(to: &sum, before: row, after: document) }
    return sum
  }

  private func add(
    to sum: inout VerifySum, before row: VerifyRow, after document: Int64
  ) throws(StoreFault) {
    var first = row
    while let seq = first.prior, seq < first.seq, let prior = try self.row(seq, after: document) {
      if sum.priorState == nil { sum.priorState = prior.state }
      for (meter, quantity) in prior.usage.stated { sum.usage[meter] &+= quantity }
      sum.cost &+= prior.cost ?? 0
      if let more = prior.margin { sum.margin = (sum.margin ?? 0) &+ more }
      first = prior
    }
  }
}

/// What a call's rows come to, one of them being the last.
struct VerifySum {
  var usage: Usage
  var cost: Int64
  var margin: Int64?
  /// The state of the row before the last; nil for none.
  var priorState: Int64?

  @inline(__always) init(_ row: VerifyRow) {
    usage = row.usage
    cost = row.cost ?? 0
    margin = row.margin
  }
}

/// The prices in effect of the calls that were re-priced, in the calls' order.
struct VerifyCharges {
  private let rows: Statement
  private var waits = false

  init(_ database: Database) throws(StoreFault) {
    rows = try database.prepare(CarriedFile.query("verify-prices.sql"))
    waits = try rows.step()
  }

  /// The price in effect of a call's row; nil for what it was booked at.
  mutating func price(of seq: Int64) throws(StoreFault) -> VerifyCharge? {
    while waits, rows.int64(0) < seq { waits = try rows.step() }
    guard waits, rows.int64(0) == seq else { return nil }
    return VerifyCharge(rows, from: 2)
  }
}
