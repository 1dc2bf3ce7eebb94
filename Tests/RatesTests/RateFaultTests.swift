import Rates
import Testing

/// Mistakes in price files, each with the words a person gets to read.
@Suite struct RateFaultTests {
  static func faults(_ text: String) -> [String] {
    var reader = RateFileReader(digest: { _ in "" })
    reader.read(text, file: "acme.json")
    return reader.faults.map(\.description)
  }

  /// A file with one model whose cards are `cards`.
  static func file(_ cards: String) -> String {
    #"{"issuer":"acme","source":"s","read_on":"2026-03-01","models":[{"model":"m","cards":["# + cards + "]}]}"
  }

  /// A card under a condition.
  static func conditional(_ when: String) -> String {
    #"{"from":"2026-01-01","when":\#(when),"per":"1M tokens","rates":{"input":"1"}}"#
  }

  @Test(arguments: [
    ("{", "acme.json:1: this is not JSON: a member needs a name in quotes. Mend it, or restore the file."),
    (
      file(#"{"from":"2026-02-30","per":"1M tokens","rates":{"input":"1"}}"#),
      "acme.json:1: '2026-02-30' is no day. Write it as 2026-03-01."
    ),
    (
      file(#"{"per":"1M tokens","rates":{"input":"1"}}"#),
      "acme.json:1: a card of m has no 'from'. Add it; pricing/README.md says how."
    ),
    (
      file(#"{"from":"2026-01-01","per":"1M tokens","rates":{"inptu":"1","input":"1"}}"#),
      "acme.json:1: 'inptu' is no meter. Did you mean 'input'? See pricing/README.md."
    ),
    (
      file(#"{"from":"2026-01-01","per":"1M tokens","rates":{"input":1}}"#),
      "acme.json:1: 'input' is no text. Put its value in quotes."
    ),
    (
      file(#"{"from":"2026-01-01","per":"1M tokens","rates":{"input":"1e-6"}}"#),
      "acme.json:1: 'input': '1e-6' is not a plain decimal. Write digits and a point, such as 0.0072."
    ),
    (
      file(#"{"from":"2026-01-01","per":"1M tokens","rates":{"input":"-1"}}"#),
      "acme.json:1: 'input' is negative. A rate is nought or more."
    ),
    (
      file(#"{"from":"2026-01-01","per":"1 token","rates":{"input":"3.00"}}"#),
      "acme.json:1: 'input' at 3.00 USD per 1 token is over 2000 USD per 1000000 tokens. Check that 'per' is the unit of the figure's source."
    ),
    (
      // An hour's price, written as a second's.
      file(#"{"from":"2026-01-01","per":"1 second","rates":{"compute_seconds":"4.00"}}"#),
      "acme.json:1: 'compute_seconds' at 4.00 USD per 1 second is over 360 USD per 3600 seconds. Check that 'per' is the unit of the figure's source."
    ),
    (
      file(
        #"{"from":"2026-01-01","per":"1 hour","rates":{"audio_seconds":"1"},"minimum":{"audio_seconds":"2500M hours"}}"#
      ),
      "acme.json:1: 'audio_seconds': '2500M hours' is more than one call can use, 10000000 seconds. Check the unit of the figure's source."
    ),
    (
      file(#"{"from":"2026-01-01","per":"1 image","rates":{"images":"1"},"round_up":{"audio_seconds":"1 minute"}}"#),
      "acme.json:1: 'audio_seconds' has a smallest or whole quantity, and m no rate for it. State the rate, or delete the rule."
    ),
    (
      file(#"{"from":"2026-01-01","per":"1 image","rates":{"images":"1"},"minimum_charge":"101"}"#),
      "acme.json:1: 'minimum_charge' of 101 USD is over 100 USD for one call. Check the figure at its source."
    ),
    (
      file(conditional(#"{"tier":"standard"}"#)),
      "acme.json:1: 'standard' is the tier of cards that name none, so calls that state no tier would miss it. Leave 'tier' out."
    ),
    (file(conditional(#"{"region":""}"#)), "acme.json:1: 'region' is empty. Write what it says, or leave it out."),
    (
      #"{"issuer":"","models":[]}"#, "acme.json:1: 'issuer' is empty. Write what it says, or leave it out."
    ),
    (#"{"issuer":"acme","also":[7],"models":[]}"#, "acme.json:1: 'also' is no text. Put its value in quotes."),
    (
      #"{"issuer":"acme","source":"","read_on":"2026-01-01","models":[]}"#,
      "acme.json:1: 'source' is empty. Write what it says, or leave it out."
    ),
    (
      #"{"issuer":"acme","uplifts":[{"times":"2"}],"models":[]}"#,
      "acme.json:1: an uplift has no 'when'. Add it; pricing/README.md says how."
    ),
    (
      file(
        #"{"from":"2026-01-01","per":"1M tokens","rates":{"input":"1"},"uplifts":[{"when":{"tier":"batch"},"times":"0.5"},{"when":{"tier":"batch"},"times":"0.4","from":"2026-03-01"}]}"#
      ),
      "acme.json:1: two uplifts or discounts multiply m when tier=batch at once. End one where the other begins, or tell them apart by 'models'."
    ),
    (
      // Dollars for one token, written as those for a million.
      file(#"{"from":"2026-01-01","per":"1M tokens","rates":{"input":"0.000003"}}"#),
      "acme.json:1: 'input' at 0.000003 USD per 1M tokens is under 0.0001 USD per 1M tokens. Check that 'per' is the unit of the figure's source."
    ),
    (
      file(#"{"from":"2026-01-01","per":"1M tokens","rates":{"input":"1","reasoning":"=output"}}"#),
      "acme.json:1: 'reasoning' is to cost what 'output' does, which has no rate of its own here. State one of the two."
    ),
    (
      file(#"{"from":"2026-01-01","per":"1M tokens","rates":{"input":"1"},"bands":{"over":9}}"#),
      "acme.json:1: 'bands' is no list. Write […]; pricing/README.md says what stands in it."
    ),
    (
      file(
        #"{"from":"2026-01-01","per":"1M tokens","rates":{"input":"1"},"bands":[{"over":"9","rates":{"input":"1"}}]}"#),
      "acme.json:1: 'over' of a band is no whole number of tokens. Write it as a number without quotes, such as 200000."
    ),
    (
      file(
        #"{"from":"2026-01-01","per":"1M tokens","rates":{"input":"1"},"uplifts":[{"when":{"tier":"batch"},"times":"1.1","models":"m"}]}"#
      ),
      "acme.json:1: 'models' is no list of names. Write [\"large-1\"], or leave it out to mean all."
    ),
    (
      // What cannot be read as a condition is no card for every call beside it.
      file(
        #"{"from":"2026-01-01","when":{"teir":"flex"},"per":"1M tokens","rates":{"input":"1"}},{"from":"2026-01-01","per":"1M tokens","rates":{"input":"2"}}"#
      ),
      "acme.json:1: 'teir' is no condition of a card. Did you mean 'tier'? See pricing/README.md."
    ),
    (
      #"{"issuer":"acme","bills":"sucess","source":"s","read_on":"2026-03-01","models":[]}"#,
      "acme.json:1: 'sucess' cannot stand in 'bills'. Did you mean 'success'? Write success."
    ),
    (
      #"{"issuer":"acme","also":"acme-ai","source":"s","read_on":"2026-03-01","models":[]}"#,
      "acme.json:1: 'also' is no list. Write […]; pricing/README.md says what stands in it."
    ),
    (
      #"{"issuer":"acme","source":"s","read_on":"2026-03-01","models":{}}"#,
      "acme.json:1: 'models' is no list. Write […]; pricing/README.md says what stands in it."
    ),
    (
      file(#"{"from":"2026-01-01","per":"1 hour","rates":{"input":"3.00"}}"#),
      "acme.json:1: 'input' is counted by the token, but its rate is per 1 hour. State the rate per token."
    ),
    (
      file(#"{"from":"2026-01-01","per":"a dozen","rates":{"images":"3.00"}}"#),
      "acme.json:1: 'a dozen' is no unit of a rate. Write a count and a unit, such as \"1M tokens\" or \"1 hour\"."
    ),
    (
      file(#"{"from":"2026-01-01","per":"99999999999999999999 tokens","rates":{"input":"3.00"}}"#),
      "acme.json:1: '99999999999999999999 tokens' is no unit of a rate. Write a count and a unit, such as \"1M tokens\" or \"1 hour\"."
    ),
    (
      // The count fits, and its microseconds do not.
      file(#"{"from":"2026-01-01","per":"1000000M hours","rates":{"compute_seconds":"3.00"}}"#),
      "acme.json:1: '1000000M hours' is no unit of a rate. Write a count and a unit, such as \"1M tokens\" or \"1 hour\"."
    ),
    (
      file(#"{"from":"2026-01-01","per":"1M tokens","rates":{"input":"99999999999999999999"}}"#),
      "acme.json:1: 'input': '99999999999999999999' is out of range. Write a number of at most 30 digits that fits its unit."
    ),
    (
      file(#"{"from":"2026-01-01","per":"1M tokens","rates":{"input":"0.0000000000000001"}}"#),
      "acme.json:1: 'input': '0.0000000000000001' has more than 15 decimals. Round it, or state it per a larger unit."
    ),
    (
      file(
        #"{"from":"2026-01-01","per":"1M tokens","rates":{"input":"99999999999999999999999999999999999999999999"}}"#),
      "acme.json:1: 'input': '9999999999999999999999999999999999999999' is out of range. Write a number of at most 30 digits that fits its unit."
    ),
    (
      file(
        #"{"from":"2026-01-01","rates":{"input":{"usd":"0.1","per":"999983 tokens"},"output":{"usd":"0.1","per":"999979 tokens"}}}"#
      ),
      "acme.json:1: rates of m cannot be held exactly together. State them per larger counts."
    ),
    (
      file(#"{"from":"2026-01-01","rates":{"input":"3.00"}}"#),
      "acme.json:1: the rate of 'input' has no 'per'. Add it; pricing/README.md says how."
    ),
    (
      file(#"{"from":"2026-01-01","until":"2026-01-01","per":"1M tokens","rates":{"input":"1"}}"#),
      "acme.json:1: the card ends on 2026-01-01, which is not after its start on 2026-01-01. Mend one of the days."
    ),
    (
      file(
        #"{"from":"2026-01-01","per":"1M tokens","rates":{"input":"1"}},{"from":"2026-01-01","per":"1M tokens","rates":{"input":"2"}}"#
      ),
      "acme.json:1: m has two cards from 2026-01-01, the other at acme.json:1. Delete one, or give the later its own date."
    ),
    (
      file(
        #"{"from":"2026-01-01","until":"2026-03-01","per":"1M tokens","rates":{"input":"1"}},{"from":"2026-02-01","per":"1M tokens","rates":{"input":"2"}}"#
      ),
      "acme.json:1: m has a card from 2026-02-01 inside the span of the card at acme.json:1. End one where the other begins."
    ),
    (
      file(#"{"from":"2026-01-01","per":"1M tokens","rates":{}}"#),
      "acme.json:1: a card of m has no rates. Add one, or delete the card."
    ),
    (
      file(#"{"from":"2026-01-01","when":{"teir":"flex"},"per":"1M tokens","rates":{"input":"1"}}"#),
      "acme.json:1: 'teir' is no condition of a card. Did you mean 'tier'? See pricing/README.md."
    ),
    (
      file(
        #"{"from":"2026-01-01","per":"1M tokens","rates":{"input":"1"},"bands":[{"over":9,"rates":{"input":"1"}},{"over":9,"rates":{"input":"1"}}]}"#
      ),
      "acme.json:1: a band does not rise: 9 stands behind 9. Write {\"over\": 200000, \"rates\": {…}}, thresholds rising."
    ),
    (
      file(conditional(#"{"hours":"16:30-00:30"}"#)),
      "acme.json:1: 'when' with hours or weekdays has no 'zone'. Add it; pricing/README.md says how."
    ),
    (
      file(conditional(#"{"hours":"16-17","zone":"UTC"}"#)),
      "acme.json:1: '16-17' is no time of the week. Write hours as \"16:30-00:30\" and weekdays as \"mon-fri\"."
    ),
    (
      file(conditional(#"{"weekdays":"mon-fry","zone":"UTC"}"#)),
      "acme.json:1: 'mon-fry' is no time of the week. Write hours as \"16:30-00:30\" and weekdays as \"mon-fri\"."
    ),
    (
      file(conditional(#"{"hours":"16:30-00:30","zone":"Mars/Olympus"}"#)),
      "acme.json:1: 'Mars/Olympus' is no time zone of this system. Write its IANA name, such as Asia/Shanghai, or install tzdata."
    ),
    (
      file(
        #"{"from":"2026-01-01","per":"1M tokens","rates":{"input":"1"},"uplifts":[{"when":{"region":"us"},"times":"110%"}]}"#
      ),
      "acme.json:1: '110%' is nothing to multiply a price by. Write a decimal of 0.001 to 100, such as \"1.1\"."
    ),
    (
      file(#"{"from":"2026-01-01","per":"1M tokens","rates":{"input":"1"},"minimum":{"input":"10 seconds"}}"#),
      "acme.json:1: 'input' is counted by the token, and '10 seconds' is none of it. State a quantity by the token."
    ),
    (
      file(
        #"{"from":"2026-01-01","when":{"tier":"flex"},"per":"1M tokens","rates":{"input":"1"}},{"from":"2026-01-01","when":{"region":"us"},"per":"1M tokens","rates":{"input":"2"}}"#
      ),
      "acme.json:1: a call of m can meet the card when region=us and that when tier=flex. Add one when region=us;tier=flex."
    ),
    (
      #"{"issuer":"acme","discounts":[{"times":"0.9"}],"source":"s","read_on":"2026-03-01","models":[]}"#,
      "acme.json:1: a list price has no discounts. Name the 'contract', or delete them."
    ),
    (
      #"{"issuer":"acme","currency":"EUR","source":"s","read_on":"2026-03-01","models":[]}"#,
      "acme.json:1: 'EUR' is no currency we book. Write USD."
    ),
    (
      #"{"issuer":"acme","rounding":"down","source":"s","read_on":"2026-03-01","models":[]}"#,
      "acme.json:1: 'down' is no rounding rule. Write half_even, half_up or up."
    ),
    (
      #"{"issuer":"acme","modles":[],"source":"s","read_on":"2026-03-01","models":[]}"#,
      "acme.json:1: 'modles' is no member of this object. Did you mean 'models'? Members are listed in pricing/README.md."
    ),
  ])
  func `a mistake is told with its place and its cure`(text: String, fault: String) {
    #expect(Self.faults(text) == [fault])
  }

  @Test func `all mistakes are told at once, by line`() {
    let text = """
      {"issuer": "acme", "source": "s", "read_on": "2026-03-01",
       "models": [
        {"model": "a", "cards": [
          {"from": "2026-13-01", "per": "1M tokens", "rates": {"input": "1"}}]},
        {"model": "b", "cards": [
          {"from": "2026-01-01", "per": "1M tokens", "rates": {"output": "x"}}]},
        {"model": "c"}]}
      """
    #expect(
      Self.faults(text).map { $0.split(separator: " ").first.map(String.init) } == [
        "acme.json:4:", "acme.json:6:", "acme.json:7:",
      ])
  }

  @Test func `a product that two files price is refused`() {
    var reader = RateFileReader(digest: { _ in "" })
    let text = Self.file(#"{"from":"2026-01-01","per":"1M tokens","rates":{"input":"1"}}"#)
    reader.read(text, file: "a.json")
    reader.read(text, file: "b.json")
    #expect(
      reader.faults.map(\.description) == [
        "b.json:1: m is priced twice, the other time at a.json:1. Keep one, and move the other's cards to it."
      ])
    #expect(throws: RateFaults.self) { try reader.book(origin: "test") }
  }
}
