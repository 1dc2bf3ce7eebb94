import Books
import Calls

/// What the ledger's sums have come to, so that none of them ever leaves 64 bits.
///
/// Every account, rollup and report adds up some of these amounts and quantities, so none of them can be
/// larger than all together. Kept in `book`, and moved in the same transaction as the calls.
struct BookedSums: Equatable {
  /// Nanodollars: every call's cost and margin, without their signs, and every document's entries.
  private(set) var amounts: Int64 = 0
  /// Quantities of all meters, each in its own unit.
  private(set) var quantities: Int64 = 0

  init(amounts: Int64, quantities: Int64) {
    self.amounts = amounts
    self.quantities = quantities
  }

  init() {}

  /// Takes a call in; false, and nothing taken, when the sums cannot hold it.
  @inline(__always) mutating func take(_ call: BookedCall, others: Int64) -> Bool {
    take(
      amounts: abs(call.cost) &+ abs(call.margin),
      quantities: call.input &+ call.cacheRead &+ call.output &+ others)
  }

  /// Both are of one call or document, and small beside what 64 bits hold.
  @inline(__always) mutating func take(amounts more: Int64, quantities further: Int64) -> Bool {
    let (money, spent) = amounts.addingReportingOverflow(more)
    let (count, used) = quantities.addingReportingOverflow(further)
    guard !spent, !used else { return false }
    amounts = money
    quantities = count
    return true
  }

  // MARK: - In the ledger

  private static let amountsName = "sum_of_amounts_n"
  private static let quantitiesName = "sum_of_quantities"

  /// As the ledger keeps them; added up from its balances and rollups where it does not.
  init(_ statements: BookingStatements) throws(StoreFault) {
    if let amounts = try statements.book(Self.amountsName).flatMap({ Int64($0) }),
      let quantities = try statements.book(Self.quantitiesName).flatMap({ Int64($0) })
    {
      self.init(amounts: amounts, quantities: quantities)
      return
    }
    let sums = statements.sums
    guard try sums.step() else { preconditionFailure("a select of values has a row") }
    defer { sums.reset() }
    self.init(amounts: sums.int64(0), quantities: sums.int64(1))
  }

  func write(_ statements: BookingStatements) throws(StoreFault) {
    try statements.setBook(Self.amountsName, "\(amounts)")
    try statements.setBook(Self.quantitiesName, "\(quantities)")
  }
}
