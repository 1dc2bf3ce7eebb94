import Audit
import CSystem
import Units

/// Answers questions about a ledger, and writes nothing; works beside a running daemon.
///
/// Each answer is read from one snapshot, so that its figures belong together. The questions are
/// the files of `ledgers/queries/`. Belongs to one thread at a time.
package final class LedgerReader {
  package let folder: String
  let database: Database
  /// Dimensions are never changed, so that one that was read stays known.
  var dimensions: [Int: DimensionRecord] = [:]
  /// Dimensions that the ledger held when they were last counted.
  var dimensionCount = 0
  /// What each dimension's provider itself calls its model.
  var products: [Int: ComparisonTally.Product] = [:]
  /// Accounts are never changed either.
  var accountsByID: [Int64: LedgerAccount] = [:]
  private var statements: [String: Statement] = [:]

  /// Opens the ledger in `folder`.
  ///
  /// - Throws: ``StoreFault`` when there is none, or it is not one that this version can read.
  package init(folder: String) throws(StoreFault) {
    self.folder = folder
    database = try LedgerFile.openForReading(folder: folder)
    try database.execute("pragma query_only = 1")
  }

  /// Runs `read` on one snapshot of the ledger.
  func snapshot<Answer>(_ read: () throws(StoreFault) -> Answer) throws(StoreFault) -> Answer {
    if database.isInTransaction { return try read() }
    try database.execute("begin")
    defer { database.rollBack() }
    return try read()
  }

  /// The statement of a file in `ledgers/queries/`, ready to be bound.
  func query(_ name: String) throws(StoreFault) -> Statement {
    if let statement = statements[name] {
      statement.reset()
      return statement
    }
    let statement = try database.prepare(CarriedFile.query(name + ".sql"))
    statements[name] = statement
    return statement
  }
}

extension Statement {
  /// Binds by name, as the files of `ledgers/queries/` have them.
  func bind(_ name: String, _ value: Int64) {
    let place = sqlite3_bind_parameter_index(handle, name)
    precondition(place > 0, "the query has no \(name)")
    bind(place, value)
  }

  func bind(_ name: String, text: String) {
    let place = sqlite3_bind_parameter_index(handle, name)
    precondition(place > 0, "the query has no \(name)")
    bind(place, text)
  }

  func bind(_ name: String, blob: [UInt8]) {
    let place = sqlite3_bind_parameter_index(handle, name)
    precondition(place > 0, "the query has no \(name)")
    bind(place, blob: blob)
  }

  /// The column as text, or nil for NULL.
  func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  func timestamp(_ column: Int32) -> Timestamp { Timestamp(microseconds: int64(column)) }
}
