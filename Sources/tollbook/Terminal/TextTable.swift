/// Columns of text that stand under their heads, numbers to the right.
struct TextTable {
  struct Column {
    let head: String
    let isNumber: Bool

    static func text(_ head: String) -> Column { Column(head: head, isNumber: false) }
    static func number(_ head: String) -> Column { Column(head: head, isNumber: true) }
  }

  private let columns: [Column]
  private var rows: [[String]] = []
  private var total: [String]?

  init(_ columns: [Column]) { self.columns = columns }

  mutating func add(_ row: [String]) { rows.append(row.map(Self.printable)) }

  /// The last row, under a rule.
  mutating func addTotal(_ row: [String]) { total = row.map(Self.printable) }

  /// The table's lines, each ended; nothing trails a line.
  func text(_ paint: Paint) -> String {
    let heads = columns.map(\.head)
    let all = [heads] + rows + (total.map { [$0] } ?? [])
    let widths = columns.indices.map { column in
      all.map { Self.width($0[column]) }.max() ?? 0
    }
    func line(_ row: [String], _ style: (String) -> String = { $0 }) -> String {
      var text = ""
      for (column, cell) in row.enumerated() {
        let pad = String(repeating: " ", count: widths[column] - Self.width(cell))
        text += (column > 0 ? "  " : "") + (columns[column].isNumber ? pad + cell : cell + pad)
      }
      while text.hasSuffix(" ") { text.removeLast() }
      return style(text) + "\n"
    }
    var text = line(heads, paint.bold)
    for row in rows { text += line(row) }
    if let total {
      let rule = widths.reduce(0, +) + 2 * (widths.count - 1)
      text += paint.dim(String(repeating: "-", count: rule)) + "\n" + line(total, paint.bold)
    }
    return text
  }

  /// Columns that a text takes on a terminal: two for East Asian and pictorial characters.
  static func width(_ text: String) -> Int {
    text.reduce(0) { width, character in
      guard let scalar = character.unicodeScalars.first else { return width }
      return switch scalar.value {
      case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f,
        0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f, 0x1f900...0x1f9ff, 0x20000...0x3fffd:
        width + 2
      default: width + 1
      }
    }
  }

  /// A name from a log line without what would move the cursor.
  static func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      return text
    }
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
  }
}

/// Numbers as people read them.
enum NumberText {
  /// `1,234,567`.
  static func grouped(_ number: Int64) -> String { grouped("\(number)") }

  /// `1,234.567890123`: the digits before the point in threes.
  static func grouped(_ decimal: String) -> String {
    let parts = decimal.split(separator: ".", maxSplits: 1)
    guard let whole = parts.first else { return decimal }
    let sign = whole.hasPrefix("-") ? "-" : ""
    let digits = Array(whole.drop { $0 == "-" })
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return sign + text + (parts.count > 1 ? "." + parts[1] : "")
  }
}
