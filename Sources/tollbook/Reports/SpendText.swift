import Audit
import Units

extension SpendReport {
  /// The report as a table, with what its amounts leave out below it.
  func table(_ calendar: ZoneCalendar, _ paint: Paint) -> String {
    let heading =
      "Spend by \(query.keys.map(\.name).joined(separator: ", ")), "
      + calendar.words(for: query.span)
    if rows.isEmpty { return heading + "\n\nNo calls.\n" }
    var table = TextTable(
      query.keys.map { .text($0.name) } + [
        .number("calls"), .number("errors"), .number("unpriced"), .number("cost USD"),
        .number("margin USD"),
      ])
    for row in rows {
      table.add(row.values.map { $0.isEmpty ? "(none)" : $0 } + Self.cells(row.sums))
    }
    let label = query.keys.indices.map { $0 == 0 ? "total" : "" }
    table.addTotal(label + Self.cells(total))
    return paint.bold(heading) + "\n\n" + table.text(paint) + total.footnotes
  }

  private static func cells(_ sums: SpendSums) -> [String] {
    [
      NumberText.grouped(sums.calls), NumberText.grouped(sums.errors),
      NumberText.grouped(sums.unpriced),
      sums.unpriced < sums.calls ? NumberText.grouped("\(sums.costAmount)") : "-",
      sums.knownMargin.map { NumberText.grouped("\($0)") } ?? "unknown",
    ]
  }
}

extension SpendSums {
  /// What the amounts above leave out; empty when nothing.
  var footnotes: String {
    var notes: [String] = []
    if unpriced > 0 {
      notes.append(
        CountText.calls(unpriced) + " without a price, in no amount above.")
    }
    if partial > 0 {
      notes.append(CountText.calls(partial) + " priced in part: the card lacks a rate.")
    }
    if marginUnknownCalls > 0 {
      notes.append(
        CountText.calls(marginUnknownCalls)
          + " through a router without a direct card to compare with: their margin is unknown.")
    }
    return notes.isEmpty ? "" : "\n" + notes.joined(separator: "\n") + "\n"
  }
}

extension ZoneCalendar {
  /// `2026-11-01 to 2026-12-01 (UTC)`: days where both ends are a day's start, else instants.
  func words(for span: Span) -> String {
    func word(_ instant: Timestamp) -> String {
      let day = day(of: instant)
      return start(of: day) == instant ? "\(day)" : text(instant)
    }
    return "\(word(span.from)) to \(word(span.to)) (\(name))"
  }
}

/// Counts with their noun.
enum CountText {
  static func calls(_ count: Int64) -> String { of(count, "call", "calls") }

  static func of(_ count: Int64, _ one: String, _ many: String) -> String {
    "\(NumberText.grouped(count)) \(count == 1 ? one : many)"
  }
}
