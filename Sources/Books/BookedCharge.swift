/// What one row of a call comes to in the books, and under which dimension.
package struct BookedCharge: Hashable, Sendable {
  package let dimension: Under
  /// Nanodollars; nil for a row without a price.
  package let cost: Int64?
  /// Nanodollars that the route added; nil when that is unknown.
  package let margin: Int64?
  package let state: BookedCall.State

  /// Where a dimension stands.
  package enum Under: Hashable, Sendable {
    /// In the ledger, under this id.
    case stored(Int64)
    /// In ``Repricing/dimensions``, under this number; the ledger may have it too.
    case new(Int32)
  }

  package init(dimension: Under, cost: Int64?, margin: Int64?, state: BookedCall.State) {
    self.dimension = dimension
    self.cost = cost
    self.margin = margin
    self.state = state
  }

  /// Whether it is the same money: another card that comes to the same changes nothing.
  func isWorth(_ other: BookedCharge) -> Bool {
    cost == other.cost && margin == other.margin && state == other.state
  }
}
