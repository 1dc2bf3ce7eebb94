import Audit
import CSystem

/// Why the ledger cannot be opened, read or written.
///
/// Carries places and SQLite's words, never what was to be written.
package enum StoreFault: Error, Hashable, Sendable {
  /// There is no ledger in the folder.
  case noLedger(folder: String)
  case cannotOpen(path: String, reason: String)
  case readOnly(path: String)
  /// Another program's file stands where the ledger should.
  case notALedger(path: String)
  /// The file is there and has nothing in it: it was cut off, or its making was interrupted.
  case empty(path: String)
  /// Commits stand in the write-ahead log, and its index can neither be read nor made.
  case logUnreadable(path: String)
  /// A later version has added schema steps that this one does not know.
  case newer(path: String, version: Int, known: Int)
  /// An earlier version wrote it, and only a writer may bring it up.
  case older(path: String, version: Int, known: Int)
  /// Another writer holds the lock file; its process id is 0 when it has not been written.
  case locked(path: String, process: Int32)
  /// Another connection keeps the database from being written.
  case busy(path: String)
  case corrupt(path: String, what: String)
  /// A report's sum is more than can be shown.
  case beyond(path: String, SumFault?)
  case diskFull(path: String)
  case inputOutput(path: String, reason: String)
  /// A commit failed in a way that leaves open whether it is on disk, and looking failed as well.
  case unsettled(path: String, reason: String)
  case sql(path: String, statement: String, reason: String)
  /// A document of that name was recorded before and said something else.
  case documentDiffers(kind: String, issuer: String, reference: String)
  /// More credits would be spent than were granted.
  case overdrawn(path: String, account: String)
  /// Its sums cannot hold what was to be booked.
  case full(path: String)
  case closed(path: String)

  /// What is wrong with the file itself; nil for every other kind of fault.
  package var damage: String? {
    switch self {
    case .corrupt(_, let what): what
    case .notALedger: "its header is not that of a ledger"
    case .empty: "it is empty: it was cut off, or its making was interrupted"
    default: nil
    }
  }

  /// Whether the same batch may be given again, once the cause is gone.
  package var canRetry: Bool {
    switch self {
    case .diskFull, .inputOutput, .unsettled, .busy, .readOnly, .cannotOpen: true
    default: false
    }
  }
}

extension StoreFault: CustomStringConvertible {
  /// Fact, place and remedy.
  package var description: String {
    switch self {
    case .noLedger(let folder):
      "\(folder) has no ledger. Name the folder with --data, or start `tollbook serve` to make one."
    case .cannotOpen(let path, let reason):
      "\(path) cannot be opened: \(reason). Mend the path or its permissions."
    case .readOnly(let path):
      "\(path) cannot be written. Give this user the right to write there, or name another folder."
    case .notALedger(let path):
      "\(path) is no Tollbook ledger. Name another folder, or move the file away."
    case .empty(let path):
      "\(path) is empty: it was cut off, or its making was interrupted. "
        + "Restore the last backup; where nothing was booked yet, start `tollbook serve`."
    case .logUnreadable(let path):
      "\(path)-wal holds commits, and reading them takes \(path)-shm, which can neither be read nor made here. "
        + "Copy the folder to where you can write, and name the copy with --data."
    case .newer(let path, let version, let known):
      "\(path) was written by a newer Tollbook (schema \(version), this one knows \(known)). "
        + "Install that version or a later one."
    case .older(let path, let version, let known):
      "\(path) has schema \(version) and this Tollbook wants \(known). Start `tollbook serve` once to bring it up."
    case .locked(let path, let process):
      process > 0
        ? "\(path) is held by process \(process). Stop that one first, or use another folder."
        : "\(path) is held by another process. Stop that one first, or use another folder."
    case .busy(let path):
      "\(path) is being written by another program. End its transaction."
    case .corrupt(let path, let what):
      "\(path) is damaged: \(what). \(Self.cure(ofDamageTo: path))"
    case .beyond(let path, let sum):
      "\(path): \(sum.map { "\($0)" } ?? "a sum over it is beyond 64 bits"). Ask for a shorter span; "
        + "`tollbook verify` tells whether the ledger was changed."
    case .diskFull(let path):
      "There is no space left for \(path). Free some: nothing booked is lost, and the batch can be booked again."
    case .inputOutput(let path, let reason):
      "\(path) could not be read or written: \(reason). Check the disk and the system's log."
    case .unsettled(let path, let reason):
      "\(path): a commit failed, and whether it is on disk cannot be told yet: \(reason). "
        + "Check the disk; the next attempt looks again."
    case .sql(let path, let statement, let reason):
      "\(path) refused a statement: \(reason). Report this with the statement: \(statement)"
    case .documentDiffers(let kind, let issuer, let reference):
      "The \(kind) \(reference) of \(issuer) was recorded before with other content. "
        + "Record the correction under a reference of its own."
    case .overdrawn(let path, let account):
      "\(path): \(account) would be below nought, which a grant of credits never is. Nothing was booked: grant first."
    case .full(let path):
      "\(path) cannot hold that amount: its sums would pass 9.2 billion dollars. Look for absurd amounts."
    case .closed(let path):
      "\(path) is closed. Open it again."
    }
  }

  /// What to do about a file that is damaged, whatever reads it.
  package static func cure(ofDamageTo path: String) -> String {
    "Copy \(path) and what stands beside it before anything else. "
      + "Then restore the last backup; docs/operations.md says how to save what can be read."
  }

  /// The fault that SQLite's extended result code stands for.
  static func of(
    code: Int32, path: String, statement: String, message: String, error: Int32 = 0
  ) -> StoreFault {
    /// The system's own error, which SQLite keeps for faults of the disk only.
    let reason = error == 0 ? message : "\(message) (\(errorText(error)))"
    switch code {
    case tb_sqlite_short_read:
      return .corrupt(path: path, what: "it ends in the middle of a page")
    case tb_sqlite_corrupt_fs:
      return .corrupt(path: path, what: "its file system says that it is damaged")
    default: break
    }
    switch code & 0xff {
    case SQLITE_FULL: return .diskFull(path: path)
    case SQLITE_IOERR:
      return tb_is_no_space(error) != 0
        ? .diskFull(path: path) : .inputOutput(path: path, reason: reason)
    case SQLITE_CORRUPT: return .corrupt(path: path, what: message)
    case SQLITE_NOTADB:
      return .corrupt(path: path, what: "its header is not that of a database")
    case SQLITE_READONLY, SQLITE_PERM: return .readOnly(path: path)
    case SQLITE_CANTOPEN, SQLITE_AUTH: return .cannotOpen(path: path, reason: reason)
    case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: return .busy(path: path)
    case SQLITE_ERROR where message == "integer overflow": return .beyond(path: path, nil)
    default:
      return .sql(path: path, statement: String(statement.prefix(statementMax)), reason: message)
    }
  }

  /// Bytes of a statement that a message shows.
  private static let statementMax = 400
}

/// The system's words for an errno.
func errorText(_ error: Int32) -> String {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { text in
    guard let start = text.baseAddress else { return "error \(error)" }
    tb_error_text(error, start, text.count)
    return String(cString: start)
  }
}
