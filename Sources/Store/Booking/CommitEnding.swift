import Books
import Units

/// How a commit ends: on disk, not on disk, or first in doubt and then found out.
extension LedgerWriter {
  /// Commits what is written; an error there says nothing of whether it is on disk.
  func finish(_ attempt: Attempt) throws(StoreFault) -> CommitReport {
    do throws(StoreFault) {
      try commitOpenTransaction()
    } catch {
      self.attempt = attempt
      guard let settled = try settle() else { throw error }
      return settled.report
    }
    return keep(attempt).report
  }

  /// A function of its own, so that nothing holds the connection when it fails and must be closed.
  private func commitOpenTransaction() throws(StoreFault) {
    guard let database = connection?.database else { throw .closed(path: folder) }
    try database.execute("commit")
  }

  /// Finds out about a commit that failed: reopens the database and looks for its token.
  ///
  /// - Returns: the attempt when it is in the ledger, and safely so; nil when it is not, or when
  ///   there was none.
  /// - Throws: ``StoreFault/unsettled(path:reason:)`` when looking failed too.
  func settle() throws(StoreFault) -> Attempt? {
    guard var attempt else { return nil }
    connection = nil
    let found: String?
    do throws(StoreFault) {
      found = try opened().statements.book("last_commit")
    } catch {
      connection = nil
      guard error.canRetry else { throw error }
      throw .unsettled(path: LedgerFile.database(in: folder), reason: error.description)
    }
    guard found == attempt.token else {
      self.attempt = nil
      takeBack(attempt.before)
      return nil
    }
    // It is there, but its pages may never have reached the disk. Moved into the database and
    // synced there, they have.
    guard let outcome = connection?.database.checkpoint(.truncate), case .complete = outcome else {
      connection = nil
      throw .unsettled(
        path: LedgerFile.database(in: folder), reason: "the batch is there, but cannot be secured")
    }
    self.attempt = nil
    attempt.report.wasSettled = true
    return keep(attempt)
  }

  /// Finds out about what a document left in doubt, before another is written.
  ///
  /// - Throws: ``StoreFault/busy(path:)`` while a batch is in doubt: its report is for whoever gives that batch again,
  ///   and without it lines that have no id would be booked twice.
  func settleDocument() throws(StoreFault) {
    guard attempt?.batch == nil else { throw .busy(path: LedgerFile.database(in: folder)) }
    _ = try settle()
  }

  /// The batch is on disk: so it is in memory.
  func keep(_ attempt: Attempt) -> Attempt {
    var attempt = attempt
    head = attempt.head
    books.nextEntry = attempt.nextEntry
    books.sums = attempt.sums
    window.keep()
    references.keep()
    books.dimensions.keep()
    // A document writes no spans: those of a batch that failed before it go with the next.
    if attempt.batch != nil { past.seal() }
    for (number, move) in attempt.batch?.marks ?? [:] {
      let sender = books.senders[Int(number)]
      knownMarks[sender] = max(knownMarks[sender] ?? 0, move.number)
    }
    attempt.report.walPages = connection?.database.walPages ?? 0
    if !leavesLog { attempt.report.checkpoint = moveLog() }
    return attempt
  }

  /// Moves the write-ahead log into the database where it has grown long.
  @discardableResult
  package func moveLog() -> CheckpointOutcome {
    guard let database = connection?.database, database.walPages > limits.walPages else { return .notNeeded }
    return database.checkpoint(.passive)
  }

  /// The batch is not on disk: nor is it in memory.
  func takeBack(_ before: Before) {
    window.rollBack()
    references.rollBack()
    chains.removeAll()
    books.dimensions.rollBack()
    books.accounts.rollBack()
    books.letters = before.letters
    books.senders.removeLast(books.senders.count - before.senderCount)
    books.clients.removeLast(books.clients.count - before.senderCount)
  }

  /// Ends the transaction; a connection that may be in doubt is closed, to be opened again.
  func letGo(after fault: StoreFault) {
    connection?.database.rollBack()
    switch fault {
    case .inputOutput, .corrupt, .cannotOpen: connection = nil
    default: if connection?.database.isInTransaction ?? false { connection = nil }
    }
  }

  /// The connection, opened again after a fault; to the same ledger as before, or not at all.
  func opened() throws(StoreFault) -> Connection {
    guard lock != nil else { throw .closed(path: folder) }
    if let connection { return connection }
    let database = try LedgerFile.openAgain(folder: folder, vfs: vfs)
    let made = Connection(database: database, statements: try BookingStatements(database))
    let end = try LedgerEnd(made.statements, path: database.path).head
    guard try made.statements.book("ledger_id") == ledgerID, end == head || end == attempt?.head else {
      throw .corrupt(path: database.path, what: "it is not the ledger that was open before")
    }
    connection = made
    return made
  }
}
