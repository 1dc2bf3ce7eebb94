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
    try checkFile(&faults)
    let parts = try VerifyParts(database, &faults)
    var chain = try VerifyChain(database, parts, anchoredHead: anchoredHead)
    try chain.run(&faults, progress)
    try chain.derived.compare(with: database, parts, &faults)
    return Verification(
      calls: chain.derived.calls, rows: chain.calls, entries: chain.entries, batches: chain.batches,
      head: hex(chain.head),
      faults: faults.kept, faultsLeftOff: faults.leftOff)
  }

  /// SQLite's own check of the file's structure.
  private func checkFile(_ faults: inout VerifyFaults) throws(StoreFault) {
    let check = try database.prepare("pragma quick_check")
    while try check.step() {
      let what = check.text(0)
      if what != "ok" { faults.add(.file, what) }
    }
  }
}
