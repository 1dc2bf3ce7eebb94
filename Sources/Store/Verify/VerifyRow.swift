import Audit
import Calls
import Rates
import Units

/// One row of a call, as far as it is judged.
struct VerifyRow {
  let seq: Int64
  let outcome: Outcome
  let flags: CallFlags
  var usage: Usage
  let prior: Int64?
  /// Whether it has meters without a column.
  let hasMeters: Bool
  /// As it was booked, or as a recharge has it.
  private(set) var dimension: Int64
  private(set) var state: Int64
  private(set) var cost: Int64?
  private(set) var margin: Int64?

  /// Reads a row of verify-calls.sql or verify-call.sql.
  init(_ rows: Statement) {
    let bits = rows.int64(2)
    var usage = Usage()
    for (column, meter) in [(Int32(3), Meter.input), (4, .cacheRead), (5, .output)] {
      let quantity = rows.int64(column)
      if quantity != 0 { usage[meter] = quantity }
    }
    var prior: Int64?
    var flags: CallFlags = []
    var hasMeters = false
    if !rows.isNull(10) {
      let details = DetailMembers(rows.text(10))
      prior = details.prior
      flags = details.flags
      for (meter, quantity) in details.meters {
        usage[meter] = quantity
        hasMeters = true
      }
    }
    seq = rows.int64(0)
    dimension = bits >> 5
    outcome = Outcome(rawValue: UInt8(bits >> 2 & 3)) ?? .ok
    state = bits & 3
    self.flags = flags
    self.usage = usage
    cost = rows.optionalInt64(6)
    margin = rows.optionalInt64(7)
    self.prior = prior
    self.hasMeters = hasMeters
  }

  /// Whether its numbers can be reckoned with: no call that was booked has others.
  var isPlausible: Bool { CallRecord.canBe(usage, cost: cost, margin: margin) }

  /// Takes the price of a recharge.
  mutating func take(_ price: VerifyCharge) {
    dimension = price.dimension
    state = price.state
    cost = price.cost
    margin = price.margin
  }

  /// What it counts for, as ``Turnover/add(_:corrects:)`` has it; `prior` is the state before it.
  func counted(latency: Int64?, prior: Int64?) -> SpendSums {
    var sum = SpendSums()
    if prior == nil {
      sum.calls = 1
      sum.errors = outcome == .error ? 1 : 0
      sum.latencyMilliseconds = latency ?? 0
      sum.latencyCalls = latency == nil ? 0 : 1
    }
    sum.unpriced = (state == 2 ? 1 : 0) - (prior == 2 ? 1 : 0)
    sum.partial = (state == 1 ? 1 : 0) - (prior == 1 ? 1 : 0)
    sum.input = usage[.input]
    sum.cacheRead = usage[.cacheRead]
    sum.output = usage[.output]
    sum.cost = cost ?? 0
    sum.margin = margin ?? 0
    return sum
  }
}

/// What a recharge says of a row.
struct VerifyCharge {
  let dimension: Int64
  let cost: Int64?
  let margin: Int64?
  let state: Int64

  /// Reads dimension, cost, margin and state from a column on.
  init(_ row: Statement, from column: Int32) {
    dimension = row.int64(column)
    cost = row.optionalInt64(column + 1)
    margin = row.optionalInt64(column + 2)
    state = row.int64(column + 3)
  }
}

extension VerifyParts.Dimension {
  /// What is wrong with a row's amounts, by the cards that the ledger keeps; `sum` is of all its call.
  func faults(
    _ row: VerifyRow, _ sum: VerifySum, _ cards: [Int64: StoredCard], did: String
  ) -> [(kind: Verification.Kind, what: String)] {
    guard row.cost != nil, card != 0 else { return [] }
    guard let card = cards[card] else {
      return [(.card, "call #\(row.seq) is priced by card \(self.card), which is missing")]
    }
    var usage = sum.usage
    let cost = sum.cost
    if row.flags.contains(.fromParameters), let billed = card.tariff.billed(ofParameters: usage) { usage = billed }
    let judgement = Recomputation.judge(usage, outcome: row.outcome, booked: cost, card: card)
    if case .differs(_, let reckoned) = judgement {
      return [
        (
          .amount,
          "call #\(row.seq) \(did) at \(Amount(nanos: cost)) USD, but its card makes \(reckoned)"
        )
      ]
    }
    guard let margin = sum.margin, let direct = cards[direct] else { return [] }
    // As ``CardsInForce/charges(_:)`` has it: what the router does not bill is no cheaper directly.
    let isUnbilled = row.outcome == .error && cost == 0
    let base = isUnbilled ? Charge.nothing : direct.charge(usage, outcome: row.outcome)
    let reckoned = Amount(nanos: cost &- base.amount.nanos)
    guard case .exact = base.state, margin != reckoned.nanos else { return [] }
    return [
      (
        .amount,
        "call #\(row.seq) has a margin of \(Amount(nanos: margin)) USD, but its cards make \(reckoned)"
      )
    ]
  }
}
