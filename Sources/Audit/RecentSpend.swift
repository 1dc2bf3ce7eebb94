import Units

/// What the calls of the last hour came to, by half a minute and dimension.
///
/// It is filled as calls are booked, a look at a time, and forgets what is over: so a view of now need not read an
/// hour's calls every time.
package struct RecentSpend: Sendable {
  /// Unit: seconds.
  package static let slotSeconds: Int64 = 30
  /// How far it reaches back, beside the slot that is under way.
  ///
  /// Unit: slots.
  package static let slots: Int64 = 120

  private var sums: [Int64: [Int: SpendSums]] = [:]

  package init() {}

  /// The slot an instant falls in, counted from 1970.
  package static func slot(_ instant: Timestamp) -> Int64 {
    let length = slotSeconds * Timestamp.microsecondsPerSecond
    let quotient = instant.microseconds / length
    return instant.microseconds % length < 0 ? quotient - 1 : quotient
  }

  package static func start(of slot: Int64) -> Timestamp {
    Timestamp(microseconds: slot * slotSeconds * Timestamp.microsecondsPerSecond)
  }

  package mutating func add(_ sums: SpendSums, slot: Int64, dimension: Int) {
    self.sums[slot, default: [:]][dimension, default: SpendSums()] += sums
  }

  /// Lets go of what lies before the hour that ends at an instant.
  package mutating func forget(at now: Timestamp) {
    let first = Self.slot(now) - Self.slots
    sums = sums.filter { $0.key >= first }
  }

  /// What each dimension came to in some whole slots before the one under way, and in that.
  ///
  /// Calls that say they begin later are in none.
  package func sums(ofLast slots: Int64, at now: Timestamp) -> [Int: SpendSums] {
    let last = Self.slot(now)
    var found: [Int: SpendSums] = [:]
    for (slot, byDimension) in sums where (last - slots...last).contains(slot) {
      for (dimension, sums) in byDimension { found[dimension, default: SpendSums()] += sums }
    }
    return found
  }

  /// How long those slots have lasted, and the one under way so far.
  ///
  /// Unit: microseconds; at least one.
  package static func length(ofLast slots: Int64, at now: Timestamp) -> Int64 {
    max(now.microseconds - start(of: slot(now) - slots).microseconds, 1)
  }
}
