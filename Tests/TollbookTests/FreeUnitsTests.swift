import Foundation
import TestSupport
import Testing
import Units

@testable import tollbook

/// Units that an issuer gives away: what was free, in the order of calls, and what is booked of it.
///
/// | card | input | a search |
/// |---|---|---|
/// | acme/large | 0.10 USD a million | 0.014 |
/// | acme/nano | none | 0.0000000015: one and a half nanodollars |
@Suite struct FreeUnitsTests {
  static let large =
    #"{"model":"large","aliases":["large-latest"],"cards":[{"from":"2026-01-01","per":"1M tokens","rates":{"input":"0.10","searches":{"usd":"14","per":"1K searches"}}}]}"#
  static let nano =
    #"{"model":"nano","cards":[{"from":"2026-01-01","per":"1K searches","rates":{"searches":"0.0000015"}}]}"#

  static func files(_ allowances: String, _ models: String = large + "," + nano) -> [String: String] {
    [
      "acme.json":
        #"{"issuer":"acme","source":"s","read_on":"2026-10-01","allowances":[\#(allowances)],"models":[\#(models)]}"#
    ]
  }

  static let five =
    #"{"allowance":"grounding","meter":"searches","free":"5 searches","every":"month","from":"2026-01-01"}"#

  static func call(_ id: String, _ at: String, _ units: String, model: String = "large", _ more: String = "") -> String
  {
    #"{"id":"\#(id)","at":"\#(at)","team":"search","provider":"acme","model":"\#(model)","units":{\#(units)}\#(more)}"#
  }

  /// A ledger and the folder of its price files.
  final class Kept {
    let sample: SampleLedger
    let pricing: String

    init(_ calls: [String], _ files: [String: String]) throws {
      sample = try SampleLedger([calls], rateFiles: files)
      pricing = sample.folder + "/pricing"
      try FileManager.default.createDirectory(atPath: pricing, withIntermediateDirectories: true)
      try write(files)
    }

    func write(_ files: [String: String]) throws {
      for (name, text) in files { try text.write(toFile: pricing + "/" + name, atomically: true, encoding: .utf8) }
    }

    /// What `credits free` did, in lines; the books are whole after it.
    func free(_ more: String..., month: String = "2026-11", at now: String = "2026-11-21T12:00:00Z") throws -> [String]
    {
      let answer = try sample.ask(
        ["credits", "free", "--issuer", "acme", "--month", month, "--json", "--pricing", pricing] + more, at: now)
      let verified = try sample.ask(["verify"], at: now)
      #expect(verified.exit == .clean, "\(verified.out)")
      guard answer.out.hasPrefix("{") else {
        return ["\(answer.exit.rawValue) " + answer.out.split(separator: "\n").joined(separator: " |")]
      }
      let tree = try JSONTree(parsing: answer.out)
      func text(_ tree: JSONTree, _ name: String) -> String { tree[name]?.string ?? "?" }
      return (tree["entries"]?.elements ?? []).map {
        "\(text($0, "day")) \(text($0, "amount")) \(text($0, "debit")) < \(text($0, "credit"))"
      }
        + (tree["allowances"]?.elements ?? []).map {
          "\(text($0, "allowance")): \(text($0, "free")) of \(text($0, "used")) free, charged \(text($0, "amount"))"
        } + ["usage \(text(tree, "usage"))"]
    }
  }

  static let account = "Expenses:FreeUnits:acme:2026-11:grounding"

  @Test func `the first five searches of a month cost nothing, and those behind them their rate`() throws {
    // c1 3 searches and 1,000 tokens: 0.042 + 0.0001; c2 4 and 2,000: 0.056 + 0.0002; c3 1: 0.014.
    // Free are 3 of c1, 2 of c2: 0.042 + 0.028 = 0.07. Used: 0.0421 + 0.0562 + 0.014 = 0.1123.
    let kept = try Kept(
      [
        Self.call("c2", "2026-11-03T00:00:00Z", #""input":2000,"searches":4"#),
        Self.call("c1", "2026-11-02T00:00:00Z", #""input":1000,"searches":3"#, model: "large-latest"),
        Self.call("c3", "2026-11-04T00:00:00Z", #""searches":1"#),
        // The months beside it have allowances of their own.
        Self.call("c4", "2026-10-31T23:59:59Z", #""searches":9"#),
        Self.call("c5", "2026-12-01T00:00:00Z", #""searches":9"#),
      ], Self.files(Self.five))
    #expect(
      try kept.free() == [
        "2026-11-21 0.070000000 Liabilities:Accrued:acme < \(Self.account)",
        "grounding: 5 of 8 free, charged 0.070000000", "usage 0.042300000",
      ])
    // Twice is once.
    #expect(try kept.free() == ["grounding: 5 of 8 free, charged 0.070000000", "usage 0.042300000"])
  }

  @Test func `a later run books the difference only, also where an earlier call comes late`() throws {
    let kept = try Kept([Self.call("c1", "2026-11-02T00:00:00Z", #""searches":3"#)], Self.files(Self.five))
    // 3 × 0.014.
    #expect(try kept.free().first == "2026-11-21 0.042000000 Liabilities:Accrued:acme < \(Self.account)")
    try kept.sample.add([[Self.call("c2", "2026-11-05T00:00:00Z", #""searches":9"#)]])
    // 2 more of 9 are free: 2 × 0.014.
    #expect(try kept.free().first == "2026-11-21 0.028000000 Liabilities:Accrued:acme < \(Self.account)")
    // A cheaper call from before both takes all five: 5 × 1.5 nanodollars = 7.5, of which 8 were charged (half
    // to even). 0.07 was booked, so 0.069999992 goes back.
    try kept.sample.add([[Self.call("c0", "2026-11-01T00:00:00Z", #""searches":5"#, model: "nano")]])
    #expect(
      try kept.free() == [
        "2026-11-21 0.069999992 \(Self.account) < Liabilities:Accrued:acme",
        "grounding: 5 of 17 free, charged 0.000000008",
        // 12 × 0.014.
        "usage 0.168000000",
      ])
  }

  /// searches free | charged before | left after, in nanodollars: 3 × 1.5 = 4.5 is 4, 2 × 1.5 = 3, 1.5 is 2.
  @Test(arguments: [("1", "0.000000001"), ("2", "0.000000002"), ("3", "0.000000004"), ("9", "0.000000004")])
  func `free units are worth what they were charged, to the nanodollar`(free: String, amount: String) throws {
    let kept = try Kept(
      [Self.call("c1", "2026-11-02T00:00:00Z", #""searches":3"#, model: "nano")],
      Self.files(Self.five.replacing("5 searches", with: "\(free) searches")))
    #expect(try kept.free().first == "2026-11-21 \(amount) Liabilities:Accrued:acme < \(Self.account)")
  }

  @Test func `a call that was re-priced is taken at what it costs now`() throws {
    let kept = try Kept([Self.call("c1", "2026-11-02T00:00:00Z", #""searches":3"#)], Self.files(Self.five))
    #expect(try kept.free().first == "2026-11-21 0.042000000 Liabilities:Accrued:acme < \(Self.account)")
    try kept.write(Self.files(Self.five, Self.large.replacing("14", with: "35") + "," + Self.nano))
    let run = try kept.sample.ask("reprice", "--run", "dearer", "--pricing", kept.pricing)
    #expect(run.exit == .clean, "\(run.out)")
    // 3 × 0.035 = 0.105, of which 0.042 is booked.
    #expect(
      try kept.free() == [
        "2026-11-21 0.063000000 Liabilities:Accrued:acme < \(Self.account)",
        "grounding: 3 of 3 free, charged 0.105000000", "usage 0.000000000",
      ])
  }

  @Test func `a month that is closed is corrected on the first open day`() throws {
    let kept = try Kept([Self.call("c1", "2026-11-02T00:00:00Z", #""searches":3"#)], Self.files(Self.five))
    let december = "2026-12-05T00:00:00Z"
    #expect(try kept.free(at: december).first == "2026-11-30 0.042000000 Liabilities:Accrued:acme < \(Self.account)")
    try kept.sample.add([[Self.call("c2", "2026-11-05T00:00:00Z", #""searches":1"#)]])
    let account = Self.account
    #expect(
      try kept.free("--closed-until", "2026-12-01", at: december).first
        == "2026-12-01 0.014000000 Liabilities:Accrued:acme < \(account)")
    // It is known as booked, on whatever day it was.
    #expect(try kept.free("--closed-until", "2026-12-01", at: december).count == 2)
    #expect(
      try kept.free(month: "2027-01", at: december) == [
        "1 tollbook: 2027-01 has not begun in UTC. Wait for 2027-01-01."
      ])
  }

  @Test func `units without a price are used up too, and credited once they have one`() throws {
    let later = #"{"model":"later","cards":[{"from":"2026-11-10","per":"1 search","rates":{"searches":"1"}}]}"#
    let kept = try Kept(
      [
        Self.call("c1", "2026-11-02T00:00:00Z", #""searches":4"#, model: "later"),
        Self.call("c2", "2026-11-03T00:00:00Z", #""searches":4"#),
      ], Self.files(Self.five, Self.large + "," + later))
    // One is left for c2.
    #expect(try kept.free().first == "2026-11-21 0.014000000 Liabilities:Accrued:acme < \(Self.account)")
    let told = try kept.sample.ask(
      "credits", "free", "--issuer", "acme", "--month", "2026-11", "--pricing", kept.pricing)
    #expect(told.out.contains("1 call with free units has no price for them yet."), "\(told.out)")
    try kept.write(Self.files(Self.five, Self.large + "," + later.replacing("2026-11-10", with: "2026-11-01")))
    #expect(try kept.sample.ask("reprice", "--run", "priced", "--pricing", kept.pricing).exit == .clean)
    #expect(try kept.free().first == "2026-11-21 4.000000000 Liabilities:Accrued:acme < \(Self.account)")
  }

  @Test func `a stream counts once, with all it used`() throws {
    let stream = #","stream":true"#
    let kept = try Kept(
      [Self.call("s", "2026-11-02T00:00:00Z", #""searches":2"#, stream)], Self.files(Self.five))
    try kept.sample.add([[], [Self.call("s", "2026-11-02T00:00:00Z", #""searches":7"#, stream)]])
    #expect(
      try kept.free() == [
        "2026-11-21 0.070000000 Liabilities:Accrued:acme < \(Self.account)",
        "grounding: 5 of 7 free, charged 0.070000000", "usage 0.028000000",
      ])
  }

  @Test func `days of a zone begin by its clocks, in the month before if need be`() throws {
    // Los Angeles is 8 hours behind in November, 7 on 31 October. The day of 31 October there ends on
    // 1 November at 07:00 UTC: c0 and c1 share its two searches, and only c1 is of November.
    let daily = Self.five.replacing("5 searches", with: "2 searches").replacing(
      #""month""#, with: #""day","zone":"America/Los_Angeles""#)
    let files = Self.files(daily)
    let kept = try Kept([], ["acme.json": Self.files("")["acme.json"] ?? ""])
    try kept.write(files)
    try kept.sample.add([
      [
        Self.call("c0", "2026-10-31T23:00:00Z", #""searches":1"#),
        Self.call("c1", "2026-11-01T06:59:59Z", #""searches":3"#),
        // The next day there: two free again, of c2 one and of c3 one.
        Self.call("c2", "2026-11-01T07:00:00Z", #""searches":1"#),
        Self.call("c3", "2026-11-02T07:59:59Z", #""searches":3"#),
      ]
    ])
    // c1 1 + c2 1 + c3 1 = 3 × 0.014 of 7.
    #expect(
      try kept.free() == [
        "2026-11-21 0.042000000 Liabilities:Accrued:acme < \(Self.account)",
        "grounding: 3 of 7 free, charged 0.042000000", "usage 0.056000000",
      ])
  }

  @Test func `models and tiers limit an allowance, and what is no issuer's is misuse`() throws {
    let limited = Self.five.dropLast() + #","models":["large"],"tier":"standard"}"#
    let kept = try Kept(
      [
        Self.call("c1", "2026-11-02T00:00:00Z", #""searches":1"#, model: "large-latest"),
        Self.call("c2", "2026-11-02T00:00:01Z", #""searches":1"#, #","tier":"default""#),
        Self.call("c3", "2026-11-02T00:00:02Z", #""searches":1"#, #","tier":"flex""#),
        Self.call("c4", "2026-11-02T00:00:03Z", #""searches":1"#, model: "nano"),
      ], Self.files(String(limited)))
    #expect(try kept.free().dropLast().last == "grounding: 2 of 2 free, charged 0.028000000")
    try kept.write(Self.files(""))
    #expect(
      try kept.free() == [
        "64 tollbook: The price files know no free units of acme. Add them as 'allowances' to its file. |  try: tollbook credits plans --issuer acme"
      ])
  }

  @Test func `credits and the balance pay for what was not free`() throws {
    let kept = try Kept([Self.call("c1", "2026-11-02T00:00:00Z", #""searches":8"#)], Self.files(Self.five))
    _ = try kept.free()
    func ask(_ words: String) throws -> String {
      try kept.sample.ask(["credits"] + words.split(separator: " ").map(String.init)).out
    }
    _ = try kept.sample.ask(
      "credits", "grant", "--issuer", "acme", "--month", "2026-11", "--amount", "1", "--pricing", kept.pricing)
    // 3 × 0.014 of 8 × 0.014.
    #expect(try ask("apply --issuer acme --month 2026-11").hasPrefix("Paid 0.042000000 USD of usage"))
    let shown = try ask("show")
    #expect(shown.contains("acme         0.958000000       0.000000000  0.000000000"), "\(shown)")
  }

  @Test func `it reads as it is recorded`() throws {
    let kept = try Kept(
      [
        Self.call("c1", "2026-11-02T00:00:00Z", #""input":1000,"searches":3"#),
        Self.call("c2", "2026-11-03T00:00:00Z", #""input":2000,"searches":4"#),
      ], Self.files(Self.five))
    var text = ""
    for words in [
      "credits free --issuer acme --month 2026-11", "credits free --issuer acme --month 2026-11",
      "credits free --issuer acme --month 2026-11 --json", "credits plans", "rates show large",
    ] {
      let answer = try kept.sample.ask(words.split(separator: " ").map(String.init) + ["--pricing", kept.pricing])
      text += "$ tollbook \(words)\n\(kept.sample.scrubbed(answer.out))\n"
    }
    text +=
      "$ tollbook export --format csv\n" + kept.sample.scrubbed(try kept.sample.ask("export", "--format", "csv").out)
    try expectGolden(text, "free-units.txt")
  }
}
