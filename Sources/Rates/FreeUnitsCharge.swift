import Calls
import Units

extension Tariff {
  /// The usage as it is billed: after the rules, and with the one request that a rate per request counts.
  ///
  /// Nothing of a failed call that is not billed.
  package func billed(_ usage: Usage, outcome: Outcome) -> Usage {
    if outcome == .error, billsSuccessOnly || usage.isEmpty { return Usage() }
    var billed = rules?.billed(usage) ?? usage
    if table(promptTokens: usage.promptTokens).has(.requests), !billed.has(.requests) { billed[.requests] = 1 }
    return billed
  }

  /// What a call costs when `free` of its billed units are given away.
  ///
  /// The rates stay those of the whole prompt, free tokens included. The rest is multiplied out and rounded
  /// once, as any call is: so the difference from ``charge(_:outcome:)`` is exactly what the free units were
  /// charged, and the call never comes to less than nought.
  package func charge(_ usage: Usage, outcome: Outcome, less free: Usage) -> Charge {
    if outcome == .error, billsSuccessOnly || usage.isEmpty { return .nothing }
    if usage.isEmpty, !base.has(.requests) { return .unpriced(.noUsage) }
    var left = billed(usage, outcome: outcome)
    for (meter, quantity) in free.stated { left[meter] = max(0, left[meter] - quantity) }
    return table(promptTokens: usage.promptTokens).charge(
      left, rounding: rounding, atLeast: rules?.minimumCharge ?? 0)
  }
}
