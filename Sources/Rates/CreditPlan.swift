import Units

/// What an issuer's plan includes each month: credit that is spent before usage is billed.
///
/// Unit: dollars a calendar month in UTC, for an account or for each of its seats. What is not used in
/// the month lapses with it.
package struct CreditPlan: Hashable, Sendable, DatedTerm {
  /// Whose plan: canonical in a ``RateBook``.
  package internal(set) var issuer: String
  package let name: String
  package let credit: Amount
  package let per: Payer
  /// The first UTC day it holds, and the first on which it no longer does.
  package let from: Day
  package internal(set) var until: Day?
  package let spendsOn: Scope
  package let source: String
  package let readOn: Day
  package let file: String
  let line: Int

  /// Whom the credit is for.
  package enum Payer: String, Hashable, Sendable, CaseIterable {
    case account, seat
  }

  /// What the credit pays for.
  package enum Scope: String, Hashable, Sendable, CaseIterable {
    /// Calls alone.
    case inference
    /// Calls and the issuer's other compute, which this ledger does not see.
    case compute
  }

  /// How often it is granted: there is no other cycle yet.
  enum Cycle: String, CaseIterable { case month }

  package func holds(on day: Day) -> Bool { from <= day && until.map { day < $0 } ?? true }

  /// The credit of a month for `seats`; nil when that is beyond what an amount can be.
  package func credit(seats: Int) -> Amount? {
    let (product, overflow) = credit.nanos.multipliedReportingOverflow(by: Int64(seats))
    return overflow ? nil : Amount(nanos: product)
  }
}

extension RateBook {
  /// The plans of an issuer, by name and day.
  package func plans(of issuer: String) -> [CreditPlan] {
    let name = canonical(issuer)
    return plans.filter { $0.issuer == name }
  }

  /// The plan of that name that holds on the first day of a month: credits are granted on it.
  package func plan(_ name: String, of issuer: String, in month: Month) -> CreditPlan? {
    plans(of: issuer).first { $0.name == name && $0.holds(on: month.first) }
  }
}
