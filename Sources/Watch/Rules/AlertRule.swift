/// What can be wrong: the rule that an incident is of, by the name that alerts carry.
package enum AlertRule: String, CaseIterable, Comparable, Sendable {
  /// Spend beyond what the series' own past lets expect.
  case spendSpike = "spend_spike"
  /// A team, key or model never seen before that spends much at once.
  case newSpender = "new_spender"
  /// Many incidents of one provider at once: told as one.
  case providerWide = "provider_wide"
  case budgetThreshold = "budget_threshold"
  case budgetForecast = "budget_forecast"
  case budgetBurn = "budget_burn"
  case budgetExhaustion = "budget_exhaustion"
  case unitPriceJump = "unit_price_jump"
  case providerChange = "provider_change"
  case unpricedCalls = "unpriced_calls"
  case statedDrift = "stated_drift"
  case paymentRequired = "payment_required"
  case errorRate = "error_rate"
  case latency = "latency"
  case silentClient = "silent_client"
  case sequenceGaps = "sequence_gaps"

  /// Whether it is of a budget, which the label `budget` names.
  package var isOfBudget: Bool {
    switch self {
    case .budgetThreshold, .budgetForecast, .budgetBurn, .budgetExhaustion: true
    default: false
    }
  }

  /// Whether what stands is told again after a while.
  ///
  /// What a budget has come to is said once a period: nothing can be done about what is spent.
  package var isRepeated: Bool {
    switch self {
    case .budgetThreshold, .budgetForecast, .budgetExhaustion: false
    default: true
    }
  }

  package static func < (a: AlertRule, b: AlertRule) -> Bool { a.rawValue < b.rawValue }
}
