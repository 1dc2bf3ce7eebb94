import Calls
import Rates
import Testing
import Units

/// What importing a list would change: each class of difference, and what is held back.
@Suite struct PriceReviewTests {
  /// Cards of before; `small` has another name, `paint` is billed by the image.
  static let files = [
    (
      "acme.json",
      #"""
      {"issuer":"acme","also":["acme-ai"],"source":"acme.example","read_on":"2026-03-01","models":[
        {"model":"large","cards":[
          {"from":"2026-01-01","per":"1M tokens","rates":{"input":"4","cache_read":"1","output":"8","input_image":"=input"}}]},
        {"model":"small","aliases":["small-2026",{"name":"latest","from":"2026-02-01"}],"cards":[
          {"from":"2026-01-01","per":"1M tokens","rates":{"input":"0.5","output":"1"}}]},
        {"model":"long","cards":[
          {"from":"2026-01-01","per":"1M tokens","rates":{"input":"1","output":"2"},
           "bands":[{"over":200000,"rates":{"input":"2","output":"3"}}]}]},
        {"model":"paint","cards":[{"from":"2026-01-01","per":"1 image","rates":{"images":"0.05"}}]},
        {"model":"heard","cards":[{"from":"2026-01-01","per":"1 hour","rates":{"audio_seconds":"0.22"}}]},
        {"model":"free","cards":[{"from":"2026-01-01","per":"1M tokens","rates":{"input":"0","output":"1"}}]},
        {"model":"ended","cards":[{"from":"2026-01-01","until":"2026-06-01","per":"1M tokens","rates":{"input":"1"}}]},
        {"model":"ending","cards":[{"from":"2026-01-01","until":"2027-01-01","per":"1M tokens","rates":{"input":"1","output":"2"}}]},
        {"model":"eu","uplifts":[{"times":"1.1","when":{"region":"eu"}}],"cards":[
          {"from":"2026-01-01","per":"1M tokens","rates":{"input":"1","output":"2"}},
          {"from":"2026-01-01","when":{"quality":"hd"},"per":"1M tokens","rates":{"input":"3","output":"2"}}]},
        {"model":"today","cards":[{"from":"2026-11-21","per":"1M tokens","rates":{"input":"1","output":"2"}}]}]}
      """#
    ),
    (
      "huggingface.json",
      #"""
      {"issuer":"huggingface","route":"huggingface","source":"router.example","read_on":"2026-03-01","models":[
        {"model":"org/large","provider":"acme-ai","cards":[
          {"from":"2026-02-01","per":"1M tokens","rates":{"input":"4.4","output":"8"}}]},
        {"model":"org/large","provider":"other","cards":[
          {"from":"2026-02-01","per":"1M tokens","rates":{"input":"4.4","output":"8"}}]}]}
      """#
    ),
  ]

  static func review(
    _ source: PriceSource, _ text: String, files: [(String, String)] = files,
    _ change: (inout PriceReview.Choice) -> Void = { _ in }
  ) throws -> PriceReview {
    var reader = RateFileReader(digest: { "digest of \($0.utf8.count) bytes" })
    for (name, file) in files { reader.read(file, file: name) }
    var choice = PriceReview.Choice(from: Listing.today, today: Listing.today)
    change(&choice)
    return PriceReview(
      of: try Listing.of(source, text), from: source, against: try reader.book(origin: "test"), choice)
  }

  /// `changed large from 2026-11-21: input 4 per 1M tokens > 5 per 1M tokens ×1.25; held factor`.
  static func lines(_ review: PriceReview) -> [String] {
    review.entries.map { entry in
      var line = "\(entry.kind) \(entry.key.issuer) \(entry.key.model)"
      if entry.key.provider != entry.key.issuer { line += " at \(entry.key.provider)" }
      if !entry.conditions.isEmpty { line += " \(entry.conditions.text)" }
      if entry.kind == .added || entry.kind == .changed { line += " from \(entry.from)" }
      for difference in entry.differences {
        line += ", \(difference.meter.name)" + (difference.over > 0 ? " over \(difference.over)" : "")
        line += " \(difference.old ?? "none") > \(difference.new ?? "none")"
        line += difference.ratio.map { " " + $0 } ?? ""
      }
      if !entry.holds.isEmpty { line += "; held " + entry.holds.map(\.name).joined(separator: ",") }
      return line.replacing(" per 1M tokens", with: "")
    } + review.faults.map { "fault \($0)" }
  }

  /// A list of models.dev with these costs by model; every other model of acme is in it unchanged.
  private static func modelsDev(_ costs: String, issuer: String = "acme") -> String {
    #"{"\#(issuer)":{"models":{\#(costs)}}}"#
  }

  private static func of(_ costs: String) throws -> [String] {
    lines(try review(.modelsDev, modelsDev(costs))).filter { !$0.hasPrefix("gone ") }
  }

  @Test(arguments: [
    (#""large":{"cost":{"input":4,"output":8}}"#, ["unchanged acme large"]),
    // The old cached price is what the source does not state: a new card would lose it.
    (
      #""large":{"cost":{"input":5,"output":8}}"#,
      ["changed acme large from 2026-11-21, input 4 > 5 ×1.25; held lost"]
    ),
    (
      #""large":{"cost":{"input":5,"output":8,"cache_read":0.5}}"#,
      ["changed acme large from 2026-11-21, input 4 > 5 ×1.25, cache_read 1 > 0.5 ×0.50"]
    ),
    (#""new":{"cost":{"input":5,"output":8}}"#, ["added acme new from 2026-11-21"]),
    // Ten times is not more than ten times.
    (#""small":{"cost":{"input":5,"output":1}}"#, ["changed acme small from 2026-11-21, input 0.5 > 5 ×10.00"]),
    (
      #""small":{"cost":{"input":5.01,"output":1}}"#,
      ["changed acme small from 2026-11-21, input 0.5 > 5.01 ×10.02; held factor"]
    ),
    (
      #""small":{"cost":{"input":0.049,"output":1}}"#,
      ["changed acme small from 2026-11-21, input 0.5 > 0.049 ×0.10; held factor"]
    ),
    // To nought, from it, and an explicit nought where the input was paid.
    (#""small":{"cost":{"input":0,"output":1}}"#, ["changed acme small from 2026-11-21, input 0.5 > 0; held zero"]),
    (#""free":{"cost":{"input":1,"output":1}}"#, ["changed acme free from 2026-11-21, input 0 > 1; held zero"]),
    (
      #""small":{"cost":{"input":0.5,"output":1,"cache_read":0}}"#,
      ["changed acme small from 2026-11-21, cache_read 0.5 > 0; held zero"]
    ),
    (#""new":{"cost":{"input":0,"output":8}}"#, ["added acme new from 2026-11-21; held zero"]),
    // A rate that says what the contract says anyhow.
    (#""small":{"cost":{"input":0.5,"output":1,"cache_read":0.5,"reasoning":1}}"#, ["unchanged acme small"]),
    (
      #""small":{"cost":{"input":0.5,"output":1,"cache_read":0.6}}"#,
      ["changed acme small from 2026-11-21, cache_read 0.5 > 0.6 ×1.20; held dear_cache"]
    ),
    (
      #""paint":{"cost":{"input":4,"output":8}}"#,
      ["changed acme paint from 2026-11-21, input none > 4, output none > 8; held unit"]
    ),
    // Long prompts.
    (
      #""long":{"cost":{"input":1,"output":2,"tiers":[{"input":2,"output":3,"tier":{"size":200000}}]}}"#,
      ["unchanged acme long"]
    ),
    (
      #""long":{"cost":{"input":1,"output":2,"tiers":[{"input":2,"output":4,"tier":{"size":200000}}]}}"#,
      ["changed acme long from 2026-11-21, output over 200000 3 > 4 ×1.33"]
    ),
    (
      #""long":{"cost":{"input":1,"output":2}}"#,
      [
        "changed acme long from 2026-11-21, input over 200000 2 > 1 ×0.50, output over 200000 3 > 2 ×0.67; held band_lost"
      ]
    ),
    (
      #""small":{"cost":{"input":0.5,"output":1,"tiers":[{"input":1,"tier":{"size":100000}}]}}"#,
      ["changed acme small from 2026-11-21, input over 100000 0.5 > 1 ×2.00"]
    ),
    // A product whose card has ended is new again; a day that is taken is told.
    (#""ended":{"cost":{"input":1,"output":2}}"#, ["added acme ended from 2026-11-21"]),
    (
      #""today":{"cost":{"input":1,"output":3}}"#,
      [
        "fault line 1: acme today: there is a card from 2026-11-21 already, with other rates. Give a later day with --from, or mend that card."
      ]
    ),
    (
      #""ending":{"cost":{"input":2,"output":2}}"#,
      [
        "fault line 1: acme ending: its card in force ends on 2027-01-01 by its own word. Mend that end first, or give its card by hand."
      ]
    ),
    // A name that stands for the model in a span of time only may agree, and decides nothing.
    (#""latest":{"cost":{"input":0.5,"output":1}}"#, ["unchanged acme latest"]),
    (
      #""latest":{"cost":{"input":0.7,"output":1}}"#,
      [
        "fault line 1: acme latest: here it is another name of small, but the source prices it otherwise. Give it cards of its own, or leave it."
      ]
    ),
    // Another name of the product.
    (#""small-2026":{"cost":{"input":0.5,"output":1}}"#, ["unchanged acme small-2026"]),
    (
      #""small-2026":{"cost":{"input":0.5,"output":2}}"#,
      ["changed acme small-2026 from 2026-11-21, output 1 > 2 ×2.00"]
    ),
    (
      #""small":{"cost":{"input":0.5,"output":1}},"small-2026":{"cost":{"input":0.5,"output":2}}"#,
      [
        "unchanged acme small",
        "fault line 1: acme small-2026: here it is another name of small, but the source prices it otherwise. Give it cards of its own, or leave it.",
      ]
    ),
    (
      #""small":{"cost":{"input":0.5,"output":2}},"small-2026":{"cost":{"input":0.5,"output":2}}"#,
      ["changed acme small from 2026-11-21, output 1 > 2 ×2.00"]
    ),
  ])
  func `each class of difference`(costs: String, expected: [String]) throws {
    #expect(try Self.of(costs) == expected)
  }

  @Test func `a figure with fewer digits is no change`() throws {
    // 0.22 an hour is 0.0000611… a second.
    let text =
      #"{"heard":{"litellm_provider":"acme","mode":"audio_transcription","input_cost_per_second":6.11e-05}}"#
    #expect(Self.lines(try Self.review(.litellm, text)).contains("unchanged acme heard"))
  }

  @Test func `what is not listed any more is told`() throws {
    let lines = Self.lines(try Self.review(.modelsDev, Self.modelsDev(#""large":{"cost":{"input":4,"output":8}}"#)))
    #expect(
      lines == [
        "gone acme ending", "gone acme eu", "gone acme free", "gone acme heard", "unchanged acme large",
        "gone acme long", "gone acme paint",
        "gone acme small", "gone acme today",
      ])
  }

  @Test func `routes are compared by their provider, under any of its names`() throws {
    let text =
      #"{"data":[{"id":"org/large","providers":[{"provider":"acme-ai","pricing":{"input":4.4,"output":9}},{"provider":"third","pricing":{"input":1,"output":1}}]}]}"#
    #expect(
      Self.lines(try Self.review(.hfRouter, text)) == [
        "changed huggingface org/large at acme from 2026-11-21, output 8 > 9 ×1.12",
        "gone huggingface org/large at other", "added huggingface org/large at third from 2026-11-21",
      ])
  }

  @Test func `a card that would leave a call between two is at fault`() throws {
    // The region's uplift composes with a tier, the quality's card does not.
    let text =
      #"{"eu":{"litellm_provider":"acme","input_cost_per_token":1e-06,"output_cost_per_token":2e-06,"input_cost_per_token_flex":5e-07}}"#
    #expect(
      Self.lines(try Self.review(.litellm, text)).filter { !$0.hasPrefix("gone") } == [
        "unchanged acme eu",
        "fault line 1: acme eu: a call may meet 'tier=flex' and 'quality=hd', and no card says what it then costs. Give its cards by hand.",
      ])
  }

  @Test func `names cannot move a terminal's cursor`() throws {
    let text = #"{"acme":{"models":{"a\u001b[2Jb\u202e":{"cost":{"input":1,"output":2,"c\u0007":3}}}}}"#
    let review = try Self.review(.modelsDev, text)
    let words = review.faults.map(\.description).joined() + review.leftOut.keys.map(\.what).joined()
    #expect(words.contains("a?[2Jb?") && words.contains("'c?'") && words.contains("prices named c?"))
    #expect(review.writable.isEmpty)
  }

  @Test func `what is listed without a price is not gone`() throws {
    let text =
      #"{"data":[{"id":"org/large","providers":[{"provider":"acme-ai"},{"provider":"other","is_free":true,"pricing":{"input":0,"output":0}}]}]}"#
    let review = try Self.review(.hfRouter, text)
    #expect(Self.lines(review).isEmpty && review.leftOut.count == 2)
  }

  @Test func `a price of a day of its own begins on it`() throws {
    let text =
      #"[{"id":"acme","models":[{"id":"small","prices":[{"prices":{"input_mtok":0.4,"output_mtok":1}},{"constraint":{"start_date":"2026-10-01"},"prices":{"input_mtok":0.6,"output_mtok":1}},{"constraint":{"start_date":"2027-01-01"},"prices":{"input_mtok":0.7,"output_mtok":1}}]}]}]"#
    let lines = Self.lines(try Self.review(.genaiPrices, text)).filter { !$0.hasPrefix("gone") }
    #expect(
      lines == [
        "changed acme small from 2026-10-01, input 0.5 > 0.6 ×1.20",
        "changed acme small from 2027-01-01, input 0.5 > 0.7 ×1.40",
      ])
  }

  @Test func `a model is held back whole, and accepted by name`() throws {
    let text =
      #"{"small":{"litellm_provider":"acme","input_cost_per_token":6e-06,"output_cost_per_token":1e-06,"input_cost_per_token_flex":3e-06},"large":{"litellm_provider":"acme","input_cost_per_token":8e-05,"output_cost_per_token":8e-06,"cache_read_input_token_cost":1e-06}}"#
    let held = Self.lines(try Self.review(.litellm, text)).filter { $0.contains("held") }
    #expect(
      held == [
        "changed acme large from 2026-11-21, input 4 > 80 ×20.00; held factor",
        "changed acme small from 2026-11-21, input 0.5 > 6 ×12.00; held factor",
        "added acme small tier=flex from 2026-11-21; held another",
      ])
    let one = try Self.review(.litellm, text) { $0.accepted = ["small"] }
    #expect(one.writable.map(\.key.model) == ["small", "small"] && one.held.map(\.key.model) == ["large"])
    #expect(try Self.review(.litellm, text) { $0.accepted = ["all"] }.held.isEmpty)
  }

  @Test func `issuers are those with a file, those named, or all`() throws {
    let text =
      #"{"acme-ai":{"models":{"new":{"cost":{"input":1,"output":1}}}},"stranger":{"models":{"new":{"cost":{"input":1,"output":1}}}}}"#
    func issuers(_ files: [(String, String)] = Self.files, _ change: (inout PriceReview.Choice) -> Void = { _ in })
      throws -> [String]
    {
      try Self.review(.modelsDev, text, files: files, change).writable.map(\.key.issuer)
    }
    #expect(try issuers() == ["acme"])
    #expect(try issuers { $0.issuers = ["stranger"] } == ["stranger"])
    #expect(try issuers { $0.allIssuers = true } == ["acme", "stranger"])
    #expect(try issuers([]) == ["acme-ai", "stranger"])
    #expect(try Self.review(.modelsDev, text).issuersPassedOver == 1)
  }
}
