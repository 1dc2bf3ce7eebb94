import Books
import Calls
import Store
import Testing
import Units

/// Streams whose usage grows by many lines: what each comes to, however many grow at once and however often they
/// come again.
@Suite struct ChainTests {
  private static func line(_ stream: Int, _ output: Int) -> String {
    "s\(stream)  10:00:0\(stream)  team\(stream)  small  input 7  output \(output)  stream"
  }

  /// Small costs 0.10 a million of input and 0.40 of output: 7 and 300 tokens are 0.0000007 + 0.00012 = 120,700
  /// nanodollars, booked in 300 rows.
  @Test func `three hundred lines over thirty batches come to the last one, and none is booked twice`() throws {
    let ledger = try TestLedger()
    for batch in 0..<30 {
      let report = try ledger.book((1...10).map { Self.line(1, batch * 10 + $0) }.joined(separator: "\n"))
      #expect(report.booked == 10)
    }
    try expectRows(ledger, "select count(*), sum(input), sum(output), sum(cost_n) from call", "300 7 300 120700")
    // Every stage again, in any order; less than any stage is another call.
    let again = try ledger.book([300, 1, 150, 299, 2].map { Self.line(1, $0) }.joined(separator: "\n"))
    #expect(again.duplicates == 5 && again.booked == 0)
    #expect(try ledger.book(Self.line(1, 0)).quarantined.map(\.reason) == [.idConflict])
    try ledger.restart()
    #expect(try ledger.book(Self.line(1, 301)).deltas == 1)
    try expectRows(ledger, "select count(*), sum(output), sum(cost_n) from call", "301 301 121100")
    try expectSound(ledger)
  }

  /// Four streams grow in turn, and memory holds one of them, two, or all.
  @Test(arguments: [0, 1, 30, 1_000]) func `what is kept in memory changes nothing`(keptRows: Int) throws {
    var limits = WriterLimits()
    limits.keptChainRows = keptRows
    let ledger = try TestLedger(limits: limits)
    for round in 0..<6 {
      let lines = (0..<5).flatMap { step in (1...4).map { Self.line($0, round * 5 + step + 1) } }
      #expect(try ledger.book(lines.joined(separator: "\n")).booked == 20)
    }
    try expectRows(
      ledger,
      """
      select d.team, count(*), sum(c.output), sum(c.cost_n) from call c join dimension d on d.id = c.dimension_flags >> 5
      group by 1 order by 1
      """,
      """
      team1 30 30 12700
      team2 30 30 12700
      team3 30 30 12700
      team4 30 30 12700
      """)
    try expectSound(ledger)
  }

  @Test func `a row of the same stream under another team is quarantined, however long the stream`() throws {
    let ledger = try TestLedger()
    for output in 1...20 { try ledger.book(Self.line(1, output)) }
    let other = "s1  10:00:01  team2  small  input 7  output 21  stream"
    #expect(try ledger.book(other).quarantined.map(\.reason) == [.idConflict])
    #expect(try ledger.book(Self.line(1, 21)).deltas == 1)
    try expectSound(ledger)
  }
}
