import Units

/// An issuer's credits and its usage by month, added up from entries.
///
/// Which accounts an entry lies between tells what it did, whatever its kind: a reversal takes back
/// what it mirrors.
package struct CreditBooks: Sendable {
  private var sums: [Key: Sums] = [:]
  /// What is booked of free units, by their account.
  private var freed: [Account: Int128] = [:]

  private struct Key: Hashable {
    let issuer: String
    let month: Month
  }

  /// 128 bits, so that no file overflows them.
  private struct Sums {
    var usage: Int128 = 0
    var settled: Int128 = 0
    var granted: Int128 = 0
    var used: Int128 = 0
    var expired: Int128 = 0
    var unpriced: Int64 = 0
  }

  package init(_ entries: some Sequence<Entry> = []) {
    for entry in entries { add(entry) }
  }

  package mutating func add(_ entry: Entry) {
    add(debit: entry.debit, credit: entry.credit, amount: entry.amount, on: entry.day)
  }

  /// Adds what moved from account to account on a day.
  package mutating func add(debit: Account, credit: Account, amount: Int64, on day: Day) {
    let amount = Int128(amount)
    switch (CreditRole(of: debit), CreditRole(of: credit)) {
    case (.expense, .accrued(let issuer)): change(issuer, day) { $0.usage += amount }
    case (.accrued(let issuer), .expense): change(issuer, day) { $0.usage -= amount }
    // The issuer does not bill what it gave away: it is usage no longer.
    case (.accrued(let issuer), .freeUnits):
      change(issuer, day) { $0.usage -= amount }
      freed[credit, default: 0] += amount
    case (.freeUnits, .accrued(let issuer)):
      change(issuer, day) { $0.usage += amount }
      freed[debit, default: 0] -= amount
    case (.accrued(let issuer), .prepaid): change(issuer, day) { $0.settled += amount }
    case (.prepaid, .accrued(let issuer)): change(issuer, day) { $0.settled -= amount }
    case (.credits(let issuer, let grant), .unearned): change(issuer, grant) { $0.granted += amount }
    case (.unearned, .credits(let issuer, let grant)): change(issuer, grant) { $0.expired += amount }
    case (.accrued, .credits(let issuer, let grant)): change(issuer, grant) { $0.used += amount }
    case (.credits(let issuer, let grant), .accrued): change(issuer, grant) { $0.used -= amount }
    default: break
    }
  }

  /// Adds what calls of a day cost, and how many of them have no price, by the issuer as the calls state it.
  package mutating func add(usage: Int64, unpriced: Int64 = 0, accruedTo issuer: String, on day: Day) {
    guard let name = Account.accrued(issuer).accruedIssuer else { return }
    change(name, day) {
      $0.usage += Int128(usage)
      $0.unpriced += unpriced
    }
  }

  private mutating func change(_ issuer: String, _ day: Day, _ by: (inout Sums) -> Void) {
    by(&sums[Key(issuer: issuer, month: Month(of: day)), default: Sums()])
  }

  /// Credits are those of the month that their account names; others' accounts are left alone.
  private mutating func change(_ issuer: String, _ grant: String, _ by: (inout Sums) -> Void) {
    guard let month = Month(grant) else { return }
    by(&sums[Key(issuer: issuer, month: month), default: Sums()])
  }

  // MARK: - Asking

  /// The grants of every issuer, by issuer and month.
  package func grants() throws(CreditFault) -> [CreditGrant] {
    var grants: [CreditGrant] = []
    for (key, sums) in sums where sums.granted != 0 || sums.used != 0 || sums.expired != 0 {
      grants.append(try Self.grant(key, sums))
    }
    return grants.sorted { ($0.issuer, $0.month) < ($1.issuer, $1.month) }
  }

  /// What one issuer's month looks like; `accrued` and `prepaid` are its balances over all time.
  package func month(
    _ month: Month, of issuer: String, accrued: Amount, prepaid: Amount
  ) throws(CreditFault) -> IssuerMonth {
    let key = Key(issuer: issuer, month: month)
    let sums = sums[key] ?? Sums()
    return try IssuerMonth(
      grant: Self.grant(key, sums), usage: Self.amount(sums.usage, key), settled: Self.amount(sums.settled, key),
      accrued: accrued, prepaid: prepaid, unpriced: sums.unpriced)
  }

  /// What is booked of the free units whose account this is.
  package func freed(_ account: Account, of issuer: String) throws(CreditFault) -> Amount {
    guard let nanos = Int64(exactly: freed[account] ?? 0) else { throw .beyond(issuer: issuer) }
    return Amount(nanos: nanos)
  }

  private static func grant(_ key: Key, _ sums: Sums) throws(CreditFault) -> CreditGrant {
    try CreditGrant(
      issuer: key.issuer, month: key.month, granted: amount(sums.granted, key), used: amount(sums.used, key),
      expired: amount(sums.expired, key))
  }

  private static func amount(_ sum: Int128, _ key: Key) throws(CreditFault) -> Amount {
    guard let nanos = Int64(exactly: sum) else { throw .beyond(issuer: key.issuer) }
    return Amount(nanos: nanos)
  }
}
