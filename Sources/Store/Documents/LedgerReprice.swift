import Audit
import Books
import Rates
import Units

/// What a re-pricing run did.
package enum RepriceReceipt: Hashable, Sendable {
  /// Its documents, in the order of booking: one, unless the run came in parts.
  case booked(documents: [Int64])
  /// It was booked before: nothing is done.
  case known(RepriceRun)
  /// No call changes: nothing is booked, and the name is free.
  case nothing
}

/// A run that is in the ledger, wholly or in part.
package struct RepriceRun: Hashable, Sendable {
  package let documents: [Int64]
  /// When its last part was recorded, and in which batch.
  package let recorded: Timestamp
  package let batch: Int64
  /// The question, as ``RepriceQuery/json``.
  package let asked: String
  /// Parts of it are missing: it was cut short.
  package let lacksParts: Bool

  /// The issuer that documents of runs bear.
  static let issuer = "tollbook"

  /// The runs of that name among the ledger's documents.
  init?(_ name: RunName, in database: Database) throws(StoreFault) {
    let rows = try database.prepare(CarriedFile.query("reprice-runs.sql"))
    var documents: [Int64] = []
    var last: (recorded: Timestamp, batch: Int64, text: String)?
    while try rows.step() {
      guard name.isOf(reference: rows.text(1)) else { continue }
      documents.append(rows.int64(0))
      last = (rows.timestamp(2), rows.int64(4), rows.text(3))
    }
    guard let last else { return nil }
    let text = RepriceText(last.text)
    self.documents = documents
    recorded = last.recorded
    batch = last.batch
    asked = text.asked
    lacksParts = text.hasMore
  }
}

extension LedgerWriter {
  /// Prices booked calls by `rates`, and books what comes of it under the run's name.
  ///
  /// One transaction, or one for each ``WriterLimits/recharges``; a run that was cut short goes on where
  /// it stopped. `tally` gathers what changes.
  ///
  /// - Throws: ``StoreFault/documentDiffers(kind:issuer:reference:)`` when the run was booked for another
  ///   question; ``StoreFault/full(path:)`` when the ledger's sums cannot hold what was to be booked.
  package func reprice(
    _ query: RepriceQuery, run: RunName, rates: RateBook, at now: Timestamp, tally: inout RepriceTally
  ) throws(StoreFault) -> RepriceReceipt {
    try settleDocument()
    let database = try opened().database
    let earlier = try RepriceRun(run, in: database)
    if let earlier {
      guard earlier.asked == query.json else {
        throw .documentDiffers(kind: "reprice", issuer: RepriceRun.issuer, reference: run.text)
      }
      guard earlier.lacksParts else { return .known(earlier) }
    }
    var documents = earlier?.documents ?? []
    var scan = try RepriceScan(database, query, rates: rates)
    var hasMore = true
    while hasMore {
      let part = try part(&scan, &tally)
      hasMore = part.hasMore
      if part.recharges.isEmpty { break }
      let number = documents.count + 1
      let text = RepriceText(query, part, scan, number: number)
      let reference = number == 1 && !hasMore ? run.text : "\(run)/\(number)"
      let document = LedgerDocument(
        kind: "reprice", issuer: RepriceRun.issuer, reference: reference,
        amount: Amount(nanos: part.difference), text: text.text)
      documents.append(
        try inBatchOfItsOwn { (before) throws(StoreFault) in try write(document, part, scan, now, before) })
    }
    return documents.isEmpty ? .nothing : .booked(documents: documents)
  }

  /// The next calls that change, as many as one transaction takes.
  private func part(
    _ scan: inout RepriceScan, _ tally: inout RepriceTally
  ) throws(StoreFault) -> RepricePart {
    var part = RepricePart(scan.query)
    while let found = try scan.next() {
      if let prices = found.prices {
        if part.recharges.count >= limits.recharges {
          part.hasMore = true
          scan.begin(after: found.rows[0].seq - 1)
          break
        }
        guard part.take(found.rows, prices) else {
          throw .full(path: LedgerFile.database(in: folder))
        }
      }
      if let subject = scan.dimensions[found.rows[0].dimension]?.dimension.subject {
        tally.add(found, subject: subject)
      }
    }
    scan.end()
    part.sort()
    return part
  }

  private func write(
    _ document: LedgerDocument, _ part: RepricePart, _ scan: RepriceScan, _ now: Timestamp,
    _ before: Before
  ) throws(StoreFault) -> (Int64, Attempt) {
    // Prices in effect change.
    chains.removeAll()
    let connection = try opened()
    var sums = books.sums
    guard sums.take(amounts: part.moved, quantities: 0) else {
      throw .full(path: connection.database.path)
    }
    try connection.database.execute("begin immediate")
    let writing = RepriceWriting(
      part: part, scan: scan, batch: head.batches + 1, statements: connection.statements,
      database: connection.database)
    let id = try connection.statements.insert(document, batch: writing.batch, at: now, connection.database)
    let ids = try writing.dimensions(&books.dimensions)
    booking.begin(nextSeq: head.calls + 1, sums: sums)
    try writing.rollups(ids)
    let rows = try writing.entries(&books, document: id)
    let seal = BatchSeal(
      database: connection.database, statements: connection.statements, ledgerID: ledgerID,
      head: head)
    let end = try seal.write(
      rows, of: document, id: id, books, &booking.rows.hasher, at: now
    ) { (hasher: inout ChainHasher) in
      for recharge in part.recharges {
        hasher.add(
          recharge: recharge.seq, document: id, dimension: ids[Int(recharge.dimension)],
          cost: recharge.cost ?? ChainHasher.null, margin: recharge.margin ?? ChainHasher.null,
          state: Int64(recharge.state.rawValue))
      }
    }
    try writing.recharges(ids, document: id)
    try sums.write(connection.statements)
    try connection.statements.setBook("last_commit", token.next())
    return (
      id,
      Attempt(
        batch: nil, token: token.current, head: end,
        nextEntry: books.nextEntry + Int64(rows.count), sums: sums, report: CommitReport(),
        before: before)
    )
  }
}

extension LedgerReader {
  /// What re-pricing by `rates` would change; writes nothing.
  package func reprice(
    _ query: RepriceQuery, rates: RateBook, tally: inout RepriceTally
  ) throws(StoreFault) {
    try snapshot { () throws(StoreFault) in
      var scan = try RepriceScan(database, query, rates: rates)
      while let found = try scan.next() {
        guard let subject = scan.dimensions[found.rows[0].dimension]?.dimension.subject else { continue }
        tally.add(found, subject: subject)
      }
    }
  }

  /// The run of that name, when there is one.
  package func repriceRun(_ name: RunName) throws(StoreFault) -> RepriceRun? {
    try RepriceRun(name, in: database)
  }
}
