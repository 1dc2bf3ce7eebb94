import Units

/// What an hour's calls can be expected to cost: what the same hours of the week cost, one to four weeks ago.
package struct ExpectedHour: Hashable, Sendable {
  /// Nanodollars by UTC hour, of the hours that ``hours(at:)`` names.
  package var costs: [Int64: Int64]
  /// The ledger's first hour with a call: weeks from before it tell nothing.
  package let firstHour: Int64?

  /// How far back the same hour of each week is, the latest first.
  ///
  /// Unit: hours. An hour more or less than whole weeks where clocks were put back or forward since.
  package let backs: [Int64]

  package static let weeks: ClosedRange<Int64> = 1...4
  package static let week: Int64 = 168
  package static let wholeWeeks = weeks.map { $0 * week }

  package init(costs: [Int64: Int64], firstHour: Int64?, backs: [Int64] = wholeWeeks) {
    self.costs = costs
    self.firstHour = firstHour
    self.backs = backs
  }

  /// What the 60 minutes up to an instant can be expected to cost.
  ///
  /// The mean of the weeks that the ledger knows, of the hour that is under way and the one before it by their shares;
  /// rounded once, half to even. Nil when it knows no week, or the amount cannot be held.
  package func amount(at now: Timestamp) -> Amount? {
    let elapsed = Int128(now.microseconds - now.hour * Timestamp.microsecondsPerHour)
    let whole = Int128(Timestamp.microsecondsPerHour)
    guard let present = past(now.hour), let before = past(now.hour - 1) else { return nil }
    let value = present.sum * elapsed * before.weeks + before.sum * (whole - elapsed) * present.weeks
    let rounded = Rounding.halfEven.divide(value, by: whole * present.weeks * before.weeks)
    return Int64(exactly: rounded).map(Amount.init(nanos:))
  }

  private func past(_ hour: Int64) -> (sum: Int128, weeks: Int128)? {
    guard let firstHour else { return nil }
    let known = backs.map { hour - $0 }.filter { $0 >= firstHour }
    guard !known.isEmpty else { return nil }
    return (known.reduce(0) { $0 + Int128(costs[$1] ?? 0) }, Int128(known.count))
  }
}
