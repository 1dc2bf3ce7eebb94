import Calls
import Rates
import Units

extension PriceReview {
  /// The review as `rates import --json` promises it; docs/cli.md names each member.
  func json(_ document: String, _ origin: String, written: [String]) -> String {
    JSONText.object([
      ("source", JSONText.quoted(source.rawValue)), ("document", JSONText.quoted(document)),
      ("pricing", JSONText.quoted(origin)), ("models", "\(models)"),
      ("added", "\(count(.added))"), ("changed", "\(count(.changed))"), ("gone", "\(count(.gone))"),
      ("unchanged", "\(count(.unchanged))"), ("held", "\(held.count)"),
      ("issuers_passed_over", "\(issuersPassedOver)"),
      ("cards", JSONText.array(entries.filter { $0.kind != .unchanged }.map(\.json))),
      (
        "faults",
        JSONText.array(
          faults.map { fault in
            JSONText.object([
              ("line", "\(fault.line)"), ("issuer", JSONText.quoted(fault.issuer)),
              ("model", JSONText.quoted(fault.model)), ("what", JSONText.quoted(fault.what)),
            ])
          })
      ),
      (
        "left_out",
        JSONText.array(
          leftOut.sorted { ($0.key.issuer, $0.key.what) < ($1.key.issuer, $1.key.what) }.map { key, count in
            JSONText.object([
              ("issuer", JSONText.quoted(key.issuer)), ("what", JSONText.quoted(key.what)),
              ("count", "\(count)"),
            ])
          })
      ),
      ("written", JSONText.array(written.map(JSONText.quoted))),
    ]) + "\n"
  }
}

extension PriceReview.Entry {
  fileprivate var json: String {
    JSONText.object([
      ("kind", JSONText.quoted(kind.rawValue)), ("issuer", JSONText.quoted(key.issuer)),
      ("route", JSONText.quoted(key.route)), ("provider", JSONText.quoted(key.provider)),
      ("model", JSONText.quoted(key.model)), ("when", JSONText.quoted(conditions.text)),
      ("from", JSONText.quoted("\(from)")), ("line", line > 0 ? "\(line)" : "null"),
      ("tables", JSONText.array(card?.tables ?? [])),
      ("old", old.map { JSONText.quoted("\($0.place)") } ?? "null"),
      (
        "differences",
        JSONText.array(
          differences.map { difference in
            JSONText.object([
              ("meter", JSONText.quoted(difference.meter.name)), ("over", "\(difference.over)"),
              ("old", JSONText.optional(difference.old)), ("new", JSONText.optional(difference.new)),
              (
                "ratio",
                JSONText.optional(difference.ratioHundredths.map { DecimalText.fixed($0, decimals: 2) })
              ),
            ])
          })
      ),
      (
        "held",
        JSONText.array(
          holds.map {
            JSONText.object([("why", JSONText.quoted($0.name)), ("what", JSONText.quoted($0.sentence))])
          })
      ),
    ])
  }
}

extension ListedCard {
  /// As `tables` of `rates list`: `over` and the rates by meter.
  fileprivate var tables: [String] {
    ([(Int64(0), rates)] + bands.map { ($0.over, $0.rates) }).map { over, rates in
      JSONText.object([
        ("over", "\(over)"),
        (
          "rates",
          JSONText.object(
            rates.sorted { $0.key.rawValue < $1.key.rawValue }
              .map { ($0.key.name, JSONText.quoted("\($0.value.dollars) USD per \($0.value.per)")) })
        ),
      ])
    }
  }
}
