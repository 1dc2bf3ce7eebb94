import Books
import Units

/// The general ledger as other accounting programs read it.
///
/// One movement a day, kind and pair of accounts; every posting is written with all its decimals,
/// because checkers infer their tolerance from what is written.
package struct LedgerExport: Sendable {
  /// Every account of the ledger, in the order of their opening.
  package let accounts: [Account]
  /// By day.
  package let movements: [Movement]
  /// The ledger's own balances, asserted at the end; nil for an extract of some days.
  package let balances: [AccountBalance]?
  /// The chain's head, to tell which ledger this is.
  package let head: String

  /// All entries of one day, kind and pair of accounts.
  package struct Movement: Hashable, Sendable {
    package let day: Day
    package let kind: String
    package let debit: Account
    package let credit: Account
    package let amount: Int64
    package let entries: Int64

    package init(
      day: Day, kind: String, debit: Account, credit: Account, amount: Int64, entries: Int64
    ) {
      self.day = day
      self.kind = kind
      self.debit = debit
      self.credit = credit
      self.amount = amount
      self.entries = entries
    }
  }

  package enum Format: String, CaseIterable, Sendable {
    case hledger, ledger, beancount, csv
  }

  package init(
    accounts: [Account], movements: [Movement], balances: [AccountBalance]?, head: String
  ) {
    self.accounts = accounts
    self.movements = movements
    self.balances = balances
    self.head = head
  }

  package func text(_ format: Format) -> String {
    switch format {
    case .hledger, .ledger: journal
    case .beancount: beancount
    case .csv: csv
    }
  }

  private var csv: String {
    CSVText.document(
      [["day", "kind", "debit", "credit", "commodity", "amount", "entries"]]
        + movements.map { movement in
          [
            "\(movement.day)", movement.kind, movement.debit.name, movement.credit.name,
            movement.debit.commodity.rawValue,
            movement.debit.commodity.text(movement.amount), "\(movement.entries)",
          ]
        })
  }
}

/// What one account has been debited and credited, ever.
package struct AccountBalance: Hashable, Sendable {
  package let account: Account
  package let debit: Int64
  package let credit: Int64

  package init(account: Account, debit: Int64, credit: Int64) {
    self.account = account
    self.debit = debit
    self.credit = credit
  }

  /// Debits less credits; in 128 bits, because no two of 64 go beyond them.
  package var balance: Int128 { Int128(debit) - Int128(credit) }
}

extension Account.Commodity {
  /// A quantity of the commodity: dollars with nine decimals, calls whole.
  package func text(_ quantity: some BinaryInteger) -> String {
    switch self {
    case .usd: DecimalText.fixed(Int128(quantity), decimals: 9)
    case .call: "\(quantity)"
    }
  }
}
