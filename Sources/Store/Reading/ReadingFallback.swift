/// How a ledger is read that could not be opened in the usual way.
///
/// SQLite reads a write-ahead log by an index in a file beside it (`-shm`), which even a reader makes
/// when it is missing: on a read-only medium, or in another user's folder, it cannot. A database that
/// has nothing in its log can be read without one, as a file that nobody writes.
/// Source: sqlite.org/wal.html, "Read-Only Databases", read 2026-11-21.
enum ReadingFallback: Hashable {
  /// The fault has another cause, and stands.
  case none
  /// Nothing is in the log: the database alone is the whole ledger.
  case asImmutable
  /// Without the log the last commits would be missing, and nobody would notice.
  case refuse

  /// `logBytes` is the size of the log; 0 or less where there is none.
  init(after fault: StoreFault, folderIsWritable: Bool, logBytes: Int64) {
    switch fault {
    case .cannotOpen, .readOnly:
      self = folderIsWritable ? .none : logBytes > 0 ? .refuse : .asImmutable
    default: self = .none
    }
  }
}
