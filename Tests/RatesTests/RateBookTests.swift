import Calls
import Rates
import Testing
import Units

/// Which card is in force, and what the route adds.
@Suite struct RateBookTests {
  static let files = [
    (
      "acme.json",
      #"""
      {"issuer":"acme","also":["acme-ai"],"source":"acme.example","read_on":"2026-03-01","models":[
        {"model":"acme/large","aliases":["large-2026-01-01"],"cards":[
          {"from":"2026-01-01","per":"1M tokens","rates":{"input":"4"}},
          {"from":"2026-03-01","until":"2026-06-01","per":"1M tokens","rates":{"input":"2"}},
          {"from":"2026-01-01","when":{"tier":"priority"},"per":"1M tokens","rates":{"input":"8"}},
          {"from":"2026-01-01","when":{"tier":"priority","region":"eu"},"per":"1M tokens","rates":{"input":"9"}}]}]}
      """#
    ),
    (
      "router.json",
      #"""
      {"issuer":"huggingface","route":"huggingface","rounding":"up","bills":"success","source":"router.example","read_on":"2026-03-01","models":[
        {"model":"org/Large","provider":"acme-ai","direct":"acme/large","cards":[
          {"from":"2026-02-01","per":"1M tokens","rates":{"input":"4.4"}}]},
        {"model":"org/Alone","provider":"acme-ai","cards":[
          {"from":"2026-02-01","per":"1M tokens","rates":{"input":"1"}}]}]}
      """#
    ),
  ]

  @Test(arguments: [
    // Half-open: the day a card begins is its own.
    ("2026-02-28T23:59:59.999999Z", "", "exact 0.004000000"),
    ("2026-03-01T00:00:00Z", "", "exact 0.002000000"),
    ("2026-05-31T23:59:59Z", "", "exact 0.002000000"),
    ("2026-06-01T00:00:00Z", "", "unpriced no_card_in_force"),
    ("2026-03-01T00:00:00Z", #""tier":"priority","#, "exact 0.008000000"),
    // The card with the most conditions met speaks.
    ("2026-03-01T00:00:00Z", #""tier":"priority","region":"eu","#, "exact 0.009000000"),
    ("2026-03-01T00:00:00Z", #""region":"eu","#, "exact 0.002000000"),
  ])
  func `the card in force is found by instant and conditions`(
    at: String, fields: String, charge: String
  ) throws {
    let pricing = try Pricing(Self.files)
    let line = #"{"at":"\#(at)",\#(fields)"provider":"acme","model":"acme/large","units":{"input":1000}}"#
    #expect(pricing.of(line) == charge)
    #expect(pricing.of(line.replacing(#""acme/large""#, with: #""large-2026-01-01""#)) == charge)
    #expect(pricing.of(line.replacing(#""acme","#, with: #""acme-ai","#)) == charge)
  }

  @Test(arguments: [
    // In February the route asks 4.4 for what costs 4 directly.
    ("2026-02-01", "org/Large", "huggingface", "0.004400000", "0.004000000"),
    ("2026-03-01", "org/Large", "huggingface", "0.004400000", "0.002000000"),
    // Without a direct counterpart there is nothing to compare with.
    ("2026-03-01", "org/Alone", "huggingface", "0.001000000", "none"),
    // A provider's own key: the router carries the call, the provider bills its direct price.
    ("2026-03-01", "org/Large", "acme", "0.002000000", "none"),
  ])
  func `a routed call has its direct counterpart`(
    day: String, model: String, issuer: String, billed: String, direct: String
  ) throws {
    let pricing = try Pricing(Self.files)
    let charge = pricing.charge(
      #"{"at":"\#(day)","route":"huggingface","provider":"acme-ai","issuer":"\#(issuer)","model":"\#(model)","units":{"input":1000}}"#
    )
    #expect(charge.billed?.amount.description == billed)
    #expect((charge.direct?.amount.description ?? "none") == direct)
  }

  static let free = [
    (
      "acme.json",
      #"""
      {"issuer":"acme","source":"acme.example","read_on":"2026-03-01","models":[
        {"model":"large","cards":[
          {"from":"2026-01-01","per":"1M tokens","rates":{"input":"4","output":"8"}},
          {"from":"2026-01-01","when":{"tier":"free"},"per":"1M tokens","rates":{"input":"0","output":"0"}}]}]}
      """#
    ),
    (
      "openrouter.json",
      #"""
      {"issuer":"openrouter","route":"openrouter","source":"openrouter.example","read_on":"2026-03-01","models":[
        {"model":"org/large","provider":"*","cards":[
          {"from":"2026-01-01","per":"1M tokens","rates":{"input":"4","output":"8"}}]},
        {"model":"org/small","provider":"*","cards":[
          {"from":"2026-01-01","per":"1M tokens","rates":{"input":"1","output":"2"}}]},
        {"model":"org/small:free","provider":"*","cards":[
          {"from":"2026-01-01","per":"1M tokens","rates":{"input":"0","output":"0"}}]}]}
      """#
    ),
  ]

  @Test(arguments: [
    // Nought that a card states is a price: exact, and 0.
    (#""provider":"acme","model":"large","tier":"free""#, "exact 0.000000000"),
    (#""provider":"acme","model":"large""#, "exact 0.004000000"),
    (#""route":"openrouter","provider":"acme","model":"org/small:free""#, "exact 0.000000000"),
    (#""route":"openrouter","provider":"acme","model":"org/small""#, "exact 0.001000000"),
    // A free name without a card is not the paid model, nor is the paid one the free.
    (#""route":"openrouter","provider":"acme","model":"org/large:free""#, "unpriced unknown_model"),
    (#""route":"openrouter","model":"org/large:free""#, "unpriced unknown_model"),
    // With the provider's own key the call is billed by its direct card, which knows no such name.
    (#""route":"openrouter","provider":"acme","issuer":"acme","model":"large:free""#, "unpriced unknown_model"),
    (#""provider":"acme","model":"large:free""#, "unpriced unknown_model"),
  ])
  func `free is what a card says, and no name falls back on another`(fields: String, charge: String) throws {
    let pricing = try Pricing(Self.free)
    #expect(pricing.of(#"{"at":"2026-03-01",\#(fields),"units":{"input":1000}}"#) == charge)
  }

  @Test func `a router that bills successes only bills no error`() throws {
    let pricing = try Pricing(Self.files)
    #expect(
      pricing.of(
        #"{"at":"2026-03-01","status":502,"route":"huggingface","provider":"acme-ai","model":"org/Large","units":{"input":1000}}"#
      )
        == "exact 0.000000000")
  }

  @Test func `a resolution holds for the whole span it names`() throws {
    let book = try Pricing(Self.files).book
    var subject = Subject()
    subject.provider = "acme"
    subject.model = "acme/large"
    let completed = book.completed(subject).subject
    for day in ["2025-06-01", "2026-01-01", "2026-02-10", "2026-03-01", "2026-05-31", "2026-06-01", "2027-01-01"] {
      let instant = try #require(Timestamp(day))
      let found = book.resolve(completed, at: instant)
      #expect(found.from <= instant && instant < found.until, "\(day)")
      for edge in [found.from, Timestamp(microseconds: found.until.microseconds - 1)]
      where edge != .earliest && found.until != .latest {
        #expect(book.resolve(completed, at: edge).card === found.card, "\(day): \(edge)")
      }
    }
  }
}
