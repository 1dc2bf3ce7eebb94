import ArgumentParser
import Audit
import Store
import Units

struct CompareCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Show what routed calls would have cost directly.",
    discussion: """
      Sets what each router billed against the provider's own rates in force at the same instant, \
      for the same quantities. Only calls with a direct card are compared; the others are counted.

      EXAMPLES
        tollbook compare
        tollbook compare --from 2026-11 --to 2026-12 --json
      """)

  @OptionGroup var span: SpanOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let asked = try span.asked(of: data, surroundings)
    let (calendar, reader, meant) = (asked.calendar, asked.reader, asked.span)
    let comparison = try reader.comparison(over: meant, zone: calendar.name)
    if output.json {
      return Answer(
        comparison.json(from: calendar.text(meant.from), to: calendar.text(meant.to)) + "\n")
    }
    if asked.isOfNothing {
      return Answer(
        "The ledger at \(reader.folder) holds no calls yet.\n",
        hints: ["Book some: tollbook ingest\(data.hint) FILE"])
    }
    return Answer(
      comparison.table(calendar, output.paint(surroundings)),
      hints: comparison.rows.isEmpty
        ? ["What there is: tollbook spend\(data.hint) --by route,provider,model"]
        : ["Why a call cost what it cost: tollbook calls\(data.hint)"])
  }
}

extension Comparison {
  /// The comparison as a table, with what it leaves out below it.
  func table(_ calendar: ZoneCalendar, _ paint: Paint) -> String {
    let heading = "Routed against direct, " + calendar.words(for: span)
    if rows.isEmpty { return heading + "\n\nNo routed calls.\n" }
    var table = TextTable([
      .text("route"), .text("provider"), .text("model"), .number("calls"), .number("errors"),
      .number("ms"), .number("routed USD"), .number("direct USD"), .number("margin USD"),
      .number("margin %"),
    ])
    for row in rows {
      table.add(
        [row.route, row.provider, row.model].map { $0.isEmpty ? "(none)" : $0 } + row.sums.comparedCells)
    }
    table.addTotal(["total", "", ""] + total.comparedCells)
    var text = paint.bold(heading) + "\n\n" + table.text(paint)
    let made = rows.compactMap { row in row.direct.map { (row, $0) } }
    if !made.isEmpty {
      text += "\nThe same models, called directly:\n"
      var direct = TextTable([
        .text("provider"), .text("model"), .number("calls"), .number("errors"), .number("ms"),
        .number("cost USD"),
      ])
      var shown: Set<[String]> = []
      for (row, sums) in made where shown.insert([row.provider, row.model]).inserted {
        direct.add([
          row.provider, row.model, NumberText.grouped(sums.calls), NumberText.grouped(sums.errors),
          sums.meanLatencyMilliseconds.map(NumberText.grouped) ?? "-",
          NumberText.grouped("\(sums.costAmount)"),
        ])
      }
      text += direct.text(paint)
    }
    return text + total.comparedFootnotes
  }
}

extension SpendSums {
  fileprivate var comparedCells: [String] {
    let compared = comparedCalls > 0
    return [
      NumberText.grouped(calls), NumberText.grouped(errors),
      meanLatencyMilliseconds.map(NumberText.grouped) ?? "-",
      compared ? NumberText.grouped("\(routedAmount)") : "-",
      compared ? NumberText.grouped("\(atDirectRates)") : "-",
      comparedMargin.map { NumberText.grouped("\($0)") } ?? "unknown", marginPercent ?? "-",
    ]
  }

  fileprivate var comparedFootnotes: String {
    guard marginUnknownCalls > 0 else { return "" }
    return "\n" + CountText.calls(marginUnknownCalls)
      + " without a direct card to compare with, in no amount above.\n"
  }
}
