import Audit

/// What the calls of one batch come to.
struct VerifyBatch {
  struct Key: Hashable {
    let day: Int64
    let dimension: Int64
  }
  struct Sum {
    var cost: Int64 = 0
    var margin: Int64 = 0
    var unpriced: Int64 = 0

    mutating func add(_ sums: SpendSums) {
      cost &+= sums.cost
      margin &+= sums.margin
      unpriced &+= sums.unpriced
    }
  }

  var cost: Int64 = 0
  /// Amounts of its rows without their signs: within 64 bits no sum over some of them overflows.
  var moved: Int128 = 0
  /// Rows without a price, later lines of streams among them.
  var unpriced: Int64 = 0
  var days: [Key: Sum] = [:]
}
