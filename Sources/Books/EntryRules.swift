import Calls
import Units

/// Which entries calls make: every posting of a call is decided here.
///
/// | what | debit | credit |
/// |---|---|---|
/// | the direct price of a call, or all of it where the route's share is unknown | `Expenses:Inference:<team>` | `Liabilities:Accrued:<issuer>` |
/// | what the route added (negative: the other way round) | `Expenses:RoutingMargin:<route>` | `Liabilities:Accrued:<issuer>` |
/// | a call without a price | `Assets:Suspense:Unpriced:<provider>` (calls) | `Equity:UnpricedClearing` (calls) |
package struct EntryRules: Sendable {
  package let expense: Account
  package let accrued: Account
  package let margin: Account
  package let unpriced: Account

  package init(for dimension: Dimension) {
    let subject = dimension.subject
    expense = .inference(team: subject.team, project: subject.project)
    accrued = .accrued(subject.issuer)
    margin = .routingMargin(subject.route)
    unpriced = .unpriced(subject.provider)
  }

  /// The entries of calls that cost `cost` in all, `margin` of it the route's, `unpriced` of them
  /// without a full price, on one day.
  ///
  /// Corrections of streams may make the sums negative; then the entries go the other way.
  package func entries(
    day: Day, cost: Int64, margin routeMargin: Int64, unpriced unpricedCalls: Int64
  ) throws(EntryFault) -> [Entry] {
    let made = [
      try Entry.moving(
        cost - routeMargin, day: day, kind: .usage, debit: expense, credit: accrued),
      try Entry.moving(routeMargin, day: day, kind: .margin, debit: margin, credit: accrued),
      try Entry.moving(
        unpricedCalls, day: day, kind: .unpriced, debit: unpriced, credit: .unpricedClearing),
    ]
    return made.compactMap { $0 }
  }

  /// The entries that take back, on `day`, what calls were booked at, where a re-pricing books them anew.
  ///
  /// Calls that had no price leave the suspense account by an entry of their own kind.
  package func reversal(
    day: Day, cost: Int64, margin: Int64, unpriced: Int64
  ) throws(EntryFault) -> [Entry] {
    var made: [Entry] = []
    for entry in try entries(day: day, cost: cost, margin: margin, unpriced: unpriced) {
      made.append(
        try Entry(
          day: day, kind: entry.debit.commodity == .call ? .priced : .reversal, debit: entry.credit,
          credit: entry.debit, amount: entry.amount))
    }
    return made
  }

  /// The entries that book, on `day`, what the same calls come to now.
  package func rebooking(
    day: Day, cost: Int64, margin: Int64, unpriced: Int64
  ) throws(EntryFault) -> [Entry] {
    var made: [Entry] = []
    for entry in try entries(day: day, cost: cost, margin: margin, unpriced: unpriced) {
      made.append(
        try Entry(
          day: day, kind: .rebooking, debit: entry.debit, credit: entry.credit, amount: entry.amount))
    }
    return made
  }
}
