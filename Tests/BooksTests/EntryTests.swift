import Books
import Calls
import Rates
import Testing
import Units

/// Entries, written as a ledger writes them.
@Suite struct EntryTests {
  static let day = Day(number: 20_760)

  /// Entries as lines: kind, debit, amount, credit.
  static func written(_ entries: [Entry]) -> [String] {
    entries.map { entry in
      let amount =
        entry.debit.commodity == .usd ? Amount(nanos: entry.amount).description : "\(entry.amount) CALL"
      return "\(entry.kind.name)  \(entry.debit.name) \(amount) < \(entry.credit.name)"
    }
  }

  static func rules(
    team: String = "search", project: String = "", route: String = "direct",
    provider: String = "fireworks", issuer: String = "fireworks"
  ) -> EntryRules {
    var subject = Subject()
    subject.team = team
    subject.project = project
    subject.route = route
    subject.provider = provider
    subject.issuer = issuer
    return EntryRules(
      for: Dimension(
        subject: subject, providerInferred: false, card: nil, direct: nil, reason: nil, band: 0))
  }

  @Test func `a direct call owes the provider`() throws {
    // 1200 input × 220 n + 350 output × 880 n = 264,000 + 308,000
    let entries = try Self.rules().entries(day: Self.day, cost: 572_000, margin: 0, unpriced: 0)
    #expect(
      Self.written(entries) == [
        "usage  Expenses:Inference:search 0.000572000 < Liabilities:Accrued:fireworks"
      ])
  }

  @Test func `a routed call shows base and margin apart`() throws {
    let rules = Self.rules(project: "index", route: "huggingface", issuer: "huggingface")
    let entries = try rules.entries(day: Self.day, cost: 589_160, margin: 17_160, unpriced: 0)
    #expect(
      Self.written(entries) == [
        "usage  Expenses:Inference:search:index 0.000572000 < Liabilities:Accrued:huggingface",
        "margin  Expenses:RoutingMargin:huggingface 0.000017160 < Liabilities:Accrued:huggingface",
      ])
  }

  @Test func `a route that is cheaper than direct is a negative margin`() throws {
    let rules = Self.rules(route: "huggingface", issuer: "huggingface")
    let entries = try rules.entries(day: Self.day, cost: 500_000, margin: -72_000, unpriced: 0)
    #expect(
      Self.written(entries) == [
        "usage  Expenses:Inference:search 0.000572000 < Liabilities:Accrued:huggingface",
        "margin  Liabilities:Accrued:huggingface 0.000072000 < Expenses:RoutingMargin:huggingface",
      ])
  }

  @Test func `calls without a price stand in suspense, counted and not valued`() throws {
    let entries = try Self.rules(team: "").entries(day: Self.day, cost: 0, margin: 0, unpriced: 3)
    #expect(
      Self.written(entries) == [
        "unpriced  Assets:Suspense:Unpriced:fireworks 3 CALL < Equity:UnpricedClearing"
      ])
  }

  @Test func `a failed call that costs nothing makes no entry`() throws {
    #expect(try Self.rules().entries(day: Self.day, cost: 0, margin: 0, unpriced: 0).isEmpty)
  }

  @Test func `whoever has no team is unattributed, and colons make no accounts`() throws {
    #expect(Account.inference(team: "", project: "").name == "Expenses:Inference:Unattributed")
    #expect(Account.inference(team: "a:b", project: "").name == "Expenses:Inference:a-b")
  }

  @Test func `what would not balance cannot be made`() throws {
    let a = Account.bank
    let b = Account.accrued("acme")
    #expect(throws: EntryFault.notPositive(0, debit: a.name, credit: b.name)) {
      try Entry(day: Self.day, kind: .fee, debit: a, credit: b, amount: 0)
    }
    #expect(throws: EntryFault.oneAccount(a.name)) {
      try Entry(day: Self.day, kind: .fee, debit: a, credit: a, amount: 1)
    }
    #expect(throws: EntryFault.commoditiesDiffer(debit: a.name, credit: Account.unpricedClearing.name)) {
      try Entry(day: Self.day, kind: .fee, debit: a, credit: .unpricedClearing, amount: 1)
    }
    let entry = try Entry(day: Self.day, kind: .fee, debit: a, credit: b, amount: 7)
    #expect(entry.postings.map(\.amount).reduce(0, +) == 0)
    let back = try entry.reversed(on: Day(number: 20_761))
    #expect(back.debit == b && back.credit == a && back.amount == 7 && back.kind == .reversal)
  }
}
