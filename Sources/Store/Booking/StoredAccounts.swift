import Books

/// The chart of accounts as the ledger has it: an account is stored with its first entry.
struct StoredAccounts {
  private var ids: [Account: Int64] = [:]
  /// What the open batch stored, in the order of its rows.
  private(set) var added: [(id: Int64, account: Account)] = []

  init(_ statements: BookingStatements, path: String) throws(StoreFault) {
    let accounts = statements.accounts
    while try accounts.step() {
      guard let commodity = Account.Commodity(rawValue: accounts.text(2)),
        let account = Account(name: accounts.text(1), commodity: commodity)
      else {
        throw .corrupt(path: path, what: "account \(accounts.int64(0)) has a name that is no account's")
      }
      ids[account] = accounts.int64(0)
    }
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
}
