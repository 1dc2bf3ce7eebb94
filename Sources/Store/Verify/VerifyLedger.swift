import Audit
import CSystem
import Units

/// Proves that a ledger is whole: nothing is believed that follows from something else.
///
/// Reads one snapshot from end to end, beside a running daemon if need be. Differences are gathered,
/// each with its batch; only what keeps it from looking is thrown.
package final class LedgerVerifier {
  private let file: File
  private let folder: String

  private enum File {
    case opened(Database)
    /// It is so damaged that it cannot be opened.
    case damaged(String)
  }

  /// Opens the ledger in `folder`; a damaged one is opened too, and found out by ``verify``.
  ///
  /// - Throws: ``StoreFault`` when there is none, or it is not one that this version can read.
  package init(folder: String) throws(StoreFault) {
    self.folder = folder
    do throws(StoreFault) {
      let database = try LedgerFile.openForReading(folder: folder)
      try database.execute("pragma query_only = 1; pragma cache_size = -65536")
      file = .opened(database)
    } catch {
      guard let damage = error.damage else { throw error }
      file = .damaged(damage)
    }
  }

  /// Looks at everything.
  ///
  /// A head that was kept outside the ledger, in hexadecimal, must be the seal of one of the batches:
  /// the ledger may have grown since. Progress is told batch by batch: how many rows of how many.
  package func verify(
    anchoredHead: String? = nil, progress: (Int64, Int64) -> Void = { _, _ in }
  ) throws(StoreFault) -> Verification {
    var faults = VerifyFaults()
    var walk: VerifyWalk?
    switch file {
    case .damaged(let damage): faults.add(.file, damage)
    case .opened(let database):
      defer { database.rollBack() }
      do throws(StoreFault) {
        try database.execute("begin")
        try checkFile(database, &faults)
        walk = try self.walk(database, &faults, anchoredHead, progress)
      } catch {
        guard let damage = error.damage else { throw error }
        faults.add(.file, damage)
      }
    }
    return Verification(
      calls: walk?.calls ?? 0, rows: walk?.rows ?? 0, entries: walk?.entries ?? 0,
      batches: walk?.batches ?? 0, head: walk?.head ?? String(repeating: "0", count: 64),
      faults: faults.kept, faultsLeftOff: faults.leftOff)
  }

  /// How far the walk over the chain came.
  private struct VerifyWalk {
    let calls: Int64
    let rows: Int64
    let entries: Int64
    let batches: Int64
    let head: String
  }

  private func walk(
    _ database: Database, _ faults: inout VerifyFaults, _ anchoredHead: String?,
    _ progress: (Int64, Int64) -> Void
  ) throws(StoreFault) -> VerifyWalk {
    let parts = try VerifyParts(database, &faults)
    var chain = try VerifyChain(database, parts, anchoredHead: anchoredHead)
    try chain.run(&faults, progress)
    try chain.derived.compare(with: database, parts, &faults)
    try VerifyObservations.check(database, &faults)
    try VerifyIDs.check(database, ledgerFolder: folder, &faults)
    return VerifyWalk(
      calls: chain.derived.calls, rows: chain.calls, entries: chain.entries,
      batches: chain.batches, head: hex(chain.head))
  }

  /// SQLite's own check of the file's structure: a fault for each of its lines.
  private func checkFile(
    _ database: Database, _ faults: inout VerifyFaults
  ) throws(StoreFault) {
    let check = try database.prepare("pragma integrity_check")
    while try check.step() {
      for what in check.text(0).split(separator: "\n") where what != "ok" && !what.hasPrefix("***") {
        faults.add(.file, String(what))
      }
    }
  }
}
