import Audit
import Units

extension LedgerReader {
  /// What providers stated of the calls of a span, against what was booked.
  ///
  /// Reads every call of the span that states a cost; there are no rollups of statements.
  package func drift(over span: Span, zone: String) throws(StoreFault) -> Drift {
    try snapshot { () throws(StoreFault) in
      var tally = DriftTally()
      let query = try query("stated")
      query.bind(":from_us", span.from.microseconds)
      query.bind(":to_us", span.to.microseconds)
      while try query.step() {
        let record = try dimension(Int(query.int64(0)))
        tally.add(
          record.subject, cost: query.int64(1) == 2 ? nil : query.optionalInt64(2), stated: query.text(3),
          before: query.optionalText(4), bookedBefore: query.optionalInt64(5))
      }
      return tally.drift(span: span, zone: zone)
    }
  }
}
