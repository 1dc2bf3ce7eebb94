import Books
import Calls
import Store
import Testing
import Units

/// Marks of senders, and lines that became no call.
@Suite struct LetterTests {
  static let checkout = Sender(client: "checkout-7", epoch: 3)

  private func letter(_ number: Int64, _ reason: Refusal = .badJSON, sender: Int32 = 0) -> DeadLetter {
    DeadLetter(
      received: TestLedger.noon, sender: sender, number: number, reason: reason, length: 42,
      sha256: sha256(of: "line \(number)"))
  }

  @Test func `a sender's mark moves with its lines and is there after a restart`() throws {
    let ledger = try TestLedger()
    let first = ledger.batch("c1  10:00:00  search  large  input 1  n 5", sender: Self.checkout)
    first.marks[0] = MarkMove(number: 5, gaps: 4, replays: 0)
    try ledger.writer.commit(first, at: TestLedger.noon)
    let second = ledger.batch("c2  10:00:00  search  large  input 1  n 9", sender: Self.checkout)
    second.marks[0] = MarkMove(number: 9, gaps: 3, replays: 2)
    try ledger.writer.commit(second, at: TestLedger.noon)
    #expect(ledger.writer.marks() == [Self.checkout: 9])
    try expectRows(
      ledger, "select client, epoch, number, gaps, replays from mark", "checkout-7 3 9 7 2")
    try ledger.restart()
    #expect(ledger.writer.marks() == [Self.checkout: 9])
    let point = ledger.writer.resumePoint(client: "checkout-7")
    #expect(point?.epoch == 3)
    #expect(point?.number == 9)
    #expect(ledger.writer.resumePoint(client: "checkout-8") == nil)
  }

  @Test func `the highest epoch of a client counts`() throws {
    let ledger = try TestLedger()
    for epoch in [2, 7, 4] {
      let sender = Sender(client: "a", epoch: Int64(epoch))
      let batch = ledger.batch("-  10:00:00  search  large  input 1", sender: sender)
      batch.marks[batch.calls[0].sender] = MarkMove(number: Int64(100 - epoch))
      try ledger.writer.commit(batch, at: TestLedger.noon)
    }
    #expect(ledger.writer.resumePoint(client: "a")?.epoch == 7)
    #expect(ledger.writer.resumePoint(client: "a")?.number == 93)
  }

  @Test func `a mark moves without a call, and writes no batch`() throws {
    let ledger = try TestLedger()
    let batch = ledger.batch("", sender: Self.checkout)
    batch.marks[0] = MarkMove(number: 3)
    let report = try ledger.writer.commit(batch, at: TestLedger.noon)
    #expect(report.batch == nil)
    #expect(ledger.writer.marks() == [Self.checkout: 3])
    #expect(try ledger.count("batch") == 0)
    try expectSound(ledger)
  }

  @Test func `dead letters are kept with reason, length and digest, and told by number`() throws {
    let ledger = try TestLedger()
    let batch = ledger.batch("c1  10:00:00  search  large  input 1  n 1", sender: Self.checkout)
    batch.deadLetters = [letter(2), letter(3, .tooLong), letter(0, .torn, sender: -1)]
    let report = try ledger.writer.commit(batch, at: TestLedger.noon)
    #expect(report.deadLetters == [1, 2, 3])
    try expectRows(
      ledger,
      "select id, '[' || client || ']', number, reason, length, length(sha256), facts from dead_letter",
      """
      1 [checkout-7] 2 bad_json 42 32 -
      2 [checkout-7] 3 too_long 42 32 -
      3 []           - torn     42 32 -
      """)
    try expectRows(
      ledger, "select reason, lines from refusal",
      """
      bad_json 1
      too_long 1
      torn     1
      """)
  }

  @Test func `the oldest dead letters go when there are too many, and stay counted`() throws {
    var limits = WriterLimits()
    limits.deadLetters = 10
    limits.quarantined = 3
    let ledger = try TestLedger(limits: limits)
    try ledger.book("c1  10:00:00  search  large  input 1")
    var dropped = 0
    for round in 0..<5 {
      let batch = ledger.batch("c1  10:00:00  search  large  input \(round + 2)", sender: Self.checkout)
      batch.deadLetters = (0..<4).map { letter(Int64(round * 4 + $0)) }
      let report = try ledger.writer.commit(batch, at: TestLedger.noon)
      dropped += report.droppedLetters + report.droppedQuarantined
      if round == 2 { try ledger.restart() }
    }
    try expectRows(
      ledger, "select count(*) - count(facts), min(number), count(facts) from dead_letter", "10 0 3")
    try expectRows(
      ledger, "select min(number) from dead_letter where facts is null", "10")
    #expect(dropped == 12)
    try expectRows(
      ledger, "select reason, lines from refusal",
      """
      bad_json    20
      id_conflict 5
      """)
  }
}
