import Units

/// What the books say of one issuer in one month in UTC: what was used, and what has paid for it.
///
/// Decides how much credits and prepaid money pay, and makes the entries. The order is the issuers':
/// credits of the month first, then the prepaid balance; what neither pays stays accrued.
package struct IssuerMonth: Hashable, Sendable {
  package let grant: CreditGrant
  /// What the calls of the month's days cost, as far as this issuer bills them.
  package let usage: Amount
  /// What the prepaid balance has paid of it.
  package let settled: Amount
  /// What is owed to the issuer and not invoiced, of all months.
  package let accrued: Amount
  /// What is left of the money that stands with the issuer.
  package let prepaid: Amount
  /// Calls of the month that have no price yet; what they cost is in no amount.
  package let unpriced: Int64

  package var issuer: String { grant.issuer }
  package var month: Month { grant.month }

  /// - Throws: ``CreditFault/beyond(issuer:)`` when an amount could not be added up.
  package init(
    grant: CreditGrant, usage: Amount, settled: Amount, accrued: Amount, prepaid: Amount,
    unpriced: Int64 = 0
  ) throws(CreditFault) {
    let amounts = [grant.granted, grant.used, grant.expired, usage, settled, accrued, prepaid]
    guard amounts.allSatisfy({ $0.nanos.magnitude <= Self.amountMax }) else {
      throw .beyond(issuer: grant.issuer)
    }
    self.grant = grant
    self.usage = usage
    self.settled = settled
    self.accrued = accrued
    self.prepaid = prepaid
    self.unpriced = unpriced
  }

  /// Four of them add up within 64 bits.
  private static let amountMax: UInt64 = 2_000_000_000_000_000_000

  // MARK: - How much

  /// Usage of the month that nothing has paid.
  package var unpaid: Amount { usage - grant.used - settled }

  /// What the credits are to pay further: as much of the usage as they reach.
  ///
  /// Negative where a correction took back usage that they have paid for.
  package var coverable: Amount {
    let reach = min(max(usage, .zero), grant.granted - grant.expired)
    let missing = reach - grant.used
    return missing <= .zero ? missing : max(.zero, min(missing, unpaid, accrued))
  }

  /// What the prepaid balance is to pay further, never more than there is.
  ///
  /// Negative where a correction took back usage that it has paid for.
  package var settleable: Amount {
    unpaid <= .zero ? max(unpaid, -max(settled, .zero)) : max(.zero, min(unpaid, prepaid, accrued))
  }

  // MARK: - Entries

  /// Grants credits: they are an asset, and owed to nobody until they are used.
  package func granting(_ amount: Amount, today: Day) throws(CreditFault) -> [Entry] {
    guard amount > .zero else { throw .notPositive("A grant", amount) }
    guard today >= month.first else { throw .notBegun(month) }
    return try entries(
      amount, month.first, .creditGrant, [(credits, .unearnedCredits(issuer))])
  }

  /// Lets the credits pay for what they reach and have not paid for; empty when there is nothing new.
  package func applying(today: Day) throws(CreditFault) -> [Entry] {
    guard today >= month.first else { throw .notBegun(month) }
    guard grant.granted > .zero else { throw .noGrant(issuer: issuer, month: month) }
    return try entries(
      coverable, min(today, month.last), .creditUse,
      [(.accrued(issuer), credits), (.unearnedCredits(issuer), .contraCredits(issuer))])
  }

  /// Lets the rest of the credits lapse, on the month's last day; empty when nothing is left.
  ///
  /// Refused while calls of the month have no price: credits could still pay for them. `despiteUnpriced` waives that.
  package func expiring(today: Day, despiteUnpriced: Bool = false) throws(CreditFault) -> [Entry] {
    guard grant.granted > .zero else { throw .noGrant(issuer: issuer, month: month) }
    guard today > month.last else { throw .notOver(month) }
    guard coverable == .zero else { throw .unapplied(issuer: issuer, month: month, coverable) }
    guard unpriced == 0 || despiteUnpriced || grant.left == .zero else {
      throw .unpriced(issuer: issuer, month: month, calls: unpriced)
    }
    return try entries(grant.left, month.last, .creditExpiry, [(.unearnedCredits(issuer), credits)])
  }

  /// Pays unpaid usage out of the prepaid balance; empty when there is nothing to pay, or nothing to pay with.
  package func settling(today: Day) throws(CreditFault) -> [Entry] {
    guard today >= month.first else { throw .notBegun(month) }
    guard coverable == .zero else { throw .unapplied(issuer: issuer, month: month, coverable) }
    return try entries(settleable, min(today, month.last), .topUp, [(.accrued(issuer), .prepaid(issuer))])
  }

  private var credits: Account { .credits(issuer, grant: "\(month)") }

  private func entries(
    _ amount: Amount, _ day: Day, _ kind: Entry.Kind, _ pairs: [(debit: Account, credit: Account)]
  ) throws(CreditFault) -> [Entry] {
    do throws(EntryFault) {
      var made: [Entry] = []
      for pair in pairs {
        if let entry = try Entry.moving(
          amount.nanos, day: day, kind: kind, debit: pair.debit, credit: pair.credit)
        {
          made.append(entry)
        }
      }
      return made
    } catch {
      throw .entry(error)
    }
  }
}
