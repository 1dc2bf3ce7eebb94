import Audit

extension SpendSums {
  /// Reads the sums that stand in a row from a column on, in the order of the rollups' columns.
  init(_ row: Statement, from column: Int32) {
    self.init()
    calls = row.int64(column)
    errors = row.int64(column + 1)
    unpriced = row.int64(column + 2)
    partial = row.int64(column + 3)
    input = row.int64(column + 4)
    cacheRead = row.int64(column + 5)
    output = row.int64(column + 6)
    cost = row.int64(column + 7)
    margin = row.int64(column + 8)
    latencyMilliseconds = row.int64(column + 9)
    latencyCalls = row.int64(column + 10)
  }
}
