import Books
import Store
import Testing
import Units

/// How far senders' lines are settled, and which of their epochs are forgotten.
@Suite struct MarkTests {
  @Test func `an epoch left behind is forgotten after 30 days, the newest and a file's never`() throws {
    let ledger = try TestLedger()
    for (client, epoch) in [("shop", 1), ("shop", 2), ("lone", 1), ("file:/var/log/a", 8), ("file:/var/log/a", 9)] {
      _ = try ledger.writer.commit(
        ledger.batch(
          "-  10:00:00  search  large  input 1  n 7", sender: Sender(client: client, epoch: Int64(epoch))),
        at: TestLedger.noon)
    }
    let hour = Timestamp.microsecondsPerHour
    try ledger.restart(now: Timestamp(microseconds: TestLedger.noon.microseconds + 720 * hour))
    #expect(try ledger.count("mark") == 5)
    try ledger.restart(now: Timestamp(microseconds: TestLedger.noon.microseconds + 720 * hour + 1))
    try expectRows(
      ledger, "select client, epoch, number from mark order by client, epoch",
      """
      file:/var/log/a 8 7
      file:/var/log/a 9 7
      lone 1 7
      shop 2 7
      """)
    #expect(ledger.writer.marks()[Sender(client: "shop", epoch: 1)] == nil)
  }
}
