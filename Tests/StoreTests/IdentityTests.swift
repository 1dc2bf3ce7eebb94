import Books
import Calls
import Rates
import Store
import Testing
import Units

/// The same id is booked once; a stream's larger usage adds; other content is quarantined.
@Suite struct IdentityTests {
  @Test func `a line that comes again is a duplicate`() throws {
    let ledger = try TestLedger()
    try ledger.book("c1  10:00:00  search  large  input 1000  output 200  reasoning 7")
    let again = try ledger.book("c1  10:00:00  search  large  input 1000  output 200  reasoning 7")
    #expect(again.duplicates == 1)
    #expect(again.booked == 0)
    #expect(again.batch == nil)
    #expect(try ledger.count("call") == 1)
    #expect(try ledger.count("batch") == 1)
  }

  @Test func `within one batch too`() throws {
    let ledger = try TestLedger()
    let report = try ledger.book(
      """
      c1  10:00:00  search  large  input 1000
      c1  10:00:00  search  large  input 1000
      c2  10:00:00  search  large  input 1000
      c1  10:00:00  search  large  input 1000
      """)
    #expect(report.duplicates == 2)
    #expect(report.booked == 2)
    try expectSound(ledger)
  }

  @Test func `lines without an id are never duplicates, and a provider's id alone is none`() throws {
    let ledger = try TestLedger()
    let report = try ledger.book(
      """
      -  10:00:00  search  large  input 1000
      -  10:00:00  search  large  input 1000
      -  10:00:00  search  large  input 1000  reference r1
      -  10:00:00  search  large  input 1000  reference r1
      """)
    #expect(report.booked == 4)
  }

  @Test(arguments: [
    ("10:00:00  search  large  input 1001", "another quantity"),
    ("10:00:00  search  large  input 1000  reasoning 1", "another meter"),
    ("10:00:01  search  large  input 1000", "another time"),
    ("10:00:00  support large  input 1000", "another team"),
    ("10:00:00  search  small  input 1000", "another model"),
    ("10:00:00  search  large  input 1000  canceled", "another outcome"),
    ("10:00:00  search  large  input 999   stream", "less of a stream"),
    ("10:00:00  search  large  input 999  output 5  stream", "more and less of a stream"),
  ])
  func `other content under the same id is quarantined and told`(line: String, _: String) throws {
    let ledger = try TestLedger()
    try ledger.book("c1  10:00:00  search  large  input 1000")
    let report = try ledger.book(
      """
      c0  10:00:00  search  large  input 3
      c1  \(line)
      """)
    #expect(report.quarantined.map(\.call) == [1])
    #expect(report.booked == 1)
    try expectRows(
      ledger, "select id, reason, length, number, '[' || client || ']' from dead_letter",
      "\(report.quarantined.first?.deadLetter ?? 0) id_conflict 0 - []")
    try expectRows(ledger, "select reason, lines from refusal", "id_conflict 1")
    try expectSound(ledger)
  }

  @Test func `quarantine keeps names and numbers, and their digest`() throws {
    let ledger = try TestLedger()
    try ledger.book("c1  10:00:00  search  large  input 1000")
    try ledger.book("c1  10:00:00  search  large  input 5  reasoning 3  session secret")
    let facts = try ledger.rows("select facts from dead_letter")[0]
    #expect(
      facts == """
        {"id":"\(hex16(Digest64.of("c1")).lowercased())","team":"search","route":"direct",\
        "provider":"acme","issuer":"acme","model":"large","operation":"chat",\
        "at":"2026-03-01T10:00:00Z","outcome":"ok","input":5,"reasoning":3,"cost_n":60000,\
        "state":"exact","booked_as":1}
        """)
    #expect(
      try ledger.rows("select lower(hex(sha256)) from dead_letter") == [hex(sha256(of: facts))])
  }

  @Test func `a stream's larger usage is booked as the difference`() throws {
    let ledger = try TestLedger()
    try ledger.book("c1  10:00:00  search  large  input 1000  output 10  stream")
    let report = try ledger.book(
      "c1  10:00:00  search  large  input 1000  output 200  reasoning 5  stream  session s1")
    #expect(report.deltas == 1)
    #expect(report.booked == 1)
    try expectRows(
      ledger, "select seq, input, output, cost_n, details from call",
      """
      1 1000 10  3150000 -
      2 0    190 2925000 {"reasoning":5,"session":"s1","prior":1}
      """)
    try expectRows(
      ledger, "select calls, input, output, cost_n from rollup_day", "1 1000 200 6075000")
    try expectRows(ledger, "select meter, quantity from rollup_meter", "reasoning 5")
    try expectSound(ledger)
  }

  @Test func `a stream grows line by line, and each of its lines is a duplicate afterwards`() throws {
    let ledger = try TestLedger()
    try ledger.book(
      """
      c1  10:00:00  search  large  output 10   stream
      c1  10:00:00  search  large  output 50   stream
      c1  10:00:00  search  large  output 90   reasoning 4  stream
      """)
    try ledger.restart()
    let report = try ledger.book(
      """
      c1  10:00:00  search  large  output 50   stream
      c1  10:00:00  search  large  output 10   stream
      c1  10:00:00  search  large  output 90   reasoning 4  stream
      c1  10:00:00  search  large  output 95   reasoning 4  stream
      """)
    #expect(report.duplicates == 3)
    #expect(report.deltas == 1)
    try expectRows(
      ledger, "select seq, output, details from call",
      """
      1 10 -
      2 40 {"prior":1}
      3 40 {"reasoning":4,"prior":2}
      4 5  {"prior":3}
      """)
    try expectSound(ledger)
  }

  @Test func `a stream without a price that gets one moves out of the unpriced`() throws {
    let ledger = try TestLedger()
    // Without a rate for searches, the first line has no price at all.
    try ledger.book("c1  10:00:00  search  large  searches 1  stream")
    try ledger.book("c1  10:00:00  search  large  searches 1  output 100  stream")
    try expectRows(
      ledger, "select state, cost_n from call_detail",
      """
      unpriced -
      partial  1500000
      """)
    try expectRows(ledger, "select calls, unpriced, partial from rollup_day", "1 0 1")
    try expectRows(
      ledger, "select name, balance_n from trial_balance where name like '%nprice%'",
      """
      Assets:Suspense:Unpriced:acme 0
      Equity:UnpricedClearing 0
      """)
    try expectSound(ledger)
  }

  @Test func `a stream of more rows than the limit is quarantined`() throws {
    var limits = WriterLimits()
    limits.chainRows = 3
    let ledger = try TestLedger(limits: limits)
    let report = try ledger.book(
      (1...5).map { "c1  10:00:00  search  large  output \($0)  stream" }.joined(separator: "\n"))
    #expect(report.booked == 3)
    #expect(report.quarantined.map(\.call) == [3, 4])
  }

  @Test func `an inferred provider is no part of what a line said`() throws {
    let ledger = try TestLedger()
    let call = "10:00:00  search  large  input 1000"
    try ledger.book("c1  \(call)")
    let batch = ledger.batch("c1  \(call)  session s")
    let known = batch.calls[0]
    let stated = BookBatch()
    stated.startsDimensions = true
    var subject = Subject()
    subject.team = "search"
    subject.model = "large"
    subject.operation = "chat"
    subject.route = "direct"
    stated.newDimensions = [
      Dimension(
        subject: subject, providerInferred: true, card: nil, direct: nil, reason: .noProvider,
        band: 0)
    ]
    var inferred = known
    inferred.dimension = 0
    inferred.details = 0..<0
    stated.calls = [inferred]
    #expect(try ledger.writer.commit(stated, at: TestLedger.noon).duplicates == 1)
  }
}
