import Foundation

/// Figures by name, as a table and as JSON lines.
struct BenchTable {
  private var rows: [(name: String, value: Double, unit: String, against: Double?)] = []
  private var left: [(name: String, why: String)] = []

  mutating func add(_ name: String, _ value: Double, _ unit: String, against: Double? = nil) {
    rows.append((name, value, unit, against))
    FileHandle.standardError.write(Data("\(name) \(Self.short(value)) \(unit)\n".utf8))
  }

  /// A figure that this run has not, and why.
  mutating func leave(_ name: String, _ why: String) { left.append((name, why)) }

  var text: String {
    let lines = rows.map { row in
      let ratio = row.against.map { "\(Self.short($0))  ratio \(Self.short(row.value / $0))" } ?? ""
      return Self.padded(row.name, 30) + Self.padded(Self.short(row.value), 14)
        + Self.padded(row.unit, 12) + ratio
    }
    return
      (["figure                        value         unit        against"] + lines
      + left.map { Self.padded($0.name, 30) + $0.why }).joined(separator: "\n")
  }

  var json: String {
    rows.map { row in
      let against = row.against.map { Self.short($0) } ?? "null"
      let ratio = row.against.map { Self.short(row.value / $0) } ?? "null"
      return #"{"name":"\#(row.name)","value":\#(Self.short(row.value)),"unit":"\#(row.unit)","#
        + #""against":\#(against),"ratio":\#(ratio)}"#
    }.joined(separator: "\n") + "\n"
  }

  private static func short(_ value: Double) -> String {
    value >= 1000 ? String(Int64(value)) : String(format: value < 1 ? "%.4f" : "%.2f", value)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
