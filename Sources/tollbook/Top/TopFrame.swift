import Audit
import Sidecar
import Units

/// A frame of `top`: lines for a window of some size, from values alone.
///
/// No line is wider than the window, and there are no more of them than it is high; what matters most stays when there
/// is little room.
struct TopFrame {
  let values: TopValues
  let view: TopView
  /// Whether somebody is there to press keys.
  let isLive: Bool

  /// From so many columns on, all three tables stand side by side.
  static let wide = 150
  /// From so many lines on, there is room for air.
  static let airy = 20

  /// A line before it is cut and painted.
  struct Line: Equatable {
    enum Style {
      case plain, bold, dim, red, yellow
    }

    var text: String
    var style = Style.plain
  }

  func lines(width: Int, height: Int, paint: Paint) -> [String] {
    guard width > 0, height > 0 else { return [] }
    var lines = [heading]
    if case .says(_, let reason?) = values.daemon, height >= 12 { lines.append(Line(text: reason, style: .red)) }
    lines += Self.flow(figures, width: width).map { Line(text: $0) }
    let footer = isLive && height >= 8 ? [keys(width: width)] : []
    let isAiry = height >= Self.airy
    if isAiry { lines.append(Line(text: "")) }
    lines += incidents(width: width, height: height)
    if isAiry { lines.append(Line(text: "")) }
    let room = height - lines.count - footer.count
    if room > 1 { lines += tables(width: width, height: room) }
    lines = Array(lines.prefix(height - footer.count)) + footer
    return lines.map { Self.painted(Line(text: Self.cut($0.text, to: width), style: $0.style), paint) }
  }

  private static func painted(_ line: Line, _ paint: Paint) -> String {
    switch line.style {
    case .plain: line.text
    case .bold: paint.bold(line.text)
    case .dim: paint.dim(line.text)
    case .red: paint.red(line.text)
    case .yellow: paint.yellow(line.text)
    }
  }

  /// The text without what would move the cursor, and with a mark where columns are missing.
  static func cut(_ text: String, to width: Int) -> String {
    let text = TextTable.printable(text)
    guard TextTable.width(text) > width else { return text }
    var cut = ""
    var columns = 1
    for character in text {
      columns += TextTable.width(String(character))
      guard columns <= width else { break }
      cut.append(character)
    }
    return cut + "…"
  }

  // MARK: - Heading and figures

  private var heading: Line {
    let (daemon, style): (String, Line.Style) =
      switch values.daemon {
      case .says("ok", _): ("daemon ok", .bold)
      case .says(let word, _): ("daemon \(word)", .red)
      case .listens: ("daemon runs", .bold)
      case .absent: ("no daemon", .yellow)
      }
    return Line(text: "\(values.clock)  \(daemon)  \(values.folder)", style: style)
  }

  private var figures: [String] {
    let minutes = values.windows[.minutes]
    let hour = values.windows[.hour]
    let lastHour = hour?.total.cost ?? 0
    var cells = ["today \(TopMoney.plain(values.today.cost))", "month \(TopMoney.plain(values.month.cost))"]
    if let hourly = minutes?.hourly { cells.append("now \(TopMoney.plain(hourly.nanos))/h") }
    cells.append("last hour \(TopMoney.plain(lastHour))" + (values.isCut ? ", in part" : ""))
    if let expected = values.expected {
      let ratio = TopMoney.ratio(lastHour, to: expected.nanos).map { " (\($0))" } ?? ""
      cells.append("expected \(TopMoney.plain(expected.nanos))/h\(ratio)")
    } else {
      cells.append("expected after a week")
    }
    if let minutes { cells.append(DecimalText.fixed(minutes.callTenths, decimals: 1) + " calls/s") }
    if let total = hour?.total {
      cells.append("errors \(NumberText.grouped(total.errors)) in 1 h")
      cells.append("unpriced \(NumberText.grouped(total.unpriced)) in 1 h")
    }
    return cells
  }

  /// Cells on as many lines as they take.
  static func flow(_ cells: [String], width: Int) -> [String] {
    var lines: [String] = []
    for cell in cells {
      if let last = lines.last, last.count + 3 + cell.count <= width {
        lines[lines.count - 1] = last + "   " + cell
      } else {
        lines.append(cell)
      }
    }
    return lines
  }

  private func keys(width: Int) -> Line {
    Line(
      text: width >= 56 ? "[t]eam [m]odel [k]ey   [5] min [h]our [d]ay   [q]uit" : "t m k   5 h d   q",
      style: .dim)
  }

  // MARK: - Incidents

  private func incidents(width: Int, height: Int) -> [Line] {
    let open = values.incidents
    guard let first = open.first else {
      return height >= 14 ? [Line(text: "No incident is open.", style: .dim)] : []
    }
    if height < 16 {
      return [Line(text: "\(open.count) open: " + words(first), style: Self.style(first))]
    }
    let shown = open.prefix(max(1, height / 6))
    let more = open.count > shown.count ? ", \(shown.count) of them here" : ""
    return [Line(text: "Open incidents: \(open.count)\(more)", style: .bold)]
      + shown.map { Line(text: words($0), style: Self.style($0)) }
  }

  private static func style(_ incident: TopValues.Incident) -> Line.Style {
    if incident.isSilenced || incident.ackedBy != nil { return .dim }
    return incident.severity == "critical" ? .red : .yellow
  }

  private func words(_ incident: TopValues.Incident) -> String {
    var words = [incident.severity, "\(incident.rule) \(incident.labels)"]
    // What is no spend beyond the expected, such as a budget's, has none.
    if incident.excess != .zero { words.append("+" + TopMoney.plain(incident.excess.nanos)) }
    words.append(Self.age(values.now.microseconds - incident.since.microseconds))
    if let ackedBy = incident.ackedBy { words.append("\(ackedBy) has it") }
    if incident.isSilenced { words.append("silenced") }
    words.append(String(incident.id.prefix(8)))
    return words.joined(separator: "  ")
  }

  /// Whole minutes, hours or days.
  static func age(_ microseconds: Int64) -> String {
    let minutes = max(microseconds, 0) / (60 * Timestamp.microsecondsPerSecond)
    if minutes < 120 { return "\(minutes) min" }
    return minutes < 48 * 60 ? "\(minutes / 60) h" : "\(minutes / 1_440) d"
  }

  // MARK: - Tables

  private func tables(width: Int, height: Int) -> [Line] {
    guard width >= Self.wide else { return table(view.grouping, width: width, height: height) }
    let gap = 3
    let each = (width - 2 * gap) / 3
    let columns = TopView.Grouping.allCases.map { table($0, width: each, height: height) }
    return (0..<(columns.map(\.count).max() ?? 0)).map { place in
      let cells = columns.map { place < $0.count ? $0[place].text : "" }
      var text = ""
      for (column, cell) in cells.enumerated() {
        text += cell
        guard column + 1 < cells.count else { continue }
        text += String(repeating: " ", count: max(each - TextTable.width(cell), 0) + gap)
      }
      while text.hasSuffix(" ") { text.removeLast() }
      return Line(text: text, style: place == 0 ? .bold : .plain)
    }
  }

  private func table(_ grouping: TopView.Grouping, width: Int, height: Int) -> [Line] {
    guard let ranking = values.windows[view.window]?.rankings[grouping] else { return [] }
    return TopTable(ranking, head: "\(grouping.name), \(view.window.name)").lines(width: width, height: height)
  }
}
