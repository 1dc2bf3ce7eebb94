import Calls
import Rates
import Units

/// What an issuer's free units of one month come to: the first units of each period, in the order of calls.
///
/// A call counts in the month in UTC that it began in; periods are those of the allowance's own clocks. What a
/// unit is worth is what its call was charged for it: see ``Tariff/charge(_:outcome:less:)``.
package struct FreeUnits: Sendable {
  package let issuer: String
  package let month: Month
  /// By name and day; units of one call never belong to two of different names.
  package let allowances: [Allowance]
  /// The period that each allowance is in, and how much of it is left.
  private var running: [(period: Day?, left: Int64)]
  private var sums: [String: Sum] = [:]

  /// What one allowance came to in the month.
  package struct Sum: Hashable, Sendable {
    package let name: String
    package let meter: Meter
    /// Units that calls of the month used, priced or not; in the meter's smallest parts.
    package fileprivate(set) var used: Int128 = 0
    /// Units of them that are free.
    package fileprivate(set) var free: Int128 = 0
    /// Calls with free units, and those of them whose units no card has priced.
    package fileprivate(set) var calls: Int64 = 0
    package fileprivate(set) var unpriced: Int64 = 0
    /// Nanodollars that the free units were charged.
    fileprivate var charged: Int128 = 0
  }

  /// A call, as far as free units go.
  package struct UnitCall: Sendable {
    package let at: Timestamp
    package let seq: Int64
    package let outcome: Outcome
    package let usage: Usage
    /// What it is charged by; nil for a call without a price.
    package let tariff: Tariff?
    /// It accrued to the account in question; another name's calls of the same company only use units up.
    package let isOwn: Bool
    /// Which of the allowances it can use, by number.
    let numbers: [Int]
  }

  /// `issuer` is its name as the ledger has it.
  package init(_ allowances: [Allowance], of issuer: String, in month: Month) {
    self.issuer = issuer
    self.month = month
    self.allowances = allowances
    running = allowances.map { _ in (nil, 0) }
    for allowance in allowances where allowance.from <= month.last && allowance.until.map({ month.first < $0 }) ?? true
    {
      sums[allowance.name] = Sum(name: allowance.name, meter: allowance.meter)
    }
  }

  /// The days in UTC whose calls decide: those of the month, and before it those of periods that reach into it.
  package var days: Range<Day> {
    var first = month.first
    for allowance in allowances {
      let begins = allowance.period(at: month.first.start)
      // Clocks ahead of UTC begin their day on the one before.
      first = min(first, allowance.zone == .utc ? begins : Day(number: begins.number - 1))
    }
    return first..<month.days.upperBound
  }

  /// The call, when any allowance is for it; `product` is the name that its card gives the model.
  package func call(
    _ row: Repricing.Row, seq: Int64, usage: Usage, subject: Subject, product: String?, tariff: Tariff?
  ) -> UnitCall? {
    let numbers = allowances.indices.filter {
      allowances[$0].covers(subject, product: product)
        && (usage[allowances[$0].meter] > 0 || allowances[$0].meter == .requests)
    }
    if numbers.isEmpty { return nil }
    return UnitCall(
      at: row.at, seq: seq, outcome: row.outcome, usage: usage, tariff: tariff,
      isOwn: Account.accrued(subject.issuer) == .accrued(issuer), numbers: numbers)
  }

  /// Takes the next call: they come by their instants, then in the order of booking.
  package mutating func take(_ call: UnitCall) {
    let billed = call.tariff?.billed(call.usage, outcome: call.outcome) ?? call.usage
    let counts = call.isOwn && Month(of: call.at.day) == month
    var free = Usage()
    for number in call.numbers {
      let allowance = allowances[number]
      let units = billed[allowance.meter] - free[allowance.meter]
      let period = allowance.period(at: call.at)
      guard units > 0, allowance.holds(on: period) else { continue }
      if running[number].period != period { running[number] = (period, allowance.quantity) }
      let given = min(units, running[number].left)
      running[number].left -= given
      guard counts, var sum = sums[allowance.name] else {
        if given > 0 { free[allowance.meter] += given }
        continue
      }
      sum.used += Int128(units)
      if given > 0 {
        let before = charge(call, less: free)
        free[allowance.meter] += given
        sum.free += Int128(given)
        sum.calls += 1
        sum.charged += Int128(before) - Int128(charge(call, less: free))
        let table = call.tariff?.table(promptTokens: call.usage.promptTokens)
        if !(table?.has(allowance.meter) ?? false) { sum.unpriced += 1 }
      }
      sums[allowance.name] = sum
    }
  }

  private func charge(_ call: UnitCall, less free: Usage) -> Int64 {
    call.tariff?.charge(call.usage, outcome: call.outcome, less: free).amount.nanos ?? 0
  }

  // MARK: - What it comes to

  /// What each allowance came to, by name.
  package var came: [Sum] { sums.values.sorted { $0.name < $1.name } }

  /// What an allowance's free units were charged.
  package func charged(_ sum: Sum) throws(CreditFault) -> Amount {
    guard let nanos = Int64(exactly: sum.charged) else { throw .beyond(issuer: issuer) }
    return Amount(nanos: nanos)
  }

  /// Where what an allowance gave stands.
  package func account(_ sum: Sum) -> Account { .freeUnits(issuer, month: month, allowance: sum.name) }

  /// Books what the free units come to beyond what is booked of them; empty when there is nothing new.
  ///
  /// Dated within the month, or on the first open day when the month is closed. Goes the other way where
  /// free units turn out to have been charged less.
  package func entries(
    booked: CreditBooks, today: Day, firstOpenDay: Day?
  ) throws(CreditFault) -> [Entry] {
    guard today >= month.first else { throw .notBegun(month) }
    let day = max(min(today, month.last), firstOpenDay ?? month.first)
    var made: [Entry] = []
    for sum in came {
      let account = account(sum)
      let (due, before) = (try charged(sum), try booked.freed(account, of: issuer))
      do throws(EntryFault) {
        let entry = try Entry.moving(
          due.nanos - before.nanos, day: day, kind: .creditUse, debit: .accrued(issuer), credit: account)
        if let entry { made.append(entry) }
      } catch {
        throw .entry(error)
      }
    }
    return made
  }
}
