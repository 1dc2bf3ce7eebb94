import Foundation

/// A series of the Numenta Anomaly Benchmark: values, and the windows in which people saw anomalies.
struct LabelledSeries {
  /// `realTweets/Twitter_volume_AAPL.csv`.
  let name: String
  let values: [Double]
  /// First and last point of each window.
  let windows: [ClosedRange<Int>]
  let days: Double

  /// Points at the beginning that are not scored: 15 %, of 5,000 points at most.
  var probation: Int { min(values.count * 15 / 100, 750) }

  /// Every series below `folder/data` that `folder/windows.json` names, by name.
  ///
  /// The benchmark's own `labels/combined_windows.json` is read as well.
  static func all(in folder: String) throws -> [LabelledSeries] {
    let places = ["windows.json", "labels/combined_windows.json"].map { "\(folder)/\($0)" }
    guard let path = places.first(where: FileManager.default.fileExists) else { return [] }
    let json = try JSONDecoder().decode(
      [String: [[String]]].self, from: Data(contentsOf: URL(filePath: path)))
    return try json.keys.sorted().compactMap { name in
      let file = "\(folder)/data/\(name)"
      guard FileManager.default.fileExists(atPath: file) else { return nil }
      return try LabelledSeries(name: name, file: file, windows: json[name] ?? [])
    }
  }

  private init(name: String, file: String, windows: [[String]]) throws {
    let text = try String(contentsOfFile: file, encoding: .utf8)
    var values: [Double] = []
    var times: [String] = []
    for line in text.split(whereSeparator: \.isNewline).dropFirst() {
      let fields = line.split(separator: ",")
      guard fields.count == 2, let value = Double(fields[1]) else { continue }
      values.append(value)
      times.append(Self.second(fields[0]))
    }
    let places = Dictionary(times.enumerated().map { ($1, $0) }) { first, _ in first }
    self.name = name
    self.values = values
    self.windows = windows.compactMap { ends in
      guard ends.count == 2, let from = places[Self.second(ends[0][...])], let to = places[Self.second(ends[1][...])]
      else { return nil }
      return from...max(from, to)
    }
    days = Self.days(from: times.first, to: times.last)
  }

  /// A time without its fraction.
  private static func second(_ text: Substring) -> String { String(text.prefix(19)) }

  private static func days(from: String?, to: String?) -> Double {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 0)
    format.dateFormat = "yyyy-MM-dd HH:mm:ss"
    guard let from, let to, let start = format.date(from: from), let end = format.date(from: to) else { return 0 }
    return end.timeIntervalSince(start) / 86_400
  }
}
