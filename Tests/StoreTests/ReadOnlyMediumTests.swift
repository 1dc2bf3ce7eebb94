import Audit
import Foundation
import Testing
import Units

@testable import Store

/// Reading where nothing can be written: a read-only medium, or another user's folder.
@Suite struct ReadOnlyMediumTests {
  static let path = "/media/books/tollbook.db"

  @Test(
    arguments: [
      // What the usual opening said, whether the folder can be written, bytes in the log.
      (.cannotOpen(path: path, reason: "unable to open database file"), false, -2, .asImmutable),
      (.cannotOpen(path: path, reason: "unable to open database file"), false, 0, .asImmutable),
      (.readOnly(path: path), false, -2, .asImmutable),
      (.cannotOpen(path: path, reason: "unable to open database file"), false, 4152, .refuse),
      (.readOnly(path: path), false, 4152, .refuse),
      (.cannotOpen(path: path, reason: "Permission denied"), true, -2, .none),
      (.readOnly(path: path), true, 4152, .none),
      (.corrupt(path: path, what: "malformed"), false, -2, .none),
      (.busy(path: path), false, -2, .none),
      (.newer(path: path, version: 9, known: 3), false, -2, .none),
    ] as [(StoreFault, Bool, Int64, ReadingFallback)])
  func `a database without a log is read as a file that nobody writes`(
    fault: StoreFault, folderIsWritable: Bool, logBytes: Int64, fallback: ReadingFallback
  ) {
    #expect(
      ReadingFallback(after: fault, folderIsWritable: folderIsWritable, logBytes: logBytes)
        == fallback)
  }

  @Test func `a path keeps its meaning in a URI`() {
    #expect(
      Database.immutableURI("/a b/50%?#ü/tollbook.db")
        == "file:/a%20b/50%25%3f%23%c3%bc/tollbook.db?immutable=1")
  }

  /// A read-only file system over a new folder with copies of the ledger's files; nil where mounting
  /// is refused.
  private func medium(_ ledger: TestLedger, _ names: [String]) throws -> (Mount, String)? {
    let folder = TestLedger.newFolder() + " 50%?#"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    guard let mount = Mount(bytes: 8 << 20, folder: folder) else {
      try FileManager.default.removeItem(atPath: folder)
      return nil
    }
    for name in names {
      try FileManager.default.copyItem(
        atPath: ledger.folder + "/" + name, toPath: folder + "/" + name)
    }
    try #require(mount.makeReadOnly())
    return (mount, folder)
  }

  @Test func `a ledger on a read-only medium answers like the one it was copied from`() throws {
    let ledger = try TestLedger()
    try ledger.book("c1  10:00:00  search  large  input 1000  output 200")
    ledger.writer.close()
    guard let (mount, folder) = try medium(ledger, ["tollbook.db"]) else {
      return print("skipped: this user may not mount a read-only file system")
    }
    let copy = try LedgerReader(folder: folder)
    let original = try LedgerReader(folder: ledger.folder)
    #expect(try copy.status().head == original.status().head)
    #expect(try copy.lastCalls(10).map(\.cost) == [Amount(nanos: 6_000_000)])
    #expect(try LedgerVerifier(folder: folder).verify().isClean)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["tollbook.db"])
    withExtendedLifetime(mount) {}
  }

  @Test func `commits in a log whose index is missing are not passed over`() throws {
    let ledger = try TestLedger()
    try ledger.book("c1  10:00:00  search  large  input 1000  output 200")
    // The writer is open: its commit stands in the log.
    guard let (mount, folder) = try medium(ledger, ["tollbook.db", "tollbook.db-wal"]) else {
      return print("skipped: this user may not mount a read-only file system")
    }
    #expect(throws: StoreFault.logUnreadable(path: folder + "/tollbook.db")) {
      try LedgerReader(folder: folder)
    }
    withExtendedLifetime(mount) {}
  }

  @Test func `commits in a log with its index are read`() throws {
    let ledger = try TestLedger()
    try ledger.book("c1  10:00:00  search  large  input 1000  output 200")
    let names = ["tollbook.db", "tollbook.db-wal", "tollbook.db-shm"]
    guard let (mount, folder) = try medium(ledger, names) else {
      return print("skipped: this user may not mount a read-only file system")
    }
    #expect(try LedgerReader(folder: folder).status().calls == 1)
    withExtendedLifetime(mount) {}
  }
}
