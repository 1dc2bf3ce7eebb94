import Audit

/// Who spent the most, as a table of some width: columns that find no room are left out, from the right.
struct TopTable {
  private let ranking: SpendRanking
  private let head: String

  /// Columns that a name takes at least.
  private static let nameMin = 12
  private static let heads = ["USD", "%", "calls", "errors", "unpriced"]

  init(_ ranking: SpendRanking, head: String) {
    self.ranking = ranking
    self.head = head
  }

  /// The heads, the sum of all, and as many names as there is room for.
  func lines(width: Int, height: Int) -> [TopFrame.Line] {
    guard height > 0 else { return [] }
    if ranking.rows.isEmpty {
      return [TopFrame.Line(text: head, style: .bold), TopFrame.Line(text: "No calls.", style: .dim)]
        .prefix(height).map { $0 }
    }
    var rows = [(name: "all", cells: cells(ranking.total))]
    for row in ranking.rows.prefix(max(height - 2, 0)) {
      rows.append((name: row.name.isEmpty ? "(none)" : row.name, cells: cells(row.sums)))
    }
    var widths: [Int] = []
    var taken = 0
    for column in Self.heads.indices {
      let needed = max(Self.heads[column].count, rows.map { $0.cells[column].count }.max() ?? 0)
      guard Self.nameMin + taken + 2 + needed <= width else { break }
      widths.append(needed)
      taken += 2 + needed
    }
    let longest = rows.map { TextTable.width($0.name) }.max() ?? 0
    let name = min(max(longest, head.count, Self.nameMin), width - taken)
    func line(_ first: String, _ cells: [String]) -> String {
      var text = TopFrame.cut(first, to: name)
      text += String(repeating: " ", count: max(name - TextTable.width(text), 0))
      for (column, width) in widths.enumerated() {
        let pad: Int = 2 + width - cells[column].count
        text += String(repeating: " ", count: pad) + cells[column]
      }
      return text
    }
    var lines = [TopFrame.Line(text: line(head, Self.heads), style: .bold)]
    for row in rows { lines.append(TopFrame.Line(text: line(row.name, row.cells))) }
    return Array(lines.prefix(height))
  }

  private func cells(_ sums: SpendSums) -> [String] {
    [
      TopMoney.fine(sums.cost), TopMoney.percent(sums.cost, of: ranking.total.cost) ?? "-",
      NumberText.grouped(sums.calls), NumberText.grouped(sums.errors), NumberText.grouped(sums.unpriced),
    ]
  }
}
