import FaultVFS
import Foundation
import Store
import Testing
import Units

/// What a writer says of a folder it cannot use.
@Suite struct OpeningTests {
  private func fault(opening folder: String) -> StoreFault? {
    do throws(StoreFault) {
      let writer = try LedgerWriter(folder: folder, now: TestLedger.noon)
      writer.close()
      return nil
    } catch { return error }
  }

  private func folder() throws -> String {
    let folder = TestLedger.newFolder()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test func `a missing folder is made, for its owner only`() throws {
    let parent = TestLedger.newFolder()
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let ledger = try TestLedger(folder: parent + "/a/b")
    let mode = try FileManager.default.attributesOfItem(atPath: ledger.folder)[.posixPermissions]
    #expect(mode as? Int == 0o700)
    try expectRows(ledger, "select name from book", "created_us\nledger_id")
    try expectRows(ledger, "pragma application_id", "1414483020")
    try expectRows(ledger, "pragma user_version", "8")
  }

  @Test func `a second writer is kept out and told who is in`() throws {
    let ledger = try TestLedger()
    #expect(
      fault(opening: ledger.folder)
        == .locked(path: ledger.folder, process: ProcessInfo.processInfo.processIdentifier))
    ledger.writer.close()
    #expect(fault(opening: ledger.folder) == nil)
  }

  @Test func `a closed writer takes no more`() throws {
    let ledger = try TestLedger()
    ledger.writer.close()
    #expect(throws: StoreFault.closed(path: ledger.folder)) {
      try ledger.book("c1  10:00:00  search  large  input 1")
    }
  }

  @Test func `a newer ledger is refused, and not touched`() throws {
    let ledger = try TestLedger()
    ledger.writer.close()
    try Database(path: ledger.path, mode: .readWrite).execute("pragma user_version = 99")
    let before = try Data(contentsOf: URL(filePath: ledger.path))
    #expect(
      fault(opening: ledger.folder) == .newer(path: ledger.path, version: 99, known: 8))
    #expect(try Data(contentsOf: URL(filePath: ledger.path)) == before)
  }

  @Test func `an older ledger is brought up, and keeps what it has`() throws {
    let ledger = try TestLedger()
    try ledger.book("c1  10:00:00  search  large  input 1")
    ledger.writer.close()
    try Database(path: ledger.path, mode: .readWrite).execute(
      "drop view call_detail; drop view posting; drop view trial_balance; drop view spend_daily; drop table recharge; drop table incident; drop table outbox; drop table silence; drop table watch_state; drop table act; drop table observation; drop table observer; drop table open_message; pragma user_version = 2"
    )
    try ledger.restart()
    try expectRows(ledger, "pragma user_version", "8")
    try expectRows(ledger, "select seq, team from call_detail", "1 search")
    try expectSound(ledger)
  }

  @Test func `another program's database is refused`() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/tollbook.db"
    try Database(path: path, mode: .create).execute("create table t (a)")
    #expect(fault(opening: folder) == .notALedger(path: path))
  }

  @Test func `a file that is no database is called damaged, and not touched`() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/tollbook.db"
    let text = String(repeating: "not a database. ", count: 1000)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(
      fault(opening: folder)
        == .corrupt(path: path, what: "its header is not that of a database"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
  }

  @Test func `a birth that was cut short is taken up again`() throws {
    let folder = try folder()
    try Database(path: folder + "/tollbook.db", mode: .create).execute("pragma journal_mode = wal")
    let ledger = try TestLedger(folder: folder)
    try ledger.book("c1  10:00:00  search  large  input 1")
    try expectSound(ledger)
  }

  @Test func `a damaged file is called damaged`() throws {
    let ledger = try TestLedger()
    for batch in 0..<20 {
      try ledger.book(
        (0..<100).map { "c\(batch)-\($0)  10:00:00  search  large  input 1" }
          .joined(separator: "\n"))
    }
    ledger.writer.close()
    let file = try #require(FileHandle(forUpdatingAtPath: ledger.path))
    let size = try file.seekToEnd()
    for page in 10..<(size / 4096) {
      try file.seek(toOffset: page * 4096)
      try file.write(contentsOf: Data(repeating: 0xa5, count: 4096))
    }
    try file.close()
    guard case .corrupt(let path, _)? = fault(opening: ledger.folder) else {
      Issue.record("\(String(describing: fault(opening: ledger.folder)))")
      return
    }
    #expect(path == ledger.path)
  }

  @Test func `rows behind the last batch are called damage`() throws {
    let ledger = try TestLedger()
    try ledger.book("c1  10:00:00  search  large  input 1")
    ledger.writer.close()
    try Database(path: ledger.path, mode: .readWrite).execute(
      "insert into call (at_offset_us, dimension_flags, input, cache_read, output) values (0, 34, 1, 0, 0)"
    )
    #expect(
      fault(opening: ledger.folder)
        == .corrupt(
          path: ledger.path, what: "its last call is 2, but its last batch ends at 1"))
  }

  @Test func `a folder where nothing can be written is called so`() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let mounted = Mount(readOnly: folder)
    if mounted == nil {
      guard tb_user_is_root() == 0 else { return }
      try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder)
    }
    #expect(fault(opening: folder) == .readOnly(path: folder))
    withExtendedLifetime(mounted) {}
  }

  @Test func `no folder can be made below a file`() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "".write(toFile: folder + "/file", atomically: true, encoding: .utf8)
    #expect(
      fault(opening: folder + "/file/ledger")
        == .cannotOpen(path: folder + "/file/ledger", reason: "Not a directory"))
  }

  @Test func `a reader says when there is no ledger, or one it does not know`() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(throws: StoreFault.noLedger(folder: folder)) {
      try LedgerFile.openForReading(folder: folder)
    }
    let ledger = try TestLedger()
    ledger.writer.close()
    try Database(path: ledger.path, mode: .readWrite).execute("pragma user_version = 2")
    #expect(throws: StoreFault.older(path: ledger.path, version: 2, known: 8)) {
      try LedgerFile.openForReading(folder: ledger.folder)
    }
  }

  @Test func `another program's transaction is waited for, then named`() throws {
    let ledger = try TestLedger()
    try ledger.book("c0  10:00:00  search  large  input 1")
    let other = try Database(path: ledger.path, mode: .readWrite)
    try other.execute("begin immediate")
    let batch = ledger.batch("c1  10:00:00  search  large  input 1")
    #expect(throws: StoreFault.busy(path: ledger.path)) {
      try ledger.writer.commit(batch, at: TestLedger.noon)
    }
    other.rollBack()
    #expect(try ledger.writer.commit(batch, at: TestLedger.noon).booked == 1)
    // What was known before the fault is known behind it.
    #expect(try ledger.book("c0  12:00:00  search  large  input 1").quarantined.count == 1)
    try expectSound(ledger)
  }
}
