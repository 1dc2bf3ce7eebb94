import Books
import Units

/// What entries other than calls are made from: an invoice, a top-up, a grant, a re-pricing run.
package struct LedgerDocument: Hashable, Sendable {
  /// Such as `invoice`, `top_up`, `grant` or `reprice`.
  package let kind: String
  package let issuer: String
  /// The issuer's own number for it; with kind and issuer it is recorded once.
  package let reference: String
  package let amount: Amount?
  /// What it says, as JSON text.
  package let text: String

  package init(kind: String, issuer: String, reference: String, amount: Amount?, text: String) {
    self.kind = kind
    self.issuer = issuer
    self.reference = reference
    self.amount = amount
    self.text = text
  }

  /// An entry under a document.
  package struct Posting: Hashable, Sendable {
    package let entry: Entry
    /// The entry that this one takes back; it must mirror it.
    package let reverses: Int64?

    package init(_ entry: Entry, reverses: Int64? = nil) {
      self.entry = entry
      self.reverses = reverses
    }
  }

  /// What posting it did.
  package enum Receipt: Hashable, Sendable {
    case posted(document: Int64, batch: Int64)
    /// It was recorded before, with the same content: nothing is booked.
    case known(document: Int64)
  }
}

extension LedgerWriter {
  /// Records a document and books its entries, in a batch of their own.
  ///
  /// - Throws: ``StoreFault/documentDiffers(kind:issuer:reference:)`` when it was recorded before with
  ///   other content; ``StoreFault/overdrawn(path:account:)`` when credits would be spent beyond their
  ///   grant; ``StoreFault/sql(path:statement:reason:)`` when a reversal is no mirror.
  package func post(
    _ document: LedgerDocument, _ postings: [LedgerDocument.Posting], at now: Timestamp
  ) throws(StoreFault) -> LedgerDocument.Receipt {
    try settleDocument()
    if let known = try find(document) { return .known(document: known) }
    let id = try inBatchOfItsOwn { (before) throws(StoreFault) in try write(document, postings, now, before) }
    return .posted(document: id, batch: head.batches)
  }

  /// Does what `write` says as a batch without calls, whole or not at all; the document's id.
  func inBatchOfItsOwn(
    _ write: (Before) throws(StoreFault) -> (Int64, Attempt)
  ) throws(StoreFault) -> Int64 {
    let before = Before(letters: books.letters, senderCount: books.senders.count)
    window.beginWithoutCalls()
    books.dimensions.begin(BookBatch())
    books.accounts.begin()
    let id: Int64
    let attempt: Attempt
    do throws(StoreFault) {
      (id, attempt) = try write(before)
    } catch {
      takeBack(before)
      letGo(after: error)
      throw error
    }
    _ = try finish(attempt)
    return id
  }

  private func find(_ document: LedgerDocument) throws(StoreFault) -> Int64? {
    let found = try opened().statements.findDocument
    found.bind(1, document.kind)
    found.bind(2, document.issuer)
    found.bind(3, document.reference)
    defer { found.reset() }
    guard try found.step() else { return nil }
    guard found.optionalInt64(2) == document.amount?.nanos, found.text(3) == document.text else {
      throw .documentDiffers(
        kind: document.kind, issuer: document.issuer, reference: document.reference)
    }
    return found.int64(0)
  }

  private func write(
    _ document: LedgerDocument, _ postings: [LedgerDocument.Posting], _ now: Timestamp,
    _ before: Before
  ) throws(StoreFault) -> (Int64, Attempt) {
    let connection = try opened()
    let batch = head.batches + 1
    var sums = books.sums
    try connection.database.execute("begin immediate")
    let id = try connection.statements.insert(document, batch: batch, at: now, connection.database)
    var rows: [BatchEntries.Row] = []
    for posting in postings {
      rows.append(
        BatchEntries.Row(
          id: books.nextEntry + Int64(rows.count), day: Int64(posting.entry.day.number),
          kind: Int64(posting.entry.kind.rawValue),
          debit: try books.accounts.id(
            of: posting.entry.debit, batch: batch, connection.statements, connection.database),
          credit: try books.accounts.id(
            of: posting.entry.credit, batch: batch, connection.statements, connection.database),
          amount: posting.entry.amount, reverses: posting.reverses ?? 0, document: id))
    }
    guard postings.allSatisfy({ sums.take(amounts: $0.entry.amount, quantities: 0) }) else {
      throw .full(path: connection.database.path)
    }
    booking.begin(nextSeq: head.calls + 1, sums: sums)
    let seal = BatchSeal(
      database: connection.database, statements: connection.statements, ledgerID: ledgerID,
      head: head)
    let end = try seal.write(rows, of: document, id: id, books, &booking.rows.hasher, at: now)
    let overdrawn = connection.statements.overdrawn
    defer { overdrawn.reset() }
    if try overdrawn.step() { throw .overdrawn(path: connection.database.path, account: overdrawn.text(0)) }
    try sums.write(connection.statements)
    try connection.statements.setBook("last_commit", token.next())
    return (
      id,
      Attempt(
        batch: nil, token: token.current, head: end,
        nextEntry: books.nextEntry + Int64(rows.count), sums: sums,
        report: CommitReport(), before: before)
    )
  }
}

extension BookingStatements {
  /// Writes a document's row, and returns its id.
  func insert(
    _ document: LedgerDocument, batch: Int64, at now: Timestamp, _ database: Database
  ) throws(StoreFault) -> Int64 {
    let insert = insertDocument
    insert.bind(1, document.kind)
    insert.bind(2, document.issuer)
    insert.bind(3, document.reference)
    insert.bind(4, now.microseconds)
    insert.bind(5, document.amount?.nanos)
    insert.bind(6, document.text)
    insert.bind(7, batch)
    try insert.run()
    return database.lastInsertedRow
  }
}

extension BatchSeal {
  /// Writes the entries of a document, and the seal over both and what `more` adds.
  func write(
    _ rows: [BatchEntries.Row], of document: LedgerDocument, id: Int64, _ books: LedgerWriter.Books,
    _ hasher: inout ChainHasher, at now: Timestamp, more: (inout ChainHasher) -> Void = { _ in }
  ) throws(StoreFault) -> ChainHead {
    for row in rows { hasher.add(row) }
    let header = BatchHeader(
      id: batch, committed: now.microseconds, base: now.microseconds, firstAt: now.microseconds,
      lastAt: now.microseconds, firstSeq: ChainHasher.null, lastSeq: head.calls, cost: 0,
      unpriced: 0)
    let end = try seal(header, books, &hasher) { (hasher: inout ChainHasher) in
      hasher.add(
        document: id, kind: document.kind, issuer: document.issuer, reference: document.reference,
        recorded: now.microseconds, amount: document.amount?.nanos ?? ChainHasher.null,
        text: document.text)
      more(&hasher)
    }
    try write(rows)
    return end
  }
}
