import Books
import Rates
import Units

/// Writes what follows from a batch's calls: rollups, entries, balances, and the seal over all.
struct BatchSeal {
  let database: Database
  let statements: BookingStatements
  let ledgerID: String
  let head: ChainHead
  /// Set by ``write(_:_:at:)``: the number of the next batch's first entry.
  private(set) var nextEntry: Int64 = 0

  init(database: Database, statements: BookingStatements, ledgerID: String, head: ChainHead) {
    self.database = database
    self.statements = statements
    self.ledgerID = ledgerID
    self.head = head
  }

  var batch: Int64 { head.batches + 1 }

  /// - Returns: the chain's new end.
  mutating func write(
    _ booking: inout BatchBooking, _ books: inout LedgerWriter.Books, at now: Timestamp
  ) throws(StoreFault) -> ChainHead {
    try booking.rollups.write(booking.turnover, ids: books.dimensions.ids, statements)
    let rows = try entries(booking.turnover, &books).rows(firstID: books.nextEntry)
    nextEntry = books.nextEntry + Int64(rows.count)
    for row in rows { booking.rows.hasher.add(row) }
    let header = BatchHeader(
      id: batch, committed: now.microseconds, base: booking.rows.base, firstAt: booking.rows.firstAt,
      lastAt: booking.rows.lastAt, firstSeq: booking.rows.firstSeq, lastSeq: booking.rows.nextSeq - 1,
      cost: booking.rows.cost, unpriced: booking.rows.unpriced)
    let end = try seal(header, books, &booking.rows.hasher)
    // Behind their batch: SQLite would search all entries for those that wait for it.
    try write(rows)
    return end
  }

  /// The entries that the calls make: for each day, and for all dimensions with the same accounts.
  private func entries(
    _ turnover: Turnover, _ books: inout LedgerWriter.Books
  ) throws(StoreFault) -> BatchEntries {
    var days = DayTurnover()
    for row in turnover.rows {
      let day = row.hour >= 0 ? row.hour / 24 : (row.hour - 23) / 24
      days.add(row, day: day, rules: books.dimensions.ruleNumbers[Int(row.dimension)])
    }
    var entries = BatchEntries()
    // Accounts get their ids in an order that does not hang on chance.
    for (key, sum) in days.sums.sorted(by: { ($0.key.day, $0.key.rules) < ($1.key.day, $1.key.rules) }) {
      let made: [Entry]
      do throws(EntryFault) {
        made = try books.dimensions.rules[Int(key.rules)].entries(
          day: Day(number: Int(key.day)), cost: sum.cost, margin: sum.margin,
          unpriced: sum.unpriced)
      } catch { preconditionFailure("entry rules broke their own rule: \(error)") }
      for entry in made { try add(entry, to: &entries, &books.accounts) }
    }
    return entries
  }

  private func add(
    _ entry: Entry, to entries: inout BatchEntries, _ accounts: inout StoredAccounts
  ) throws(StoreFault) {
    entries.add(
      day: Int64(entry.day.number), kind: Int64(entry.kind.rawValue),
      debit: try accounts.id(of: entry.debit, batch: batch, statements, database),
      credit: try accounts.id(of: entry.credit, batch: batch, statements, database),
      amount: entry.amount)
  }

  /// Writes entries, and what they move on their accounts.
  func write(_ rows: [BatchEntries.Row]) throws(StoreFault) {
    var moved: [Int64: (debit: Int64, credit: Int64)] = [:]
    let insert = statements.insertEntry
    for row in rows {
      insert.bind(1, row.id)
      insert.bind(2, batch)
      insert.bind(3, row.day)
      insert.bind(4, row.kind)
      insert.bind(5, row.debit)
      insert.bind(6, row.credit)
      insert.bind(7, row.amount)
      insert.bind(8, row.reverses == 0 ? nil : row.reverses)
      insert.bind(9, row.document == 0 ? nil : row.document)
      try insert.run()
      moved[row.debit, default: (0, 0)].debit += row.amount
      moved[row.credit, default: (0, 0)].credit += row.amount
    }
    try write(moved)
  }

  private func write(_ moved: [Int64: (debit: Int64, credit: Int64)]) throws(StoreFault) {
    for (account, sum) in moved.sorted(by: { $0.key < $1.key }) {
      statements.addBalance.bind(1, account)
      statements.addBalance.bind(2, sum.debit)
      statements.addBalance.bind(3, sum.credit)
      try statements.addBalance.run()
    }
  }

  /// Takes new dimensions, accounts and cards into the seal, then what `more` adds, and writes it.
  func seal(
    _ header: BatchHeader, _ books: LedgerWriter.Books, _ hasher: inout ChainHasher,
    more: (inout ChainHasher) -> Void = { _ in }
  ) throws(StoreFault) -> ChainHead {
    for added in books.dimensions.addedDimensions {
      hasher.add(dimension: added.id, texts: added.texts, numbers: added.numbers)
    }
    for (id, account) in books.accounts.added {
      hasher.add(
        account: id, name: account.name, commodity: account.commodity.rawValue,
        kind: Int64(account.kind.rawValue))
    }
    for added in books.dimensions.addedCards {
      added.digest.withUnsafeBytes { hasher.add(card: added.id, digest: $0, file: added.card.file) }
    }
    more(&hasher)
    let root = hasher.root()
    let hash = ChainHasher.hash(
      ledgerID: ledgerID, previous: head.hash, header: header, root: root)
    let insert = statements.insertBatch
    insert.bind(1, header.id)
    insert.bind(2, header.committed)
    insert.bind(3, header.base)
    insert.bind(4, header.firstAt)
    insert.bind(5, header.lastAt)
    insert.bind(6, header.firstSeq == ChainHasher.null ? nil : header.firstSeq)
    insert.bind(7, header.lastSeq)
    insert.bind(8, header.cost)
    insert.bind(9, header.unpriced)
    insert.bind(10, blob: root)
    insert.bind(11, blob: head.hash)
    insert.bind(12, blob: hash)
    try insert.run()
    return ChainHead(batches: header.id, calls: header.lastSeq, hash: hash)
  }
}

extension ChainHasher {
  mutating func add(_ row: BatchEntries.Row) {
    add(
      entry: row.id, day: row.day, kind: row.kind, debit: row.debit, credit: row.credit,
      amount: row.amount, reverses: row.reverses, document: row.document)
  }
}
