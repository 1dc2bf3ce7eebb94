import Calls
import Rates
import Testing
import Units

/// What calls cost, each sum worked out beside its row.
@Suite struct ChargeTests {
  static let large = #"""
    {"model":"large","cards":[{"from":"2026-01-01","per":"1M tokens",
      "rates":{"input":"3","cache_read":"0.30","cache_write_5m":"3.75","cache_write_1h":"6","output":"15",
        "searches":{"usd":"10","per":"1K searches"}},
      "bands":[{"over":200000,"rates":{"input":"6","cache_read":"0.60","output":"22.5"}}]}]}
    """#

  @Test(arguments: [
    // 1000 × 3 + 4000 × 0.30 + 200 × 15 = 3000 + 1200 + 3000 = 7200 millionths
    (#"{"input":1000,"cache_read":4000,"output":200}"#, "exact 0.007200000"),
    // An absent reasoning rate is the output rate: 10 × 15
    (#"{"reasoning":10}"#, "exact 0.000150000"),
    // 100 × 3.75 + 100 × 6, and 2 searches at 0.01
    (#"{"cache_write_5m":100,"cache_write_1h":100,"searches":2}"#, "exact 0.020975000"),
    // A 12-hour write has no rate, and never falls back on a shorter one.
    (#"{"input":1000,"cache_write_12h":5}"#, "partial 0.003000000 without cache_write_12h"),
    (#"{"characters":5}"#, "unpriced no_rate_for_usage"),
    (#"{"characters":0,"input":0}"#, "exact 0.000000000"),
    // The cliff: 200,000 prompt tokens pay the base, one more moves the whole call.
    (#"{"input":200000}"#, "exact 0.600000000"),
    (#"{"input":200001}"#, "exact 1.200006000"),
    // Cached tokens are prompt too: 150000 × 6 + 50001 × 0.60 + 10 × 22.5 millionths
    (#"{"input":150000,"cache_read":50001,"output":10}"#, "exact 0.930225600"),
    // One nanodollar is the least: 1 × 0.30 millionths is 300 nanos.
    (#"{"cache_read":1}"#, "exact 0.000000300"),
  ])
  func `a call costs its meters times their rates`(units: String, charge: String) throws {
    let pricing = try Pricing(acme: Self.large)
    #expect(pricing.of(#"{"provider":"acme","model":"large","units":\#(units)}"#) == charge)
  }

  /// 0.0028 USD a million is 2.8 nanos a token: a token's price has more digits than the ledger.
  @Test(arguments: [
    // 1 × 2.8, 2 × 2.8 = 5.6, 5 × 2.8 = 14: the sum is rounded, never a token.
    ("half_even", 1, "0.000000003"), ("half_even", 2, "0.000000006"), ("half_even", 5, "0.000000014"),
    ("up", 1, "0.000000003"), ("up", 3, "0.000000009"), ("half_up", 3, "0.000000008"),
  ])
  func `the total is rounded once, by the issuer's rule`(
    rule: String, tokens: Int, amount: String
  ) throws {
    let pricing = try Pricing(
      acme:
        #"{"model":"tiny","cards":[{"from":"2026-01-01","per":"1M tokens","rates":{"input":"0.0028"}}]}"#,
      heading: #""rounding":"\#(rule)","#)
    let line = #"{"provider":"acme","model":"tiny","units":{"input":\#(tokens)}}"#
    #expect(pricing.of(line) == "exact \(amount)")
  }

  @Test(arguments: [
    // 2.5 and 3.5 nanos: ties go to the even neighbour; up goes up; half up goes away from zero.
    (Rounding.halfEven, Int128(25), Int128(2)), (.halfEven, 35, 4), (.halfEven, -25, -2),
    (.halfEven, 26, 3), (.up, 21, 3), (.up, -21, -3), (.up, 20, 2), (.halfUp, 25, 3),
    (.halfUp, -25, -3), (.halfUp, 24, 2),
  ])
  func `a tenth is rounded by its rule`(rule: Rounding, tenths: Int128, whole: Int128) {
    #expect(rule.divide(tenths, by: 10) == whole)
  }

  /// 0.50 USD an hour is 138,888.8… nanos a second: exact only while it stays a fraction.
  @Test(arguments: [
    ("1", "0.000138889"), ("3600", "0.500000000"), ("7200", "1.000000000"), ("0.000001", "0.000000000"),
  ])
  func `an hourly price is kept as a fraction`(seconds: String, amount: String) throws {
    let pricing = try Pricing(
      acme:
        #"{"model":"t4","cards":[{"from":"2026-01-01","per":"1 hour","rates":{"compute_seconds":"0.50"}}]}"#)
    let line = #"{"provider":"acme","model":"t4","units":{"compute_seconds":"\#(seconds)"}}"#
    #expect(pricing.of(line) == "exact \(amount)")
  }

  @Test(arguments: [
    // fal's own count of megapixels fills the card's only meter: 0.786432 × 0.025
    (
      #"{"status":200,"provider":"acme","model":"flux","headers":{"x-fal-billable-units":"0.786432"}}"#,
      "exact 0.019660800"
    ),
    // Films by their tokens: 1000 × 3.00 + 500 × 12.00 + 20 × 60.00 a million
    (
      #"{"provider":"acme","model":"sees","units":{"input":1000,"input_video":500,"output_video":20}}"#,
      "exact 0.010200000"
    ),
    // The most that the header can state: 10,000,000 megapixels × 0.025 is no price of one call.
    (
      #"{"status":200,"provider":"acme","model":"flux","headers":{"x-fal-billable-units":"10000000"}}"#,
      "unpriced amount_over_limit"
    ),
    // Whole images are counted by whole units: 3 × 0.04
    (#"{"status":200,"provider":"acme","model":"pro","headers":{"x-fal-billable-units":"3.0"}}"#, "exact 0.120000000"),
    (#"{"status":200,"provider":"acme","model":"pro","headers":{"x-fal-billable-units":"2.5"}}"#, "unpriced no_usage"),
    // Ten thousand million pictures of a pixel, each billed as a whole megapixel, are more than a call can use.
    (
      #"{"operation":"image","provider":"acme","model":"whole","params":{"n":10000000000,"size":"1x1"}}"#,
      "unpriced no_usage"
    ),
    // Asked for by size: 2 × 1024 × 1024 pixels × 0.025 a million
    (
      #"{"operation":"image","provider":"acme","model":"flux","params":{"n":2,"size":"1024x1024"}}"#,
      "exact 0.052428800"
    ),
    // The same request under a card by the image: 2 × 0.04
    (
      #"{"operation":"image","provider":"acme","model":"pro","params":{"n":2,"size":"1024x1024"}}"#, "exact 0.080000000"
    ),
    // The resolution is a condition; without it no card applies.
    (
      #"{"provider":"acme","model":"film","params":{"resolution":"720p"},"units":{"video_seconds":5.0625}}"#,
      "exact 0.506250000"
    ),
    (#"{"provider":"acme","model":"film","units":{"video_seconds":5}}"#, "unpriced no_card_in_force"),
  ])
  func `media are billed by their own units`(line: String, charge: String) throws {
    let pricing = try Pricing(
      acme: #"""
        {"model":"flux","cards":[{"from":"2026-01-01","per":"1 megapixel","rates":{"megapixels":"0.025"}}]},
        {"model":"sees","cards":[{"from":"2026-01-01","per":"1M tokens",
          "rates":{"input":"3","input_video":"12","output_video":"60"}}]},
        {"model":"pro","cards":[{"from":"2026-01-01","per":"1 image","rates":{"images":"0.04"}}]},
        {"model":"whole","cards":[{"from":"2026-01-01","per":"1 megapixel","rates":{"megapixels":"0.025"},
          "round_up":{"megapixels":"1 megapixel"}}]},
        {"model":"film","cards":[{"from":"2026-01-01","when":{"resolution":"720p"},"per":"1 second","rates":{"video_seconds":"0.10"}}]}
        """#)
    #expect(pricing.of(line) == charge)
  }

  @Test(arguments: [
    (#"{"status":500,"provider":"acme","model":"large"}"#, "exact 0.000000000"),
    (#"{"status":500,"provider":"acme","model":"large","units":{"input":1000}}"#, "exact 0.003000000"),
    (#"{"status":200,"provider":"acme","model":"large"}"#, "unpriced no_usage"),
    (#"{"status":499,"provider":"acme","model":"large"}"#, "unpriced no_usage"),
    (
      #"{"provider":"acme","model":"large","usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":9}}"#,
      "unpriced contradictory_usage"
    ),
    (
      #"{"provider":"acme","model":"large","usage":{"prompt_tokens":1000,"completion_tokens":0,"total_tokens":1000,"new_tokens":4}}"#,
      "partial 0.003000000 without "
    ),
    (#"{"provider":"acme","model":"large-2","units":{"input":1}}"#, "unpriced unknown_model"),
    (#"{"provider":"emca","model":"large","units":{"input":1}}"#, "unpriced unknown_provider"),
    (#"{"provider":"acme","units":{"input":1}}"#, "unpriced no_model"),
    (#"{"model":"nobody-sells-this","units":{"input":1}}"#, "unpriced no_provider"),
    // The only seller of a model is its provider, where the line names none.
    (#"{"model":"large","units":{"input":1000}}"#, "exact 0.003000000"),
    (
      #"{"at":"2025-12-31T23:59:59.999999Z","provider":"acme","model":"large","units":{"input":1}}"#,
      "unpriced before_first_card"
    ),
    (#"{"tier":"priority","provider":"acme","model":"large","units":{"input":1}}"#, "unpriced no_card_in_force"),
    (#"{"tier":"default","provider":"acme","model":"large","units":{"input":1000}}"#, "exact 0.003000000"),
    (#"{"provider":"acme","model":"large","units":{"output":1e10}}"#, "unpriced amount_over_limit"),
  ])
  func `no price is not the price nought`(line: String, charge: String) throws {
    #expect(try Pricing(acme: Self.large).of(line) == charge)
  }
}
