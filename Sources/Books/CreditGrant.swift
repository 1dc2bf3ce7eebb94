import Units

/// The included credits of one issuer and month: what was granted, what it paid for, what lapsed.
///
/// Never overdrawn: what was used and what lapsed are at most what was granted.
package struct CreditGrant: Hashable, Sendable {
  package let issuer: String
  package let month: Month
  package let granted: Amount
  /// What it has paid for usage.
  package let used: Amount
  /// What lapsed when the month was over.
  package let expired: Amount
  /// What can still be spent: nought or more.
  package let left: Amount

  /// - Throws: ``CreditFault/overdrawn(issuer:month:granted:spent:)``.
  package init(
    issuer: String, month: Month, granted: Amount, used: Amount, expired: Amount
  ) throws(CreditFault) {
    let spent = Int128(used.nanos) + Int128(expired.nanos)
    guard granted >= .zero, spent <= Int128(granted.nanos),
      let left = Int64(exactly: Int128(granted.nanos) - spent)
    else {
      throw .overdrawn(
        issuer: issuer, month: month, granted: granted, spent: DecimalText.fixed(spent, decimals: 9))
    }
    self.issuer = issuer
    self.month = month
    self.granted = granted
    self.used = used
    self.expired = expired
    self.left = Amount(nanos: left)
  }
}

/// Why credits or prepaid money cannot be booked as asked.
package enum CreditFault: Error, Hashable, Sendable, CustomStringConvertible {
  case overdrawn(issuer: String, month: Month, granted: Amount, spent: String)
  case notPositive(String, Amount)
  case beyond(issuer: String)
  case notBegun(Month)
  /// Credits lapse when their month is over.
  case notOver(Month)
  /// Credits could still pay for usage of the month, or have paid for what was taken back.
  case unapplied(issuer: String, month: Month, Amount)
  /// Credits could still pay for calls whose price is not known yet.
  case unpriced(issuer: String, month: Month, calls: Int64)
  case noGrant(issuer: String, month: Month)
  case entry(EntryFault)

  package var description: String {
    switch self {
    case .overdrawn(let issuer, let month, let granted, let spent):
      "\(issuer)'s credits of \(month) are \(granted) and \(spent) of them would be gone. Grant more, or spend less."
    case .notPositive(let what, let amount):
      "\(what) of \(amount) moves nothing. State an amount above nought."
    case .beyond(let issuer):
      "Amounts of \(issuer) are beyond what is booked: over 2 billion dollars. Look for absurd amounts."
    case .notBegun(let month):
      "\(month) has not begun in UTC. Wait for \(month.first)."
    case .notOver(let month):
      "\(month) is not over in UTC, so nothing of it lapses yet. Wait until \(month.last) is over."
    case .unapplied(let issuer, let month, let amount):
      "\(issuer)'s credits of \(month) are not applied to all of its usage: \(amount) is to be moved. Apply them first."
    case .unpriced(let issuer, let month, let calls):
      "\(calls == 1 ? "A call" : "\(calls) calls") of \(month) that \(issuer) bills \(calls == 1 ? "has" : "have") "
        + "no price, and what is left could pay for \(calls == 1 ? "it" : "them"). Add the cards and re-price, "
        + "or let it lapse with --despite-unpriced."
    case .noGrant(let issuer, let month):
      "\(issuer) has no credits of \(month). Grant them first."
    case .entry(let fault): "\(fault)"
    }
  }
}
