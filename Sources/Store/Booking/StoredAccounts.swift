import Books

/// The chart of accounts as the ledger has it: an account is stored with its first entry.
///
/// Accounts are as many as teams and projects are named, and anyone may name them: what is known of them in memory is
/// bounded, and begun anew when it is full.
struct StoredAccounts {
  private var ids: [Account: Int64] = [:]
  private let limit: Int
  /// Accounts may be stored that are not known here.
  private var isPartial = false
  /// What the open batch stored, in the order of its rows.
  private(set) var added: [(id: Int64, account: Account)] = []

  init(_ statements: BookingStatements, path: String, limits: WriterLimits) throws(StoreFault) {
    limit = limits.accounts
    let accounts = statements.accounts
    while try accounts.step() {
      if ids.count >= limit {
        isPartial = true
        break
      }
      guard let commodity = Account.Commodity(rawValue: accounts.text(2)),
        let account = Account(name: accounts.text(1), commodity: commodity)
      else {
        throw .corrupt(path: path, what: "account \(accounts.int64(0)) has a name that is no account's")
      }
      ids[account] = accounts.int64(0)
    }
    accounts.reset()
  }

  mutating func begin() { added.removeAll() }

  mutating func rollBack() {
    for (_, account) in added { ids[account] = nil }
    added.removeAll()
  }

  mutating func id(
    of account: Account, batch: Int64, _ statements: BookingStatements, _ database: Database
  ) throws(StoreFault) -> Int64 {
    if let id = ids[account] { return id }
    if ids.count >= limit {
      ids.removeAll(keepingCapacity: true)
      isPartial = true
    }
    if isPartial, let id = try stored(account, statements) {
      ids[account] = id
      return id
    }
    let insert = statements.insertAccount
    insert.bind(1, account.name)
    insert.bind(2, account.commodity.rawValue)
    insert.bind(3, account.kind.rawValue)
    insert.bind(4, batch)
    try insert.run()
    let id = database.lastInsertedRow
    ids[account] = id
    added.append((id, account))
    return id
  }

  private func stored(_ account: Account, _ statements: BookingStatements) throws(StoreFault) -> Int64? {
    let find = statements.findAccount
    find.bind(1, account.name)
    find.bind(2, account.commodity.rawValue)
    defer { find.reset() }
    return try find.step() ? find.int64(0) : nil
  }
}
