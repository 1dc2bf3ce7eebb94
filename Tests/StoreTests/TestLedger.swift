import Audit
import Books
import Calls
import Foundation
import Rates
import Store
import Testing
import Units

/// A ledger in a folder of its own, fed by tables.
///
/// A row:
///
///     c1  10:00:00  search  large  input 1000  cached 4000  output 200
///
/// id (`-` for none), time on 2026-03-01, team and model; then quantities and `stream`, `error`,
/// `canceled`, `routed`, `latency 120`, `reference r1`, `n 7`.
final class TestLedger {
  let folder: String
  let limits: WriterLimits
  private(set) var writer: LedgerWriter
  private var decoder = CallDecoder()
  private var table: DimensionTable
  private let rates: RateBook
  private var isNew = true
  private var senders: [Sender] = []

  static let files = [
    (
      "acme.json",
      #"""
      {"issuer":"acme","source":"s","read_on":"2026-03-01","models":[
        {"model":"large","cards":[{"from":"2026-01-01","per":"1M tokens","rates":
          {"input":"3.00","cache_read":"0.30","output":"15.00","reasoning":"15.00"}}]},
        {"model":"small","cards":[{"from":"2026-01-01","per":"1M tokens","rates":
          {"input":"0.10","output":"0.40"}}]}]}
      """#
    ),
    (
      "router.json",
      #"""
      {"issuer":"router","route":"router","source":"s","read_on":"2026-03-01","models":[
        {"model":"large","provider":"acme","cards":[{"from":"2026-01-01","per":"1M tokens","rates":
          {"input":"3.30","cache_read":"0.30","output":"15.00"}}]}]}
      """#
    ),
  ]

  static func book(_ files: [(String, String)] = files) throws -> RateBook {
    var reader = RateFileReader(digest: { hex(sha256(of: $0)) })
    for (name, text) in files { reader.read(text, file: name) }
    return try reader.book(origin: "test")
  }

  init(
    folder: String = TestLedger.newFolder(), limits: WriterLimits = .standard, vfs: String? = nil,
    rates: RateBook? = nil
  ) throws {
    self.folder = folder
    self.limits = limits
    self.rates = try rates ?? Self.book()
    table = DimensionTable(rates: self.rates)
    writer = try LedgerWriter(
      folder: folder, now: Timestamp(microseconds: 0), limits: limits, vfs: vfs)
  }

  deinit {
    writer.close()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// A folder's path; in memory where the system has such a place.
  static func newFolder() -> String {
    let memory = "/dev/shm"
    let parent =
      FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
    return parent + "/tollbook-test-" + UUID().uuidString
  }

  var path: String { folder + "/tollbook.db" }

  /// Closes the ledger and opens it again, as another process would.
  func restart(
    now: Timestamp = Timestamp(microseconds: 0), limits: WriterLimits? = nil, vfs: String? = nil
  ) throws {
    writer.close()
    decoder = CallDecoder()
    table = DimensionTable(rates: rates)
    isNew = true
    senders = []
    writer = try LedgerWriter(
      folder: folder, now: now, limits: limits ?? self.limits, vfs: vfs)
  }

  // MARK: - Writing

  static let noon = Timestamp(microseconds: 1_772_366_400_000_000)

  @discardableResult
  func book(_ table: String) throws -> CommitReport {
    try writer.commit(batch(table), at: Self.noon)
  }

  /// The batch that a table's lines make.
  func batch(_ text: String, sender: Sender? = nil) -> BookBatch {
    let batch = BookBatch()
    batch.startsDimensions = isNew
    isNew = false
    var number: Int32 = -1
    if let sender {
      if let known = senders.firstIndex(of: sender) {
        number = Int32(known)
      } else {
        number = Int32(senders.count)
        senders.append(sender)
        batch.newSenders.append(sender)
      }
    }
    for row in text.split(separator: "\n") {
      let words = row.split(separator: " ").map(String.init)
      guard !words.isEmpty else { continue }
      take(Self.line(words), sender: number, into: batch)
    }
    batch.details = decoder.details.bytes
    decoder.details.bytes = []
    if let last = batch.calls.last, sender != nil, last.number > 0 {
      batch.marks[number] = MarkMove(number: last.number)
    }
    return batch
  }

  /// Books log lines as they are.
  @discardableResult
  func book(lines: [String]) throws -> CommitReport {
    let batch = batch("")
    for line in lines { take(line, sender: -1, into: batch) }
    batch.details = decoder.details.bytes
    decoder.details.bytes = []
    return try writer.commit(batch, at: Self.noon)
  }

  /// Takes a line as it is, as one of a sender whom a batch named before.
  func take(_ line: String, from sender: Sender, into batch: BookBatch) {
    take(line, sender: Int32(senders.firstIndex(of: sender) ?? -1), into: batch)
    batch.details = decoder.details.bytes
    decoder.details.bytes = []
  }

  private func take(_ line: String, sender: Int32, into batch: BookBatch) {
    let bytes = Array(line.utf8) + [UInt8](repeating: 0, count: 32)
    bytes.withUnsafeBufferPointer { all in
      let decoded = decoder.decode(
        UnsafeBufferPointer(rebasing: all[..<(bytes.count - 32)]), arrival: Self.noon,
        defaults: .none)
      guard case .call(var call) = decoded else {
        Issue.record("no call: \(line): \(decoded)")
        return
      }
      table.book(
        &call, of: decoder.subjects, details: &decoder.details, sender: sender, into: batch)
    }
  }

  /// The log line that a row stands for.
  private static func line(_ words: [String]) -> String {
    var fields = [
      #""at":"\#(words[1].contains("T") ? words[1] : "2026-03-01T\(words[1])Z")""#,
      #""team":"\#(words[2])""#, #""model":"\#(words[3])""#, #""provider":"acme""#,
      #""operation":"chat""#,
    ]
    if words[0] != "-" { fields.append(#""id":"\#(words[0])""#) }
    var units: [String] = []
    var rest = words.dropFirst(4)
    while let word = rest.popFirst() {
      switch word {
      case "stream": fields.append(#""stream":true"#)
      case "error": fields.append(#""status":500"#)
      case "canceled": fields.append(#""status":"canceled""#)
      case "routed": fields.append(#""route":"router""#)
      case "latency": fields.append(#""latency_ms":\#(rest.popFirst() ?? "")"#)
      case "reference": fields.append(#""provider_request_id":"\#(rest.popFirst() ?? "")""#)
      case "session": fields.append(#""session":"\#(rest.popFirst() ?? "")""#)
      case "n": fields.append(#""n":\#(rest.popFirst() ?? "")"#)
      case "cached": units.append(#""cache_read":\#(rest.popFirst() ?? "")"#)
      default: units.append(#""\#(word)":\#(rest.popFirst() ?? "")"#)
      }
    }
    if !units.isEmpty { fields.append(#""units":{\#(units.joined(separator: ","))}"#) }
    return "{" + fields.joined(separator: ",") + "}"
  }

  // MARK: - Reading

  /// Names of the folder's files.
  var files: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// The rows of a query, columns joined by a space; NULL is `-`.
  func rows(_ sql: String) throws -> [String] {
    let database = try Database(path: path, mode: .readOnly)
    let statement = try database.prepare(sql)
    var rows: [String] = []
    while try statement.step() {
      rows.append(
        (0..<statement.columnCount).map { statement.isNull($0) ? "-" : statement.text($0) }
          .joined(separator: " "))
    }
    return rows
  }

  /// Changes the ledger behind the writer's back.
  func change(_ sql: String) throws {
    try Database(path: path, mode: .readWrite).execute(sql)
  }

  func count(_ table: String) throws -> Int {
    Int(try rows("select count(*) from \(table)")[0]) ?? -1
  }

  /// What `verify` finds wrong; empty for a sound ledger.
  func faults() throws -> [String] {
    try LedgerVerifier(folder: folder).verify().faults.map {
      "\($0.kind) \($0.batch.map(String.init) ?? "-"): \($0.what)"
    }
  }
}

/// Expects the query's rows to be the table's lines, single spaces between columns.
func expectRows(
  _ ledger: TestLedger, _ sql: String, _ table: String,
  at place: SourceLocation = #_sourceLocation
) throws {
  let wanted = table.split(separator: "\n").map {
    $0.split(separator: " ").joined(separator: " ")
  }
  #expect(try ledger.rows(sql) == wanted, sourceLocation: place)
}

/// Expects the ledger to be sound: chain, entries, balances, rollups, amounts.
func expectSound(_ ledger: TestLedger, at place: SourceLocation = #_sourceLocation) throws {
  let faults = try ledger.faults()
  #expect(faults == [], sourceLocation: place)
}
