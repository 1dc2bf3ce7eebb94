import ArgumentParser
import Audit
import Store
import Units

struct DriftCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "drift",
    abstract: "Set what providers stated that calls cost against what was booked.",
    discussion: """
      Some providers state a cost in their answers, and lines may carry it as `cost`. It is kept as a \
      second fact and never booked. Where it drifts from the card's price, one of the two is wrong. \
      Reads the single calls of the span, so a long one takes its time.

      EXAMPLES
        tollbook drift
        tollbook drift --from 2026-11-20 --json
      """)

  @OptionGroup var span: SpanOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let asked = try span.asked(of: data, surroundings)
    let (calendar, reader, meant) = (asked.calendar, asked.reader, asked.span)
    let drift = try reader.drift(over: meant, zone: calendar.name)
    if output.json {
      return Answer(drift.json(from: calendar.text(meant.from), to: calendar.text(meant.to)) + "\n")
    }
    return Answer(
      drift.table(calendar, output.paint(surroundings)),
      hints: drift.rows.isEmpty
        ? ["What a line may state: docs/line.md, `cost`"]
        : ["Why a call cost what it cost: tollbook calls\(data.hint) ID"])
  }
}

extension Drift {
  /// The drift as a table, with what it leaves out below it.
  func table(_ calendar: ZoneCalendar, _ paint: Paint) -> String {
    let heading = "Booked against stated, " + calendar.words(for: span)
    if rows.isEmpty { return heading + "\n\nNo call states a cost.\n" }
    var table = TextTable([
      .text("issuer"), .text("provider"), .text("model"), .number("calls"), .number("agree"),
      .number("booked USD"), .number("stated USD"), .number("drift USD"), .number("drift %"),
    ])
    for row in rows {
      table.add([row.issuer, row.provider, row.model].map { $0.isEmpty ? "(none)" : $0 } + row.sums.cells)
    }
    table.addTotal(["total", "", ""] + total.cells)
    var text = paint.bold(heading) + "\n\n" + table.text(paint)
    if total.unpricedCalls > 0 {
      text += "\nCalls without a price, of which a cost was stated: \(NumberText.grouped(total.unpricedCalls)), "
      text += "\(ExactMoney(total.unpricedStated, over: 1).text) USD.\n"
    }
    if total.unreadable > 0 {
      text += "\nStatements that are no number of dollars, and in no sum: \(NumberText.grouped(total.unreadable)).\n"
    }
    return text
  }
}

extension Drift.Sums {
  fileprivate var cells: [String] {
    [
      NumberText.grouped(calls), NumberText.grouped(agreeing), NumberText.grouped(bookedText),
      NumberText.grouped(statedText), NumberText.grouped(differenceText), percent ?? "-",
    ]
  }
}
