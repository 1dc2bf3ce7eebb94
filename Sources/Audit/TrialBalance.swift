import Books
import Units

/// Every account with its turnover, and whether the books balance.
package struct TrialBalance: Sendable {
  /// By name, then commodity.
  package let lines: [AccountBalance]

  package init(lines: [AccountBalance]) {
    self.lines = lines.sorted {
      ($0.account.name, $0.account.commodity.rawValue)
        < ($1.account.name, $1.account.commodity.rawValue)
    }
  }

  /// What the balances of one commodity add up to: nought, or the books are wrong.
  package func sum(of commodity: Account.Commodity) -> Int128 {
    lines.reduce(0) { sum, line in
      line.account.commodity == commodity ? sum + line.balance : sum
    }
  }

  package var isBalanced: Bool { Account.Commodity.allCases.allSatisfy { sum(of: $0) == 0 } }
}
