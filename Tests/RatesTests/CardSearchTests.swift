import Calls
import Rates
import Testing
import Units

/// Why one card was taken and the others were not.
@Suite struct CardSearchTests {
  static let files = [
    (
      name: "acme.json",
      text: #"""
      {"issuer":"acme","source":"s","read_on":"2026-01-01","models":[{"model":"large","cards":[
        {"from":"2025-01-01","until":"2026-01-01","per":"1M tokens","rates":{"input":"5"}},
        {"from":"2026-01-01","per":"1M tokens","rates":{"input":"4"}},
        {"from":"2026-06-01","when":{"region":"eu"},"per":"1M tokens","rates":{"input":"4.5"}},
        {"from":"2026-01-01","when":{"hours":"16:30-00:30","zone":"UTC"},"per":"1M tokens","rates":{"input":"1"}},
        {"from":"2026-01-01","when":{"tier":"batch"},"per":"1M tokens","rates":{"input":"2"}},
        {"from":"2026-01-01","when":{"tier":"batch","hours":"16:30-00:30","zone":"UTC"},"per":"1M tokens","rates":{"input":"1"}},
        {"from":"2026-06-01","when":{"region":"eu","hours":"16:30-00:30","zone":"UTC"},"per":"1M tokens","rates":{"input":"1"}},
        {"from":"2026-06-01","when":{"region":"eu","tier":"batch"},"per":"1M tokens","rates":{"input":"1"}},
        {"from":"2026-06-01","when":{"region":"eu","tier":"batch","hours":"16:30-00:30","zone":"UTC"},
          "per":"1M tokens","rates":{"input":"1"}}]}]}
      """#
    ),
    (
      name: "contract.json",
      text: #"""
      {"issuer":"acme","contract":"c1","source":"s","read_on":"2026-01-01",
        "discounts":[{"times":"0.5","from":"2026-05-01"}]}
      """#
    ),
  ]

  /// The rates of the base table by the card's verdict, as `4 taken`.
  static func verdicts(_ at: String, tier: String = "", region: String = "", files count: Int) throws -> [String] {
    let book = try Pricing(Array(files.prefix(count))).book
    var subject = Subject()
    subject.provider = "acme"
    subject.model = "large"
    subject.tier = tier
    subject.region = region
    let completed = book.completed(subject).subject
    let instant = try #require(Timestamp(at))
    let search = book.search(completed, at: instant)
    let taken = search.candidates.filter { $0.verdict == .taken }.map(\.card)
    #expect(taken.first === book.resolve(completed, at: instant).card)
    return search.candidates.filter { $0.card.conditions.wanted.count < 2 }.map {
      "\($0.card.from.day) \($0.card.conditions.text): \($0.verdict.words)"
    }
  }

  @Test func `every card says why it does not hold`() throws {
    #expect(
      try Self.verdicts("2026-02-01T12:00:00Z", files: 1) == [
        "2025-01-01 : no longer in force", "2026-01-01 : taken",
        "2026-06-01 hours=16:30-00:30;region=eu;zone=UTC: wants region=eu",
        "2026-01-01 hours=16:30-00:30;tier=batch;zone=UTC: wants tier=batch",
        "2026-01-01 hours=16:30-00:30;zone=UTC: outside its hours",
        "2026-06-01 region=eu: wants region=eu", "2026-01-01 tier=batch: wants tier=batch",
      ])
  }

  @Test func `the card that says more is taken, and one not yet in force is not`() throws {
    #expect(
      try Self.verdicts("2026-02-01T20:00:00Z", tier: "batch", region: "eu", files: 1) == [
        "2025-01-01 : speaks for the standard tier, not for batch",
        "2026-01-01 : speaks for the standard tier, not for batch",
        "2026-06-01 hours=16:30-00:30;region=eu;zone=UTC: speaks for the standard tier, not for batch",
        "2026-01-01 hours=16:30-00:30;tier=batch;zone=UTC: taken",
        "2026-01-01 hours=16:30-00:30;zone=UTC: speaks for the standard tier, not for batch",
        "2026-06-01 region=eu: speaks for the standard tier, not for batch",
        "2026-01-01 tier=batch: holds, but another says more",
      ])
  }

  @Test func `a contract is taken before the list`() throws {
    let found = try Self.verdicts("2026-05-01T12:00:00Z", files: 2)
    #expect(found.contains("2026-05-01 : taken"))
    #expect(found.contains("2026-01-01 : holds, but a contract is in force"))
  }
}
