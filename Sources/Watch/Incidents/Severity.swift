import Units

/// How much an incident matters.
package enum Severity: UInt8, CaseIterable, Comparable, Sendable {
  /// For the daily digest.
  case info
  /// For somebody's working day.
  case warning
  /// For waking somebody.
  case critical

  package var name: String {
    switch self {
    case .info: "info"
    case .warning: "warning"
    case .critical: "critical"
    }
  }

  package static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }
}

/// From how many dollars at risk an incident matters how much.
///
/// At risk is what a day costs beyond the expected, at the rate of the last hour.
package struct SeverityLimits: Hashable, Sendable {
  package var warningDay = Amount(nanos: 50_000_000_000)
  package var criticalDay = Amount(nanos: 500_000_000_000)
  /// A day's excess, in hundredths of the month's budget, where one covers the incident.
  package var warningBudgetPercent: Int64 = 2
  package var criticalBudgetPercent: Int64 = 10
  /// A budget that is spent within these hours is critical.
  package var exhaustionHours: Int64 = 24

  package init() {}

  /// The severity of a day's excess; `budget` is a month's amount.
  package func severity(dayAhead: Amount, budget: Amount? = nil) -> Severity {
    func reaches(_ percent: Int64) -> Bool {
      guard let budget, budget > .zero else { return false }
      return Int128(dayAhead.nanos) * 100 >= Int128(budget.nanos) * Int128(percent)
    }
    if dayAhead >= criticalDay || reaches(criticalBudgetPercent) { return .critical }
    return dayAhead >= warningDay || reaches(warningBudgetPercent) ? .warning : .info
  }
}
