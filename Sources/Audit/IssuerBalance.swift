import Books
import Units

/// What stands with an issuer at this moment, and what it is owed.
package struct IssuerBalance: Hashable, Sendable {
  package let issuer: String
  /// Included credits that are neither used nor lapsed, of all months.
  package var credits = Amount.zero
  /// What is left of money paid in advance.
  package var prepaid = Amount.zero
  /// Used, and paid by nothing yet.
  package var accrued = Amount.zero

  package init(issuer: String) { self.issuer = issuer }

  /// Money of the reader's own stands with the issuer.
  package var hasMoney: Bool { credits != .zero || prepaid != .zero }
}

extension TrialBalance {
  /// The issuers that are owed something or hold something, by name.
  ///
  /// A balance beyond 64 bits, which no writer books, is shown as the nearest within them.
  package var issuers: [IssuerBalance] {
    var balances: [String: IssuerBalance] = [:]
    func add(_ line: AccountBalance, _ issuer: String, _ member: WritableKeyPath<IssuerBalance, Amount>, _ sign: Int128)
    {
      let before = balances[issuer] ?? IssuerBalance(issuer: issuer)
      var after = before
      let sum = Int128(before[keyPath: member].nanos) + sign * line.balance
      after[keyPath: member] = Amount(nanos: Int64(clamping: sum))
      balances[issuer] = after
    }
    for line in lines where line.account.commodity == .usd {
      if let issuer = line.account.accruedIssuer { add(line, issuer, \.accrued, -1) }
      if let issuer = line.account.prepaidIssuer { add(line, issuer, \.prepaid, 1) }
      if let grant = line.account.creditGrant { add(line, grant.issuer, \.credits, 1) }
    }
    return balances.values.sorted { $0.issuer < $1.issuer }
  }
}
