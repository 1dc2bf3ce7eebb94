import Audit
import Rates
import Store
import Testing

/// What a line said holds when its call is re-priced; what the rate book said for it is asked again.
@Suite struct RepriceLineTests {
  private static func line(_ id: String, _ rest: String) -> String {
    #"{"id":"\#(id)","at":"2026-03-01T10:00:00Z","team":"search",\#(rest)}"#
  }

  private static func file(_ issuer: String, _ models: String, heading: String = "") -> (String, String) {
    (
      "\(issuer)\(heading.isEmpty ? "" : "-contract").json",
      #"{"issuer":"\#(issuer)",\#(heading)"source":"s","read_on":"2026-03-02","models":[\#(models)]}"#
    )
  }

  private static func model(_ name: String, _ rates: String, per: String = "1M tokens", more: String = "") -> String {
    #"{"model":"\#(name)","cards":[{"from":"2026-01-01","per":"\#(per)","rates":{\#(rates)}\#(more)}]}"#
  }

  /// A thousand tokens at 3.00 are 0.003, by the contract's 1.50 half of that.
  @Test func `a contract that came late prices the calls of its span`() throws {
    let list = Self.file("acme", Self.model("large", #""input":"3.00""#))
    let ledger = try TestLedger(rates: TestLedger.book([list]))
    try ledger.book(
      """
      c1  2026-02-10T10:00:00Z  search  large  input 1000
      c2  2026-03-10T10:00:00Z  search  large  input 1000
      """)
    let contract = Self.file(
      "acme",
      #"{"model":"large","cards":[{"from":"2026-03-01","per":"1M tokens","rates":{"input":"1.50"}}]}"#,
      heading: #""contract":"acme-2026","#)
    try ledger.reprice("contract", by: TestLedger.book([list, contract]))
    try expectRows(ledger, "select cost_n from call_detail", "3000000\n1500000")
    try expectSound(ledger)
  }

  @Test func `a provider that no line stated is asked for again`() throws {
    let only = Self.file("acme", Self.model("large", #""input":"3.00""#))
    let ledger = try TestLedger(rates: TestLedger.book([only]))
    try ledger.book(lines: [
      Self.line("c1", #""model":"large","units":{"input":1000}"#),
      Self.line("c2", #""model":"large","provider":"acme","units":{"input":1000}"#),
      Self.line("c3", #""model":"rare","units":{"input":1000}"#),
    ])
    let other = Self.file(
      "other", Self.model("large", #""input":"1.00""#) + "," + Self.model("rare", #""input":"5.00""#))
    // Another seller alone: the first call, and the third, were its.
    let (_, total) = try ledger.reprice("other", by: TestLedger.book([other]))
    #expect(total.calls == 2 && total.kept == 1)
    try expectRows(
      ledger, "select provider, issuer, cost_n from call_detail",
      """
      other other 1000000
      acme  acme  3000000
      other other 5000000
      """)
    try expectRows(
      ledger,
      """
      select d.provider, sum(r.calls), sum(r.cost_n)
      from rollup_day r join dimension d on d.id = r.dimension group by 1
      """,
      """
      acme  1 3000000
      other 2 6000000
      """)
    try expectRows(
      ledger, "select name, balance_n from trial_balance where name like 'Liab%'",
      """
      Liabilities:Accrued:acme  -3000000
      Liabilities:Accrued:other -6000000
      """)
    try expectSound(ledger)
    // Two sellers: none is the only one, and what has a price keeps it.
    #expect(try ledger.reprice("both", by: TestLedger.book([only, other])).total.kept == 1)
    try expectSound(ledger)
  }

  /// The total is no sum of its parts; a count has no meter.
  @Test func `contradictory usage stays unpriced, and incomplete usage partial`() throws {
    let ledger = try TestLedger(rates: TestLedger.book([Self.file("acme", Self.model("small", #""input":"1.00""#))]))
    try ledger.book(lines: [
      Self.line(
        "c1",
        #""model":"large","provider":"acme","usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":99,"prompt_tokens_details":{"cached_tokens":50}}"#
      ),
      Self.line(
        "c2",
        #""model":"large","provider":"acme","usage":{"input_tokens":1000,"output_tokens":0,"sparkles_tokens":7}"#),
      Self.line("c3", #""model":"large","provider":"acme","units":{"input":1000}"#),
    ])
    let late = Self.file("acme", Self.model("large", #""input":"2.00","output":"4.00""#))
    try ledger.reprice("late", by: TestLedger.book([late]))
    try expectRows(
      ledger, "select state, cost_n from call_detail",
      """
      unpriced -
      partial  2000000
      exact    2000000
      """)
    try expectSound(ledger)
  }

  /// Two pictures of 1024 × 1024 at 0.05 each are 0.1; by the megapixel, at 0.04, they are 2.097152 of them.
  @Test func `pictures that were asked for are billed by what the card counts`() throws {
    let other = Self.file("acme", Self.model("small", #""input":"1.00""#))
    let ledger = try TestLedger(rates: TestLedger.book([other]))
    let picture =
      #""model":"flux","provider":"acme","operation":"image","status":200,"params":{"n":2,"size":"1024x1024"}"#
    try ledger.book(lines: [Self.line("c1", picture)])
    let byImage = Self.file("acme", Self.model("flux", #""images":"0.05""#, per: "1 image"))
    try ledger.reprice("by-image", by: TestLedger.book([byImage]))
    try expectRows(ledger, "select state, cost_n from call_detail", "exact 100000000")
    let byArea = Self.file("acme", Self.model("flux", #""megapixels":"0.04""#, per: "1 megapixel"))
    try ledger.reprice("by-area", by: TestLedger.book([byArea]))
    try expectRows(ledger, "select state, cost_n from call_detail", "exact 83886080")
    try expectSound(ledger)
  }

  @Test func `a card whose source alone is mended moves nothing`() throws {
    let ledger = try TestLedger()
    try ledger.book("c1  10:00:00  search  large  input 1000")
    let mended = TestLedger.files.map { ($0.0, $0.1.replacing(#""source":"s""#, with: #""source":"t""#)) }
    #expect(try ledger.reprice("source", by: TestLedger.book(mended)).receipt == .nothing)
  }

  @Test func `a failed call whose noughts were stated pays for its request as it did`() throws {
    let files = ["0.01", "0.02"].map {
      Self.file("acme", Self.model("large", #""requests":"\#($0)""#, per: "1 request"))
    }
    let ledger = try TestLedger(rates: TestLedger.book([files[0]]))
    try ledger.book(lines: [
      Self.line("c1", #""model":"large","provider":"acme","status":500,"units":{"input":0}"#),
      Self.line("c2", #""model":"large","provider":"acme","status":500"#),
    ])
    try ledger.reprice("dearer", by: TestLedger.book([files[1]]))
    try expectRows(ledger, "select cost_n, booked_cost_n from call_detail", "20000000 10000000\n0 0")
    try expectSound(ledger)
  }
}
