import Calls
import Rates
import Testing
import Units

/// Hours, regions, contracts, smallest quantities: what a price hangs on, and how it all comes together.
@Suite struct ComposedCardTests {
  /// A million tokens at 4, at night at 1; batches at half.
  static let hourly = #"""
    {"model":"hourly","cards":[
      {"from":"2026-01-01","per":"1M tokens","rates":{"input":"4"}},
      {"from":"2026-08-17","when":{"hours":"16:30-00:30","zone":"UTC"},"per":"1M tokens","rates":{"input":"1"}},
      {"from":"2026-01-01","when":{"tier":"batch"},"per":"1M tokens","rates":{"input":"2"}},
      {"from":"2026-08-17","when":{"tier":"batch","hours":"16:30-00:30","zone":"UTC"},
        "per":"1M tokens","rates":{"input":"0.5"}}]}
    """#

  @Test(arguments: [
    ("2026-09-01T16:29:59.999999Z", "", "exact 0.004000000"),
    ("2026-09-01T16:30:00Z", "", "exact 0.001000000"),
    ("2026-09-01T23:59:59Z", "", "exact 0.001000000"),
    // It goes on after midnight, to half past.
    ("2026-09-02T00:29:59Z", "", "exact 0.001000000"),
    ("2026-09-02T00:30:00Z", "", "exact 0.004000000"),
    // Before its first day the hours change nothing: today's peak does not leak into last June.
    ("2026-06-01T20:00:00Z", "", "exact 0.004000000"),
    // Its first night begins on the card's first day, not on the evening before.
    ("2026-08-17T00:10:00Z", "", "exact 0.001000000"),
    ("2026-09-01T20:00:00Z", #""tier":"batch","#, "exact 0.000500000"),
    ("2026-09-01T12:00:00Z", #""tier":"batch","#, "exact 0.002000000"),
  ])
  func `hours have their price, from the card's first day on`(
    at: String, fields: String, charge: String
  ) throws {
    let pricing = try Pricing(acme: Self.hourly)
    let line = #"{"at":"\#(at)",\#(fields)"provider":"acme","model":"hourly","units":{"input":1000}}"#
    #expect(pricing.of(line) == charge)
  }

  @Test(arguments: [
    // The standard price doubles over 1,000 tokens; what batches cost there is not known.
    ("", 1000, "exact 0.004000000"), ("", 1001, "exact 0.008008000"),
    (#""tier":"batch","#, 1000, "exact 0.002000000"), (#""tier":"batch","#, 1001, "unpriced no_rate_for_usage"),
  ])
  func `a band without rates has no price, rather than that of short prompts`(
    fields: String, prompt: Int, charge: String
  ) throws {
    let pricing = try Pricing(
      acme: #"""
        {"model":"long","cards":[
          {"from":"2026-01-01","per":"1M tokens","rates":{"input":"4","output":"8"},
           "bands":[{"over":1000,"rates":{"input":"8","output":"8"}}]},
          {"from":"2026-01-01","when":{"tier":"batch"},"per":"1M tokens","rates":{"input":"2","output":"4"},
           "bands":[{"over":1000,"rates":{}}]}]}
        """#)
    let line = #"{"at":"2026-09-01",\#(fields)"provider":"acme","model":"long","units":{"input":\#(prompt)}}"#
    #expect(pricing.of(line) == charge)
  }

  /// Berlin put its clocks back on 2026-10-25 at 03:00 to 02:00: from UTC+2 to UTC+1.
  static let berlin = ZoneOffsets(
    name: "Europe/Berlin",
    spans: [
      ZoneOffsets.Span(from: Timestamp(microseconds: .min), seconds: 7200),
      ZoneOffsets.Span(from: Timestamp(microseconds: 1_792_890_000_000_000), seconds: 3600),
    ])

  @Test(arguments: [
    // Friday the 23rd is UTC+2: 22:00 there is 20:00 here.
    ("fri", "22:00-06:00", "2026-10-23T19:59:59Z", false), ("fri", "22:00-06:00", "2026-10-23T20:00:00Z", true),
    // The window belongs to the day on which it begins: Saturday's first hours are Friday's.
    ("fri", "22:00-06:00", "2026-10-24T03:59:59Z", true), ("fri", "22:00-06:00", "2026-10-24T04:00:00Z", false),
    ("sat", "22:00-06:00", "2026-10-23T23:00:00Z", false),
    // On Sunday the 25th 02:00 comes twice: an hour from two to three is two hours long.
    ("sun", "02:00-03:00", "2026-10-25T00:00:00Z", true), ("sun", "02:00-03:00", "2026-10-25T00:59:59Z", true),
    ("sun", "02:00-03:00", "2026-10-25T01:00:00Z", true), ("sun", "02:00-03:00", "2026-10-25T01:59:59Z", true),
    ("sun", "02:00-03:00", "2026-10-25T02:00:00Z", false),
    // A whole day, and days across the week's end: Monday the 26th is UTC+1 and begins at 23:00.
    ("mon", "00:00-24:00", "2026-10-25T22:59:59Z", false), ("mon", "00:00-24:00", "2026-10-25T23:00:00Z", true),
    ("sat-mon", "10:00-11:00", "2026-10-26T09:30:00Z", true), ("sat-mon", "10:00-11:00", "2026-10-27T09:30:00Z", false),
    ("sat,wed", "10:00-11:00", "2026-10-28T09:30:00Z", true),
  ])
  func `a window holds by the zone's clocks`(days: String, hours: String, at: String, holds: Bool) throws {
    let window = try #require(TimeWindow(hours: hours, weekdays: days, zone: Self.berlin))
    let instant = try #require(Timestamp(at))
    let answer = window.holds(at: instant)
    #expect(answer.holds == holds)
    #expect(answer.from <= instant && instant < answer.until)
  }

  @Test func `the span that a window names is one in which its answer stays`() throws {
    let window = try #require(TimeWindow(hours: "22:00-06:00", weekdays: "fri,sun", zone: Self.berlin))
    var instant = try #require(Timestamp("2026-10-19"))
    let end = try #require(Timestamp("2026-11-02"))
    while instant < end {
      let answer = window.holds(at: instant)
      for edge in [answer.from.microseconds, answer.until.microseconds - 1] {
        #expect(window.holds(at: Timestamp(microseconds: edge)).holds == answer.holds)
      }
      instant = Timestamp(microseconds: instant.microseconds + 1_234_567_891)
    }
  }

  /// Ten percent more in the us, five in the eu from March on; batches at half; one model prices the us itself.
  static let regional = #"""
    {"model":"large","cards":[
      {"from":"2026-01-01","per":"1M tokens","rates":{"input":"3"},
        "bands":[{"from":200001,"rates":{"input":"6"}}]},
      {"from":"2026-01-01","when":{"tier":"batch"},"per":"1M tokens","rates":{"input":"1.5"}}]},
    {"model":"own","cards":[
      {"from":"2026-01-01","per":"1M tokens","rates":{"input":"3"}},
      {"from":"2026-01-01","when":{"region":"us"},"per":"1M tokens","rates":{"input":"3.9"}}]}
    """#
  static let uplifts =
    #""uplifts":[{"when":{"region":"us"},"times":"1.1"},"#
    + #"{"when":{"region":"eu"},"times":"1.05","from":"2026-03-01"}],"#

  @Test(arguments: [
    ("large", "2026-02-01", "", 1000, "exact 0.003000000"),
    ("large", "2026-02-01", #""region":"us","#, 1000, "exact 0.003300000"),
    // Batch and region together: 1.5 × 1.1.
    ("large", "2026-02-01", #""region":"us","tier":"batch","#, 1000, "exact 0.001650000"),
    // Bands are lifted too; 200,001 prompt tokens are the first of them: × 6 × 1.1.
    ("large", "2026-02-01", #""region":"us","#, 200_000, "exact 0.660000000"),
    ("large", "2026-02-01", #""region":"us","#, 200_001, "exact 1.320006600"),
    // An uplift begins on its own day.
    ("large", "2026-02-28T23:59:59Z", #""region":"eu","#, 1000, "exact 0.003000000"),
    ("large", "2026-03-01", #""region":"eu","#, 1000, "exact 0.003150000"),
    // A card that states the region's price is not lifted again.
    ("own", "2026-02-01", #""region":"us","#, 1000, "exact 0.003900000"),
    ("own", "2026-03-01", #""region":"eu","#, 1000, "exact 0.003150000"),
  ])
  func `a region's uplift multiplies whatever else holds`(
    model: String, at: String, fields: String, tokens: Int, charge: String
  ) throws {
    let pricing = try Pricing(acme: Self.regional, heading: Self.uplifts)
    #expect(
      pricing.of(#"{"at":"\#(at)",\#(fields)"provider":"acme","model":"\#(model)","units":{"input":\#(tokens)}}"#)
        == charge)
  }

  @Test func `an uplift of token rates leaves searches as they are`() throws {
    let pricing = try Pricing(
      acme: #"""
        {"model":"m","cards":[{"from":"2026-01-01","per":"1M tokens",
          "rates":{"input":"3","searches":{"usd":"10","per":"1K searches"}}}]}
        """#, heading: #""uplifts":[{"when":{"region":"us"},"times":"1.1","unit":"token","models":["m"]}],"#)
    // 1,000 × 3.3 millionths and a search at 0.01.
    #expect(
      pricing.of(#"{"region":"us","provider":"acme","model":"m","units":{"input":1000,"searches":1}}"#)
        == "exact 0.013300000")
  }

  @Test(arguments: [
    // Ten seconds at least: 3 s and 10 s cost the same, 10.5 s what they are. 3.6 an hour is 0.001 a second.
    (#"{"audio_seconds":3}"#, "speech", "exact 0.010000000"),
    (#"{"audio_seconds":10}"#, "speech", "exact 0.010000000"),
    (#"{"audio_seconds":10.5}"#, "speech", "exact 0.010500000"),
    (#"{"audio_seconds":0}"#, "speech", "exact 0.000000000"),
    // Whole minutes: 61 seconds are two.
    (#"{"audio_seconds":60}"#, "minutes", "exact 0.060000000"),
    (#"{"audio_seconds":61}"#, "minutes", "exact 0.120000000"),
    // Half a cent at least, once anything is billed.
    (#"{"input":1}"#, "least", "exact 0.005000000"), (#"{"input":6000}"#, "least", "exact 0.006000000"),
    (#"{"input":0}"#, "least", "exact 0.000000000"),
  ])
  func `what is billed is at least, or in whole steps`(units: String, model: String, charge: String) throws {
    let pricing = try Pricing(
      acme: #"""
        {"model":"speech","cards":[{"from":"2026-01-01","per":"1 hour","rates":{"audio_seconds":"3.6"},
          "minimum":{"audio_seconds":"10 seconds"}}]},
        {"model":"minutes","cards":[{"from":"2026-01-01","per":"1 hour","rates":{"audio_seconds":"3.6"},
          "round_up":{"audio_seconds":"1 minute"}}]},
        {"model":"least","cards":[{"from":"2026-01-01","per":"1M tokens","rates":{"input":"1"},
          "minimum_charge":"0.005"}]}
        """#)
    #expect(pricing.of(#"{"provider":"acme","model":"\#(model)","units":\#(units)}"#) == charge)
  }

  @Test func `whole megapixels are each image's own`() throws {
    let pricing = try Pricing(
      acme: #"""
        {"model":"flux","cards":[{"from":"2026-01-01","per":"1 megapixel","rates":{"megapixels":"0.025"},
          "round_up":{"megapixels":"1 megapixel"}}]}
        """#)
    // 1024 × 512 is 0.524288 megapixels: four of them are 4, not 3, at 0.025.
    #expect(
      pricing.of(
        #"{"provider":"acme","model":"flux","operation":"image","params":{"n":4,"size":"1024x512"},"status":200}"#)
        == "exact 0.100000000")
  }

  static let contract = (
    "acme-contract.json",
    #"""
    {"issuer":"acme","contract":"acme-2026","source":"order form 7","read_on":"2026-02-01",
      "discounts":[{"times":"0.85","from":"2026-02-01","until":"2027-02-01"}],
      "models":[{"model":"small","cards":[
        {"from":"2026-02-01","until":"2027-02-01","per":"1M tokens","rates":{"input":"0.7"}}]}]}
    """#
  )

  @Test(arguments: [
    // 3 × 0.85; the contract's own price for small; the list price before and after.
    ("large", "2026-02-01", "exact 0.002550000"), ("small", "2026-02-01", "exact 0.000700000"),
    ("large", "2026-01-31T23:59:59Z", "exact 0.003000000"), ("small", "2026-01-31", "exact 0.001000000"),
    ("large", "2027-02-01", "exact 0.003000000"), ("small", "2027-02-01", "exact 0.001000000"),
  ])
  func `a contract holds before the list price, for its span`(model: String, at: String, charge: String) throws {
    let list = (
      "acme.json",
      #"""
      {"issuer":"acme","source":"s","read_on":"2026-01-01","models":[
        {"model":"large","cards":[{"from":"2026-01-01","per":"1M tokens","rates":{"input":"3"}}]},
        {"model":"small","cards":[{"from":"2026-01-01","per":"1M tokens","rates":{"input":"1"}}]}]}
      """#
    )
    for files in [[list, Self.contract], [Self.contract, list]] {
      let pricing = try Pricing(files.map { (name: $0.0, text: $0.1) })
      let line = #"{"at":"\#(at)","provider":"acme","model":"\#(model)","units":{"input":1000}}"#
      #expect(pricing.of(line) == charge)
    }
  }

  @Test(arguments: [
    ("2026-01-31", "exact 0.001000000"), ("2026-02-01", "exact 0.002000000"),
    ("2025-12-31", "unpriced before_first_card"),
  ])
  func `a name stands for one model after another`(at: String, charge: String) throws {
    let pricing = try Pricing(
      acme: #"""
        {"model":"large-1","aliases":[{"name":"large-latest","until":"2026-02-01"}],
          "cards":[{"from":"2026-01-01","per":"1M tokens","rates":{"input":"1"}}]},
        {"model":"large-2","aliases":[{"name":"large-latest","from":"2026-02-01"}],
          "cards":[{"from":"2026-01-15","per":"1M tokens","rates":{"input":"2"}}]}
        """#)
    let line = #"{"at":"\#(at)","provider":"acme","model":"large-latest","units":{"input":1000}}"#
    #expect(pricing.of(line) == charge)
  }

  @Test func `a correction recorded later holds from the same day`() throws {
    let cards = [
      #"{"from":"2026-01-01","per":"1M tokens","rates":{"input":"1"}}"#,
      #"{"from":"2026-01-01","recorded_on":"2026-03-01","per":"1M tokens","rates":{"input":"2"}}"#,
      #"{"from":"2026-02-01","per":"1M tokens","rates":{"input":"3"}}"#,
    ]
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
      let pricing = try Pricing(acme: #"{"model":"m","cards":[\#(order.map { cards[$0] }.joined(separator: ","))]}"#)
      func at(_ day: String) -> String {
        pricing.of(#"{"at":"\#(day)","provider":"acme","model":"m","units":{"input":1000}}"#)
      }
      #expect(at("2026-01-15") == "exact 0.002000000")
      #expect(at("2026-02-15") == "exact 0.003000000")
    }
  }
}
