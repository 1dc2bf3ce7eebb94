import Books
import Calls
import Rates
import Units

extension CallExplanation {
  /// The explanation as `calls --json` promises it; docs/cli.md names each member.
  package func json(asked: String) -> String {
    JSONText.object([
      ("asked", JSONText.quoted(asked)), ("found", "\(rows.count)"),
      ("cost", JSONText.optional(cost?.description)),
      ("margin", JSONText.optional(margin?.description)),
      ("calls", JSONText.array(rows.map(\.json))),
      ("observations", JSONText.array(observations.map(\.json))),
    ])
  }
}

extension CallRecord {
  /// The members that a call has in every list.
  package var jsonMembers: [(name: String, json: String)] {
    let subject = dimension.subject
    let base = cost.map { cost in cost - (margin ?? .zero) }
    return [
      ("seq", "\(seq)"), ("at", JSONText.quoted("\(at)")), ("state", JSONText.quoted(state.name)),
      ("outcome", JSONText.quoted(outcome.name)), ("team", JSONText.quoted(subject.team)),
      ("project", JSONText.quoted(subject.project)), ("user", JSONText.quoted(subject.user)),
      ("key", JSONText.quoted(subject.key)),
      ("environment", JSONText.quoted(subject.environment)),
      ("tags", subject.tags.isEmpty ? "{}" : subject.tags),
      ("route", JSONText.quoted(subject.route)), ("provider", JSONText.quoted(subject.provider)),
      ("issuer", JSONText.quoted(subject.issuer)), ("model", JSONText.quoted(subject.model)),
      ("operation", JSONText.quoted(subject.operation)), ("tier", JSONText.quoted(subject.tier)),
      ("region", JSONText.quoted(subject.region)), ("variant", JSONText.quoted(subject.variant)),
      ("cost", JSONText.optional(cost?.description)),
      ("base", JSONText.optional(base?.description)),
      ("margin", JSONText.optional(margin?.description)),
      ("latency_ms", latencyMilliseconds.map { "\($0)" } ?? "null"),
      (
        "units",
        JSONText.object(
          usage.stated.map { meter, quantity in
            let text = DecimalText.plain(Int128(quantity), decimals: meter.unit.decimals)
            return (meter.name, JSONText.quoted(text))
          })
      ),
    ]
  }
}

extension CallExplanation.Row {
  fileprivate var json: String {
    JSONText.object(
      record.jsonMembers + [
        ("prior", record.details.prior.map { "\($0)" } ?? "null"),
        ("status", record.details.status.map { "\($0)" } ?? "null"),
        ("session", JSONText.optional(record.details.session)),
        ("stated", JSONText.optional(record.details.stated)),
        ("flags", JSONText.array(record.details.flags.map(JSONText.quoted))),
        ("reasons", JSONText.array(reasons.map(JSONText.quoted))),
        ("card", card?.json ?? "null"), ("lines", reckoning?.linesJSON ?? "[]"),
        ("exact", reckoning.map { JSONText.quoted($0.exact.decimal.text) } ?? "null"),
        ("exact_ends", reckoning.map { "\($0.exact.decimal.ends)" } ?? "null"),
        ("rounding", JSONText.optional(reckoning?.rounding.rawValue)),
        ("recomputed", JSONText.quoted(recomputation.name)),
        (
          "direct",
          direct.map { direct in
            JSONText.object([
              ("cost", JSONText.quoted("\(direct.amount)")), ("card", directCard?.json ?? "null"),
              ("lines", direct.linesJSON),
            ])
          } ?? "null"
        ), ("batch", batch.map { batchJSON($0) } ?? "null"),
        ("history", JSONText.array(history.map(\.json))),
      ])
  }

  private func batchJSON(_ batch: BatchRecord) -> String {
    JSONText.object([
      ("id", "\(batch.id)"), ("committed_at", JSONText.quoted("\(batch.committed)")),
      ("hash", JSONText.quoted(batch.hash)),
      (
        "entries",
        JSONText.array(
          shares.map { share in
            let commodity = share.entry.debit.commodity
            return JSONText.object([
              ("id", "\(share.entry.id)"), ("day", JSONText.quoted("\(share.entry.day)")),
              ("kind", JSONText.quoted(share.entry.kind)),
              ("debit", JSONText.quoted(share.entry.debit.name)),
              ("credit", JSONText.quoted(share.entry.credit.name)),
              ("commodity", JSONText.quoted(commodity.rawValue)),
              ("amount", JSONText.quoted(commodity.text(share.entry.amount))),
              ("share", JSONText.quoted(commodity.text(share.amount))),
            ])
          })
      ),
    ])
  }
}

extension CallExplanation.Step {
  fileprivate var json: String {
    JSONText.object([
      ("run", JSONText.optional(run)), ("recorded_at", JSONText.quoted("\(recorded)")),
      ("batch", "\(batch)"), ("state", JSONText.quoted(price.state.name)),
      ("cost", JSONText.optional(price.cost?.description)),
      ("margin", JSONText.optional(price.margin?.description)), ("card", card?.json ?? "null"),
    ])
  }
}

extension CardRecord {
  fileprivate var json: String {
    JSONText.object([
      ("file", JSONText.quoted(file)), ("from", JSONText.quoted("\(card.from)")),
      ("digest", JSONText.quoted(digest)), ("source", JSONText.optional(card.source)),
      ("read_on", JSONText.optional(card.readOn.map { "\($0)" })),
    ])
  }
}

extension Reckoning {
  fileprivate var linesJSON: String {
    JSONText.array(
      lines.map { line in
        JSONText.object([
          ("meter", JSONText.quoted(line.meter.name)), ("quantity", JSONText.quoted(line.quantity)),
          ("rate", JSONText.quoted(line.rate)),
          ("rate_of", JSONText.quoted((line.borrowed ?? line.meter).name)),
          ("amount", JSONText.quoted(line.amount.decimal.text)),
        ])
      })
  }
}

extension Recomputation {
  /// The word for it in JSON.
  package var name: String {
    switch self {
    case .agrees: "agrees"
    case .differs: "differs"
    case .notPriced: "not_priced"
    }
  }
}

extension Outcome {
  /// The word for it in reports.
  package var name: String {
    switch self {
    case .ok: "ok"
    case .error: "error"
    case .canceled: "canceled"
    }
  }
}
