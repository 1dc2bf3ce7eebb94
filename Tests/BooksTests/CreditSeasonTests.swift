import Books
import TestSupport
import Testing
import Units

/// Seeded seasons of usage, refunds, grants and payments in any order: what must hold after each step.
@Suite struct CreditSeasonTests {
  /// Entries so far, and the balances that they leave, kept apart from the code under test.
  struct Journal {
    var books = CreditBooks()
    var balances: [Account: Int64] = [:]

    mutating func post(_ entries: [Entry]) {
      for entry in entries {
        books.add(entry)
        balances[entry.debit, default: 0] += entry.amount
        balances[entry.credit, default: 0] -= entry.amount
      }
    }

    func balance(_ account: Account) -> Int64 { balances[account] ?? 0 }

    func month(_ month: Month) throws -> IssuerMonth {
      try books.month(
        month, of: "acme", accrued: Amount(nanos: -balance(.accrued("acme"))),
        prepaid: Amount(nanos: balance(.prepaid("acme"))))
    }
  }

  static let search = Account.inference(team: "search", project: "")

  @Test(arguments: 0..<100) func `nothing is overdrawn, and every step twice is once`(seed: Int) throws {
    var random = Seeded(UInt64(seed))
    var journal = Journal()
    let months = [Month(of: Day(number: 20_760)), Month(of: Day(number: 20_790))]
    for _ in 0..<60 {
      let month = months[Int.random(in: 0..<2, using: &random)]
      let day = Day(number: Int.random(in: month.days.lowerBound.number...month.last.number, using: &random))
      let today = Day(number: day.number + Int.random(in: 0...40, using: &random))
      let amount = Amount(nanos: Int64.random(in: 1...3_000, using: &random))
      let state = try journal.month(month)
      switch Int.random(in: 0..<7, using: &random) {
      case 0, 1:
        journal.post([
          try Entry(day: day, kind: .usage, debit: Self.search, credit: .accrued("acme"), amount: amount.nanos)
        ])
      case 2 where state.usage > .zero:
        let back = min(amount, state.usage)
        journal.post([
          try Entry(day: day, kind: .refund, debit: .accrued("acme"), credit: Self.search, amount: back.nanos)
        ])
      case 3: journal.post(try state.granting(amount, today: today))
      case 4: journal.post(try TopUp(issuer: "acme", amount: amount, fee: .zero, day: day).entries())
      case 5:
        for entries in [try? state.expiring(today: today), try? state.settling(today: today)] {
          // Only one of the two: the state is that before either.
          if let entries, !entries.isEmpty {
            journal.post(entries)
            break
          }
        }
      default: if let entries = try? state.applying(today: today) { journal.post(entries) }
      }
      try expectSound(journal, months)
    }
  }

  private func expectSound(_ journal: Journal, _ months: [Month]) throws {
    var (used, left, unpaid) = (Amount.zero, Amount.zero, Amount.zero)
    for month in months {
      let state = try journal.month(month)
      #expect(state.grant.left >= .zero && state.grant.used >= .zero)
      #expect(journal.balance(.credits("acme", grant: "\(month)")) == state.grant.left.nanos)
      used += state.grant.used
      left += state.grant.left
      unpaid += state.unpaid
      // What has just been applied or settled has nothing new to move.
      var once = journal
      once.post((try? state.applying(today: month.last)) ?? [])
      #expect(try once.month(month).coverable == .zero || state.grant.granted == .zero)
      once.post((try? once.month(month).settling(today: month.last)) ?? [])
      #expect(try once.month(month).settleable == .zero)
      #expect(once.balance(.prepaid("acme")) >= 0)
    }
    #expect(journal.balance(.prepaid("acme")) >= 0)
    #expect(journal.balance(.contraCredits("acme")) == -used.nanos)
    #expect(journal.balance(.unearnedCredits("acme")) == -left.nanos)
    #expect(journal.balance(.accrued("acme")) == -unpaid.nanos)
    #expect(journal.balances.values.reduce(0, +) == 0)
  }
}
