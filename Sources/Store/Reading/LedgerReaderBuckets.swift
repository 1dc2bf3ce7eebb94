import Audit
import Calls
import Units
import Watch

extension LedgerReader {
  /// Days of a span whose buckets are read at once.
  private static let daysAtOnce: Int32 = 1

  /// Hands over every bucket of a range, also those without calls: what each subject's calls came to in it.
  ///
  /// A call belongs to the bucket in which it began, at the price it was booked at. Reads every call.
  package func buckets(
    _ range: Range<Int32>, _ take: (Bucket, [(subject: Subject, facts: CallFacts)]) throws(StoreFault) -> Void
  ) throws(StoreFault) {
    try snapshot { () throws(StoreFault) in
      var next = range.lowerBound
      while next < range.upperBound {
        let end = min(next + Self.daysAtOnce * Bucket.perDay, range.upperBound)
        var byBucket: [Int32: [(subject: Subject, facts: CallFacts)]] = [:]
        let query = try query("buckets")
        query.bind(":from_us", Bucket(number: next).start.microseconds)
        query.bind(":to_us", Bucket(number: end).start.microseconds)
        while try query.step() {
          let subject = try dimension(Int(query.int64(1))).subject
          byBucket[next + Int32(clamping: query.int64(0)), default: []].append((subject, CallFacts(query)))
        }
        for number in next..<end { try take(Bucket(number: number), byBucket[number] ?? []) }
        next = end
      }
    }
  }
}

extension CallFacts {
  /// The row of `buckets.sql` that a query stands on.
  fileprivate init(_ query: Statement) {
    self.init()
    calls = query.int64(2)
    errors = query.int64(3)
    paymentRequired = query.int64(4)
    unpriced = query.int64(5)
    spend = Amount(nanos: query.int64(6))
    tokens = query.int64(7)
    latencyMilliseconds = query.int64(8)
    latencyCalls = query.int64(9)
    stated = Amount(nanos: query.int64(10))
    bookedBesideStated = Amount(nanos: query.int64(11))
  }
}
