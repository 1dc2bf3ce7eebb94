import Units

/// Money that is put into a prepaid balance, and the fee that the issuer takes for it.
package struct TopUp: Hashable, Sendable {
  package let issuer: String
  package let amount: Amount
  package let fee: Amount
  package let day: Day

  /// - Throws: ``CreditFault/notPositive(_:_:)`` when nothing is put in, or the fee is below nought.
  package init(issuer: String, amount: Amount, fee: Amount, day: Day) throws(CreditFault) {
    guard amount > .zero else { throw .notPositive("A top-up", amount) }
    guard fee >= .zero else { throw .notPositive("A fee", fee) }
    self.issuer = issuer
    self.amount = amount
    self.fee = fee
    self.day = day
  }

  /// The balance grows by the amount; the fee is an expense of its own; the bank pays both.
  package func entries() throws(CreditFault) -> [Entry] {
    do throws(EntryFault) {
      let made = [
        try Entry.moving(amount.nanos, day: day, kind: .topUp, debit: .prepaid(issuer), credit: .bank),
        try Entry.moving(fee.nanos, day: day, kind: .fee, debit: .fees(issuer), credit: .bank),
      ]
      return made.compactMap { $0 }
    } catch {
      throw .entry(error)
    }
  }
}
