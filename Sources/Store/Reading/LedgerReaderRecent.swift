import Audit
import Calls
import Units

extension LedgerReader {
  /// Rows that a first look reads at most: what lies further back is left out, and told.
  package static let recentRows: Int64 = 2_000_000
  /// How far ahead of the present a call may say that it begins, to be counted when its time has come.
  ///
  /// Unit: microseconds.
  private static let aheadMicroseconds = Timestamp.microsecondsPerHour

  /// How far looks at what was booked lately have come.
  package struct RecentLook: Sendable {
    /// The last row that was read; nil before the first look.
    fileprivate var afterSeq: Int64?
    /// Up to when rows of the last hour are missing that the first look left out; nil where it left out none.
    fileprivate var cutUntil: Timestamp?

    package init() {}

    /// Whether the sums are of a part of the last hour alone.
    package func isCut(at now: Timestamp) -> Bool { cutUntil.map { now < $0 } ?? false }
  }

  /// Adds what was booked since the last look to the sums of the last hour.
  package func addRecent(
    to recent: inout RecentSpend, _ look: inout RecentLook, at now: Timestamp
  ) throws(StoreFault) {
    let from = RecentSpend.start(of: RecentSpend.slot(now) - RecentSpend.slots)
    recent.forget(at: now)
    try snapshot { () throws(StoreFault) in
      let start = try query("recent-start")
      defer { start.reset() }
      // Only the first look asks where to begin.
      start.bind(":from_us", look.afterSeq == nil ? from.microseconds : Int64.max)
      guard try start.step() else { return }
      let last = start.int64(1)
      var after = look.afterSeq ?? start.optionalInt64(0) ?? last
      if look.afterSeq == nil, last - after > Self.recentRows {
        after = last - Self.recentRows
        look.cutUntil = Timestamp(microseconds: now.microseconds + Timestamp.microsecondsPerHour)
      }
      guard last > after else {
        look.afterSeq = last
        return
      }
      let query = try query("recent")
      query.bind(":after_seq", after)
      query.bind(":from_us", from.microseconds)
      query.bind(":to_us", now.microseconds + Self.aheadMicroseconds)
      while try query.step() {
        var sums = SpendSums()
        sums.calls = query.int64(2)
        sums.errors = query.int64(3)
        sums.unpriced = query.int64(4)
        sums.cost = query.int64(5)
        recent.add(sums, slot: query.int64(0), dimension: Int(query.int64(1)))
      }
      look.afterSeq = last
    }
  }

  /// Who called what, of a dimension that sums are of.
  package func subject(of dimension: Int) throws(StoreFault) -> Subject { try self.dimension(dimension).subject }

  /// What the same hours cost in the weeks before, so many hours back each.
  package func expectedHour(
    at now: Timestamp, backs: [Int64] = ExpectedHour.wholeWeeks
  ) throws(StoreFault) -> ExpectedHour {
    try snapshot { () throws(StoreFault) in
      let query = try query("hour-past")
      query.bind(":hour", now.hour)
      for (place, back) in backs.enumerated() { query.bind(":back_\(place + 1)", back) }
      var expected = ExpectedHour(costs: [:], firstHour: nil, backs: backs)
      while try query.step() {
        if expected.firstHour == nil {
          expected = ExpectedHour(costs: [:], firstHour: query.optionalInt64(2), backs: backs)
        }
        expected.costs[query.int64(0)] = query.int64(1)
      }
      return expected
    }
  }
}
