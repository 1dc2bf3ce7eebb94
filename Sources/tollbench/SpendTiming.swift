import Audit
import Store
import Units

/// The report that is timed: a year's spend by team and model.
enum SpendTiming {
  static func run(_ reader: LedgerReader) throws -> Int {
    guard let from = Timestamp("2026-01-01"), let to = Timestamp("2027-01-01"),
      let span = Span(from: from, to: to)
    else { throw BenchFault("a year has no span") }
    let query = SpendQuery(span: span, zone: "UTC", keys: [.team, .model])
    return try reader.spend(query).rows.count
  }
}
