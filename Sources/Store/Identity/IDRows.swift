import Calls

/// Ids as the ledger's rows bear them: read in runs, and by their calls' moments.
final class IDRows {
  private let keys: Statement
  private let covering: Statement

  init(_ database: Database, _ sql: NamedStatements) throws(StoreFault) {
    keys = try database.prepare(sql["keys_of_calls"])
    covering = try database.prepare(sql["batches_covering"])
  }

  /// Calls `body` for each call of the range that bears an id, and `other` for each whose provider's id
  /// and observer are known.
  func read(
    _ range: ClosedRange<Int64>, other: (ReferenceWindow.Row) -> Void = { _ in },
    _ body: (_ key: UInt64, _ seq: Int64) -> Void
  ) throws(StoreFault) {
    keys.bind(1, range.lowerBound)
    keys.bind(2, range.upperBound)
    while try keys.step() {
      let bytes = keys.bytes(1)
      guard bytes.count >= 8 else { continue }
      let key = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
      if key != 0 { body(key, keys.int64(0)) }
      guard bytes.count > 8 else { continue }
      let row = RowKey(bytes)
      if row.mark != nil {
        other(
          ReferenceWindow.Row(
            seq: keys.int64(0), key: row, outcome: Outcome(rawValue: UInt8(keys.int64(2) & 3)) ?? .ok))
      }
    }
  }

  /// The calls of every batch that covers a moment, within a run of calls; nil when they are more
  /// than `rowsMax`.
  func ranges(
    covering moment: Int64, within run: ClosedRange<Int64>, rowsMax: Int
  ) throws(StoreFault) -> [ClosedRange<Int64>]? {
    covering.bind(1, moment)
    defer { covering.reset() }
    var ranges: [ClosedRange<Int64>] = []
    var rows = 0
    while try covering.step() {
      let first = covering.int64(0)
      let last = covering.int64(1)
      guard first <= last, run.contains(first) else { continue }
      rows += Int(last - first + 1)
      guard rows <= rowsMax else { return nil }
      ranges.append(first...last)
    }
    return ranges
  }
}
