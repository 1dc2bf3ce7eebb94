import Foundation
import Testing

/// Credits are booked by whoever holds the ledger, one at a time.
@Suite struct CreditsBesideDaemonTests {
  @Test func `a daemon keeps credits out with its process id, and they are booked when it has stopped`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let process = try #require(daemon.process?.processIdentifier)
    let grant = ["credits", "grant", "--issuer", "acme", "--amount", "2", "--month", "2026-03"]
    func run(_ words: [String]) throws -> DaemonProcess.Run {
      try daemon.run(words[0], words[1], words[2], words[3], words[4], words[5], words[6], words[7])
    }
    let refused = try run(grant)
    #expect(refused.status == 1 && refused.out.isEmpty)
    #expect(
      refused.error.contains("is held by process \(process). Stop that one first"), "\(refused.error)")
    #expect(try daemon.run("credits", "show").out.hasPrefix("No credits"))
    #expect(daemon.stop() == 0)
    let granted = try run(grant)
    #expect(granted.status == 0 && granted.out.hasPrefix("Granted 2.000000000 USD"), "\(granted.error)")
    // The daemon goes on behind the document.
    try daemon.start()
    let line = #"{"id":"a","provider":"acme","model":"m","units":{"input":1000}}"#
    #expect(try daemon.run("ingest", "-", input: line + "\n").status == 0)
    #expect(daemon.stop() == 0)
    #expect(try daemon.run("verify").status == 0)
    #expect(try daemon.ask("select count(*) from entry") == ["2"])
  }
}
