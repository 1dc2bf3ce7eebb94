import Store
import Testing

/// What the schema refuses, whoever writes.
@Suite struct GuardTests {
  /// A statement that must fail, and the reason it is given.
  static let refusals: [(sql: String, reason: String)] = [
    ("update call set cost_n = 0", "a booked call is never changed: book a correction"),
    ("delete from call", "a booked call is never deleted"),
    ("replace into call select * from call where seq = 1", "a booked call is never deleted"),
    ("update entry set amount_n = 1", "an entry is never changed: reverse it"),
    ("delete from entry", "an entry is never deleted: reverse it"),
    ("update batch set cost_n = 0", "a sealed batch is never changed"),
    ("delete from batch", "a sealed batch is never deleted"),
    ("update rate_card set text = ''", "a used rate card is never changed: add one"),
    ("delete from rate_card", "a used rate card is never deleted"),
    ("update dimension set team = 'x'", "a dimension is never changed: add one"),
    ("delete from dimension", "a dimension is never deleted"),
    ("update account set name = 'x'", "an account is never changed: open another"),
    ("delete from account", "an account is never deleted"),
    (
      "update book set value = 'x' where name = 'ledger_id'",
      "a ledger keeps its id and its birth"
    ),
    (
      entry("9, 1, 0, 1, 1, 3, 5, null, null"), "the accounts of an entry count different things"
    ),
    (entry("9, 1, 0, 1, 1, 1, 5, null, null"), "CHECK constraint failed: debit <> credit"),
    (entry("9, 1, 0, 1, 1, 2, 0, null, null"), "CHECK constraint failed: amount_n > 0"),
    (entry("9, 1, 0, 1, 1, 2, -5, null, null"), "CHECK constraint failed: amount_n > 0"),
    (entry("9, 99, 0, 1, 1, 2, 5, null, null"), "FOREIGN KEY constraint failed"),
    (entry("9, 1, 0, 1, 1, 99, 5, null, null"), "the accounts of an entry count different things"),
    (
      entry("9, 1, 0, 8, 1, 2, 3000, 1, null"), "a reversal must mirror the entry it takes back"
    ),
    (
      entry("9, 1, 0, 8, 2, 1, 2999, 1, null"), "a reversal must mirror the entry it takes back"
    ),
    (
      entry("8, 1, 0, 8, 2, 1, 3000, 1, null") + ";" + entry("9, 1, 0, 8, 2, 1, 3000, 1, null"),
      "UNIQUE constraint failed: entry.reverses"
    ),
    (
      "insert into call (seq, at_offset_us, dimension_flags, input, cache_read, output, cost_n) values (9, 0, 32, 1, 0, 0, 'much')",
      "cannot store TEXT value in INTEGER column call.cost_n"
    ),
    (
      "insert into call (seq, at_offset_us, dimension_flags, input, cache_read, output, cost_n) values (9, 0, 32, 1, 0, 0, 0.5)",
      "cannot store REAL value in INTEGER column call.cost_n"
    ),
    (batch(id: 3, firstSeq: "3"), "the batch does not follow the last one"),
    (batch(id: 2, firstSeq: "4"), "the batch does not follow the last one"),
    (batch(id: 2, firstSeq: "2"), "the batch does not follow the last one"),
    (
      batch(id: 2, firstSeq: "3", previous: "zeroblob(32)"),
      "the batch does not follow the last one"
    ),
    (
      "update rollup_day set cost_n = cost_n + 9223372036854775807",
      "cannot store REAL value in INTEGER column rollup_day.cost_n"
    ),
  ]

  private static func entry(_ values: String) -> String { "insert into entry values (\(values))" }

  private static func batch(
    id: Int, firstSeq: String, previous: String = "(select hash from batch where id = 1)"
  ) -> String {
    "insert into batch values (\(id), 0, 0, 0, 0, \(firstSeq), 9, 0, 0, zeroblob(32), \(previous), zeroblob(32))"
  }

  @Test(arguments: refusals)
  func `what is booked stays as it is`(sql: String, reason: String) throws {
    let ledger = try TestLedger()
    try ledger.book(
      """
      c1  10:00:00  search  large    input 1
      c2  10:00:00  search  unheard  input 1
      """)
    ledger.writer.close()
    let before = try ledger.rows("select hash from batch")
    let database = try Database(path: ledger.path, mode: .readWrite)
    try database.execute("pragma recursive_triggers = on; pragma foreign_keys = on; begin")
    var came = "nothing was refused"
    do throws(StoreFault) {
      try database.execute(sql)
    } catch {
      if case .sql(_, _, let why) = error { came = why } else { came = error.description }
    }
    database.rollBack()
    #expect(came == reason)
    #expect(try ledger.rows("select hash from batch") == before)
    try expectSound(ledger)
  }
}
