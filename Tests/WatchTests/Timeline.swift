import Testing
import Units
import Watch

/// A series' buckets as a table, and what is told of them as another.
///
/// A row of the first is how long, calls and dollars of each bucket, and `x4` when that was announced:
///
///     14d  10  0.10
///     6h   40  0.40  x4
struct Timeline {
  static let key = SeriesKey(.team, "search")
  /// A Monday, 1970-01-05.
  static let start = Bucket(number: 4 * 288)

  var table = SeriesTable()
  private(set) var next = Timeline.start
  private(set) var told: [String] = []

  init(_ rows: String = "") throws { try run(rows) }

  mutating func run(_ rows: String) throws {
    for row in rows.split(separator: "\n") {
      let cells = row.split(separator: " ").map(String.init)
      let spend = try Amount(dollars: cells[2])
      let multiplier = cells.count > 3 ? Double(cells[3].dropFirst()) : nil
      for _ in 0..<(try Self.buckets(cells[0])) { step(try #require(Int64(cells[1])), spend, planned: multiplier) }
    }
  }

  mutating func step(_ calls: Int64, _ spend: Amount, planned: Double? = nil) {
    let plan = planned.flatMap {
      PlannedWindow(from: next.start, to: next.next.start, multiplier: $0, series: Self.key)
    }
    let turnover = SeriesTable.Turnover(key: Self.key, spend: spend, calls: calls)
    let news = table.close(next, calls == 0 && spend == .zero ? [] : [turnover], planned: plan.map { [$0] } ?? [])
    told += news.map { Self.text($0) }
    next = next.next
  }

  /// The buckets of `14d`, `6h` or `25m`.
  private static func buckets(_ text: String) throws -> Int {
    let number = try #require(Int(text.dropLast()))
    switch text.last {
    case "d": return number * 288
    case "h": return number * 12
    default: return number / 5
    }
  }

  /// `15 00:00 opened spend5m`: the day, from 1 on, the bucket's start, and what is told.
  static func text(_ news: SeriesNews) -> String {
    let minutes = (news.bucket.number - start.number) % 288 * 5
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let time = "\((news.bucket.number - start.number) / 288 + 1) \(two(minutes / 60)):\(two(minutes % 60)) "
    switch news.change {
    case .pending(let evidence): return time + "pending \(evidence.view)"
    case .passed(let ending): return time + "passed \(ending)"
    case .opened(let evidence, _): return time + "opened \(evidence.view)"
    case .updated: return time + "updated"
    case .closed(_, let ending): return time + "closed \(ending)"
    case .newSpender(let spend): return time + "new spender \(spend)"
    }
  }

  /// What was told, without the updates in between.
  var turns: [String] { told.filter { !$0.hasSuffix("updated") } }

  /// The news of a bucket that is stepped over once more, for its figures.
  static func evidence(_ change: SeriesNews.Change) -> SpendEvidence? {
    switch change {
    case .pending(let evidence), .opened(let evidence, _), .updated(let evidence), .closed(let evidence, _): evidence
    case .passed, .newSpender: nil
    }
  }
}
