import Units
import Watch

/// Spend that is announced: `planned.launch = 2026-12-01T08:00:00Z 2026-12-01T20:00:00Z 5 team=search`.
package enum PlannedLine {
  package static let prefix = "planned."
  /// Windows of a configuration.
  package static let windowsMax = 200
  static let nameMax = 64

  /// Reads a line: the first instant, the first no longer meant, how many times the usual, and whose.
  static func read(name: String, value: String) throws(WatchLineFault) -> PlannedWindow {
    guard WatchLineFault.isName(name, most: nameMax) else { throw .badName(name) }
    let words = value.split(whereSeparator: \.isWhitespace).map(String.init)
    guard words.count >= 3 else { throw .badWindow }
    guard let from = Timestamp(words[0]) else { throw .badInstant(words[0]) }
    guard let to = Timestamp(words[1]), from < to else { throw .badInstant(words[1]) }
    guard let multiplier = Double(words[2]), PlannedWindow.multipliers.contains(multiplier) else {
      throw .badMultiplier(words[2])
    }
    let labels = try WatchLabel.read(Array(words.dropFirst(3)))
    var series: SeriesKey?
    if !labels.isEmpty {
      guard let key = key(labels) else { throw .noSeries(labels.map(\.name).joined(separator: " and ")) }
      series = key
    }
    guard let window = PlannedWindow(from: from, to: to, multiplier: multiplier, series: series) else {
      throw .badWindow
    }
    return window
  }

  /// The series that has just these labels; nil where none has.
  private static func key(_ labels: [WatchLabel]) -> SeriesKey? {
    let values = Dictionary(uniqueKeysWithValues: labels.map { ($0.name, $0.value) })
    guard let kind = SeriesKey.Kind.allCases.first(where: { Set($0.names) == Set(values.keys) }) else { return nil }
    let ordered = kind.names.compactMap { values[$0] }
    return SeriesKey(kind, ordered[0], kind.isPair ? ordered[1] : "")
  }
}

/// What is wrong with a line about a budget or a planned window.
package enum WatchLineFault: Error, Hashable, Sendable, CustomStringConvertible {
  case badName(String)
  case badAmount(String)
  case badLabel(String, nearest: String?)
  case twice(String)
  case tooMany(most: Int)
  case badWindow
  case badInstant(String)
  case badMultiplier(String)
  case noSeries(String)

  package var description: String {
    switch self {
    case .badName(let name): "'\(name)' is no name. Use letters, digits, - and _, 64 at most."
    case .badAmount(let text):
      "'\(text)' is no amount of dollars above nought. Write what a month may cost, such as 500 or 99.50."
    case .badLabel(let text, let nearest):
      "'\(text)' names no calls."
        + (nearest.map { " Did you mean \($0)=…?" }
          ?? " Write one of \(WatchLabel.names.joined(separator: ", ")), = and a value.")
    case .twice(let name): "'\(name)' stands there twice. Delete one."
    case .tooMany(let most): "There are more than \(most). Delete some."
    case .badWindow:
      "The window is none. Write its first instant, the first that is no longer meant, and how many times the usual "
        + "spend: 2026-12-01T08:00:00Z 2026-12-01T20:00:00Z 5."
    case .badInstant(let text):
      "'\(text)' is no instant, or not after the one before it. Write one such as 2026-12-01T08:00:00Z."
    case .badMultiplier(let text): "'\(text)' is no factor. Write a number of 0.001 to 10000."
    case .noSeries(let names):
      "No series is of \(names). Name one of the dimensions, or two that are watched together, which docs/alerts.md "
        + "lists."
    }
  }

  static func isName(_ name: String, most: Int) -> Bool {
    (1...most).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }
}
