import Rates
import Testing
import Units

/// The lists of routers: Hugging Face's, and OpenRouter's.
@Suite struct RouterListingTests {
  private static func hf(_ provider: String) -> String {
    #"{"object":"list","data":[{"id":"org/large","object":"model","providers":[\#(provider)]}]}"#
  }

  @Test(arguments: [
    // USD per million tokens already.
    (
      #"{"provider":"novita","status":"live","pricing":{"input":0.25,"output":1}}"#,
      ["huggingface: novita org/large: input 0.25, output 1"]
    ),
    // A route that fails for now keeps its price.
    (
      #"{"provider":"novita","status":"error","pricing":{"input":0.18000000000000002,"output":1.5e-1}}"#,
      ["huggingface: novita org/large: input 0.18, output 0.15"]
    ),
    // All that the router says of a route, as of August 2026.
    (
      #"{"provider":"novita","status":"live","context_length":1048576,"pricing":{"input":0.075,"output":0.25},"is_free":false,"supports_tools":true,"supports_structured_output":false,"first_token_latency_ms":1341.8,"throughput":35.75,"is_model_author":false}"#,
      ["huggingface: novita org/large: input 0.075, output 0.25"]
    ),
    // No price is no price.
    (
      #"{"provider":"fireworks-ai","status":"live"}"#,
      ["left out 1 routes without a price, which is not a price of nought"]
    ),
    (
      #"{"provider":"fireworks-ai","pricing":null}"#,
      ["left out 1 routes without a price, which is not a price of nought"]
    ),
    (
      #"{"provider":"novita","pricing":{"input":null,"output":1}}"#,
      ["left out 1 routes with only one of input and output priced"]
    ),
    // Nought is nought, and no absence; but not where it is free for now.
    (
      #"{"provider":"novita","pricing":{"input":0,"output":0.5}}"#,
      ["huggingface: novita org/large: input 0, output 0.5"]
    ),
    (
      #"{"provider":"novita","is_free":false,"pricing":{"input":0,"output":0}}"#,
      ["huggingface: novita org/large: input 0, output 0"]
    ),
    (
      #"{"provider":"novita","is_free":true,"pricing":{"input":0,"output":0}}"#,
      ["left out 1 routes that are free for now, which is not a price"]
    ),
    (
      #"{"provider":"novita","is_free":true,"pricing":{"input":0.5,"output":1}}"#,
      ["huggingface: novita org/large: input 0.5, output 1"]
    ),
    // Beyond belief: a price for a token, and one for a million millions.
    (
      #"{"provider":"novita","pricing":{"input":2.5e-07,"output":1}}"#,
      [
        "fault line 1: huggingface org/large at novita: 'input' is 0.00000000000025 USD per 1 token, which is under 0.0001 USD per 1M tokens: mostly a mistaken unit. Look it up at the issuer's."
      ]
    ),
    (
      #"{"provider":"novita","pricing":{"input":2001,"output":1}}"#,
      [
        "fault line 1: huggingface org/large at novita: 'input' is 0.002001 USD per 1 token, which is over 2000 USD per 1000000 tokens: mostly a mistaken unit. Look it up at the issuer's."
      ]
    ),
    (
      #"{"provider":"novita","pricing":{"input":2000,"output":-1}}"#,
      [
        "fault line 1: huggingface org/large at novita: 'output' is negative. Look it up at the issuer's."
      ]
    ),
    (
      #"{"provider":"novita","pricing":{"input":1,"output":1,"thought":3}}"#,
      [
        "huggingface: novita org/large: input 1, output 1",
        "fault line 1: huggingface org/large at novita: 'thought' is a price that no meter is known for. It is in no card.",
        "left out 1 prices named thought",
      ]
    ),
    (#"{"status":"live"}"#, ["fault line 1: huggingface org/large: there is no 'provider'. Nothing is taken from it."]),
  ])
  func `a route of Hugging Face`(provider: String, cards: [String]) throws {
    #expect(try Listing.cards(.hfRouter, Self.hf(provider)) == cards)
  }

  private static func openRouter(_ pricing: String) -> String {
    #"{"data":[{"id":"org/large","pricing":\#(pricing)}]}"#
  }

  @Test(arguments: [
    (
      #"{"prompt":"0.00000015","completion":"6e-7","request":"0","image":"0","web_search":"0","internal_reasoning":"0","input_cache_read":"0"}"#,
      ["openrouter: * org/large: input 0.15, output 0.6"]
    ),
    (
      #"{"prompt":"0.000003","completion":"0.000015","input_cache_read":"0.0000003","input_cache_write":"0.00000375","input_cache_write_1h":"0.000006","web_search":"0.01","request":"0.005","audio":"0.00001"}"#,
      [
        "openrouter: * org/large: input 3, cache_read 0.3, output 15, cache_write_5m 3.75, cache_write_1h 6, input_audio 10, requests 0.005 per 1 request, searches 10 per 1K searches"
      ]
    ),
    // Every price that OpenRouter's own description of the list names, as of November 2026.
    (
      #"{"prompt":"0.00000075","completion":"0.00000375","request":"0","image":"0.00000075","image_token":"0.00000075","image_output":"0.00003","audio":"0.000001","audio_output":"0.00002","input_audio_cache":"0.0000001","web_search":"0.014","internal_reasoning":"0.00000375","input_cache_read":"0.000000075","input_cache_write":"0.0000000416666666666667","input_cache_write_1h":"0.0000005","discount":0}"#,
      [
        "openrouter: * org/large: input 0.75, cache_read 0.075, output 3.75, cache_write_5m 0.041666667, cache_write_1h 0.5, reasoning 3.75, input_audio 1, output_audio 20, input_image 0.75, output_image 30, searches 14 per 1K searches",
        "left out 1 prices named image", "left out 1 prices named input_audio_cache",
      ]
    ),
    // Free is what says so.
    (
      #"{"prompt":"0","completion":"0"}"#, ["openrouter: * org/large: input 0, output 0"]
    ),
    (
      #"{"prompt":"-1","completion":"-1","request":"-1","image":"-1"}"#,
      ["left out 1 models whose price depends on the model that is chosen"]
    ),
    (
      #"{"prompt":"0.000001","completion":"0.000002","image":"0.002"}"#,
      ["openrouter: * org/large: input 1, output 2", "left out 1 prices named image"]
    ),
    (
      #"{"prompt":"NaN","completion":"0.000002"}"#,
      [
        "fault line 1: openrouter org/large: 'prompt' is 'NaN', which is no price. Look it up at the issuer's."
      ]
    ),
    (#"{}"#, ["left out 1 models without a price for tokens"]),
    // From 100,000 tokens on is over 99,999.
    (
      #"{"prompt":"0.000001","completion":"0.000002","input_cache_read":"0.0000001","overrides":[{"min_prompt_tokens":100000,"prompt":"0.000002"},{"min_prompt_tokens":500000,"completion":"0.000008"}]}"#,
      [
        "openrouter: * org/large: input 1, cache_read 0.1, output 2 | over 99999: input 2, cache_read 0.1, output 2 | over 499999: input 2, cache_read 0.1, output 8"
      ]
    ),
    (
      #"{"prompt":"0.000001","completion":"0.000002","overrides":[{"min_prompt_tokens":500000,"prompt":"0.000003"},{"min_prompt_tokens":100000,"prompt":"0.000002"}]}"#,
      [
        "fault line 1: openrouter org/large: a later override is for shorter prompts. Give the prices for long prompts by hand."
      ]
    ),
    (
      #"{"prompt":"0.000001","completion":"0.000002","overrides":[{"moon":"full","prompt":"0.000003"}]}"#,
      [
        "fault line 1: openrouter org/large: 'moon' is a price that no meter is known for. It is in no card."
      ]
    ),
    (
      #"{"prompt":"0.000001","completion":"0.000002","overrides":[{"utc_start":1630,"utc_end":30,"prompt":"0.0000005"}]}"#,
      ["left out 1 models whose price depends on the hour"]
    ),
  ])
  func `a model of OpenRouter`(pricing: String, cards: [String]) throws {
    #expect(try Listing.cards(.openrouter, Self.openRouter(pricing)) == cards)
  }

  @Test func `hours of OpenRouter become cards where cards can say hours`() throws {
    let pricing =
      #"{"prompt":"0.000001","completion":"0.000002","overrides":[{"utc_days":["monday","tuesday","wednesday","thursday","friday"],"utc_start":1000,"utc_end":30,"prompt":"0.0000005"},{"utc_days":["sunday"],"prompt":"0.0000002"}]}"#
    #expect(
      try Listing.cards(.openrouter, Self.openRouter(pricing), windows: true) == [
        "openrouter: * org/large: input 1, output 2",
        "openrouter: * org/large hours=10:00-00:30;weekdays=mon,tue,wed,thu,fri;zone=UTC: input 0.5, output 2",
        "openrouter: * org/large hours=00:00-00:00;weekdays=sun;zone=UTC: input 0.2, output 2",
      ])
    // Hours of every day meet those of one day, and the card of neither is the other's.
    let both =
      #"{"prompt":"0.000001","completion":"0.000002","overrides":[{"utc_start":1630,"utc_end":30,"prompt":"0.0000005"},{"utc_days":["sunday"],"prompt":"0.0000002"}]}"#
    #expect(
      try Listing.cards(.openrouter, Self.openRouter(both), windows: true) == [
        "fault line 1: openrouter org/large: a call may meet 'hours=16:30-00:30;zone=UTC' and 'hours=00:00-00:00;weekdays=sun;zone=UTC', and no card says what it then costs. Give its cards by hand."
      ])
  }

  @Test(arguments: [
    (PriceSource.hfRouter, "{}", "it has no list 'data'"), (.hfRouter, "[]", "it has no list 'data'"),
    (.hfRouter, #"{"data":[]}"#, "it lists no model"),
    (.hfRouter, #"{"data":[{"id":"a"}]}"#, "a model lacks 'id' or 'providers'"),
    (.openrouter, #"{"data":[{"id":"a"}]}"#, "a model lacks 'id' or 'pricing'"),
    (.openrouter, "<html>", "it is not JSON: a value that JSON does not have"),
    (.litellm, #"{"a":{"input_cost_per_token":1e-06}}"#, "no model has a 'litellm_provider'"),
    (.litellm, "[]", "it is no object of models"),
    (.genaiPrices, #"{"providers":[]}"#, "it is no list of providers"),
    (.genaiPrices, #"[{"id":"a"}]"#, "a provider lacks 'id' or 'models'"),
    (.modelsDev, #"{"a":{"id":"a"}}"#, "'a' has no 'models'"),
    (.modelsDev, #"{"data":[{"id":"a"#, "it is not JSON: a text is not closed"),
  ])
  func `another shape is refused as a whole`(source: PriceSource, text: String, what: String) throws {
    do {
      _ = try Listing.of(source, text)
      Issue.record("\(source) took it")
    } catch let fault as ListingFault {
      #expect(fault.what == what)
    }
  }
}
