import Units

/// What re-pricing changes: calls, and what they cost before and after.
package struct RepriceSums: Hashable, Sendable {
  /// Calls that cost something else, or belong elsewhere.
  package var calls: Int64 = 0
  package var unpricedBefore: Int64 = 0
  package var unpricedAfter: Int64 = 0
  /// Nanodollars; in 128 bits, because what is not booked yet is within no limit.
  package var costBefore: Int128 = 0
  package var costAfter: Int128 = 0
  /// Nanodollars of the margins that are known.
  package var marginBefore: Int128 = 0
  package var marginAfter: Int128 = 0
  /// Calls that have a price, would have none, and keep the one they have; in no other sum.
  package var kept: Int64 = 0

  package init() {}

  package static func += (a: inout RepriceSums, b: RepriceSums) {
    a.calls += b.calls
    a.unpricedBefore += b.unpricedBefore
    a.unpricedAfter += b.unpricedAfter
    a.costBefore += b.costBefore
    a.costAfter += b.costAfter
    a.marginBefore += b.marginBefore
    a.marginAfter += b.marginAfter
    a.kept += b.kept
  }

  package var costDifference: Int128 { costAfter - costBefore }
  package var marginDifference: Int128 { marginAfter - marginBefore }
}

/// The difference that re-pricing makes, by team, day and model.
package struct RepriceReport: Sendable {
  /// By team, then day, then model.
  package let rows: [Row]
  package let total: RepriceSums

  /// What one team's calls of one model on one day come to.
  package struct Row: Hashable, Sendable {
    package let team: String
    package let day: Day
    package let model: String
    package let sums: RepriceSums
  }

  package init(_ tally: RepriceTally) {
    rows = tally.sums.map { Row(team: $0.key.team, day: $0.key.day, model: $0.key.model, sums: $0.value) }
      .sorted { ($0.team, $0.day, $0.model) < ($1.team, $1.day, $1.model) }
    total = rows.reduce(into: RepriceSums()) { $0 += $1.sums }
  }

  /// The report as `reprice --json` promises it; docs/cli.md names each member.
  package func json(_ heading: [(name: String, json: String)]) -> String {
    JSONText.object(
      heading + [
        (
          "rows",
          JSONText.array(
            rows.map { row in
              JSONText.object(
                [
                  ("team", JSONText.quoted(row.team)), ("day", JSONText.quoted("\(row.day)")),
                  ("model", JSONText.quoted(row.model)),
                ] + row.sums.jsonMembers)
            })
        ), ("total", JSONText.object(total.jsonMembers)),
      ])
  }
}

/// Gathers what re-pricing changes, call by call.
package struct RepriceTally: Sendable {
  fileprivate struct Key: Hashable {
    let team: String
    let day: Day
    let model: String
  }

  fileprivate private(set) var sums: [Key: RepriceSums] = [:]
  /// The day of an instant, and the instants that it lasts, in the zone that is meant.
  private let days: @Sendable (Timestamp) -> (day: Day, span: Span)
  private var latest: (day: Day, span: Span)?

  package init(days: @escaping @Sendable (Timestamp) -> (day: Day, span: Span)) { self.days = days }

  package mutating func add(_ sums: RepriceSums, team: String, model: String, at instant: Timestamp) {
    var found = latest ?? days(instant)
    if !found.span.contains(instant) { found = days(instant) }
    latest = found
    self.sums[Key(team: team, day: found.day, model: model), default: RepriceSums()] += sums
  }
}

extension RepriceSums {
  fileprivate var jsonMembers: [(name: String, json: String)] {
    func money(_ nanos: Int128) -> String { JSONText.quoted(DecimalText.fixed(nanos, decimals: 9)) }
    return [
      ("calls", "\(calls)"), ("unpriced_before", "\(unpricedBefore)"),
      ("unpriced_after", "\(unpricedAfter)"), ("cost_before", money(costBefore)),
      ("cost_after", money(costAfter)), ("difference", money(costDifference)),
      ("margin_before", money(marginBefore)), ("margin_after", money(marginAfter)),
      ("kept", "\(kept)"),
    ]
  }
}
