import Audit
import Calls
import Units
import Watch

/// Who and what is behind an incident: asked of the books when it opens.
extension LedgerReader {
  /// Hours of an incident that are looked at, the last ones.
  private static let hoursMax: Int64 = 24
  /// The same hours of the four weeks before; where the ledger is younger, of the six days before.
  private static let weeks: [Int64] = [1, 2, 3, 4].map { $0 * 168 }
  private static let days: [Int64] = [1, 2, 3, 4, 5, 6].map { $0 * 24 }
  private static let daysKnown: Int64 = 28

  /// Who has spent more than in the same hours before, and the dearest calls of its last hour, by number.
  ///
  /// Nothing for an incident that is of no calls. Reads rollups, and the calls of an hour.
  package func background(
    of incident: Incident
  ) throws(StoreFault) -> (contributors: [Notice.Contributor], calls: [String]) {
    guard var shift = SpendShift(incident.key) else { return ([], []) }
    return try snapshot { () throws(StoreFault) in
      let evidence = incident.evidence
      let end = evidence.at.next.start
      let hour = Timestamp.microsecondsPerHour
      let last = evidence.at.start.microseconds / hour
      let first = max(evidence.since.start.microseconds / hour, last - Self.hoursMax + 1)
      let ours = first..<max(last + 1, first + 1)
      guard let held = try hours() else { return ([], []) }
      let begun = held.from.microseconds / hour
      var dimensions: [Int] = []
      try spends(of: "spend-hours", ours, names: (":from_hour", ":to_hour")) { (dimension, subject, spend) in
        guard shift.covers(subject) else { return }
        dimensions.append(dimension)
        shift.add(now: spend, of: subject)
      }
      let whole = Self.weeks.filter { ours.lowerBound - $0 >= begun }
      let before = whole.isEmpty ? Self.days.filter { ours.lowerBound - $0 >= begun } : whole
      for back in before {
        let range = ours.lowerBound - back..<ours.upperBound - back
        try spends(of: "spend-hours", range, names: (":from_hour", ":to_hour")) { (_, subject, spend) in
          shift.add(before: spend, of: subject)
        }
      }
      let day = ours.lowerBound / 24
      try spends(of: "spend-days", day - Self.daysKnown..<day, names: (":from_day", ":to_day")) { (_, subject, _) in
        shift.note(subject)
      }
      let from = max(evidence.since.start.microseconds, end.microseconds - hour)
      let calls = try dearest(dimensions, from..<end.microseconds)
      return (shift.contributors(times: Int64(before.count)), calls)
    }
  }

  private func spends(
    of name: String, _ range: Range<Int64>, names: (String, String), _ take: (Int, Subject, Amount) -> Void
  ) throws(StoreFault) {
    let query = try query(name)
    defer { query.reset() }
    query.bind(names.0, range.lowerBound)
    query.bind(names.1, range.upperBound)
    while try query.step() {
      let id = Int(query.int64(0))
      take(id, try dimension(id).subject, Amount(nanos: query.int64(8)))
    }
  }

  private func dearest(_ dimensions: [Int], _ span: Range<Int64>) throws(StoreFault) -> [String] {
    guard !dimensions.isEmpty else { return [] }
    let query = try query("calls-dearest")
    defer { query.reset() }
    query.bind(":from_us", span.lowerBound)
    query.bind(":to_us", span.upperBound)
    query.bind(":dimensions", text: "[" + Set(dimensions).sorted().map(String.init).joined(separator: ",") + "]")
    query.bind(":most", Int64(NoticeLimits.callsMax))
    var calls: [String] = []
    while try query.step() { calls.append("#\(query.int64(0))") }
    return calls
  }
}
