import Calls
import Units

/// Routed calls against what the same calls would have cost at the provider's own rates.
package struct Comparison: Sendable {
  package let span: Span
  package let zone: String
  /// The dearest first.
  package let rows: [Row]
  package let total: Sums

  /// What one route brought of one model at one provider.
  package struct Row: Hashable, Sendable {
    package let route: String
    package let provider: String
    package let model: String
    package let sums: Sums
    /// The calls of the same model that were made directly in the span; nil when there were none.
    package let direct: SpendSums?
  }

  /// The money of one row, of which only comparable calls are compared.
  package struct Sums: Hashable, Sendable {
    /// All routed calls of the row.
    package var all = SpendSums()
    /// Nanodollars of the calls whose margin is known: as booked.
    package var routed: Int64 = 0

    package init() {}

    /// What the compared calls would have cost at the direct rates.
    package var atDirectRates: Amount { Amount(nanos: routed - all.margin) }
    package var routedAmount: Amount { Amount(nanos: routed) }
    /// Nil when no call can be compared.
    package var margin: Amount? { all.comparedCalls > 0 ? Amount(nanos: all.margin) : nil }

    /// The margin in percent of the direct price, to two decimals, half to even.
    ///
    /// Nil when no call can be compared, or when the direct price is nought.
    package var marginPercent: String? {
      guard all.comparedCalls > 0, atDirectRates.nanos > 0 else { return nil }
      let hundredths = Rounding.halfEven.divide(
        Int128(all.margin) * 10_000, by: Int128(atDirectRates.nanos))
      return DecimalText.fixed(hundredths, decimals: 2)
    }

    static func += (a: inout Sums, b: Sums) {
      a.all += b.all
      a.routed += b.routed
    }
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

  private var routed: [Key: Comparison.Sums] = [:]
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
    routed[key, default: Comparison.Sums()].all.add(sums, routing)
    if routing == .compared { routed[key]?.routed += sums.cost }
    products[key, default: []].insert(product)
  }

  package func comparison(span: Span, zone: String) -> Comparison {
    let rows = routed.map { key, sums in
      let made = (products[key] ?? []).compactMap { direct[$0] }
      return Comparison.Row(
        route: key.route, provider: key.provider, model: key.model, sums: sums,
        direct: made.isEmpty ? nil : made.reduce(into: SpendSums()) { $0 += $1 })
    }
    .sorted { a, b in
      if a.sums.all.cost != b.sums.all.cost { return a.sums.all.cost > b.sums.all.cost }
      return (a.route, a.provider, a.model) < (b.route, b.provider, b.model)
    }
    return Comparison(
      span: span, zone: zone, rows: rows,
      total: rows.reduce(into: Comparison.Sums()) { $0 += $1.sums })
  }
}

extension Comparison {
  /// The comparison as `compare --json` promises it; docs/cli.md names each member.
  package func json(from: String, to: String) -> String {
    JSONText.object([
      ("from", JSONText.quoted(from)), ("to", JSONText.quoted(to)),
      ("zone", JSONText.quoted(zone)), ("currency", JSONText.quoted("USD")),
      ("rows", JSONText.array(rows.map(\.json))), ("total", JSONText.object(total.jsonMembers)),
    ])
  }
}

extension Comparison.Row {
  fileprivate var json: String {
    JSONText.object(
      [
        ("route", JSONText.quoted(route)), ("provider", JSONText.quoted(provider)),
        ("model", JSONText.quoted(model)),
      ] + sums.jsonMembers + [
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

extension Comparison.Sums {
  fileprivate var jsonMembers: [(name: String, json: String)] {
    let compared = all.comparedCalls > 0
    return [
      ("calls", "\(all.calls)"), ("errors", "\(all.errors)"), ("unpriced", "\(all.unpriced)"),
      ("compared_calls", "\(all.comparedCalls)"),
      ("margin_unknown_calls", "\(all.marginUnknownCalls)"),
      ("cost", JSONText.quoted("\(all.costAmount)")),
      ("routed", compared ? JSONText.quoted("\(routedAmount)") : "null"),
      ("direct", compared ? JSONText.quoted("\(atDirectRates)") : "null"),
      ("margin", JSONText.optional(margin?.description)),
      ("margin_percent", JSONText.optional(marginPercent)),
      ("latency_ms_mean", all.meanLatencyMilliseconds.map { "\($0)" } ?? "null"),
    ]
  }
}
