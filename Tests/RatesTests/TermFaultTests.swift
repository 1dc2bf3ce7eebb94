import Rates
import Testing

/// Mistakes in plans and fees, each with the words a person gets to read.
@Suite struct TermFaultTests {
  /// A file with nothing but plans, or fees.
  static func terms(_ name: String, _ terms: String) -> String {
    #"{"issuer":"acme","source":"s","read_on":"2026-03-01","\#(name)":[\#(terms)],"models":[]}"#
  }

  static let plan = #"{"plan":"pro","credit":"2.00","per":"account","every":"month","from":"2026-01-01""#

  @Test(arguments: [
    (
      terms("plans", plan + #","spends_on":"inference","untli":"2026-02-01"}"#),
      "acme.json:1: 'untli' is no member of this object. Did you mean 'until'? Members are listed in pricing/README.md."
    ),
    (
      terms(
        "plans",
        #"{"plan":"pro","credit":"-2","per":"account","every":"month","from":"2026-01-01","spends_on":"compute"}"#),
      "acme.json:1: 'credit' is negative. A rate is nought or more."
    ),
    (
      terms(
        "plans", #"{"plan":"pro","credit":2,"per":"account","every":"month","from":"2026-01-01","spends_on":"compute"}"#
      ),
      "acme.json:1: 'credit' is no text. Put its value in quotes."
    ),
    (
      terms("plans", plan + "}"),
      "acme.json:1: a plan has no 'spends_on'. Add it; pricing/README.md says how."
    ),
    (
      terms("plans", plan + #","spends_on":"jobs"}"#),
      "acme.json:1: 'jobs' cannot stand in 'spends_on'. Write inference or compute."
    ),
    (
      terms(
        "plans", #"{"plan":"pro","credit":"2","per":"seats","every":"month","from":"2026-01-01","spends_on":"compute"}"#
      ),
      "acme.json:1: 'seats' cannot stand in 'per'. Did you mean 'seat'? Write account or seat."
    ),
    (
      terms("plans", plan + #","spends_on":"inference"},"# + plan + #","spends_on":"compute"}"#),
      "acme.json:1: plan pro stands twice from 2026-01-01, the other time at acme.json:1. Delete one, or give the later its own date."
    ),
    (
      terms(
        "plans",
        plan + #","until":"2026-03-01","spends_on":"inference"},"#
          + plan.replacing("2026-01-01", with: "2026-02-01") + #","spends_on":"compute"}"#),
      "acme.json:1: plan pro from 2026-02-01 begins inside the span of that at acme.json:1. End one where the other begins."
    ),
    (
      terms("plans", plan + #","until":"2026-01-01","spends_on":"inference"}"#),
      "acme.json:1: plan pro ends on 2026-01-01, which is not after its start on 2026-01-01. Mend one of the days."
    ),
    (
      #"{"issuer":"acme","source":"s","read_on":"2026-03-01","plans":{},"models":[]}"#,
      "acme.json:1: 'plans' is no list. Write […]; pricing/README.md says what stands in it."
    ),
    (
      terms("fees", #"{"on":"top_up","times":"5.5","from":"2026-01-01"}"#),
      "acme.json:1: '5.5' is no share of an amount. Write a decimal of 0 to 1, such as \"0.055\" for 5.5 %."
    ),
    (
      terms("fees", #"{"on":"top-up","times":"0.055","from":"2026-01-01"}"#),
      "acme.json:1: 'top-up' cannot stand in 'on'. Did you mean 'top_up'? Write top_up."
    ),
    (
      terms("fees", #"{"on":"top_up","times":"0.055","minimum":"-0.80","from":"2026-01-01"}"#),
      "acme.json:1: 'minimum' is negative. A rate is nought or more."
    ),
    (
      terms("fees", #"{"on":"top_up","times":"0.055"}"#),
      "acme.json:1: the fee on top_up has no 'from'. Add it; pricing/README.md says how."
    ),
    (
      terms(
        "fees",
        #"{"on":"top_up","times":"0.055","from":"2026-01-01"},{"on":"top_up","times":"0.05","from":"2026-01-01"}"#),
      "acme.json:1: the fee on top_up stands twice from 2026-01-01, the other time at acme.json:1. Delete one, or give the later its own date."
    ),
  ])
  func `a mistake in a plan or a fee is told with its place and its cure`(text: String, fault: String) {
    #expect(RateFaultTests.faults(text) == [fault])
  }

  @Test func `a plan that two files state is refused`() {
    var reader = RateFileReader(digest: { _ in "" })
    let text = Self.terms("plans", Self.plan + #","spends_on":"inference"}"#)
    reader.read(text, file: "a.json")
    reader.read(text, file: "b.json")
    #expect(
      reader.faults.map(\.description) == ["b.json:1: plan pro stands in a.json too. Keep all of it in one file."])
  }
}
