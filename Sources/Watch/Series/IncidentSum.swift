import Units

/// What was spent since an incident became pending, and what it would have been: exact nanodollars.
///
/// `spend - expected` is the excess; it is `byCalls` + `byUnitCost`, to the nano.
package struct IncidentSum: Hashable, Sendable {
  var spendNanos: Int64 = 0
  var expectedNanos: Int64 = 0
  /// The calls that were made, at the unit cost that is usual.
  var usualNanos: Int64 = 0
  package internal(set) var calls: Int64 = 0

  package init() {}

  package var spend: Amount { Amount(nanos: spendNanos) }
  package var expected: Amount { Amount(nanos: expectedNanos) }
  package var excess: Amount { Amount(nanos: Self.difference(spendNanos, expectedNanos)) }
  /// What more, or fewer, calls than expected come to at the usual unit cost.
  package var byCalls: Amount { Amount(nanos: Self.difference(usualNanos, expectedNanos)) }
  /// What calls came to beyond their usual unit cost.
  package var byUnitCost: Amount { excess - byCalls }

  /// Adds a bucket.
  ///
  /// Sums stay at a quarter of what 64 bits hold, ±2.3 billion USD, where they would go beyond.
  mutating func add(spend: Int64, expected: Double, usual: Double, calls: Int64) {
    spendNanos = Self.sum(spendNanos, spend)
    expectedNanos = Self.sum(expectedNanos, Self.whole(expected))
    usualNanos = Self.sum(usualNanos, Self.whole(usual))
    self.calls = Self.sum(self.calls, calls)
  }

  private static let most = Int64.max / 4

  private static func sum(_ a: Int64, _ b: Int64) -> Int64 { min(a + min(b, most), most) }
  private static func difference(_ a: Int64, _ b: Int64) -> Int64 { a - b }

  /// An estimate in whole nanos, halves to even.
  static func whole(_ nanos: Double) -> Int64 {
    guard nanos > 0 else { return 0 }
    return nanos < Double(most) ? Int64(nanos.rounded(.toNearestOrEven)) : most
  }
}
