import CSystem
import Units

/// The ledger's files in their folder, and how its database is opened.
package enum LedgerFile {
  package static let databaseName = "tollbook.db"
  package static let lockName = "tollbook.lock"
  /// `TOLL`, in the database's header: what the `file` command and a second opening tell it by.
  package static let applicationID: Int64 = 0x544F_4C4C
  /// No version will write a schema of a higher number: a header that names one is damaged.
  private static let versionMax = 1_000
  /// The schema this version writes.
  package static var schemaVersion: Int { CarriedFile.schema.count }

  package static func database(in folder: String) -> String { folder + "/" + databaseName }

  /// Opens the ledger for writing; makes it when it is missing, and brings an older one up.
  static func openForWriting(
    folder: String, now: Timestamp, vfs: String?
  ) throws(StoreFault) -> Database {
    let database = try Database(path: database(in: folder), mode: .create, vfs: vfs)
    let state = try state(of: database)
    try prepare(database)
    try bringUp(database, from: state, now: now)
    return database
  }

  /// Opens a ledger for writing that was open before; a missing one is not made anew.
  static func openAgain(folder: String, vfs: String?) throws(StoreFault) -> Database {
    let database = try Database(path: database(in: folder), mode: .readWrite, vfs: vfs)
    guard try state(of: database) == .version(schemaVersion) else {
      throw .corrupt(path: database.path, what: "it is not the ledger that was open before")
    }
    try prepare(database)
    return database
  }

  private static func prepare(_ database: Database) throws(StoreFault) {
    for pragma in writerPragmas { try database.execute(pragma) }
    guard try database.text("pragma journal_mode") == "wal" else {
      throw .cannotOpen(path: database.path, reason: "its file system cannot hold a write-ahead log")
    }
  }

  /// Opens the ledger for reading, beside a writer or without one.
  package static func openForReading(folder: String) throws(StoreFault) -> Database {
    let path = database(in: folder)
    guard tb_file_exists(path) == 0 else { throw .noLedger(folder: folder) }
    do throws(StoreFault) {
      return try openForReading(path, .readOnly)
    } catch {
      switch ReadingFallback(
        after: error, folderIsWritable: tb_folder_is_writable(folder) == 0,
        logBytes: tb_file_size(path + "-wal"))
      {
      case .none: throw error
      case .refuse: throw .logUnreadable(path: path)
      case .asImmutable: return try openForReading(path, .immutable)
      }
    }
  }

  private static func openForReading(
    _ path: String, _ mode: Database.Mode
  ) throws(StoreFault) -> Database {
    let database = try Database(path: path, mode: mode)
    switch try state(of: database) {
    case .empty: throw .empty(path: path)
    case .version(schemaVersion): return database
    case .version(let version):
      throw .older(path: path, version: version, known: schemaVersion)
    }
  }

  /// What a database is, before anything is done to it.
  private enum State: Equatable {
    case empty
    case version(Int)
  }

  private static func state(of database: Database) throws(StoreFault) -> State {
    let application = try database.number("pragma application_id")
    let version = Int(try database.number("pragma user_version") ?? 0)
    if application == 0, version == 0, try database.number("select count(*) from sqlite_schema") == 0 {
      return .empty
    }
    guard application == applicationID else { throw .notALedger(path: database.path) }
    guard (1...versionMax).contains(version) else {
      throw .corrupt(path: database.path, what: "its header names schema \(version)")
    }
    guard version <= schemaVersion else {
      throw .newer(path: database.path, version: version, known: schemaVersion)
    }
    return .version(version)
  }

  /// A commit is on disk when it returns, and what is booked cannot be replaced.
  ///
  /// The log is moved by ``Database/checkpoint(_:)`` alone. Pages of 8 KiB waste less at their ends than
  /// SQLite's usual 4, a tenth of a byte a call; only a new file takes them.
  private static let writerPragmas = [
    "pragma page_size = 8192", "pragma journal_mode = wal", "pragma synchronous = full",
    "pragma recursive_triggers = on",
    "pragma foreign_keys = on", "pragma trusted_schema = off", "pragma cache_size = -16384",
    "pragma temp_store = memory", "pragma secure_delete = off", "pragma journal_size_limit = 67108864",
  ]

  // MARK: - Schema steps

  /// Takes each missing step, forward only: a step and its number are one transaction.
  private static func bringUp(
    _ database: Database, from state: State, now: Timestamp
  ) throws(StoreFault) {
    var version = 0
    if case .version(let found) = state { version = found }
    while version < schemaVersion {
      let step = CarriedFile.schema[version]
      version += 1
      try database.execute("begin immediate")
      do {
        if version == 1 { try database.execute("pragma application_id = \(applicationID)") }
        try database.execute(step.text)
        if version == 1 { try describe(database, now: now) }
        try database.execute("pragma user_version = \(version)")
        try database.execute("commit")
      } catch {
        database.rollBack()
        throw error
      }
    }
  }

  /// The new ledger's own facts: an id that no other has, and its birth.
  private static func describe(_ database: Database, now: Timestamp) throws(StoreFault) {
    var id = [UInt8](repeating: 0, count: 16)
    let error = tb_random(&id, id.count)
    guard error == 0 else {
      throw .inputOutput(path: database.path, reason: "no random bytes: \(errorText(error))")
    }
    let insert = try database.prepare("insert into book (name, value) values (?1, ?2)")
    for (name, value) in [("ledger_id", hex(id)), ("created_us", String(now.microseconds))] {
      insert.bind(1, name)
      insert.bind(2, value)
      try insert.run()
    }
  }
}

/// Bytes as lower-case hexadecimal digits.
package func hex(_ bytes: some Sequence<UInt8>) -> String {
  var text = ""
  for byte in bytes {
    text += String(byte >> 4, radix: 16)
    text += String(byte & 15, radix: 16)
  }
  return text
}
