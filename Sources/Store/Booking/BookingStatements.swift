/// The writer's prepared statements, by what they do; `ledgers/queries/booking.sql` holds their text.
final class BookingStatements {
  let insertCall, insertEntry, insertBatch: Statement
  /// What `insertCall` reads: calls on their way into the ledger.
  let newCalls: RowSource
  /// What `addHour` and `addDay` read.
  let turnover: RowSource
  let insertCard, cards, insertAccount, findAccount, accounts: Statement
  let findDimension, insertDimension, dimensionSubject: Statement
  let addBalance, addHour, addDay, addMeter: Statement
  let moveMark, marks, forgetMarks, newestMark: Statement
  let insertLetter, countLetters, dropLetters, dropQuarantined, countRefusals: Statement
  let setBook, getBook, sums, lastBatch, lastRows: Statement
  let batchOfCall: BatchOfCall
  let idSpans, insertSpan: Statement
  let letterDigests, dropLetter: Statement
  let openMessages, keepMessages, dropMessages, forgetMessages: Statement
  let addObserver, findObservation, insertObservation: Statement
  let findDocument, overdrawn, insertDocument: Statement
  let insertRecharge, dropEmptyHour, dropEmptyDay, dropEmptyMeters: Statement
  let ids: IDRows
  let priorRows: PriorRows

  init(_ database: Database) throws(StoreFault) {
    let sql = NamedStatements("booking.sql")
    // Before the statements that read them.
    newCalls = try RowSource(database, name: "new_call", integers: 8, bytes: true)
    turnover = try RowSource(database, name: "new_turnover", integers: 13, bytes: false)
    insertCall = try database.prepare(sql["insert_call"])
    insertEntry = try database.prepare(sql["insert_entry"])
    insertBatch = try database.prepare(sql["insert_batch"])
    insertCard = try database.prepare(sql["insert_card"])
    cards = try database.prepare(sql["cards"])
    insertAccount = try database.prepare(sql["insert_account"])
    findAccount = try database.prepare(sql["find_account"])
    accounts = try database.prepare(sql["accounts"])
    findDimension = try database.prepare(sql["find_dimension"])
    insertDimension = try database.prepare(sql["insert_dimension"])
    dimensionSubject = try database.prepare(sql["dimension_subject"])
    addBalance = try database.prepare(sql["add_balance"])
    addHour = try database.prepare(sql["add_hour"])
    addDay = try database.prepare(sql["add_day"])
    addMeter = try database.prepare(sql["add_meter"])
    moveMark = try database.prepare(sql["move_mark"])
    marks = try database.prepare(sql["marks"])
    forgetMarks = try database.prepare(sql["forget_marks"])
    newestMark = try database.prepare(sql["newest_mark"])
    insertLetter = try database.prepare(sql["insert_letter"])
    countLetters = try database.prepare(sql["count_letters"])
    dropLetters = try database.prepare(sql["drop_letters"])
    dropQuarantined = try database.prepare(sql["drop_quarantined"])
    countRefusals = try database.prepare(sql["count_refusals"])
    setBook = try database.prepare(sql["set_book"])
    getBook = try database.prepare(sql["get_book"])
    sums = try database.prepare(sql["sums"])
    lastBatch = try database.prepare(sql["last_batch"])
    lastRows = try database.prepare(sql["last_rows"])
    batchOfCall = try BatchOfCall(database, sql)
    priorRows = try PriorRows(database, sql, batchOfCall)
    idSpans = try database.prepare(sql["id_spans"])
    insertSpan = try database.prepare(sql["insert_span"])
    letterDigests = try database.prepare(sql["letter_digests"])
    dropLetter = try database.prepare(sql["drop_letter"])
    openMessages = try database.prepare(sql["open_messages"])
    keepMessages = try database.prepare(sql["keep_messages"])
    dropMessages = try database.prepare(sql["drop_messages"])
    forgetMessages = try database.prepare(sql["forget_messages"])
    addObserver = try database.prepare(sql["add_observer"])
    findObservation = try database.prepare(sql["find_observation"])
    insertObservation = try database.prepare(sql["insert_observation"])
    findDocument = try database.prepare(sql["find_document"])
    overdrawn = try database.prepare(sql["overdrawn"])
    insertDocument = try database.prepare(sql["insert_document"])
    insertRecharge = try database.prepare(sql["insert_recharge"])
    dropEmptyHour = try database.prepare(sql["drop_empty_hour"])
    dropEmptyDay = try database.prepare(sql["drop_empty_day"])
    dropEmptyMeters = try database.prepare(sql["drop_empty_meters"])
    ids = try IDRows(database, sql)
  }

  /// A fact about the ledger; nil when it was never set.
  func book(_ name: String) throws(StoreFault) -> String? {
    getBook.bind(1, name)
    defer { getBook.reset() }
    return try getBook.step() ? getBook.text(0) : nil
  }

  func setBook(_ name: String, _ value: String) throws(StoreFault) {
    setBook.bind(1, name)
    setBook.bind(2, value)
    try setBook.run()
  }
}
