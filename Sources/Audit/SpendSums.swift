import Calls
import Rates
import Units

/// Whether a router stood between the caller and the provider, and whether its share is known.
package enum Routing: Hashable, Sendable {
  /// The provider bills the call itself.
  case direct
  /// A router bills it, and the provider's own card says what it would have cost there.
  case compared
  /// A router bills it, and there is no card to compare with: the margin is unknown, not nought.
  case unknown

  /// A router's call that the provider bills (own provider key) is direct: nothing is passed on.
  ///
  /// `cardRoute` is the route of the card that the call pays; nil when it has none.
  package init(_ subject: Subject, cardRoute: String?, hasDirectCard: Bool) {
    if subject.route == "direct" || subject.issuer == subject.provider || cardRoute == "direct" {
      self = .direct
    } else {
      self = hasDirectCard ? .compared : .unknown
    }
  }
}

/// What calls add up to.
package struct SpendSums: Hashable, Sendable {
  package var calls: Int64 = 0
  package var errors: Int64 = 0
  package var unpriced: Int64 = 0
  package var partial: Int64 = 0
  package var input: Int64 = 0
  package var cacheRead: Int64 = 0
  package var output: Int64 = 0
  /// Nanodollars of the priced calls.
  package var cost: Int64 = 0
  /// Nanodollars of the calls whose margin is known.
  package var margin: Int64 = 0
  package var latencyMilliseconds: Int64 = 0
  package var latencyCalls: Int64 = 0
  package var comparedCalls: Int64 = 0
  /// Nanodollars of the calls whose margin is known: as booked.
  package var comparedCost: Int64 = 0
  package var marginUnknownCalls: Int64 = 0

  /// The first of the sums that went beyond 64 bits, and is wrong since.
  private var beyond: SumFault?

  package init() {}

  package static func += (a: inout SpendSums, b: SpendSums) {
    a.combine(b) { $0.addingReportingOverflow($1) }
  }

  /// The same, to be taken away.
  package static prefix func - (a: SpendSums) -> SpendSums {
    var sums = SpendSums()
    sums.combine(a) { $0.subtractingReportingOverflow($1) }
    return sums
  }

  /// Puts each sum of the other to its own; what goes beyond 64 bits is noted, and never traps.
  @inline(__always)
  private mutating func combine(
    _ b: SpendSums, _ operation: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
  ) {
    var beyond = self.beyond ?? b.beyond
    func together(_ a: Int64, _ b: Int64, _ fault: SumFault) -> Int64 {
      let (sum, overflows) = operation(a, b)
      if overflows { beyond = beyond ?? fault }
      return sum
    }
    calls = together(calls, b.calls, .calls)
    errors = together(errors, b.errors, .calls)
    unpriced = together(unpriced, b.unpriced, .calls)
    partial = together(partial, b.partial, .calls)
    input = together(input, b.input, .tokens)
    cacheRead = together(cacheRead, b.cacheRead, .tokens)
    output = together(output, b.output, .tokens)
    cost = together(cost, b.cost, .costs)
    margin = together(margin, b.margin, .margins)
    latencyMilliseconds = together(latencyMilliseconds, b.latencyMilliseconds, .latencies)
    latencyCalls = together(latencyCalls, b.latencyCalls, .calls)
    comparedCalls = together(comparedCalls, b.comparedCalls, .calls)
    comparedCost = together(comparedCost, b.comparedCost, .costs)
    marginUnknownCalls = together(marginUnknownCalls, b.marginUnknownCalls, .calls)
    self.beyond = beyond
  }

  /// Refuses sums that cannot be shown; those that pass can be asked for every amount below.
  package func check() throws(SumFault) {
    if let beyond { throw beyond }
    if cost.subtractingReportingOverflow(margin).overflow { throw .costs }
    if comparedCost.subtractingReportingOverflow(margin).overflow { throw .costs }
  }

  /// Adds what calls of one routing came to; only a compared call has a margin.
  package mutating func add(_ sums: SpendSums, _ routing: Routing) {
    var routed = sums
    switch routing {
    case .direct: break
    case .compared:
      routed.comparedCalls = sums.calls
      routed.comparedCost = sums.cost
    case .unknown: routed.marginUnknownCalls = sums.calls
    }
    self += routed
  }

  package var costAmount: Amount { Amount(nanos: cost) }

  /// What routes added, as far as it is known; nil when calls were routed and none can be compared.
  package var knownMargin: Amount? {
    marginUnknownCalls > 0 && comparedCalls == 0 ? nil : Amount(nanos: margin)
  }

  /// The cost without the margins that are known.
  package var base: Amount { Amount(nanos: cost &- margin) }

  /// What the calls whose margin is known cost.
  package var routedAmount: Amount { Amount(nanos: comparedCost) }
  /// What they would have cost at the direct rates.
  package var atDirectRates: Amount { Amount(nanos: comparedCost &- margin) }
  /// What their routes added; nil when no call can be compared.
  package var comparedMargin: Amount? { comparedCalls > 0 ? Amount(nanos: margin) : nil }

  /// ``comparedMargin`` in percent of ``atDirectRates``, to two decimals, half to even.
  ///
  /// Nil when no call can be compared, or when the direct price is nought.
  package var marginPercent: String? {
    guard comparedCalls > 0, atDirectRates.nanos > 0 else { return nil }
    let hundredths = Rounding.halfEven.divide(
      Int128(margin) * 10_000, by: Int128(atDirectRates.nanos))
    return DecimalText.fixed(hundredths, decimals: 2)
  }

  /// Mean of the stated latencies, rounded half to even; nil when none was stated.
  package var meanLatencyMilliseconds: Int64? {
    guard latencyCalls > 0 else { return nil }
    return Int64(
      Rounding.halfEven.divide(Int128(latencyMilliseconds), by: Int128(latencyCalls)))
  }
}
