import Calls
import Rates
import TestSupport
import Testing
import Units

@Suite struct StoredCardTests {
  /// Cards of every form: bands, borrowed rates, per hour, conditions, another rounding.
  static let file = """
    {"issuer":"acme","route":"acme-route","currency":"USD","rounding":"up","bills":"success",
     "source":"acme.example/pricing","read_on":"2026-08-22","models":[
      {"model":"large","provider":"together","cards":[
        {"from":"2026-01-01","per":"1M tokens",
         "rates":{"input":"0.15","output":"0.60","cache_read":"=input","requests":{"usd":"0.005","per":"1 request"}},
         "bands":[{"over":200000,"rates":{"input":"0.30","output":"1.20"}}]},
        {"from":"2026-01-01","when":{"tier":"flex"},"per":"1M tokens","rates":{"input":"0.075","output":"0.30"}}]},
      {"model":"gpu","cards":[{"from":"2026-01-01","per":"1 hour","rates":{"compute_seconds":"1.00"}}]},
      {"model":"video","cards":[{"from":"2026-01-01","per":"1 second","rates":{"video_seconds":"0.0000123"}}]}]}
    """

  static func cards() throws -> [RateCard] {
    var reader = RateFileReader { _ in "digest" }
    reader.read(file, file: "acme.json")
    return try reader.book(origin: "test").products.values.flatMap(\.cards)
  }

  @Test func `a stored card charges what its card charges`() throws {
    var random = Seeded(7)
    var priced = 0
    for card in try Self.cards() {
      let stored = try StoredCard(text: card.text)
      #expect(stored.rounding == .up)
      #expect(stored.tables.count == card.tariff.bands.count + 1)
      for _ in 0..<500 {
        var call = Call()
        for meter in [Meter.input, .output, .cacheRead, .computeSeconds, .videoSeconds]
        where Bool.random(using: &random) {
          call.usage[meter] = Int64.random(in: 0...400_000, using: &random)
        }
        call.outcome = Bool.random(using: &random) ? .ok : .error
        let charge = card.charge(call)
        let again = stored.charge(call.usage, outcome: call.outcome)
        #expect(charge.state == again.state)
        #expect(charge.amount == again.amount)
        #expect(charge.exact == again.exact)
        if charge.amount.nanos > 0 { priced += 1 }
      }
    }
    #expect(priced > 100)
  }

  @Test func `a stored card says its rates in its file's words`() throws {
    let card = try #require(
      try Self.cards().first { $0.model == "large" && $0.conditions.text.isEmpty })
    let table = try #require(try StoredCard(text: card.text).tables.first)
    #expect(table.rate(of: .input)?.words == "0.15 USD per 1M tokens")
    #expect(table.rate(of: .cacheRead)?.words == "0.15 USD per 1M tokens")
    #expect(table.rate(of: .cacheRead)?.borrowed == .input)
    #expect(table.rate(of: .requests)?.words == "0.005 USD per 1 request")
    #expect(table.rate(of: .images) == nil)
  }

  @Test(arguments: [
    ("{", "not JSON"), ("{}", "'issuer'"),
    (
      "{\"issuer\":\"a\",\"route\":\"direct\",\"provider\":\"a\",\"model\":\"m\",\"from\":\"2026-01-01\",\"when\":\"\",\"rounding\":\"up\",\"bills\":\"usage\",\"rates\":[]}",
      "'rates'"
    ),
    (
      "{\"issuer\":\"a\",\"route\":\"direct\",\"provider\":\"a\",\"model\":\"m\",\"from\":\"2026-01-01\",\"when\":\"\",\"rounding\":\"up\",\"bills\":\"usage\",\"rates\":[{\"over\":0,\"rates\":{\"input\":\"cheap\"}}]}",
      "'input'"
    ),
  ])
  func `a text that is no card is refused with what is wrong`(text: String, what: String) throws {
    let fault = try #require(throws: StoredCardFault.self) { try StoredCard(text: text) }
    #expect(fault.description.contains(what))
  }
}
