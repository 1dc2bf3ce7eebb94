import Calls
import Units

/// Routed calls against what the same calls would have cost at the provider's own rates.
package struct Comparison: Sendable {
  package let span: Span
  package let zone: String
  /// The dearest first.
  package let rows: [Row]
  package let total: SpendSums

  /// What one route brought of one model at one provider.
  package struct Row: Hashable, Sendable {
    package let route: String
    package let provider: String
    package let model: String
    /// All its routed calls, of which only those with a direct card are compared.
    package let sums: SpendSums
    /// The calls of the same model that were made directly in the span; nil when there were none.
    package let direct: SpendSums?
  }
}

/// Gathers a ``Comparison`` from the ledger's sums by dimension.
package struct ComparisonTally {
  private struct Key: Hashable {
    let route: String
    let provider: String
    let model: String
  }

  /// A provider's own product, as its direct card names it.
  package struct Product: Hashable, Sendable {
    package let provider: String
    package let model: String

    package init(provider: String, model: String) {
      self.provider = provider
      self.model = model
    }
  }

  private var routed: [Key: SpendSums] = [:]
  private var products: [Key: Set<Product>] = [:]
  private var direct: [Product: SpendSums] = [:]

  package init() {}

  /// Adds what one dimension came to.
  ///
  /// The product is what the provider itself calls the model; the subject's own names where no
  /// direct card tells.
  package mutating func add(
    _ subject: Subject, _ routing: Routing, product: Product, _ sums: SpendSums
  ) {
    guard routing != .direct else {
      direct[product, default: SpendSums()].add(sums, .direct)
      return
    }
    let key = Key(route: subject.route, provider: subject.provider, model: subject.model)
    routed[key, default: SpendSums()].add(sums, routing)
    products[key, default: []].insert(product)
  }

  /// - Throws: ``SumFault`` when a row or the total cannot be held.
  package func comparison(span: Span, zone: String) throws(SumFault) -> Comparison {
    let rows = routed.map { key, sums in
      let made = (products[key] ?? []).compactMap { direct[$0] }
      return Comparison.Row(
        route: key.route, provider: key.provider, model: key.model, sums: sums,
        direct: made.isEmpty ? nil : made.reduce(into: SpendSums()) { $0 += $1 })
    }
    .sorted { a, b in
      if a.sums.cost != b.sums.cost { return a.sums.cost > b.sums.cost }
      return (a.route, a.provider, a.model) < (b.route, b.provider, b.model)
    }
    let total = rows.reduce(into: SpendSums()) { $0 += $1.sums }
    for row in rows {
      try row.sums.check()
      try row.direct?.check()
    }
    try total.check()
    return Comparison(span: span, zone: zone, rows: rows, total: total)
  }
}

extension Comparison {
  /// The comparison as `compare --json` promises it; docs/cli.md names each member.
  package func json(from: String, to: String) -> String {
    JSONText.object([
      ("from", JSONText.quoted(from)), ("to", JSONText.quoted(to)),
      ("zone", JSONText.quoted(zone)), ("currency", JSONText.quoted("USD")),
      ("rows", JSONText.array(rows.map(\.json))), ("total", JSONText.object(total.comparedMembers)),
    ])
  }
}

extension Comparison.Row {
  fileprivate var json: String {
    JSONText.object(
      [
        ("route", JSONText.quoted(route)), ("provider", JSONText.quoted(provider)),
        ("model", JSONText.quoted(model)),
      ] + sums.comparedMembers + [
        (
          "made_directly",
          direct.map { made in
            JSONText.object([
              ("calls", "\(made.calls)"), ("errors", "\(made.errors)"),
              ("cost", JSONText.quoted("\(made.costAmount)")),
              ("latency_ms_mean", made.meanLatencyMilliseconds.map { "\($0)" } ?? "null"),
            ])
          } ?? "null"
        )
      ])
  }
}

extension SpendSums {
  fileprivate var comparedMembers: [(name: String, json: String)] {
    let compared = comparedCalls > 0
    return [
      ("calls", "\(calls)"), ("errors", "\(errors)"), ("unpriced", "\(unpriced)"),
      ("compared_calls", "\(comparedCalls)"),
      ("margin_unknown_calls", "\(marginUnknownCalls)"),
      ("cost", JSONText.quoted("\(costAmount)")),
      ("routed", compared ? JSONText.quoted("\(routedAmount)") : "null"),
      ("direct", compared ? JSONText.quoted("\(atDirectRates)") : "null"),
      ("margin", JSONText.optional(comparedMargin?.description)),
      ("margin_percent", JSONText.optional(marginPercent)),
      ("latency_ms_mean", meanLatencyMilliseconds.map { "\($0)" } ?? "null"),
    ]
  }
}
