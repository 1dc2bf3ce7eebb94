import Units

/// A notice in the words that people read.
extension Notice {
  /// `[FIRING] …`: what a list of messages shows.
  package var headline: String { "[\(kind.rawValue.uppercased())] \(summary)" }

  /// Dollars and cents, rounded half to even: `$1,234.50`.
  ///
  /// For reading; the books keep the nano.
  package static func dollars(_ amount: Amount) -> String {
    let nanos = amount.nanos.magnitude
    let unit: UInt64 = 10_000_000
    var cents = nanos / unit
    let rest = nanos % unit
    if rest > unit / 2 || (rest == unit / 2 && cents % 2 == 1) { cents += 1 }
    if cents == 0, nanos > 0 { return amount.nanos < 0 ? "-$0.01 or less" : "less than $0.01" }
    var whole = String(cents / 100)
    var place = whole.count - 3
    while place > 0 {
      whole.insert(",", at: whole.index(whole.startIndex, offsetBy: place))
      place -= 3
    }
    let fraction = cents % 100
    return (amount.nanos < 0 ? "-$" : "$") + whole + (fraction < 10 ? ".0" : ".") + "\(fraction)"
  }

  /// The window in the largest unit that divides it: `1 h`, `5 min`, `90 s`.
  package static func duration(seconds: Int64) -> String {
    if seconds > 0, seconds % 86_400 == 0 { return "\(seconds / 86_400) d" }
    if seconds > 0, seconds % 3_600 == 0 { return "\(seconds / 3_600) h" }
    if seconds > 0, seconds % 60 == 0 { return "\(seconds / 60) min" }
    return "\(seconds) s"
  }

  /// The money in rows of a name and a value.
  package var figures: [Label] {
    guard let impact else { return [] }
    let window = Self.duration(seconds: impact.windowSeconds)
    return [
      Label("Actual, \(window)", Self.dollars(impact.actual)),
      Label("Expected", Self.dollars(impact.expected)),
      Label("Excess", Self.dollars(impact.excess)),
      Label("At this rate, 24 h", Self.dollars(impact.projectedDay)),
    ]
  }

  /// Who the excess comes from, on one line; empty when that is not known.
  package var who: String {
    contributors.map {
      "\($0.dimension) \($0.value) \(Self.dollars($0.excess))" + ($0.isNew ? " (new)" : "")
    }.joined(separator: ", ")
  }

  /// The whole notice as plain text, line by line.
  package var lines: [String] {
    var lines = [summary, ""]
    lines += figures.map { "\($0.name): \($0.value)" }
    if !who.isEmpty { lines.append("Who: \(who)") }
    lines += evidence.map { "Why: \($0)" }
    if !calls.isEmpty { lines.append("Calls: " + calls.joined(separator: ", ")) }
    if lines.last != "" { lines.append("") }
    lines.append("Severity: \(severity.rawValue)")
    lines += labels.map { "\($0.name): \($0.value)" }
    lines.append("Since: \(since)")
    if let until { lines.append("Until: \(until)") }
    lines.append("Incident: \(incident)")
    if let link { lines.append("More: \(link)") }
    return lines
  }
}
