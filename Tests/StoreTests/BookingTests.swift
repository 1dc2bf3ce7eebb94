import Books
import Calls
import Store
import Testing
import Units

/// What a batch leaves in the ledger.
@Suite struct BookingTests {
  @Test func `a batch is read back as it was booked`() throws {
    let ledger = try TestLedger()
    let report = try ledger.book(
      """
      c1  10:00:00      search   large    input 1000  cached 4000  output 200  latency 120
      c2  10:00:00.25   search   large    input 500   output 100   stream
      -   09:59:59      support  small    input 10    output 5     canceled
      c4  10:00:01      search   unheard  input 7     output 1
      c5  10:00:02      search   large    error
      """)
    #expect(report.booked == 5)
    #expect(report.batch == 1)
    try expectRows(
      ledger,
      """
      select seq, at, team, model, outcome, state, stream, input, cache_read, output, cost_n, margin_n,
        latency_ms from call_detail
      """,
      """
      1 2026-03-01T10:00:00.000Z search  large   ok       exact    0 1000 4000 200 7200000 0 120
      2 2026-03-01T10:00:00.250Z search  large   ok       exact    1 500  0    100 3000000 0 -
      3 2026-03-01T09:59:59.000Z support small   canceled exact    0 10   0    5   3000    0 -
      4 2026-03-01T10:00:01.000Z search  unheard ok       unpriced 0 7    0    1   -       - -
      5 2026-03-01T10:00:02.000Z search  large   error    exact    0 0    0    0   0       0 -
      """)
    try expectSound(ledger)
  }

  @Test func `calls of one team and issuer share an entry, and entries balance`() throws {
    let ledger = try TestLedger()
    try ledger.book(
      """
      c1  10:00:00  search  large    input 1000  output 200
      c2  10:00:01  search  small    input 1000
      c3  10:00:02  search  unheard  input 1
      c4  2026-03-02T00:00:00Z  search  large  input 1000
      """)
    try expectRows(
      ledger,
      """
      select date(day * 86400, 'unixepoch'), e.kind, d.name, c.name, amount_n
      from entry e join account d on d.id = e.debit join account c on c.id = e.credit order by e.id
      """,
      """
      2026-03-01 1 Expenses:Inference:search      Liabilities:Accrued:acme 6100000
      2026-03-01 3 Assets:Suspense:Unpriced:acme  Equity:UnpricedClearing  1
      2026-03-02 1 Expenses:Inference:search      Liabilities:Accrued:acme 3000000
      """)
    try expectRows(
      ledger, "select name, commodity, balance_n from trial_balance",
      """
      Assets:Suspense:Unpriced:acme CALL 1
      Equity:UnpricedClearing CALL -1
      Expenses:Inference:search USD 9100000
      Liabilities:Accrued:acme USD -9100000
      """)
    try expectRows(
      ledger, "select account, debit_n, credit_n from balance",
      """
      1 9100000 0
      2 0 9100000
      3 1 0
      4 0 1
      """)
    try expectSound(ledger)
  }

  @Test func `what the route adds is an entry of its own`() throws {
    let ledger = try TestLedger()
    try ledger.book("c1  10:00:00  search  large  input 1000000  output 0  routed")
    try expectRows(ledger, "select cost_n, margin_n from call", "3300000000 300000000")
    try expectRows(
      ledger, "select kind, amount_n from entry order by id",
      """
      1 3000000000
      2 300000000
      """)
    try expectSound(ledger)
  }

  @Test func `a routed call that cannot be compared has an unknown margin`() throws {
    let ledger = try TestLedger()
    try ledger.book("c1  10:00:00  search  large  input 10  searches 1  routed")
    try expectRows(ledger, "select state, cost_n, margin_n from call_detail", "partial 33000 -")
    try expectSound(ledger)
  }

  @Test func `rollups add up by hour, day and meter over batches`() throws {
    let ledger = try TestLedger()
    try ledger.book(
      """
      c1  10:10:00  search  large  input 1000  output 200  reasoning 30  latency 100
      c2  10:50:00  search  large  input 1000  output 200  reasoning 12
      c3  11:00:00  search  large  input 1     error
      """)
    try ledger.book("c4  10:20:00  search  large  input 5  cached 2  output 1  latency 50")
    try expectRows(
      ledger,
      """
      select hour % 24, calls, errors, input, cache_read, output, cost_n, latency_ms, latency_calls
      from rollup_hour order by hour
      """,
      """
      10 3 0 2005 2 401 12660600 150 2
      11 1 1 1    0 0   3000     0   0
      """)
    try expectRows(
      ledger, "select day, calls, errors, input, cost_n from rollup_day", "20513 4 1 2006 12663600")
    try expectRows(
      ledger, "select hour % 24, meter, quantity from rollup_meter", "10 reasoning 42")
    try expectSound(ledger)
  }

  @Test func `a key is kept as digests of the id and of the provider's id, and a mark of who told of it`() throws {
    let ledger = try TestLedger()
    try ledger.book(
      """
      c1  10:00:00  search  large  input 1
      c2  10:00:00  search  large  input 1  reference r2
      -   10:00:00  search  large  input 1  reference r3
      -   10:00:00  search  large  input 1
      """)
    let own = Digest64.of("c2")
    let theirs = Digest64.of("r2")
    try expectRows(
      ledger, "select seq, length(key) from call",
      """
      1 8
      2 18
      3 18
      4 -
      """)
    #expect(
      try ledger.rows("select hex(substr(key, 1, 16)) from call where seq in (2, 3)") == [
        hex16(own) + hex16(theirs), hex16(0) + hex16(Digest64.of("r3")),
      ])
  }

  @Test func `cards, dimensions and accounts are stored once, with their first batch`() throws {
    let ledger = try TestLedger()
    try ledger.book("c1  10:00:00  search  large  input 1")
    try ledger.restart()
    try ledger.book("c2  10:00:00  search  large  input 1")
    try ledger.book("c3  10:00:00  support  large  input 1")
    try expectRows(
      ledger, "select team, batch from dimension",
      """
      search 1
      support 3
      """)
    try expectRows(ledger, "select file, batch from rate_card", "acme.json 1")
    try expectRows(
      ledger, "select name, batch from account order by id",
      """
      Expenses:Inference:search 1
      Liabilities:Accrued:acme 1
      Expenses:Inference:support 3
      """)
    try expectSound(ledger)
  }

  @Test func `a dimension whose calls are all duplicates is not stored`() throws {
    let ledger = try TestLedger()
    try ledger.book("c1  10:00:00  search  large  input 1")
    let report = try ledger.book("c1  10:00:00  other  large  input 2")
    #expect(report.batch == nil)
    try expectRows(ledger, "select team from dimension", "search")
    try expectSound(ledger)
  }

  @Test func `each batch is sealed over the one before`() throws {
    let ledger = try TestLedger()
    try ledger.book("c1  10:00:00  search  large  input 1")
    try ledger.book("c2  10:00:01  search  large  input 1")
    #expect(ledger.writer.head.batches == 2)
    #expect(ledger.writer.head.calls == 2)
    #expect(
      try ledger.rows("select lower(hex(hash)) from batch order by id").last
        == hex(ledger.writer.head.hash))
    let head = ledger.writer.head
    try ledger.restart()
    #expect(ledger.writer.head == head)
  }

  @Test func `a call's state moves no money when it is unpriced, and NULL is not 0`() throws {
    let ledger = try TestLedger()
    try ledger.book("c1  10:00:00  search  unheard  input 1000")
    try expectRows(ledger, "select typeof(cost_n), typeof(margin_n) from call", "null null")
    try expectRows(ledger, "select cost_n, unpriced from rollup_day", "0 1")
    try expectRows(ledger, "select kind, amount_n from entry", "3 1")
  }
}

func hex16(_ value: UInt64) -> String {
  let digits = String(value, radix: 16, uppercase: true)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
