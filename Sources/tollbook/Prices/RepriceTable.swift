import Audit
import Units

extension RepriceReport {
  /// The report as a table, with what its amounts leave out below it.
  func table(_ calendar: ZoneCalendar, _ paint: Paint) -> String {
    var table = TextTable([
      .text("team"), .text("day"), .text("model"), .number("calls"), .number("unpriced"), .number("then"),
      .number("before USD"), .number("after USD"), .number("difference USD"), .number("margin USD"),
    ])
    for row in rows where row.sums.calls > 0 {
      table.add([row.team.orNone, "\(row.day)", row.model.orNone] + Self.cells(row.sums))
    }
    table.addTotal(["total", "", ""] + Self.cells(total))
    return paint.bold("Calls that cost something else by these cards, days in \(calendar.name)")
      + "\n\n" + table.text(paint) + footnotes
  }

  /// What the amounts leave out; empty when nothing.
  var footnotes: String {
    guard total.kept > 0 else { return "" }
    var text = "\n" + CountText.calls(total.kept) + " kept: these cards have no price, and what has one keeps it.\n"
    for row in rows where row.sums.kept > 0 {
      text += "  \(row.team.orNone), \(row.day), \(row.model.orNone): \(NumberText.grouped(row.sums.kept))\n"
    }
    return text
  }

  private static func cells(_ sums: RepriceSums) -> [String] {
    [
      NumberText.grouped(sums.calls), NumberText.grouped(sums.unpricedBefore),
      NumberText.grouped(sums.unpricedAfter), money(sums.costBefore), money(sums.costAfter),
      money(sums.costDifference), money(sums.marginDifference),
    ]
  }

  private static func money(_ nanos: Int128) -> String {
    NumberText.grouped(DecimalText.fixed(nanos, decimals: 9))
  }
}
