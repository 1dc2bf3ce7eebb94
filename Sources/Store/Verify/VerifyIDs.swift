import Audit

/// Judges the files of ids: one that misses a call could have it booked twice.
///
/// A file that is missing, damaged or of another past is no fault: whoever writes the ledger finds that out and makes
/// it anew. One that is whole must say what the rows say.
enum VerifyIDs {
  static func check(_ database: Database, ledgerFolder: String, _ faults: inout VerifyFaults) throws(StoreFault) {
    let sql = NamedStatements("booking.sql")
    let spans = try database.prepare(sql["id_spans"])
    let batch = try database.prepare(sql["base_of_call"])
    let ids = try IDRows(database, sql)
    while try spans.step() {
      guard let span = PastIDs.Span(row: spans) else {
        faults.add(.identity, "the span from call #\(spans.int64(0)) has no moments")
        continue
      }
      batch.bind(1, span.rows.upperBound)
      let seal = try batch.step() ? Array(batch.bytes(3)) : []
      batch.reset()
      let path = IDFiles.path(of: span.rows, in: ledgerFolder)
      guard seal.count == IDFileHeader.sealBytes, let file = IDFile(path: path, rows: span.rows, seal: seal) else {
        continue
      }
      if try file.contradicts(IDFileImage(rows: span.rows, ids: span.ids, ids, seal: seal)) {
        faults.add(.identity, "\(path) is not what its calls make. Delete it: the next start makes it anew")
      }
    }
  }
}
