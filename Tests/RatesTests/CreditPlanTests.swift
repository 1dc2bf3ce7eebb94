import Rates
import Testing
import Units

/// What plans include and what buying credit costs, through time.
@Suite struct CreditPlanTests {
  static func book(_ heading: String) throws -> RateBook {
    var reader = RateFileReader(digest: { _ in "" })
    reader.read(
      #"{"issuer":"acme","also":["acme-ai"],"source":"page","read_on":"2026-03-01",\#(heading)}"#, file: "acme.json")
    return try reader.book(origin: "test")
  }

  @Test func `a plan holds from its day up to the next of its name, or its own end`() throws {
    let book = try Self.book(
      #"""
      "plans":[
        {"plan":"team","credit":"3.00","per":"seat","every":"month","from":"2026-03-01","spends_on":"compute",
         "source":"other page","read_on":"2026-03-02"},
        {"plan":"team","credit":"2.00","per":"account","every":"month","from":"2026-01-01","spends_on":"inference"},
        {"plan":"pro","credit":"1.00","per":"account","every":"month","from":"2026-01-01","until":"2026-02-01",
         "spends_on":"inference"}]
      """#)
    func found(_ name: String, _ month: String) throws -> String {
      let month = try #require(Month(month))
      guard let plan = book.plan(name, of: "acme-ai", in: month) else { return "none" }
      return "\(plan.credit) a \(plan.per.rawValue) for \(plan.spendsOn.rawValue), \(plan.source) \(plan.readOn)"
    }
    #expect(try found("team", "2025-12") == "none")
    #expect(try found("team", "2026-02") == "2.000000000 a account for inference, page 2026-03-01")
    #expect(try found("team", "2026-03") == "3.000000000 a seat for compute, other page 2026-03-02")
    #expect(try found("pro", "2026-01") == "1.000000000 a account for inference, page 2026-03-01")
    #expect(try found("pro", "2026-02") == "none")
    let plan = try #require(book.plan("team", of: "acme", in: Month(of: Day(number: 20_600))))
    #expect(plan.credit(seats: 4) == Amount(nanos: 12_000_000_000))
    #expect(plan.credit(seats: .max) == nil)
  }

  /// 5.5 %, at least 0.80, rounded half up to the cent.
  @Test(arguments: [
    ("100", "5.500000000"),
    // 14.545454… is where 5.5 % reach 0.80.
    ("14.50", "0.800000000"), ("5", "0.800000000"), ("0", "0.800000000"),
    // 0.055 × 20.10 = 1.1055; 0.055 × 21 = 1.155; 0.055 × 20.99 = 1.15445.
    ("20.10", "1.110000000"), ("21", "1.160000000"), ("20.99", "1.150000000"),
    // 0.055 × 9.2 billion: the product passes 64 bits.
    ("9200000000", "506000000.000000000"),
  ])
  func `the fee is a share, whole cents, and at least the minimum`(credit: String, fee: String) throws {
    let book = try Self.book(#""fees":[{"on":"top_up","times":"0.055","minimum":"0.80","from":"2026-01-01"}]"#)
    let found = try #require(book.topUpFee(of: "acme", on: Day(number: 20_600)))
    #expect("\(found.of(try Amount(dollars: credit)))" == fee)
  }

  @Test func `a fee is not known before its first day, nor of another issuer`() throws {
    let book = try Self.book(#""fees":[{"on":"top_up","times":"0.05","from":"2026-01-01","until":"2026-02-01"}]"#)
    func fee(_ issuer: String, _ day: String) throws -> TopUpFee? {
      book.topUpFee(of: issuer, on: try #require(Day(day)))
    }
    #expect(try fee("acme", "2025-12-31") == nil)
    #expect(try fee("acme-ai", "2026-01-31")?.of(Amount(nanos: 10_000_000_000)) == Amount(nanos: 500_000_000))
    #expect(try fee("acme", "2026-02-01") == nil)
    #expect(try fee("other", "2026-01-31") == nil)
  }
}
