import Audit
import Calls
import Units
import Watch

/// Who and what is behind an incident: asked of the books when it opens.
///
/// Spend since it began, against the same hours of earlier weeks.
extension LedgerReader {
  /// Buckets of an incident that are looked at, the last ones: six hours.
  private static let bucketsMax: Int32 = 72
  /// The same hours of the four weeks before; where the ledger is younger, of the six days before.
  private static let weeks: [Int64] = [1, 2, 3, 4].map { $0 * 168 }
  private static let days: [Int64] = [1, 2, 3, 4, 5, 6].map { $0 * 24 }
  private static let daysKnown: Int64 = 28

  /// Who has spent more than in the same hours before, and the dearest calls of its last hour, by number.
  ///
  /// Nothing for an incident that is of no calls. Reads the calls of its last six hours, and rollups.
  package func background(
    of incident: Incident
  ) throws(StoreFault) -> (contributors: [Notice.Contributor], calls: [String]) {
    guard var shift = SpendShift(incident.key) else { return ([], []) }
    return try snapshot { () throws(StoreFault) in
      let evidence = incident.evidence
      let first = max(evidence.since.number, evidence.at.number - Self.bucketsMax + 1)
      let ours = first..<max(evidence.at.number, first) + 1
      try buckets(ours) { _, facts in
        for (subject, facts) in facts { shift.add(now: facts.spend, of: subject) }
      }
      guard let held = try hours() else { return ([], []) }
      let perHour = Timestamp.microsecondsPerHour
      let begun = held.from.microseconds / perHour
      let from = Bucket(number: first).start.microseconds / perHour
      let hours = from..<evidence.at.start.microseconds / perHour + 1
      let whole = Self.weeks.filter { hours.lowerBound - $0 >= begun }
      let before = whole.isEmpty ? Self.days.filter { hours.lowerBound - $0 >= begun } : whole
      for back in before {
        let range = hours.lowerBound - back..<hours.upperBound - back
        try spends(of: "spend-hours", range, names: (":from_hour", ":to_hour")) { (_, subject, spend) in
          shift.add(before: spend, of: subject)
        }
      }
      let day = hours.lowerBound / 24
      var dimensions: [Int] = []
      let known = day - Self.daysKnown..<day + 2
      try spends(of: "spend-days", known, names: (":from_day", ":to_day")) { (dimension, subject, _) in
        if shift.covers(subject) { dimensions.append(dimension) }
      }
      try spends(of: "spend-days", day - Self.daysKnown..<day, names: (":from_day", ":to_day")) { (_, subject, _) in
        shift.note(subject)
      }
      let contributors = shift.contributors(
        part: Int64(ours.count), of: Int64(before.count * hours.count) * Int64(Bucket.perHour))
      let end = evidence.at.next.start.microseconds
      let calls = try dearest(dimensions, max(Bucket(number: first).start.microseconds, end - perHour)..<end)
      return (contributors, calls)
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
