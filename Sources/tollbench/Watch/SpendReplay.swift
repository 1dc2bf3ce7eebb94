import Foundation
import Units
import Watch

/// Shows recorded spend to a table of series, as a daemon would, and writes down what it tells.
///
/// A line is `bucket,series,nanodollars,calls`, a bucket being five minutes since 1970; buckets rise, and those
/// that are missing had no calls. What is told is one JSON object a line.
struct SpendReplay {
  private var table: SeriesTable
  private(set) var told: [String] = []

  init(utcOffset: Int64) {
    var limits = SeriesTable.Limits()
    limits.seriesMax = 100_000
    let zone = ZoneOffsets(
      name: "fixed", spans: [ZoneOffsets.Span(from: Timestamp(microseconds: .min), seconds: utcOffset)])
    table = SeriesTable(limits: limits, zone: zone)
  }

  mutating func run(_ text: String) throws {
    var bucket: Bucket?
    var turnovers: [SeriesTable.Turnover] = []
    for line in text.utf8.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
      let fields = line.split(separator: UInt8(ascii: ","))
      guard fields.count == 4, let number = Self.number(fields[0]).flatMap({ Int32(exactly: $0) }),
        let nanos = Self.number(fields[2]), let calls = Self.number(fields[3]),
        bucket.map({ $0.number <= number }) ?? true
      else {
        throw BenchFault("\(String(decoding: line.prefix(80), as: UTF8.self)): no bucket,series,nanodollars,calls")
      }
      if let last = bucket, last.number < number {
        close(last, turnovers)
        turnovers = []
      }
      bucket = Bucket(number: number)
      turnovers.append(
        SeriesTable.Turnover(
          key: SeriesKey(.team, String(decoding: fields[1], as: UTF8.self)), spend: Amount(nanos: nanos), calls: calls))
    }
    if let bucket { close(bucket, turnovers) }
  }

  private static func number(_ field: Substring.UTF8View) -> Int64? {
    Int64(String(decoding: field, as: UTF8.self))
  }

  private mutating func close(_ bucket: Bucket, _ turnovers: [SeriesTable.Turnover]) {
    for news in table.close(bucket, turnovers) {
      guard let (name, evidence, rest) = Self.parts(news.change) else { continue }
      var line = #"{"bucket":\#(news.bucket.number),"series":\#(Self.quoted(news.key.first)),"told":"\#(name)""#
      if let evidence {
        line += #","view":"\#(evidence.view)","since":\#(evidence.since.number),"spend":"\#(evidence.sum.spend)""#
        line += #","expected":"\#(evidence.sum.expected)","by_calls":"\#(evidence.sum.byCalls)""#
        line += #","by_unit_cost":"\#(evidence.sum.byUnitCost)""#
      }
      told.append(line + rest + "}")
    }
  }

  /// A name, what it rests on, and further members; nil for what is pending.
  private static func parts(_ change: SeriesNews.Change) -> (String, SpendEvidence?, String)? {
    switch change {
    case .pending, .passed: nil
    case .opened(let evidence, _): ("opened", evidence, "")
    case .updated(let evidence): ("updated", evidence, "")
    case .closed(let evidence, .backToNormal): ("closed", evidence, #","ending":"back_to_normal""#)
    case .closed(let evidence, .newNormal): ("closed", evidence, #","ending":"new_normal""#)
    case .newSpender(let spend): ("new_spender", nil, #","spend":"\#(spend)""#)
    }
  }

  private static func quoted(_ text: String) -> String {
    (try? JSONEncoder().encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
