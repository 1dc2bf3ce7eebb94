import ArgumentParser
import Rates
import Units

struct CreditsPlans: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "plans",
    abstract: "List what plans include, what is free, and what buying credit costs.",
    discussion: """
      EXAMPLES
        tollbook credits plans
        tollbook credits plans --issuer huggingface --json
      """)

  @Option(help: ArgumentHelp("Only this issuer.", valueName: "name"))
  var issuer: String?

  @OptionGroup var pricing: PricingOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let book = try pricing.book(surroundings)
    let name = issuer.map(book.canonical)
    let plans = book.plans.filter { name == nil || $0.issuer == name }.sorted {
      ($0.issuer, $0.name, $0.from) < ($1.issuer, $1.name, $1.from)
    }
    let fees = book.fees.filter { name == nil || $0.issuer == name }.sorted {
      ($0.issuer, $0.from) < ($1.issuer, $1.from)
    }
    let allowances = book.allowances.filter { name == nil || $0.issuer == name }.sorted {
      ($0.issuer, $0.name, $0.from) < ($1.issuer, $1.name, $1.from)
    }
    if output.json {
      return Answer(
        JSONText.object([
          ("plans", JSONText.array(plans.map(\.json))), ("fees", JSONText.array(fees.map(\.json))),
          ("allowances", JSONText.array(allowances.map(\.json))),
        ]) + "\n")
    }
    let paint = output.paint(surroundings)
    var parts: [String] = []
    if !plans.isEmpty { parts.append(Self.table(plans).text(paint)) }
    if !fees.isEmpty { parts.append(Self.table(fees).text(paint)) }
    if !allowances.isEmpty { parts.append(Self.table(allowances).text(paint)) }
    if parts.isEmpty {
      parts.append("The price files know no plans, no fees and no free units\(issuer.map { " of \($0)" } ?? "").\n")
    }
    return Answer(
      parts.joined(separator: "\n"),
      hints: ["Book a month's: tollbook credits grant --issuer NAME --plan NAME --month 2026-11"])
  }

  private static func table(_ plans: [CreditPlan]) -> TextTable {
    var table = TextTable([
      .text("issuer"), .text("plan"), .number("USD a month"), .text("for each"), .text("from"), .text("until"),
      .text("pays for"),
    ])
    for plan in plans {
      table.add([
        plan.issuer, plan.name, "\(plan.credit)", plan.per.rawValue, "\(plan.from)",
        plan.until.map { "\($0)" } ?? "-", plan.spendsOn.rawValue,
      ])
    }
    return table
  }

  private static func table(_ allowances: [Allowance]) -> TextTable {
    var table = TextTable([
      .text("issuer"), .text("allowance"), .text("free"), .text("each"), .text("zone"), .text("tier"),
      .text("from"), .text("until"), .text("models"),
    ])
    for allowance in allowances {
      table.add([
        allowance.issuer, allowance.name, allowance.words, allowance.every.rawValue, allowance.zone.name,
        allowance.tier ?? "any", "\(allowance.from)", allowance.until.map { "\($0)" } ?? "-",
        allowance.models.isEmpty ? "all" : allowance.models.joined(separator: ", "),
      ])
    }
    return table
  }

  private static func table(_ fees: [TopUpFee]) -> TextTable {
    var table = TextTable([
      .text("issuer"), .text("fee on"), .number("times"), .number("at least USD"), .text("from"), .text("until"),
    ])
    for fee in fees {
      table.add([
        fee.issuer, "top-up", fee.times, "\(fee.minimum)", "\(fee.from)", fee.until.map { "\($0)" } ?? "-",
      ])
    }
    return table
  }
}

extension CreditPlan {
  fileprivate var json: String {
    JSONText.object([
      ("issuer", JSONText.quoted(issuer)), ("plan", JSONText.quoted(name)),
      ("credit", JSONText.quoted("\(credit)")), ("per", JSONText.quoted(per.rawValue)),
      ("every", JSONText.quoted("month")), ("from", JSONText.quoted("\(from)")),
      ("until", JSONText.optional(until?.description)), ("spends_on", JSONText.quoted(spendsOn.rawValue)),
      ("source", JSONText.quoted(source)), ("read_on", JSONText.quoted("\(readOn)")),
      ("file", JSONText.quoted(file)),
    ])
  }
}

extension Allowance {
  /// As `credits plans --json` and `rates show --json` promise it.
  var json: String { JSONText.object([("issuer", JSONText.quoted(issuer))] + members) }
}

extension TopUpFee {
  fileprivate var json: String {
    JSONText.object([
      ("issuer", JSONText.quoted(issuer)), ("on", JSONText.quoted("top_up")),
      ("times", JSONText.quoted(times)), ("minimum", JSONText.quoted("\(minimum)")),
      ("from", JSONText.quoted("\(from)")), ("until", JSONText.optional(until?.description)),
      ("source", JSONText.quoted(source)), ("read_on", JSONText.quoted("\(readOn)")),
      ("file", JSONText.quoted(file)),
    ])
  }
}
