import Rates
import Testing
import Units

/// genai-prices and models.dev, whose figures are for a million tokens.
@Suite struct PriceSetListingTests {
  private static func genAI(_ model: String, provider: String = "acme") -> String {
    #"[{"id":"\#(provider)","name":"Acme","models":[{"id":"large","match":{"equals":"large"},\#(model)}]}]"#
  }

  @Test(arguments: [
    (#""prices":{"input_mtok":0.15,"output_mtok":6e-1}"#, ["acme large: input 0.15, output 0.6"]),
    (
      #""prices":{"input_mtok":3,"cache_write_mtok":3.75,"cache_write_1h_mtok":6,"cache_read_mtok":0.3,"output_mtok":15,"web_searches_kcount":10}"#,
      [
        "acme large: input 3, cache_read 0.3, output 15, cache_write_5m 3.75, cache_write_1h 6, searches 10 per 1K searches"
      ]
    ),
    // Only some of the prices have tiers; a band has them all.
    (
      #""prices":{"input_mtok":{"base":1.25,"tiers":[{"start":200000,"price":2.5}]},"cache_read_mtok":0.125,"output_mtok":{"base":10,"tiers":[{"start":200000,"price":15},{"start":500000,"price":20}]}}"#,
      [
        "acme large: input 1.25, cache_read 0.125, output 10 | over 200000: input 2.5, cache_read 0.125, output 15 | over 500000: input 2.5, cache_read 0.125, output 20"
      ]
    ),
    // The first price bears no day.
    (
      #""prices":[{"prices":{"input_mtok":2,"output_mtok":10}},{"constraint":{"start_date":"2026-09-01"},"prices":{"input_mtok":3,"output_mtok":15}}]"#,
      ["acme large: input 2, output 10", "acme large from 2026-09-01: input 3, output 15"]
    ),
    // A variant stands over the price of its day.
    (
      #""prices":{"input_mtok":2,"output_mtok":10,"web_searches_kcount":10},"price_variants":[{"constraint":{"start_date":"2026-10-14"},"when":{"processing":"batch"},"prices":{"input_mtok":1,"output_mtok":5}},{"when":{"service_tier":"priority"},"prices":{"input_mtok":4}},{"when":{"service_tier":"default"},"prices":{"input_mtok":2}},{"when":{"speed":"fast"},"prices":{"input_mtok":8}}]"#,
      [
        "acme large: input 2, output 10, searches 10 per 1K searches",
        "acme large tier=batch from 2026-10-14: input 1, output 5, searches 10 per 1K searches",
        "acme large tier=priority: input 4, output 10, searches 10 per 1K searches",
        "left out 1 prices under speed",
      ]
    ),
    (
      #""prices":{"audio_hours":0.111,"requests_kcount":12,"input_document_kpages":1,"input_mchars":15}"#,
      [
        "acme large: audio_seconds 0.111 per 1 hour, characters 15 per 1M characters, pages 0.001 per 1 page, requests 0.012 per 1 request"
      ]
    ),
    (
      #""prices":{"input_mtok":1,"cache_audio_read_mtok":2}"#,
      ["acme large: input 1", "left out 1 prices named cache_audio_read_mtok"]
    ),
    (#""prices":{"input_mtok":0,"output_mtok":1}"#, ["acme large: input 0, output 1"]),
    (
      #""prices":{"input_mtok":0,"output_mtok":0}"#,
      ["left out 1 models that cost nothing, or whose price is not known"]
    ),
    (#""prices":{}"#, ["left out 1 models that cost nothing, or whose price is not known"]),
    (
      #""prices":{"input_mtok":1,"smell_mtok":2}"#,
      [
        "acme large: input 1",
        "fault line 1: acme large: 'smell_mtok' is a price that no meter is known for. It is in no card.",
        "left out 1 prices named smell_mtok",
      ]
    ),
    (
      #""prices":[{"prices":{"input_mtok":2}},{"constraint":{"start_date":"soon"},"prices":{"input_mtok":3}}]"#,
      ["fault line 1: acme large: 'soon' is no day. Give its card by hand."]
    ),
    (
      #""prices":[{"prices":{"input_mtok":0.135}},{"constraint":{"start_time":"00:30:00Z","end_time":"16:30:00Z"},"prices":{"input_mtok":0.27}}]"#,
      ["left out 1 models whose price depends on the hour"]
    ),
  ])
  func `a model of genai-prices`(model: String, cards: [String]) throws {
    #expect(try Listing.cards(.genaiPrices, Self.genAI(model)) == cards)
  }

  @Test func `hours of genai-prices begin with the price before them`() throws {
    let model =
      #""prices":[{"prices":{"input_mtok":0.28}},{"constraint":{"start_date":"2026-09-10"},"prices":{"input_mtok":0.15}},{"constraint":{"start_time":"00:30:00Z","end_time":"16:30:00Z"},"prices":{"input_mtok":0.3}}]"#
    #expect(
      try Listing.cards(.genaiPrices, Self.genAI(model), windows: true) == [
        "acme large: input 0.28", "acme large from 2026-09-10: input 0.15",
        "acme large hours=00:30-16:30;zone=UTC from 2026-09-10: input 0.3",
      ])
  }

  @Test func `routes of Hugging Face and OpenRouter stay routes`() throws {
    let prices = #""prices":{"input_mtok":1,"output_mtok":2}"#
    #expect(
      try Listing.cards(.genaiPrices, Self.genAI(prices, provider: "huggingface_fireworks-ai"))
        == ["huggingface: fireworks-ai large: input 1, output 2"])
    #expect(
      try Listing.cards(.genaiPrices, Self.genAI(prices, provider: "openrouter"))
        == ["openrouter: * large: input 1, output 2"])
  }

  private static func modelsDev(_ model: String, provider: String = "acme") -> String {
    #"{"\#(provider)":{"id":"\#(provider)","models":{"large":{"id":"large",\#(model)}}}}"#
  }

  @Test(arguments: [
    (
      #""cost":{"input":5,"output":30,"cache_read":0.5,"cache_write":6.25,"reasoning":30,"input_audio":7,"output_audio":9}"#,
      [
        "acme large: input 5, cache_read 0.5, output 30, cache_write_5m 6.25, reasoning 30, input_audio 7, output_audio 9"
      ]
    ),
    // The old field stands for the tier beside it, whose size is the truth.
    (
      #""cost":{"input":5,"output":30,"cache_read":0.5,"tiers":[{"input":10,"output":45,"tier":{"type":"context","size":272000}}],"context_over_200k":{"input":10,"output":45}}"#,
      ["acme large: input 5, cache_read 0.5, output 30 | over 272000: input 10, cache_read 0.5, output 45"]
    ),
    (
      #""cost":{"input":5,"output":30,"context_over_200k":{"input":10,"output":45}}"#,
      ["acme large: input 5, output 30 | over 200000: input 10, output 45"]
    ),
    (#""cost":{"input":0.5,"output":1,"cache_read":0}"#, ["acme large: input 0.5, cache_read 0, output 1"]),
    (
      #""cost":{"input":0,"output":0}"#,
      ["left out 1 models that cost nothing: part of a plan, or not known"]
    ),
    (#""name":"Large""#, ["left out 1 models without a price"]),
    (
      #""cost":{"input":5,"output":30,"tiers":[{"input":10,"tier":{"size":0}}]}"#,
      ["fault line 1: acme large: a tier has no size in prompt tokens. Give the prices for long prompts by hand."]
    ),
    (
      #""cost":{"input":5,"output":"x"}"#,
      ["fault line 1: acme large: 'output' is 'x', which is no price. Look it up at the issuer's."]
    ),
  ])
  func `a model of models.dev`(model: String, cards: [String]) throws {
    #expect(try Listing.cards(.modelsDev, Self.modelsDev(model)) == cards)
  }

  @Test func `one price for all providers of a router is none`() throws {
    #expect(
      try Listing.cards(.modelsDev, Self.modelsDev(#""cost":{"input":1,"output":2}"#, provider: "huggingface"))
        == ["left out 1 models of a router, with one price whoever runs them"])
  }

  @Test(arguments: [" large", "large ", "lar\\nge", "", String(repeating: "x", count: 201)])
  func `a name that no line could state is at fault`(name: String) throws {
    let text = #"{"acme":{"models":{"\#(name)":{"cost":{"input":1,"output":2}}}}}"#
    let cards = try Listing.cards(.modelsDev, text)
    #expect(cards.count == 1 && cards.first?.contains("a name is empty, longer than 200 bytes") == true)
  }
}
