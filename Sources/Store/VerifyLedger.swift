import Audit
import CSystem
import Units

/// Proves that a ledger is whole: nothing is believed that follows from something else.
///
/// Reads one snapshot from end to end, beside a running daemon if need be. Differences are gathered,
/// each with its batch; only what keeps it from looking is thrown.
package final class LedgerVerifier {
  private let database: Database

  /// Opens the ledger in `folder`.
  package init(folder: String) throws(StoreFault) {
    database = try LedgerFile.openForReading(folder: folder)
    try database.execute("pragma query_only = 1; pragma cache_size = -65536")
  }

  /// Looks at everything.
  ///
  /// A head that was kept outside the ledger, in hexadecimal, must be the seal of one of the batches:
  /// the ledger may have grown since. Progress is told batch by batch: how many rows of how many.
  package func verify(
    anchoredHead: String? = nil, progress: (Int64, Int64) -> Void = { _, _ in }
  ) throws(StoreFault) -> Verification {
    try database.execute("begin")
    defer { database.rollBack() }
    var faults = VerifyFaults()
    var walk: VerifyWalk?
    do throws(StoreFault) {
      try checkFile(&faults)
      walk = try self.walk(&faults, anchoredHead, progress)
    } catch .corrupt(_, let what) {
      faults.add(.file, what)
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
    _ faults: inout VerifyFaults, _ anchoredHead: String?, _ progress: (Int64, Int64) -> Void
  ) throws(StoreFault) -> VerifyWalk {
    let parts = try VerifyParts(database, &faults)
    var chain = try VerifyChain(database, parts, anchoredHead: anchoredHead)
    try chain.run(&faults, progress)
    try chain.derived.compare(with: database, parts, &faults)
    return VerifyWalk(
      calls: chain.derived.calls, rows: chain.calls, entries: chain.entries,
      batches: chain.batches, head: hex(chain.head))
  }

  /// SQLite's own check of the file's structure.
  private func checkFile(_ faults: inout VerifyFaults) throws(StoreFault) {
    let check = try database.prepare("pragma integrity_check")
    while try check.step() {
      let what = check.text(0)
      if what != "ok" { faults.add(.file, what) }
    }
  }
}
