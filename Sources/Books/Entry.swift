import Units

/// One movement in the books: an amount from one account to another.
///
/// Balanced by construction: it has one amount, which one account is debited and the other
/// credited. What takes more legs is several entries under one ``Document``.
package struct Entry: Hashable, Sendable {
  /// The day the movement belongs to; calls belong to the UTC day they began.
  package let day: Day
  package let kind: Kind
  package let debit: Account
  package let credit: Account
  /// Above nought.
  ///
  /// Nanodollars, or calls when the accounts count calls.
  package let amount: Int64

  /// Why an entry was made.
  ///
  /// Raw values stand in the ledger and never change meaning.
  package enum Kind: Int, Hashable, Sendable, CaseIterable {
    case usage = 1
    case margin, unpriced, creditGrant, creditUse, creditExpiry, priced, reversal, rebooking, invoice,
      variance, topUp, fee, endpoint, refund, close

    package var name: String {
      switch self {
      case .usage: "usage"
      case .margin: "margin"
      case .unpriced: "unpriced"
      case .creditGrant: "credit_grant"
      case .creditUse: "credit_use"
      case .creditExpiry: "credit_expiry"
      case .priced: "priced"
      case .reversal: "reversal"
      case .rebooking: "rebooking"
      case .invoice: "invoice"
      case .variance: "variance"
      case .topUp: "top_up"
      case .fee: "fee"
      case .endpoint: "endpoint"
      case .refund: "refund"
      case .close: "close"
      }
    }
  }

  /// - Throws: ``EntryFault`` when the entry would move nothing, or between the wrong accounts.
  package init(
    day: Day, kind: Kind, debit: Account, credit: Account, amount: Int64
  ) throws(EntryFault) {
    guard amount > 0 else { throw .notPositive(amount, debit: debit.name, credit: credit.name) }
    guard debit != credit else { throw .oneAccount(debit.name) }
    guard debit.commodity == credit.commodity else {
      throw .commoditiesDiffer(debit: debit.name, credit: credit.name)
    }
    self.day = day
    self.kind = kind
    self.debit = debit
    self.credit = credit
    self.amount = amount
  }

  /// The entry that moves `amount` either way: a negative amount swaps the accounts, nought is none.
  package static func moving(
    _ amount: Int64, day: Day, kind: Kind, debit: Account, credit: Account
  ) throws(EntryFault) -> Entry? {
    if amount == 0 { return nil }
    return amount > 0
      ? try Entry(day: day, kind: kind, debit: debit, credit: credit, amount: amount)
      : try Entry(day: day, kind: kind, debit: credit, credit: debit, amount: -amount)
  }

  /// The entry that takes this one back, dated `day`.
  package func reversed(on day: Day) throws(EntryFault) -> Entry {
    try Entry(day: day, kind: .reversal, debit: credit, credit: debit, amount: amount)
  }

  /// The two lines of the entry: debits positive, credits negative; they add up to nought.
  package var postings: [Posting] {
    [Posting(account: debit, amount: amount), Posting(account: credit, amount: -amount)]
  }
}

/// One line of an entry.
///
/// Debits are positive, credits negative.
package struct Posting: Hashable, Sendable {
  package let account: Account
  package let amount: Int64
}

/// Why an entry cannot be made.
package enum EntryFault: Error, Hashable, Sendable, CustomStringConvertible {
  case notPositive(Int64, debit: String, credit: String)
  case oneAccount(String)
  case commoditiesDiffer(debit: String, credit: String)

  package var description: String {
    switch self {
    case .notPositive(let amount, let debit, let credit):
      "An entry from \(credit) to \(debit) moves \(amount). Move more than nought; swap the accounts to go back."
    case .oneAccount(let name):
      "An entry has \(name) on both sides. Name two accounts."
    case .commoditiesDiffer(let debit, let credit):
      "\(debit) and \(credit) count different things. Book dollars and calls in entries of their own."
    }
  }
}
