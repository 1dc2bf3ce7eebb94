import Books
import Calls

/// All rows that one call has: the first line's, and what each later line of a stream added.
struct CallChain {
  /// In the order of booking.
  private(set) var rows: ContiguousArray<PriorCalls.Row> = []
  /// What all of them come to, by the meter's raw value.
  private(set) var sum = [Int64](repeating: 0, count: Meter.count)
  /// In nanodollars, by the prices in effect.
  private(set) var cost: Int64 = 0
  private(set) var margin: Int64 = 0
  /// Of all rows, each once.
  private(set) var dimensions: [Int64] = []
  /// No row takes anything away.
  private var onlyGrows = true

  /// Adds the row that follows the last.
  mutating func append(_ row: PriorCalls.Row) {
    rows.append(row)
    for meter in sum.indices {
      sum[meter] += row.quantities[meter]
      if row.quantities[meter] < 0 { onlyGrows = false }
    }
    cost += row.cost
    margin += row.margin
    if !dimensions.contains(row.dimension) { dimensions.append(row.dimension) }
  }

  /// Whether every quantity is at least what the rows come to.
  func isWithin(_ quantities: [Int64]) -> Bool { zip(quantities, sum).allSatisfy { $0 >= $1 } }

  /// Whether the call had come to these quantities with some row for which `isIt` holds.
  ///
  /// Usage beyond the sum is answered without a look at the rows: a stream of a thousand lines would else be added up
  /// for each of them.
  func cameTo(_ quantities: [Int64], where isIt: (PriorCalls.Row) -> Bool = { _ in true }) -> Bool {
    if onlyGrows, quantities != sum, isWithin(quantities) { return false }
    var sum = [Int64](repeating: 0, count: Meter.count)
    for row in rows {
      for meter in sum.indices { sum[meter] += row.quantities[meter] }
      if sum == quantities, isIt(row) { return true }
    }
    return false
  }
}

/// The chains that grew last, so that a stream's next line reads one row and not all of them.
///
/// What it holds are rows of the ledger, those of the open transaction among them: it is emptied when that fails, and
/// when prices in effect change.
final class CallChains {
  /// Rows that are kept in all.
  private let limit: Int
  private var chains: [Int64: CallChain] = [:]
  private var rowCount = 0

  init(limit: Int) { self.limit = limit }

  /// The chain that ends with that row, which is kept no longer.
  func take(endingWith seq: Int64) -> CallChain? {
    guard let chain = chains.removeValue(forKey: seq) else { return nil }
    rowCount -= chain.rows.count
    return chain
  }

  /// Keeps a chain; where there is no room, those before it go.
  func keep(_ chain: CallChain) {
    // A single row is as soon read again.
    guard let last = chain.rows.last, chain.rows.count > 1 else { return }
    if rowCount + chain.rows.count > limit { removeAll() }
    chains[last.seq] = chain
    rowCount += chain.rows.count
  }

  func removeAll() {
    chains.removeAll(keepingCapacity: true)
    rowCount = 0
  }
}
