import Calls
import Rates
import Testing
import Units

/// What issuers give away: how a file says it, and what is wrong with it when it is.
@Suite struct AllowanceTests {
  static let term = #"{"allowance":"a","meter":"searches","free":"5K searches","every":"month","from":"2026-01-01""#
  static let models =
    #"[{"model":"large","aliases":["large-1"],"cards":[{"from":"2026-01-01","per":"1 search","rates":{"searches":"1"}}]}]"#

  static func read(_ allowances: String) -> RateFileReader {
    var reader = RateFileReader(digest: { _ in "" })
    reader.read(
      #"{"issuer":"acme","also":["acme-ai"],"source":"page","read_on":"2026-03-01","allowances":\#(allowances),"models":\#(models)}"#,
      file: "acme.json")
    return reader
  }

  static func faults(_ allowances: String) -> [String] {
    do throws(RateFaults) {
      _ = try read(allowances).book(origin: "test")
      return []
    } catch {
      return error.faults.map { $0.description.replacing("acme.json:1: ", with: "") }
    }
  }

  @Test func `an allowance says all that decides it, in one canonical text`() throws {
    let book = try Self.read("[\(Self.term)}]").book(origin: "test")
    let allowance = try #require(book.allowances(of: "acme-ai").first)
    #expect(
      allowance.text
        == #"{"allowance":"a","meter":"searches","free":"5K searches","every":"month","zone":"UTC","models":[],"tier":null,"from":"2026-01-01","until":null,"source":"page","read_on":"2026-03-01","file":"acme.json"}"#
    )
    #expect(allowance.quantity == 5000 && allowance.issuer == "acme")
  }

  @Test func `the next of its name ends it, and quantities are held in the meter's parts`() throws {
    let book = try Self.read(
      #"""
      [{"allowance":"a","meter":"audio_seconds","free":"2 hours","every":"day","from":"2026-01-01"},
       {"allowance":"a","meter":"audio_seconds","free":"90 seconds","every":"month","from":"2026-03-01"}]
      """#
    ).book(origin: "test")
    let told = book.allowances(of: "acme").map {
      "\($0.quantity) \($0.every) \($0.from) \($0.until.map { "\($0)" } ?? "-")"
    }
    #expect(told == ["7200000000 day 2026-01-01 2026-03-01", "90000000 month 2026-03-01 -"])
  }

  @Test(arguments: [
    (
      "[\(term.replacing("\"a\"", with: "\"a:b\""))}]",
      "'a:b' is no name of an allowance: an account is named by it. Write 1 to 60 bytes without colons."
    ),
    ("{}", "'allowances' is no list. Write […]; pricing/README.md says what stands in it."),
    (
      "[\(term),\"untli\":\"2026-02-01\"}]",
      "'untli' is no member of this object. Did you mean 'until'? Members are listed in pricing/README.md."
    ),
    (
      "[\(term.replacing("searches\",\"free", with: "serches\",\"free"))}]",
      "'serches' is no meter. Did you mean 'searches'? See pricing/README.md."
    ),
    (
      "[\(term.replacing("5K searches", with: "5K tokens"))}]",
      "'searches' is counted by the search, and '5K tokens' is none of it. State a quantity by the search."
    ),
    (
      "[\(term.replacing("5K searches", with: "5,000"))}]",
      "'5,000' is no quantity. Write a count and a unit, such as \"10 seconds\" or \"5K searches\"."
    ),
    ("[\(term.replacing("\"month\"", with: "\"year\""))}]", "'year' cannot stand in 'every'. Write month or day."),
    (
      "[\(term),\"zone\":\"Mars/Olympus\"}]",
      "'Mars/Olympus' is no time zone of this system. Write its IANA name, such as Asia/Shanghai, or install tzdata."
    ),
    (
      "[\(term),\"models\":\"large\"}]",
      "'models' is no list of names. Write [\"large-1\"], or leave it out to mean all."
    ),
    (
      "[\(term),\"models\":[\"lagre\"]}]",
      "allowance a is for 'lagre', which no file of its issuer prices. Did you mean 'large'? Mend the name, or add the model."
    ),
    (
      "[\(term)},\(term.replacing("\"a\"", with: "\"b\"")),\"models\":[\"large-1\"]}]",
      "allowances b and a (acme.json:1) both give searches of the same calls. Tell their calls apart by 'models' or 'tier', or end one where the other begins."
    ),
    (
      "[\(term)},\(term)}]",
      "allowance a stands twice from 2026-01-01, the other time at acme.json:1. Delete one, or give the later its own date."
    ),
    (
      #"[{"allowance":"a","meter":"pages","every":"month","from":"2026-01-01"}]"#,
      "an allowance has no 'free'. Add it; pricing/README.md says how."
    ),
  ])
  func `a mistake is told with its cure`(allowances: String, fault: String) {
    #expect(Self.faults(allowances) == [fault])
  }

  @Test func `tiers, models and days tell the calls of two allowances apart`() {
    let other = Self.term.replacing("\"a\"", with: "\"b\"")
    #expect(Self.faults("[\(Self.term),\"tier\":\"standard\"},\(other),\"tier\":\"flex\"}]") == [])
    #expect(Self.faults("[\(Self.term),\"until\":\"2026-02-01\"},\(other.replacing("01-01", with: "02-01"))}]") == [])
    #expect(Self.faults("[\(Self.term)},\(other.replacing("searches", with: "pages"))}]") == [])
    // `default` is a name of the standard tier.
    #expect(Self.faults("[\(Self.term),\"tier\":\"standard\"},\(other),\"tier\":\"default\"}]").count == 1)
  }

  @Test func `a name that two files state is refused`() {
    var reader = Self.read("[\(Self.term)}]")
    reader.read(
      #"{"issuer":"acme","source":"s","read_on":"2026-03-01","allowances":[\#(Self.term)}]}"#, file: "b.json")
    #expect(
      reader.faults.map(\.description) == [
        "b.json:1: allowance a stands in acme.json too. Keep all of it in one file."
      ])
  }

  /// A month in Shanghai (UTC+8 all year) begins on its first day at 16:00 UTC the day before.
  @Test func `a period begins by the clocks of its zone`() throws {
    var reader = RateFileReader(
      digest: { _ in "" },
      zones: { name in
        ZoneOffsets(name: name, spans: [ZoneOffsets.Span(from: Timestamp(microseconds: .min), seconds: 28_800)])
      })
    reader.read(
      #"{"issuer":"acme","source":"s","read_on":"2026-03-01","allowances":[\#(Self.term),"zone":"Asia/Shanghai"}]}"#,
      file: "acme.json")
    let allowance = try #require(try reader.book(origin: "test").allowances.first)
    func period(_ at: String) throws -> String { "\(allowance.period(at: try #require(Timestamp(at))))" }
    #expect(try period("2026-10-31T15:59:59Z") == "2026-10-01")
    #expect(try period("2026-10-31T16:00:00Z") == "2026-11-01")
  }

  /// What a call is charged without some of its units is what a call of the rest is charged, at its own band.
  @Test func `free tokens leave the prompt in its band, and minimums bind what is left`() throws {
    var reader = RateFileReader(digest: { _ in "" })
    reader.read(
      #"""
      {"issuer":"acme","source":"s","read_on":"2026-03-01","models":[{"model":"m","cards":[
        {"from":"2026-01-01","per":"1M tokens","rates":{"input":"1","output":"2","audio_seconds":{"usd":"3.6","per":"1 hour"}},
         "bands":[{"over":1000,"rates":{"input":"10","output":"20"}}],"minimum":{"audio_seconds":"10 seconds"}}]}]}
      """#, file: "acme.json")
    let tariff = try #require(try reader.book(origin: "test").products.values.first?.cards.first?.tariff)
    func nanos(_ usage: [(Meter, Int64)], less free: [(Meter, Int64)]) -> Int64 {
      var (used, given) = (Usage(), Usage())
      for (meter, quantity) in usage { used[meter] = quantity }
      for (meter, quantity) in free { given[meter] = quantity }
      return tariff.charge(used, outcome: .ok, less: given).amount.nanos
    }
    // 1,500 tokens pay 10 a million: 500 of them 0.005 USD, though 500 alone would pay 0.0005.
    #expect(nanos([(.input, 1500)], less: [(.input, 1000)]) == 5_000_000)
    #expect(nanos([(.input, 1500)], less: []) == 15_000_000)
    // 4 seconds are billed as 10: 4 free leave 6, at 0.001 a second.
    #expect(nanos([(.audioSeconds, 4_000_000)], less: [(.audioSeconds, 4_000_000)]) == 6_000_000)
    #expect(nanos([(.audioSeconds, 4_000_000)], less: [(.audioSeconds, 99_000_000)]) == 0)
  }
}
