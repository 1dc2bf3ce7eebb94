import Calls
import Units

/// What a call costs under one card.
package struct Charge: Sendable {
  package let state: ChargeState
  /// The rounded sum of the priced meters; zero when nothing was priced.
  package let amount: Amount
  /// The sum before rounding: 1e-15 USD × `denominator`.
  package let exact: Int128
  package let denominator: Int64

  /// A single call never costs more; a larger sum is a mistake in the line or the card.
  package static let amountMax = Amount(nanos: 100_000 * 1_000_000_000)

  package init(state: ChargeState, amount: Amount, exact: Int128, denominator: Int64) {
    self.state = state
    self.amount = amount
    self.exact = exact
    self.denominator = denominator
  }

  /// Nothing to pay, and surely so.
  package static let nothing = Charge(state: .exact, amount: .zero, exact: 0, denominator: 1)

  package static func unpriced(_ reason: UnpricedReason) -> Charge {
    Charge(state: .unpriced(reason), amount: .zero, exact: 0, denominator: 1)
  }
}

/// How much of a call the amount covers.
///
/// NULL is not 0: an unpriced call has no amount at all.
package enum ChargeState: Hashable, Sendable {
  /// Every meter had a rate.
  case exact
  /// The amount covers all but these meters (bits by ``Meter``'s raw value) or, with 0, a part of
  /// the usage that no meter holds.
  case partial(missing: UInt32)
  /// There is no amount, for this reason.
  case unpriced(UnpricedReason)
}

/// Why a call has no amount.
package enum UnpricedReason: UInt8, CaseIterable, Hashable, Sendable {
  case noProvider = 1, noModel, noUsage, unknownProvider, unknownModel, beforeFirstCard, noCardInForce,
    noRateForUsage, contradictoryUsage, amountOverLimit

  /// The code that reports and the ledger write.
  package var name: String {
    switch self {
    case .noProvider: "no_provider"
    case .noModel: "no_model"
    case .noUsage: "no_usage"
    case .unknownProvider: "unknown_provider"
    case .unknownModel: "unknown_model"
    case .beforeFirstCard: "before_first_card"
    case .noCardInForce: "no_card_in_force"
    case .noRateForUsage: "no_rate_for_usage"
    case .contradictoryUsage: "contradictory_usage"
    case .amountOverLimit: "amount_over_limit"
    }
  }

  /// Fact and remedy.
  package var explanation: String {
    switch self {
    case .noProvider:
      "The line names no provider, and its model is sold by none or by several. State `provider`."
    case .noModel: "The line names no model. State `model`."
    case .noUsage: "The call succeeded, but its usage was not stated. Log the usage."
    case .unknownProvider: "No rate card has this route and provider. Add a file to pricing/."
    case .unknownModel: "The provider has no card for this model. Add one to its file in pricing/."
    case .beforeFirstCard:
      "The call is older than the model's first card. Add the card of that day, with its source."
    case .noCardInForce:
      "The model has cards, but none in force for this day, tier and region. Add one."
    case .noRateForUsage: "The card has no rate for any meter this call used. Add the rate."
    case .contradictoryUsage:
      "The usage contradicts itself, so no quantity can be trusted. Mend the client."
    case .amountOverLimit:
      "The amount is over 100,000 dollars for one call. Check the card's unit and the counts."
    }
  }
}

extension RateTable {
  /// What `usage` costs: Σ quantity × rate in 128 bits, then one rounding on the total.
  ///
  /// A `requests` rate counts one request where the usage states none. A sum above nought that is less
  /// than `least`, in 1e-15 USD, costs that.
  package func charge(_ usage: Usage, rounding: Rounding, atLeast least: Int128 = 0) -> Charge {
    var sum: Int128 = 0
    var missing: UInt32 = 0
    var used = usage.present
    var covered: UInt32 = 0
    while used != 0 {
      let meter = used.trailingZeroBitCount
      let bit: UInt32 = 1 &<< UInt32(truncatingIfNeeded: meter)
      used &= ~bit
      let quantity = usage.quantities[meter]
      if priced & bit == 0 {
        if quantity != 0 { missing |= bit }
        continue
      }
      covered |= bit
      sum &+= Int128(quantity) &* Int128(numerators[meter])
    }
    let request: UInt32 = 1 &<< UInt32(Meter.requests.rawValue)
    if priced & request != 0, usage.present & request == 0 {
      covered |= request
      sum &+= Int128(numerators[Int(Meter.requests.rawValue)])
    }
    if missing != 0 && covered & ~request == 0 { return .unpriced(.noRateForUsage) }
    if sum > 0 { sum = max(sum, least &* Int128(denominator)) }
    let amount = rounding.divideFast(sum, by: RateTable.femtosPerNano &* Int128(denominator))
    let limit = Int128(Charge.amountMax.nanos)
    guard amount <= limit, amount >= -limit else { return .unpriced(.amountOverLimit) }
    return Charge(
      state: missing == 0 ? .exact : .partial(missing: missing), amount: Amount(nanos: Int64(amount)),
      exact: sum, denominator: denominator)
  }
}

extension Rounding {
  /// ``divide(_:by:)``, by way of 64 bits where both fit: the usual case, and ten times as quick.
  @inline(__always)
  fileprivate func divideFast(_ value: Int128, by divisor: Int128) -> Int128 {
    guard let small = Int64(exactly: value), let by = Int64(exactly: divisor), small >= 0 else {
      return divide(value, by: divisor)
    }
    let (quotient, remainder) = small.quotientAndRemainder(dividingBy: by)
    if remainder == 0 { return Int128(quotient) }
    let up: Bool
    switch self {
    case .up: up = true
    case .halfUp: up = remainder >= by - remainder
    case .halfEven:
      up = remainder > by - remainder || (remainder == by - remainder && quotient & 1 == 1)
    }
    return Int128(up ? quotient + 1 : quotient)
  }
}
