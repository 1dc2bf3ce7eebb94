import CSystem

/// A connection to SQLite: the one door to it.
///
/// Belongs to one thread at a time. SQLite's codes come out as ``StoreFault``s.
package final class Database {
  package let path: String
  private(set) var handle: OpaquePointer?
  /// Pages in the write-ahead log after the last commit of this connection.
  private let walPageCount = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

  package enum Mode: Sendable {
    /// Reads and writes, and makes the file when it is missing.
    case create
    case readWrite
    case readOnly
    /// Reads a file that nobody writes, without its log and without locks.
    case immutable
  }

  /// How long a statement waits for another connection, in milliseconds.
  package static let busyMilliseconds: Int32 = 5_000

  /// Opens a connection; `vfs` is SQLite's name of another way to files, for tests that break disks.
  package init(path: String, mode: Mode, vfs: String? = nil) throws(StoreFault) {
    precondition(Self.isConfigured, "SQLite was opened before it was configured")
    self.path = path
    walPageCount.initialize(to: 0)
    let flags =
      switch mode {
      case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      case .readWrite: SQLITE_OPEN_READWRITE
      case .readOnly: SQLITE_OPEN_READONLY
      case .immutable: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
      }
    let code = sqlite3_open_v2(
      mode == .immutable ? Self.immutableURI(path) : path, &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      vfs)
    guard code == SQLITE_OK else {
      let fault = fault(code, "open")
      close()
      throw fault
    }
    sqlite3_busy_timeout(handle, Self.busyMilliseconds)
    tb_watch_wal(handle, walPageCount)
  }

  /// The path as SQLite reads it in a URI, with the word that nobody writes the file.
  static func immutableURI(_ path: String) -> String {
    var uri = "file:"
    for byte in path.utf8 {
      switch byte {
      case 0x25, 0x3f, 0x23, 0...0x20, 0x7f...: uri += "%" + hex([byte])
      default: uri.unicodeScalars.append(Unicode.Scalar(byte))
      }
    }
    return uri + "?immutable=1"
  }

  deinit {
    close()
    walPageCount.deallocate()
  }

  /// Closes the connection; statements that are left are finished with it.
  package func close() {
    sqlite3_close_v2(handle)
    handle = nil
  }

  /// Set once for the process, before the first connection.
  private static let isConfigured: Bool = tb_sqlite_configure() == SQLITE_OK

  package static var version: String { String(cString: sqlite3_libversion()) }

  // MARK: - Statements

  /// A statement to be used many times.
  package func prepare(_ sql: String) throws(StoreFault) -> Statement {
    try Statement(self, sql)
  }

  /// Runs every statement of `sql`, without bound values.
  package func execute(_ sql: String) throws(StoreFault) {
    guard let handle else { throw .closed(path: path) }
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw fault(code, sql) }
  }

  /// The first column of the first row, as a number; nil for no row or NULL.
  package func number(_ sql: String) throws(StoreFault) -> Int64? {
    let statement = try prepare(sql)
    guard try statement.step(), !statement.isNull(0) else { return nil }
    return statement.int64(0)
  }

  /// The first column of the first row, as text; nil for no row or NULL.
  package func text(_ sql: String) throws(StoreFault) -> String? {
    let statement = try prepare(sql)
    guard try statement.step(), !statement.isNull(0) else { return nil }
    return statement.text(0)
  }

  package var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }
  package var changedRows: Int { Int(sqlite3_changes(handle)) }
  package var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }
  package var walPages: Int { Int(walPageCount.pointee) }

  /// Takes back what the open transaction did, if there is one.
  package func rollBack() {
    if handle != nil, isInTransaction { sqlite3_exec(handle, "rollback", nil, nil, nil) }
  }

  // MARK: - The write-ahead log

  package enum CheckpointMode: Sendable {
    /// Moves what no reader stands in the way of.
    case passive
    /// Waits for readers, moves all, and cuts the log to nothing.
    case truncate

    fileprivate var code: Int32 {
      self == .passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE
    }
  }

  /// Moves pages from the write-ahead log into the database, and says how far it came.
  package func checkpoint(_ mode: CheckpointMode) -> CheckpointOutcome {
    var inLog: Int32 = 0
    var moved: Int32 = 0
    let code = sqlite3_wal_checkpoint_v2(handle, nil, mode.code, &inLog, &moved)
    switch code & 0xff {
    case SQLITE_OK where moved >= inLog: return .complete(pages: Int(moved))
    case SQLITE_OK, SQLITE_BUSY: return .partial(pages: Int(max(moved, 0)), of: Int(max(inLog, 0)))
    default: return .failed(fault(code, "checkpoint"))
    }
  }

  /// What `code` means here.
  func fault(_ code: Int32, _ statement: String) -> StoreFault {
    StoreFault.of(
      code: code, path: path, statement: statement,
      message: String(cString: handle == nil ? sqlite3_errstr(code) : sqlite3_errmsg(handle)),
      error: handle == nil ? 0 : sqlite3_system_errno(handle))
  }
}

/// How far a checkpoint came.
package enum CheckpointOutcome: Hashable, Sendable {
  /// The log was short; nothing was tried.
  case notNeeded
  case complete(pages: Int)
  /// A reader stood in the way of the rest.
  case partial(pages: Int, of: Int)
  /// What was committed stays safe in the log.
  case failed(StoreFault)
}
