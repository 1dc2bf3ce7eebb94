import Audit
import Books
import Calls
import Rates
import Units

extension CallExplanation {
  /// The explanation for people: who, what, each step to the amount, and where it is booked.
  func text(_ paint: Paint) -> String {
    var text = rows.map { $0.text(paint) }.joined(separator: "\n")
    if rows.count > 1 {
      text +=
        "\n" + paint.bold("The call in all its \(rows.count) rows: ")
        + (cost.map { "\($0) USD" } ?? "no price") + "\n"
    }
    if rows.count == 1, rows[0].record.details.flags.contains("stream_start") {
      let fact = "Its stream began, and no end of it came: booked is what was known at its start."
      text += "\n" + paint.yellow(fact) + "\n"
    }
    if !observations.isEmpty { text += "\n" + paint.bold("Told of again, and booked once") + "\n" }
    for observation in observations {
      text += "  by \(observation.observer): \(observation.kind.explanation), noted \(observation.noted)\n"
    }
    return text
  }
}

extension CallExplanation.Row {
  fileprivate func text(_ paint: Paint) -> String {
    var text = paint.bold("Call #\(record.seq)") + ", begun \(record.at), \(outcome)\n"
    text += Self.facts(facts) + "\n" + amount(paint)
    if let direct, let directCard, record.dimension.routing == .compared {
      text += "\n" + paint.bold("Directly it would have cost \(direct.amount) USD\n")
      text += Self.facts(Self.facts(of: directCard)) + Self.steps(direct, paint)
      if let margin = record.margin { text += "  the route's margin is \(margin) USD\n" }
    } else if record.dimension.routing == .unknown {
      text += "  margin unknown: there is no direct card to compare with\n"
    }
    return text + booking(paint) + changes(paint)
  }

  /// What it was booked at, and what it costs since each run.
  private func changes(_ paint: Paint) -> String {
    guard !history.isEmpty else { return "" }
    var table = TextTable([
      .text("  price"), .text("since"), .number("cost USD"), .number("margin USD"),
      .text("card"),
    ])
    for step in history {
      table.add([
        "  " + (step.run.map { "run \($0)" } ?? "as booked"), "\(step.recorded)",
        step.price.cost.map { "\($0)" } ?? "-", step.price.margin.map { "\($0)" } ?? "-",
        step.card.map { "\($0.file), from \($0.card.from), digest \($0.digest.prefix(12))" } ?? "none",
      ])
    }
    return "\n" + paint.bold("Re-priced since it was booked\n") + table.text(paint)
  }

  private var outcome: String {
    record.outcome.name + (record.details.status.map { " (\($0))" } ?? "")
  }

  private var facts: [(String, String)] {
    let subject = record.dimension.subject
    let named = [
      ("team", subject.team), ("project", subject.project), ("user", subject.user),
      ("key", subject.key), ("session", record.details.session ?? ""),
      ("environment", subject.environment), ("tags", subject.tags), ("route", subject.route),
      ("provider", subject.provider + (record.dimension.providerInferred ? " (inferred)" : "")),
      ("issuer", subject.issuer), ("model", subject.model), ("operation", subject.operation),
      ("tier", subject.tier), ("region", subject.region), ("variant", subject.variant),
      ("latency", record.latencyMilliseconds.map { "\(NumberText.grouped($0)) ms" } ?? ""),
      ("noticed", record.details.flags.joined(separator: ", ")),
      ("adds to", record.details.prior.map { "#\($0)" } ?? ""),
      ("provider says", record.details.stated.map { "\($0) USD" } ?? ""),
    ]
    return named.filter { !$0.1.isEmpty }
  }

  private func amount(_ paint: Paint) -> String {
    guard let cost = record.cost else {
      return paint.bold("It has no price") + reasons.map { "\n  \($0)" }.joined() + "\n"
    }
    var text = paint.bold("Why it cost \(cost) USD") + " (\(record.state.name))\n"
    guard let card, let reckoning else {
      return text + "  A failed call without usage costs nothing.\n"
    }
    text += Self.facts(Self.facts(of: card)) + Self.steps(reckoning, paint)
    for reason in reasons { text += "  " + paint.yellow(reason) + "\n" }
    if record.details.prior != nil {
      text += "  of which earlier rows of the call hold \(reckoning.amount - cost) USD\n"
    }
    if case .differs(let booked, let reckoned) = recomputation {
      text +=
        "  " + paint.red("booked are \(booked) USD, but its card makes \(reckoned) USD") + "\n"
    }
    return text
  }

  private static func facts(of card: CardRecord) -> [(String, String)] {
    var facts = [
      ("card", "\(card.file), from \(card.card.from), digest \(card.digest.prefix(12))")
    ]
    if let contract = card.card.contract { facts.append(("contract", contract)) }
    if !card.card.conditions.isEmpty { facts.append(("when", card.card.conditions)) }
    if let source = card.card.source {
      facts.append(("source", source + (card.card.readOn.map { ", read \($0)" } ?? "")))
    }
    return facts
  }

  private static func facts(_ facts: [(String, String)]) -> String {
    let width = (facts.map(\.0.count).max() ?? 0) + 2
    return facts.map { name, value in
      "  " + name + String(repeating: " ", count: width - name.count) + value + "\n"
    }.joined()
  }

  private static func steps(_ reckoning: Reckoning, _ paint: Paint) -> String {
    if reckoning.lines.isEmpty { return "  The issuer bills nothing for it.\n" }
    var table = TextTable([
      .text("  meter"), .number("quantity"), .text("rate"), .number("amount USD"),
    ])
    for line in reckoning.lines {
      let borrowed = line.borrowed.map { ", as \($0.name)" } ?? ""
      table.add([
        "  \(line.meter.name)", NumberText.grouped(line.quantity), "× \(line.rate)\(borrowed)",
        line.amount.text,
      ])
    }
    table.addTotal(["  exact sum", "", "", reckoning.exact.text])
    var text = table.text(paint)
    for factor in reckoning.factors { text += "  every rate × \(factor.times), for \(factor.reason)\n" }
    for rule in reckoning.rules { text += "  billed: \(rule)\n" }
    if reckoning.band > 0 {
      text += "  rates for prompts of over \(NumberText.grouped(reckoning.band)) tokens\n"
    }
    return text + "  rounded once, \(reckoning.rounding.words): \(reckoning.amount) USD\n"
  }

  private func booking(_ paint: Paint) -> String {
    guard let batch else { return "" }
    var text =
      "\n" + paint.bold("Booked in batch \(batch.id)")
      + ", committed \(batch.committed), seal \(batch.hash.prefix(12))\n"
    for share in shares {
      let commodity = share.entry.debit.commodity
      let unit = commodity.rawValue
      text +=
        "  entry \(share.entry.id), \(share.entry.kind): \(commodity.text(share.amount)) \(unit)"
        + " of \(commodity.text(share.entry.amount)) \(unit)\n"
        + "    debit   \(share.entry.debit.name)\n    credit  \(share.entry.credit.name)\n"
    }
    return text
  }
}

extension Rounding {
  /// The rule in words.
  fileprivate var words: String {
    switch self {
    case .halfEven: "half to even"
    case .halfUp: "half away from zero"
    case .up: "up"
    }
  }
}
