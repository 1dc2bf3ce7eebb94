import Calls

/// Ids as the ledger's rows bear them, read in runs.
final class IDRows {
  private let keys: Statement

  init(_ database: Database, _ sql: NamedStatements) throws(StoreFault) {
    keys = try database.prepare(sql["keys_of_calls"])
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
}
