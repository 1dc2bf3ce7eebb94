import CSystem
import Foundation
import Rates
import Store
import TestSupport
import Testing
import Units
import Watch

@testable import Sidecar

/// A ledger with its past and its future in it, and a watch whose time is what the test says it is.
///
/// A price of 1 dollar a million tokens; a row is team, key, from and to in hours since the start, calls in each
/// bucket, and tokens of each call:
///
///     search  ci  0  72  1  100000
final class WatchTimeline {
  /// A Monday.
  static let start = Timestamp("2026-03-02T00:00:00Z") ?? Timestamp(microseconds: 0)
  static let card = #"""
    {"issuer":"acme","source":"acme.example","read_on":"2026-03-01","models":[{"model":"m","cards":[
      {"from":"2026-01-01","per":"1M tokens","rates":{"input":"1","output":"1"}}]}]}
    """#

  let folder: String
  let receivers: [Receiver]
  var settings: WatchSettings
  private var writer: LedgerWriter
  private var reader: LedgerReader
  private(set) var round: WatchRound
  private(set) var reports: [WatchRound.Report] = []

  init(_ rows: String, settings: WatchSettings = WatchSettings(), severity: String = "info") throws {
    self.settings = settings
    let memory = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    folder = memory + "/watch-\(UUID().uuidString.prefix(8))"
    receivers = try Configuration(
      flags: [:], environment: [:], file: ("t.conf", "receiver.hook = webhook http://127.0.0.1:1 severity=\(severity)")
    ).receivers
    var rates = RateFileReader(digest: PricingFolder.sha256)
    rates.read(Self.card, file: "acme.json")
    let feed = try LedgerFeed(folder: folder, rates: try rates.book(origin: "test"), batchLines: 500)
    for line in try Self.lines(rows) {
      try (Array(line.utf8) + [UInt8](repeating: 0, count: 16)).withUnsafeBufferPointer {
        _ = try feed.take(UnsafeBufferPointer(rebasing: $0[..<($0.count - 16)]))
      }
    }
    try feed.commit()
    feed.close()
    writer = try LedgerWriter(folder: folder, now: Self.start)
    reader = try LedgerReader(folder: folder)
    round = WatchRound(settings)
  }

  deinit {
    writer.close()
    try? FileManager.default.removeItem(atPath: folder)
  }

  static func at(_ hours: Double) -> Timestamp {
    Timestamp(microseconds: start.microseconds + Int64(hours * 3_600_000_000))
  }

  /// The rows' calls in the order of their time.
  private static func lines(_ rows: String) throws -> [String] {
    var lines: [(at: Int64, line: String)] = []
    for (place, row) in rows.split(separator: "\n").enumerated() {
      let cells = row.split(separator: " ").map(String.init)
      let hours = (try #require(Double(cells[2])), try #require(Double(cells[3])))
      for bucket in Int(hours.0 * 12)..<Int(hours.1 * 12) {
        for call in 0..<(try #require(Int(cells[4]))) {
          let at = start.microseconds + Int64(bucket) * 300_000_000 + Int64(call % 290 + 1) * 1_000_000
          lines.append(
            (
              at,
              #"{"id":"r\#(place)-\#(bucket)-\#(call)","at":"\#(Timestamp(microseconds: at))","team":"\#(cells[0])","#
                + #""key":"\#(cells[1])","provider":"acme","model":"m","units":{"input":\#(cells[5])}}"#
            ))
        }
      }
    }
    return lines.sorted { ($0.at, $0.line) < ($1.at, $1.line) }.map(\.line)
  }

  // MARK: - Time

  /// A round at that many hours; `breaksOff` before what follows is on disk, or right after it.
  enum BreakOff { case never, before, after }

  func turn(_ hours: Double, breaksOff: BreakOff = .never) throws {
    let now = Self.at(hours)
    do throws(StoreFault) {
      let report = try round.turn(reader, now: now) { (outcome) throws(StoreFault) in
        if breaksOff == .before { throw .closed(path: "the test") }
        let posts = outcome.told.map {
          AlertPost($0.notice, to: $0.isQuiet ? [] : AlertDesk.letters($0.notice, receivers))
        }
        _ = try writer.post(posts, outcome.record, at: now)
        if breaksOff == .after { throw .closed(path: "the test") }
      }
      if let report { reports.append(report) }
    } catch {
      guard breaksOff != .never else { throw error }
    }
    if breaksOff != .never { restart() }
  }

  /// A round after each bucket between two times.
  func run(_ from: Double, _ to: Double) throws {
    var hours = from
    while hours < to - 0.001 {
      hours += 1.0 / 12
      try turn(hours + 0.02)
    }
  }

  /// The daemon begins anew: all it knows is in the ledger.
  func restart() { round = WatchRound(settings) }

  // MARK: - What came of it

  func rows(_ sql: String) throws -> [String] {
    let database = try Database(path: folder + "/tollbook.db", mode: .readOnly)
    let statement = try database.prepare(sql)
    var rows: [String] = []
    while try statement.step() {
      rows.append(
        (0..<statement.columnCount).map { statement.isNull($0) ? "-" : statement.text($0) }.joined(separator: " "))
    }
    return rows
  }

  func execute(_ sql: String) throws { try Database(path: folder + "/tollbook.db", mode: .readWrite).execute(sql) }

  /// `firing spend_spike`, in the order of the outbox.
  func sent() throws -> [String] {
    try rows("select o.kind, i.rule from outbox o join incident i on i.id = o.incident order by o.id")
  }

  func outbox() throws -> [String] { try rows("select event_id, receiver, kind, hex(body) from outbox order by id") }
}
