import Calls
import Units

/// What an issuer makes of quantities and amounts before it bills them: smallest quantities, whole steps, a
/// smallest charge.
///
/// The ledger keeps what was used; these rules say what of it is billed.
package struct BillingRules: Sendable {
  /// The least that is billed of a meter, once it is used at all; in its smallest parts.
  package let minimums: [Meter: Int64]
  /// What a meter's quantity is rounded up to a multiple of, in its smallest parts.
  package let steps: [Meter: Int64]
  /// The least that a call costs, in 1e-15 USD.
  package let minimumCharge: Int128

  package init(minimums: [Meter: Int64], steps: [Meter: Int64], minimumCharge: Int128) {
    self.minimums = minimums
    self.steps = steps
    self.minimumCharge = minimumCharge
  }

  /// The billed quantity for a used one: at least the minimum, then up to a whole step.
  package func billed(_ quantity: Int64, of meter: Meter) -> Int64 {
    guard quantity > 0 else { return quantity }
    let atLeast = max(quantity, minimums[meter] ?? 0)
    guard let step = steps[meter] else { return atLeast }
    let rest = atLeast % step
    return rest == 0 ? atLeast : atLeast + (step - rest)
  }

  /// The usage as it is billed.
  package func billed(_ usage: Usage) -> Usage {
    var usage = usage
    for meter in Set(minimums.keys).union(steps.keys) where usage.has(meter) {
      usage[meter] = billed(usage[meter], of: meter)
    }
    return usage
  }
}
