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
  package var marginUnknownCalls: Int64 = 0

  package init() {}

  package static func += (a: inout SpendSums, b: SpendSums) {
    a.calls += b.calls
    a.errors += b.errors
    a.unpriced += b.unpriced
    a.partial += b.partial
    a.input += b.input
    a.cacheRead += b.cacheRead
    a.output += b.output
    a.cost += b.cost
    a.margin += b.margin
    a.latencyMilliseconds += b.latencyMilliseconds
    a.latencyCalls += b.latencyCalls
    a.comparedCalls += b.comparedCalls
    a.marginUnknownCalls += b.marginUnknownCalls
  }

  /// The same, to be taken away.
  package static prefix func - (a: SpendSums) -> SpendSums {
    var sums = SpendSums()
    sums.calls = -a.calls
    sums.errors = -a.errors
    sums.unpriced = -a.unpriced
    sums.partial = -a.partial
    sums.input = -a.input
    sums.cacheRead = -a.cacheRead
    sums.output = -a.output
    sums.cost = -a.cost
    sums.margin = -a.margin
    sums.latencyMilliseconds = -a.latencyMilliseconds
    sums.latencyCalls = -a.latencyCalls
    sums.comparedCalls = -a.comparedCalls
    sums.marginUnknownCalls = -a.marginUnknownCalls
    return sums
  }

  /// Adds what calls of one routing came to; only a compared call has a margin.
  package mutating func add(_ sums: SpendSums, _ routing: Routing) {
    self += sums
    switch routing {
    case .direct: break
    case .compared: comparedCalls += sums.calls
    case .unknown: marginUnknownCalls += sums.calls
    }
  }

  package var costAmount: Amount { Amount(nanos: cost) }

  /// What routes added, as far as it is known; nil when calls were routed and none can be compared.
  package var knownMargin: Amount? {
    marginUnknownCalls > 0 && comparedCalls == 0 ? nil : Amount(nanos: margin)
  }

  /// The cost without the margins that are known.
  package var base: Amount { Amount(nanos: cost - margin) }

  /// Mean of the stated latencies, rounded half to even; nil when none was stated.
  package var meanLatencyMilliseconds: Int64? {
    guard latencyCalls > 0 else { return nil }
    return Int64(
      Rounding.halfEven.divide(Int128(latencyMilliseconds), by: Int128(latencyCalls)))
  }
}
