import Audit
import Calls
import Store
import Testing
import Units

/// What was booked lately, read a look at a time.
@Suite struct RecentTests {
  private func at(_ text: String) throws -> Timestamp { try #require(Timestamp("2026-03-01T" + text + "Z")) }

  private func costs(_ reader: LedgerReader, _ recent: RecentSpend, _ now: Timestamp) throws -> [String: String] {
    var found: [String: String] = [:]
    for (dimension, sums) in recent.sums(ofLast: RecentSpend.slots, at: now) {
      let name = try reader.subject(of: dimension).team
      found[name, default: ""] += "\(sums.calls) \(sums.errors) \(sums.unpriced) \(sums.cost);"
    }
    return found
  }

  /// Large costs 3 dollars a million in: 1,000 of input are 3,000,000 nanodollars.
  @Test func `each look adds what was booked since the last`() throws {
    let ledger = try TestLedger()
    try ledger.book(
      """
      c1  08:00:00  search  large  input 1000
      c2  09:30:00  search  large  input 1000
      c3  09:59:00  ads     large  input 2000
      """)
    let reader = try LedgerReader(folder: ledger.folder)
    var recent = RecentSpend()
    var look = LedgerReader.RecentLook()
    try reader.addRecent(to: &recent, &look, at: try at("10:00:00"))
    #expect(try costs(reader, recent, try at("10:00:00")) == ["search": "1 0 0 3000000;", "ads": "1 0 0 6000000;"])
    // Nothing new: nothing is added twice.
    try reader.addRecent(to: &recent, &look, at: try at("10:00:00"))
    #expect(try costs(reader, recent, try at("10:00:00")) == ["search": "1 0 0 3000000;", "ads": "1 0 0 6000000;"])
    // A late line of the hour counts, one from before it does not, and one without a price is told.
    try ledger.book(
      """
      c4  09:40:00  search  large    input 1000
      c5  07:00:00  search  large    input 1000
      c6  09:59:30  ads     unheard  input 5
      c7  10:20:00  ads     large    input 1000
      """)
    try reader.addRecent(to: &recent, &look, at: try at("10:00:00"))
    #expect(
      try costs(reader, recent, try at("10:00:00"))["search"] == "2 0 0 6000000;")
    #expect(
      try costs(reader, recent, try at("10:00:00"))["ads"].map { Set($0.split(separator: ";").map(String.init)) }
        == ["1 0 0 6000000", "1 0 1 0"])
    // What began at 10:20 counts when it is that late, and what began at 09:30 is an hour old by then.
    try reader.addRecent(to: &recent, &look, at: try at("10:31:00"))
    #expect(try costs(reader, recent, try at("10:31:00"))["search"] == "1 0 0 3000000;")
    #expect(try costs(reader, recent, try at("10:31:00"))["ads"]?.contains("2 0 0 9000000") == true)
    #expect(!look.isCut(at: try at("10:31:00")))
  }

  @Test func `an empty ledger has nothing to show, and what comes then is shown`() throws {
    let ledger = try TestLedger()
    let reader = try LedgerReader(folder: ledger.folder)
    var recent = RecentSpend()
    var look = LedgerReader.RecentLook()
    try reader.addRecent(to: &recent, &look, at: try at("10:00:00"))
    #expect(recent.sums(ofLast: RecentSpend.slots, at: try at("10:00:00")).isEmpty)
    #expect(try reader.expectedHour(at: at("10:00:00")).amount(at: at("10:00:00")) == nil)
    try ledger.book("c1  09:59:00  search  large  input 1000  error")
    try reader.addRecent(to: &recent, &look, at: try at("10:00:00"))
    #expect(try costs(reader, recent, try at("10:00:00")) == ["search": "1 1 0 3000000;"])
  }

  /// A week before 2026-03-08 10:30: 3,000,000 from 09:00 and 6,000,000 from 10:00, of each half an hour.
  @Test func `an hour is expected to cost what it cost a week ago`() throws {
    let ledger = try TestLedger()
    try ledger.book(
      """
      c1  09:10:00  search  large  input 1000
      c2  10:50:00  search  large  input 2000
      """)
    let now = try #require(Timestamp("2026-03-08T10:30:00Z"))
    let reader = try LedgerReader(folder: ledger.folder)
    #expect(try reader.expectedHour(at: now).amount(at: now) == Amount(nanos: 4_500_000))
    // Clocks were put forward since: 10:30 and the hour before are 11:00 and 10:00 of then, of each half an hour.
    let forward = try reader.expectedHour(at: now, backs: [167, 335, 503, 671])
    #expect(forward.amount(at: now) == Amount(nanos: 3_000_000))
  }
}
