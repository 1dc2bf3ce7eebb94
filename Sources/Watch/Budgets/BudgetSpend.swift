import Units

/// What was spent under a budget: in the period, and in the last buckets of each window; exact nanodollars.
struct BudgetSpend: Sendable {
  /// Buckets that are kept: seven days, which the forecast is the mean of.
  static let buckets = 7 * Int(Bucket.perDay)
  /// Beyond this a bucket's spend is taken as this: 1 million dollars, so that sums stay far within 64 bits.
  static let bucketMax: Int64 = 1_000_000_000_000_000

  /// The period it is of.
  var month: Month?
  var spent: Int64 = 0
  /// The last bucket, and how many were seen, as far as they are kept.
  var last: Bucket?
  var watched = 0
  /// The spend of each bucket at its number modulo ``buckets``.
  var ring = [Int64](repeating: 0, count: BudgetSpend.buckets)

  /// Adds a closed bucket; those between the last one and it were without spend.
  mutating func add(_ nanos: Int64, at bucket: Bucket, in period: BudgetPeriod) {
    if month != period.month {
      month = period.month
      spent = 0
    }
    if let last {
      let missing = min(Int(bucket.number) - Int(last.number) - 1, Self.buckets)
      for back in 0..<max(missing, 0) { ring[place(bucket.number - 1 - Int32(back))] = 0 }
      watched = min(watched + missing, Self.buckets)
    }
    let nanos = min(max(nanos, -Self.bucketMax), Self.bucketMax)
    ring[place(bucket.number)] = nanos
    watched = min(watched + 1, Self.buckets)
    last = bucket
    spent += nanos
  }

  private func place(_ number: Int32) -> Int {
    let rest = Int(number) % Self.buckets
    return rest < 0 ? rest + Self.buckets : rest
  }

  /// What the last so many buckets came to.
  func sum(_ buckets: Int) -> Int64 {
    guard let last else { return 0 }
    var sum: Int64 = 0
    for back in 0..<min(buckets, watched) { sum += ring[place(last.number - Int32(back))] }
    return sum
  }
}
