import Calls
import Rates
import Testing
import Units

/// Calls that other trackers got wrong, with what the provider billed: the figures are those of the reports named,
/// worked out beside each row.
@Suite struct WorkedExampleTests {
  static let models = #"""
    {"model":"sonnet-3.7","cards":[{"from":"2025-02-24","per":"1M tokens",
      "rates":{"input":"3","cache_read":"0.30","cache_write_5m":"3.75","cache_write_1h":"6","output":"15"}}]},
    {"model":"opus-4.7","cards":[{"from":"2026-04-01","per":"1M tokens",
      "rates":{"input":"5","cache_read":"0.50","cache_write_5m":"6.25","cache_write_1h":"10","output":"25"}}]},
    {"model":"gpt-5","cards":[{"from":"2025-08-07","per":"1M tokens",
      "rates":{"input":"1.25","cache_read":"0.125","output":"10"}}]},
    {"model":"mini","cards":[{"from":"2025-01-01","per":"1M tokens",
      "rates":{"input":"0.15","cache_read":"0.075","output":"0.6"}}]},
    {"model":"glm-5.2","cards":[{"from":"2026-06-17","per":"1M tokens","rates":{"input":"1.40","output":"4.40"}}]}
    """#

  /// A line of that model on a day when all the cards above are in force.
  static func line(_ model: String, _ usage: String) -> String {
    #"{"at":"2026-07-01T12:00:00Z","provider":"acme","model":"\#(model)","usage":\#(usage)}"#
  }

  @Test(arguments: [
    // BerriAI/litellm #9812: written tokens charged twice, $0.091311; the console said 4.614 + 0.825 cents for
    // writes and output. 3 × 3 + 12304 × 3.75 + 550 × 15 = 9 + 46140 + 8250 millionths.
    (
      "sonnet-3.7",
      #"{"input_tokens":3,"cache_creation_input_tokens":12304,"cache_read_input_tokens":0,"output_tokens":550,"#
        + #""cache_creation":{"ephemeral_5m_input_tokens":12304,"ephemeral_1h_input_tokens":0}}"#,
      "exact 0.054399000"
    ),
    // maximhq/bifrost #3451: the same in a stream, $1.85984625 for
    // 6 × 5 + 159217 × 6.25 + 2745 × 25 = 30 + 995106.25 + 68625 millionths.
    (
      "opus-4.7",
      #"{"input_tokens":6,"cache_creation_input_tokens":159217,"output_tokens":2745,"#
        + #""cache_creation":{"ephemeral_5m_input_tokens":159217,"ephemeral_1h_input_tokens":0}}"#,
      "exact 1.063761250"
    ),
    // maximhq/bifrost #904: cached tokens at full price, about $1.68, for
    // 51232 × 1.25 + 1188096 × 0.125 + 12909 × 10 = 64040 + 148512 + 129090 millionths.
    (
      "gpt-5",
      #"{"prompt_tokens":1239328,"completion_tokens":12909,"total_tokens":1252237,"#
        + #""prompt_tokens_details":{"cached_tokens":1188096}}"#,
      "exact 0.341642000"
    ),
    // ccusage/ccusage #899: hour-long writes at the 5-minute rate, 6.25 where Anthropic asks 10.
    (
      "opus-4.7",
      #"{"input_tokens":0,"cache_creation_input_tokens":1000000,"output_tokens":0,"#
        + #""cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":1000000}}"#,
      "exact 10.000000000"
    ),
    // earendil-works/pi #5738: 600,000 for 5 minutes and 400,000 for an hour: 3.75 + 4, where 6.25 was said.
    (
      "opus-4.7",
      #"{"input_tokens":0,"cache_creation_input_tokens":1000000,"output_tokens":0,"#
        + #""cache_creation":{"ephemeral_5m_input_tokens":600000,"ephemeral_1h_input_tokens":400000}}"#,
      "exact 7.750000000"
    ),
    // phuryn/claude-usage #162: 3,904 tokens for an hour at 10, not at 6.25.
    (
      "opus-4.7",
      #"{"input_tokens":0,"cache_creation_input_tokens":3904,"output_tokens":0,"#
        + #""cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":3904}}"#,
      "exact 0.039040000"
    ),
    // Three trackers, three prices for one call (0.0387, 0.0402, none):
    // 4000 × 3 + 24000 × 0.30 + 2000 × 3.75 + 900 × 15 = 12000 + 7200 + 7500 + 13500 millionths.
    (
      "sonnet-3.7",
      #"{"input_tokens":4000,"cache_creation_input_tokens":2000,"cache_read_input_tokens":24000,"#
        + #""output_tokens":900,"cache_creation":{"ephemeral_5m_input_tokens":2000,"ephemeral_1h_input_tokens":0}}"#,
      "exact 0.040200000"
    ),
    // huggingface/tau #574 and anomalyco/opencode #17121: cached tokens that the backend does not discount, taken
    // for free. 20000 × 1.40 + 80000 × 1.40 + 1000 × 4.40 = 28000 + 112000 + 4400 millionths, not 32400.
    (
      "glm-5.2",
      #"{"prompt_tokens":100000,"completion_tokens":1000,"total_tokens":101000,"#
        + #""prompt_tokens_details":{"cached_tokens":80000}}"#,
      "exact 0.144400000"
    ),
    // 333 × 0.15 + 77 × 0.6 = 49.95 + 46.2 millionths: the call of the sum below.
    ("mini", #"{"prompt_tokens":333,"completion_tokens":77,"total_tokens":410}"#, "exact 0.000096150"),
  ])
  func `a call that others got wrong costs what was billed`(model: String, usage: String, charge: String) throws {
    #expect(try Pricing(acme: Self.models).of(Self.line(model, usage)) == charge)
  }

  /// Summed in floating point ten million such calls cost 961.4999999181746.
  @Test func `ten million calls cost ten million times one`() throws {
    let pricing = try Pricing(acme: Self.models)
    let line = Self.line("mini", #"{"prompt_tokens":333,"completion_tokens":77,"total_tokens":410}"#)
    let one = try #require(pricing.charge(line).billed)
    #expect(Amount(nanos: one.amount.nanos * 10_000_000).description == "961.500000000")
  }

  /// langfuse #10592: input that includes the cached tokens was added to them, 35,720 for 17,903.
  @Test func `cached tokens inside the prompt are counted once`() throws {
    // 17903 prompt, of them 17817 cached: 86 × 1.25 + 17817 × 0.125 = 107.5 + 2227.125 millionths.
    let usage =
      #"{"prompt_tokens":17903,"completion_tokens":0,"total_tokens":17903,"#
      + #""prompt_tokens_details":{"cached_tokens":17817}}"#
    #expect(try Pricing(acme: Self.models).of(Self.line("gpt-5", usage)) == "exact 0.002334625")
  }

  /// DeepSeek's peak price, which began on 2026-09-10, held in June at genai-prices; and on Saturdays.
  @Test(arguments: [
    // A Saturday and a Friday at 02:00 UTC; a June day at the price of June.
    ("2026-10-17T02:00:00Z", "exact 0.150000000"), ("2026-10-16T02:00:00Z", "exact 0.300000000"),
    ("2026-06-12T02:00:00Z", "exact 0.140000000"),
  ])
  func `a peak price begins with its card, and rests at weekends`(at: String, charge: String) throws {
    let pricing = try Pricing(
      acme: #"""
        {"model":"flash","cards":[
          {"from":"2026-04-24","per":"1M tokens","rates":{"input":"0.14"}},
          {"from":"2026-09-10","per":"1M tokens","rates":{"input":"0.15"}},
          {"from":"2026-09-10","when":{"hours":"01:00-04:00","weekdays":"mon-fri","zone":"UTC"},"per":"1M tokens",
            "rates":{"input":"0.30"}}]}
        """#)
    #expect(pricing.of(#"{"at":"\#(at)","provider":"acme","model":"flash","units":{"input":1000000}}"#) == charge)
  }
}
