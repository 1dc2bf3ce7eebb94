import Calls
import Rates
import Testing

/// Prices that are stated beside ones that are multiplied: which holds when.
@Suite struct StatedPriceTests {
  /// A region's price that was an uplift, then stated; batches at half; the region's batches of the stated price.
  static let stated = #"""
    {"model":"m","uplifts":[{"when":{"region":"us"},"times":"1.1","from":"2026-02-01"},
        {"when":{"tier":"batch"},"times":"0.5"}],
      "cards":[
        {"from":"2026-01-01","per":"1M tokens","rates":{"input":"1"}},
        {"from":"2026-06-01","until":"2026-09-01","when":{"region":"us"},"per":"1M tokens","rates":{"input":"1.3"}}]}
    """#

  @Test(arguments: [
    ("2026-01-15", #""region":"us","#, "exact 0.001000000"), ("2026-02-01", #""region":"us","#, "exact 0.001100000"),
    ("2026-05-31", #""region":"us","#, "exact 0.001100000"), ("2026-06-01", #""region":"us","#, "exact 0.001300000"),
    ("2026-09-01", #""region":"us","#, "exact 0.001100000"),
    // 1 × 1.1 × 0.5, and 1.3 × 0.5 while the region's price is stated.
    ("2026-05-31", #""region":"us","tier":"batch","#, "exact 0.000550000"),
    ("2026-06-01", #""region":"us","tier":"batch","#, "exact 0.000650000"),
    ("2026-06-01", #""tier":"batch","#, "exact 0.000500000"),
  ])
  func `a stated price stands before an uplift in its span, and only there`(
    at: String, fields: String, charge: String
  ) throws {
    let line = #"{"at":"\#(at)",\#(fields)"provider":"acme","model":"m","units":{"input":1000}}"#
    #expect(try Pricing(acme: Self.stated).of(line) == charge)
  }

  @Test(arguments: [
    // 1 × 0.8 but in September, which the contract prices itself.
    ("2026-01-15", "exact 0.001000000"), ("2026-08-31", "exact 0.000800000"), ("2026-09-01", "exact 0.000500000"),
    ("2026-10-01", "exact 0.000800000"),
  ])
  func `a contract's own price stands before its discount in its span, and only there`(
    at: String, charge: String
  ) throws {
    let pricing = try Pricing([
      (
        "acme.json",
        #"{"issuer":"acme","source":"s","read_on":"2026-01-01","models":[{"model":"m","cards":["#
          + #"{"from":"2026-01-01","per":"1M tokens","rates":{"input":"1"}}]}]}"#
      ),
      (
        "acme-contract.json",
        #"{"issuer":"acme","contract":"c","source":"s","read_on":"2026-02-01","#
          + #""discounts":[{"times":"0.8","from":"2026-02-01"}],"models":[{"model":"m","cards":["#
          + #"{"from":"2026-09-01","until":"2026-10-01","per":"1M tokens","rates":{"input":"0.5"}}]}]}"#
      ),
    ])
    #expect(pricing.of(#"{"at":"\#(at)","provider":"acme","model":"m","units":{"input":1000}}"#) == charge)
  }
}
