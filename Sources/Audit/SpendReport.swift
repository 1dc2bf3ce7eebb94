import Units

/// The answer to a ``SpendQuery``.
package struct SpendReport: Sendable {
  package let query: SpendQuery
  package let rows: [SpendRow]
  package let total: SpendSums

  /// - Throws: ``SumFault`` when a row or the total cannot be held.
  package init(query: SpendQuery, rows: [SpendRow]) throws(SumFault) {
    self.query = query
    self.rows = rows
    total = rows.reduce(into: SpendSums()) { $0 += $1.sums }
    for row in rows { try row.sums.check() }
    try total.check()
  }
}

/// What the calls of one kind came to.
package struct SpendRow: Hashable, Sendable {
  /// One value for each key of the query.
  package let values: [String]
  package var sums: SpendSums

  package init(values: [String], sums: SpendSums) {
    self.values = values
    self.sums = sums
  }
}

extension SpendReport {
  /// The report as `spend --json` promises it; docs/cli.md names each member.
  ///
  /// The ends of the span come as text, written in the query's zone.
  package func json(from: String, to: String) -> String {
    JSONText.object([
      ("from", JSONText.quoted(from)), ("to", JSONText.quoted(to)),
      ("zone", JSONText.quoted(query.zone)), ("currency", JSONText.quoted("USD")),
      (
        "rows",
        JSONText.array(
          rows.map { row in
            JSONText.object(
              zip(query.keys, row.values).map { ($0.name, JSONText.quoted($1)) }
                + row.sums.jsonMembers)
          })
      ),
      ("total", JSONText.object(total.jsonMembers)),
    ])
  }

  /// One line a row in the form of RFC 4180, after a line of names; without a total.
  package var csv: String {
    let heads = query.keys.map(\.name) + SpendSums().csvMembers.map(\.name)
    let lines = rows.map { row in row.values + row.sums.csvMembers.map(\.value) }
    return CSVText.document([heads] + lines)
  }
}

extension SpendSums {
  /// The members that every row and the total have.
  package var jsonMembers: [(name: String, json: String)] {
    [
      ("calls", "\(calls)"), ("errors", "\(errors)"), ("unpriced", "\(unpriced)"),
      ("partial", "\(partial)"), ("cost", JSONText.quoted("\(costAmount)")),
      ("base", JSONText.quoted("\(base)")),
      ("margin", JSONText.optional(knownMargin?.description)),
      ("margin_unknown_calls", "\(marginUnknownCalls)"), ("input", "\(input)"),
      ("cache_read", "\(cacheRead)"), ("output", "\(output)"),
      ("latency_ms_mean", meanLatencyMilliseconds.map { "\($0)" } ?? "null"),
    ]
  }

  fileprivate var csvMembers: [(name: String, value: String)] {
    [
      ("calls", "\(calls)"), ("errors", "\(errors)"), ("unpriced", "\(unpriced)"),
      ("partial", "\(partial)"), ("cost", "\(costAmount)"), ("base", "\(base)"),
      ("margin", knownMargin?.description ?? ""),
      ("margin_unknown_calls", "\(marginUnknownCalls)"), ("input", "\(input)"),
      ("cache_read", "\(cacheRead)"), ("output", "\(output)"),
      ("latency_ms_mean", meanLatencyMilliseconds.map { "\($0)" } ?? ""),
    ]
  }
}
