import Units

/// When a budget is told of: the constants of ``BudgetWatch``.
///
/// The pairs of windows are those of the field's service levels (Google, "The Site Reliability Workbook", 2018,
/// chapter 5) but for the slowest: a budget is meant to be spent at once its rate, and their pair of three days at
/// that rate raised 8.2 false alarms a series and month on simulated spend. At one and a half times it raised 0.02,
/// and the four together caught 14 of 15 runaway loops and 10 of 11 slow leaks. Windows are held against an even
/// month: by hours of the week the shortest pair raised 50 times as many.
package struct BudgetParameters: Hashable, Sendable {
  /// Two windows that must both be spent faster than so many times an even month.
  package struct BurnPair: Hashable, Sendable {
    /// As alerts name it: `1h`.
    package let name: String
    /// Unit: buckets.
    package let long: Int
    package let short: Int
    /// In tenths.
    package let tenths: Int64
    package let severity: Severity
  }

  /// Parts of the amount that are told once a period, in hundredths, with how much each matters.
  package var thresholds: [(percent: Int64, severity: Severity)] {
    [(50, .info), (80, .warning), (90, .warning), (100, .critical), (120, .critical)]
  }

  package var pairs = [
    BurnPair(name: "1h", long: 12, short: 1, tenths: 144, severity: .critical),
    BurnPair(name: "6h", long: 72, short: 6, tenths: 60, severity: .critical),
    BurnPair(name: "1d", long: 288, short: 24, tenths: 30, severity: .warning),
    BurnPair(name: "3d", long: 864, short: 72, tenths: 15, severity: .warning),
  ]
  /// Buckets below a pair's rate that end its alarm: two hours.
  package var burnCalmBuckets: Int32 = 24

  /// What the forecast must exceed, and what it must fall below again, in hundredths of the amount.
  package var forecastPercent: Int64 = 100
  package var forecastClearPercent: Int64 = 95
  /// Buckets of a period, or watched before it, without which nothing is forecast: three days.
  ///
  /// Source: on simulated months the forecast of the third day erred by 5 % in the middle and 19 % at the tenth worst.
  package var forecastBuckets = 3 * Bucket.perDay

  /// Hours within which a budget that runs out is told of, and beyond which that is over again.
  package var exhaustionHours: Int64 = 24
  package var exhaustionClearHours: Int64 = 36

  package init() {}
}
