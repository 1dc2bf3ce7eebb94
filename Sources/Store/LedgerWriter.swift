import Books
import CSystem
import Calls
import Units

/// The one writer of a ledger: takes batches, and returns from each when it is on disk.
///
/// Belongs to one thread at a time. A commit is one transaction: calls, entries, balances, rollups,
/// dead letters, marks and the seal, all or none. When it throws, nothing of the batch is booked,
/// and the same batch may be given again (``StoreFault/canRetry``); no other batch may be given
/// before it, because batches number their dimensions one after another.
package final class LedgerWriter {
  package let folder: String
  /// The ledger's own id, in hexadecimal.
  package let ledgerID: String
  /// The end of the chain.
  package internal(set) var head: ChainHead

  /// Whether whoever commits calls ``moveLog()`` in time, when senders have been told, so that a commit need not.
  package var leavesLog = false

  let limits: WriterLimits
  let vfs: String?
  var lock: FolderLock?
  var connection: Connection?

  var books: Books
  var booking = BatchBooking()
  var window: IDWindow
  var past: PastIDs
  var references: ReferenceWindow
  let chains: CallChains
  var knownMarks: [Sender: Int64]
  /// What each sender had open of streams when the ledger was opened; see ``BookBatch/openMessages``.
  package let openMessages: [Sender: String]
  /// A commit whose end is not known yet.
  var attempt: Attempt?
  var token: CommitToken

  struct Connection {
    let database: Database
    let statements: BookingStatements
  }

  /// What the ledger is known to hold, beside ids; a failed batch takes its changes back.
  struct Books {
    var dimensions: StoredDimensions
    var accounts: StoredAccounts
    var letters: DeadLetterTable
    var senders: ContiguousArray<Sender> = []
    /// What the senders' clients come to in their calls' marks.
    var clients: ContiguousArray<UInt64> = []
    var nextEntry: Int64
    var sums: BookedSums
  }

  /// A batch as it stands before its commit is known to have succeeded.
  struct Attempt {
    let batch: BookBatch?
    let token: String
    let head: ChainHead
    let nextEntry: Int64
    let sums: BookedSums
    var report: CommitReport
    let before: Before
  }

  struct Before {
    let letters: DeadLetterTable
    let senderCount: Int
  }

  // MARK: - Opening

  /// Opens the ledger in `folder`, and makes both when they are missing.
  ///
  /// A new ledger is born `now`. Whoever would rather begin sooner than with all files of older ids there calls
  /// ``makeIDFiles()`` itself. `vfs` is SQLite's name of another way to files, for tests that break disks.
  package init(
    folder: String, now: Timestamp, limits: WriterLimits = .standard, makesIDFiles: Bool = true, vfs: String? = nil
  ) throws(StoreFault) {
    self.folder = folder
    self.limits = limits
    chains = CallChains(limit: limits.keptChainRows)
    self.vfs = vfs
    let lock = try FolderLock(folder: folder)
    let database = try LedgerFile.openForWriting(folder: folder, now: now, vfs: vfs)
    let statements = try BookingStatements(database)
    guard let id = try statements.book("ledger_id") else {
      throw .corrupt(path: database.path, what: "the ledger has no id")
    }
    ledgerID = id
    let end = try LedgerEnd(statements, path: database.path)
    head = end.head
    books = Books(
      dimensions: try StoredDimensions(statements),
      accounts: try StoredAccounts(statements, path: database.path, limits: limits),
      letters: try DeadLetterTable(statements, limits: limits), nextEntry: end.lastEntry + 1,
      sums: try BookedSums(statements))
    (window, past, references) = try end.ids(statements, ledgerFolder: folder, limits: limits)
    statements.forgetMarks.bind(1, now.microseconds - limits.epochHours * Timestamp.microsecondsPerHour)
    // Where the disk takes nothing now, it is for another start.
    do {
      try statements.forgetMarks.run()
      try statements.forgetMessages.run()
    } catch { guard error.canRetry else { throw error } }
    var marks: [Sender: Int64] = [:]
    while try statements.marks.step() {
      let sender = Sender(client: statements.marks.text(0), epoch: statements.marks.int64(1))
      marks[sender] = statements.marks.int64(2)
    }
    knownMarks = marks
    var messages: [Sender: String] = [:]
    while try statements.openMessages.step() {
      let row = statements.openMessages
      messages[Sender(client: row.text(0), epoch: row.int64(1))] = row.text(2)
    }
    openMessages = messages
    token = try CommitToken(path: database.path)
    connection = Connection(database: database, statements: statements)
    self.lock = lock
    if makesIDFiles { makeIDFiles() }
  }

  /// Makes the files of older ids that are missing, as far as ``WriterLimits/rowsOfIDFiles`` goes: a tenth of a second
  /// each.
  package func makeIDFiles() {
    guard let connection else { return }
    past.settle(connection.statements)
  }

  /// Moves the write-ahead log into the database, and lets the folder go.
  @discardableResult
  package func close() -> CheckpointOutcome {
    guard lock != nil else { return .notNeeded }
    var outcome = CheckpointOutcome.notNeeded
    if let database = connection?.database {
      database.rollBack()
      outcome = database.checkpoint(.truncate)
    }
    connection = nil
    lock = nil
    return outcome
  }

  // MARK: - Marks

  /// How far each sender's lines are settled.
  package func marks() -> [Sender: Int64] { knownMarks }

  /// The highest epoch known of a client, and how far its lines are settled.
  package func resumePoint(client: String) -> (epoch: Int64, number: Int64)? {
    let newest = knownMarks.filter { $0.key.client == client }.max { $0.key.epoch < $1.key.epoch }
    return newest.map { ($0.key.epoch, $0.value) }
  }

  // MARK: - Commit

  /// Books a batch, and returns when it is on disk.
  package func commit(_ batch: BookBatch, at now: Timestamp) throws(StoreFault) -> CommitReport {
    if let settled = try settle(), settled.batch === batch { return settled.report }
    let before = Before(letters: books.letters, senderCount: books.senders.count)
    books.dimensions.begin(batch)
    books.accounts.begin()
    books.senders.append(contentsOf: batch.newSenders)
    books.clients.append(contentsOf: batch.newSenders.map { ObserverMark.digest(ofClient: $0.client) })
    let attempt: Attempt
    do throws(StoreFault) {
      attempt = try write(batch, now, before)
    } catch {
      takeBack(before)
      letGo(after: error)
      throw error
    }
    return try finish(attempt)
  }

  /// Writes all of a batch into a transaction that is left open.
  private func write(
    _ batch: BookBatch, _ now: Timestamp, _ before: Before
  ) throws(StoreFault) -> Attempt {
    let connection = try opened()
    let statements = connection.statements
    var report = CommitReport()
    try connection.database.execute("begin immediate")
    references.begin(ids: batch.providerIDs, nextSeq: head.calls + 1)
    window.begin(calls: batch.calls.count, nextSeq: head.calls + 1) { table, lastSeq in
      past.add(table, lastSeq: lastSeq, seal: try? statements.batchOfCall.find(lastSeq).seal)
    }
    let found = try batch.calls.withUnsafeBufferPointer { (calls) throws(StoreFault) in
      try past.find(calls, window, statements)
    }
    let passed = batch.replays.isEmpty ? [] : try books.letters.claim(batch.replays, statements)
    booking.begin(nextSeq: head.calls + 1, sums: books.sums)
    try booking.book(
      window: &window, references: &references, dimensions: &books.dimensions,
      BatchBooking.Surroundings(
        database: connection.database, statements: statements, limits: limits, chains: chains, batch: batch,
        batchID: head.batches + 1, past: found, older: past, passed: passed, now: now, clients: books.clients,
        senders: books.senders))
    report.booked = booking.booked
    report.deltas = booking.deltas
    report.duplicates = booking.duplicates
    report.duplicateCalls = booking.duplicateCalls
    report.observed = booking.observed
    report.observedCalls = booking.observedCalls
    var newHead = head
    var nextEntry = books.nextEntry
    if booking.booked > 0 {
      var seal = BatchSeal(
        database: connection.database, statements: statements, ledgerID: ledgerID, head: head)
      newHead = try seal.write(&booking, &books, at: now)
      nextEntry = seal.nextEntry
      report.batch = newHead.batches
    }
    for span in past.unsealed { try span.write(statements.insertSpan) }
    try writeLetters(batch, now, connection, &report)
    try writeMarks(batch, now, statements)
    if booking.booked > 0 { try booking.sums.write(statements) }
    try statements.setBook("last_commit", token.next())
    return Attempt(
      batch: batch, token: token.current, head: newHead, nextEntry: nextEntry, sums: booking.sums,
      report: report, before: before)
  }

  private func writeLetters(
    _ batch: BookBatch, _ now: Timestamp, _ connection: Connection, _ report: inout CommitReport
  ) throws(StoreFault) {
    guard !batch.deadLetters.isEmpty || !booking.quarantined.isEmpty else { return }
    let statements = connection.statements
    var refusals: [Refusal: Int] = [:]
    for letter in batch.deadLetters {
      let client = letter.sender < 0 ? nil : books.senders[Int(letter.sender)].client
      report.deadLetters.append(
        try books.letters.add(letter, client: client, statements, connection.database))
      refusals[letter.reason, default: 0] += 1
    }
    for call in booking.quarantined {
      let booked = batch.calls[call.call]
      let facts = QuarantineFacts.text(
        booked, meters: call.meters, dimension: books.dimensions[booked.dimension],
        bookedAs: call.priorSeq)
      let letter = try books.letters.quarantine(
        facts: facts, received: now, reason: call.reason,
        client: booked.sender < 0 ? nil : books.senders[Int(booked.sender)].client,
        number: booked.number, statements, connection.database)
      report.quarantined.append(
        CommitReport.Quarantined(call: call.call, reason: call.reason, deadLetter: letter))
      refusals[call.reason, default: 0] += 1
    }
    try DeadLetterTable.count(refusals, statements)
    (report.droppedLetters, report.droppedQuarantined) = try books.letters.trim(statements)
  }

  private func writeMarks(
    _ batch: BookBatch, _ now: Timestamp, _ statements: BookingStatements
  ) throws(StoreFault) {
    for (number, move) in batch.marks.sorted(by: { $0.key < $1.key }) {
      let sender = books.senders[Int(number)]
      let mark = statements.moveMark
      mark.bind(1, sender.client)
      mark.bind(2, sender.epoch)
      mark.bind(3, move.number)
      mark.bind(4, move.gaps)
      mark.bind(5, move.replays)
      mark.bind(6, now.microseconds)
      try mark.run()
    }
    for (number, text) in batch.openMessages.sorted(by: { $0.key < $1.key }) {
      let sender = books.senders[Int(number)]
      let statement = text.isEmpty ? statements.dropMessages : statements.keepMessages
      statement.bind(1, sender.client)
      statement.bind(2, sender.epoch)
      if !text.isEmpty { statement.bind(3, text) }
      try statement.run()
    }
  }
}
