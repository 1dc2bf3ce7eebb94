import Audit
import Books
import Calls
import Foundation
import Rates
import Sidecar
import Store
import Units

/// Lines through a pump into a ledger, as the daemon takes them; a restart forgets all but the ledger.
final class PumpedLedger {
  let folder: String
  private var writer: LedgerWriter
  private var pump: LinePump
  private var sources: [String: LinePump.Source] = [:]
  private let rates: RateBook
  static let arrival = Timestamp(microseconds: 1_795_222_800_000_000)

  init() throws {
    var reader = RateFileReader(digest: { hex(sha256(of: $0)) })
    reader.read(
      #"{"issuer":"acme","source":"s","read_on":"2026-01-01","models":[{"model":"claude-x","cards":[{"from":"2026-01-01","per":"1M tokens","rates":{"input":"3","cache_read":"0.3","cache_write_5m":"3.75","cache_write_1h":"6","output":"15","reasoning":"15"}}]}]}"#,
      file: "acme.json")
    rates = try reader.book(origin: "test")
    folder = FileManager.default.temporaryDirectory.path + "/tollbook-\(UUID().uuidString.prefix(8))"
    writer = try LedgerWriter(folder: folder, now: Self.arrival)
    pump = LinePump(rates: rates, marks: [:], batchLinesMax: 100)
  }

  deinit {
    writer.close()
    try? FileManager.default.removeItem(atPath: folder)
  }

  func restart() throws {
    writer.close()
    writer = try LedgerWriter(folder: folder, now: Self.arrival)
    pump = LinePump(rates: rates, marks: writer.marks(), openMessages: writer.openMessages, batchLinesMax: 100)
    sources = [:]
  }

  /// What becomes of a line: of a connection by its number, or of a client by its name.
  func take(_ line: String, of name: String = "1", minutes: Int64 = 0) -> String {
    var source = sources[name] ?? LinePump.Source()
    if let connection = Int32(name) {
      source.connection = connection
    } else if source.sender < 0 {
      source = LinePump.Source(sender: pump.join(Sender(client: name, epoch: 1)).number, defaults: .none)
    }
    let bytes = Array(line.utf8) + [UInt8](repeating: 0, count: 32)
    let at = Timestamp(microseconds: Self.arrival.microseconds + minutes * 60_000_000)
    let outcome = bytes.withUnsafeBufferPointer {
      pump.take(UnsafeBufferPointer(rebasing: $0[..<(bytes.count - 32)]), from: source, at: at)
    }
    source.lastNumber = pump.lastNumber
    sources[name] = source
    switch outcome {
    case .taken: return "taken"
    case .replayed: return "replayed"
    case .refused(let reason): return "refused \(reason.rawValue)"
    case .ignored(let reason): return "ignored \(reason.rawValue)"
    case .passedOver: return "passed over"
    case .hello: return "hello"
    }
  }

  func leave(_ name: String) -> Int {
    if let source = sources[name] { pump.leave(source) }
    return pump.takeBrokenOff()
  }

  @discardableResult
  func commit() throws -> String {
    let batch = pump.seal()
    let report = try writer.commit(batch, at: Self.arrival)
    for (sender, move) in batch.marks { pump.marked(sender, upTo: move.number) }
    return "booked \(report.booked) deltas \(report.deltas) duplicates \(report.duplicates) "
      + "kept \(report.quarantined.count)"
  }

  func ask(_ sql: String) throws -> [String] {
    let database = try Database(path: folder + "/tollbook.db", mode: .readOnly)
    let rows = try database.prepare(sql)
    var found: [String] = []
    while try rows.step() {
      found.append((0..<rows.columnCount).map { rows.isNull($0) ? "-" : rows.text($0) }.joined(separator: " "))
    }
    return found
  }

  var total: [String] {
    get throws {
      try ask(
        "select sum(calls), sum(unpriced), sum(input), sum(cache_read), sum(output), sum(cost_n) from rollup_day")
    }
  }

  func isSound() throws -> Bool { try LedgerVerifier(folder: folder).verify().isClean }
}
