import CSystem

/// A prepared statement with its bound values and its current row.
///
/// Places of values count from 1, columns from 0, as SQLite counts them.
package final class Statement {
  /// For the writer's inner loop, which calls SQLite itself.
  let handle: OpaquePointer
  private let database: Database
  private let sql: String

  init(_ database: Database, _ sql: String) throws(StoreFault) {
    guard let connection = database.handle else { throw .closed(path: database.path) }
    var handle: OpaquePointer?
    let code = sqlite3_prepare_v3(
      connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
    guard code == SQLITE_OK, let handle else { throw database.fault(code, sql) }
    self.handle = handle
    self.database = database
    self.sql = sql
  }

  deinit { sqlite3_finalize(handle) }

  // MARK: - Values

  package func bind(_ place: Int32, _ value: Int64) { sqlite3_bind_int64(handle, place, value) }
  package func bind(_ place: Int32, _ value: Int) { sqlite3_bind_int64(handle, place, Int64(value)) }
  package func bind(_ place: Int32, _ value: Bool) { sqlite3_bind_int64(handle, place, value ? 1 : 0) }
  package func bindNull(_ place: Int32) { sqlite3_bind_null(handle, place) }

  package func bind(_ place: Int32, _ value: Int64?) {
    if let value { bind(place, value) } else { bindNull(place) }
  }

  package func bind(_ place: Int32, _ text: String) {
    var text = text
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        _ = tb_bind_text_copy(handle, place, $0.baseAddress, $0.count)
      }
    }
  }

  package func bind(_ place: Int32, _ text: String?) {
    if let text { bind(place, text) } else { bindNull(place) }
  }

  package func bind(_ place: Int32, blob: [UInt8]) {
    blob.withUnsafeBytes { _ = tb_bind_blob_copy(handle, place, $0.baseAddress, $0.count) }
  }

  // MARK: - Rows

  /// Moves to the next row; false when there is none, and the statement is reset.
  package func step() throws(StoreFault) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    let fault = code == SQLITE_DONE ? nil : database.fault(code, sql)
    sqlite3_reset(handle)
    if let fault { throw fault }
    return false
  }

  /// Runs a statement whose rows nobody wants.
  package func run() throws(StoreFault) { while try step() {} }

  /// Lets go of the current row; bound values stay.
  package func reset() { sqlite3_reset(handle) }

  package var columnCount: Int32 { sqlite3_column_count(handle) }

  package func isNull(_ column: Int32) -> Bool {
    sqlite3_column_type(handle, column) == SQLITE_NULL
  }
  package func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
  package func optionalInt64(_ column: Int32) -> Int64? { isNull(column) ? nil : int64(column) }

  package func text(_ column: Int32) -> String {
    String(decoding: bytes(column), as: UTF8.self)
  }

  /// The bytes of a text or blob, in place until the next step or reset.
  package func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
    let start = sqlite3_column_blob(handle, column)
    return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
  }
}
