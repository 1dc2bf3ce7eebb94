import Audit
import Store
import TestSupport
import Testing

/// Every fault says what, where and what to do.
@Suite struct StoreFaultTests {
  static let all: [StoreFault] = [
    .noLedger(folder: "/var/lib/tollbook"),
    .cannotOpen(path: "/var/lib/tollbook/tollbook.db", reason: "Not a directory"),
    .readOnly(path: "/var/lib/tollbook"),
    .notALedger(path: "/var/lib/tollbook/tollbook.db"),
    .empty(path: "/var/lib/tollbook/tollbook.db"),
    .logUnreadable(path: "/var/lib/tollbook/tollbook.db"),
    .newer(path: "/var/lib/tollbook/tollbook.db", version: 9, known: 3),
    .older(path: "/var/lib/tollbook/tollbook.db", version: 2, known: 3),
    .locked(path: "/var/lib/tollbook", process: 4711),
    .locked(path: "/var/lib/tollbook", process: 0),
    .busy(path: "/var/lib/tollbook/tollbook.db"),
    .corrupt(
      path: "/var/lib/tollbook/tollbook.db",
      what: "its last call is 12, but its last batch ends at 9"),
    .beyond(path: "/var/lib/tollbook/tollbook.db", .costs),
    .beyond(path: "/var/lib/tollbook/tollbook.db", nil),
    .diskFull(path: "/var/lib/tollbook/tollbook.db"),
    .inputOutput(
      path: "/var/lib/tollbook/tollbook.db", reason: "disk I/O error (Input/output error)"),
    .unsettled(
      path: "/var/lib/tollbook/tollbook.db",
      reason: "the batch is there, but cannot be secured"),
    .sql(
      path: "/var/lib/tollbook/tollbook.db", statement: "insert_call",
      reason: "cannot store REAL value in INTEGER column call.cost_n"),
    .documentDiffers(kind: "invoice", issuer: "acme", reference: "2026-03"),
    .overdrawn(path: "/var/lib/tollbook/tollbook.db", account: "Assets:Credits:huggingface:2026-11"),
    .closed(path: "/var/lib/tollbook"),
  ]

  @Test func `faults of the store read as they did`() throws {
    try expectGolden(
      Self.all.map { "\($0)\($0.canRetry ? " [tried again]" : "")" }.joined(separator: "\n") + "\n",
      "store-faults.txt")
  }
}
