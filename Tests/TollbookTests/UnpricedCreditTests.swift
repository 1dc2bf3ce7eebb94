import Foundation
import Testing

@testable import tollbook

/// Credits beside calls whose price is not known yet, or changes.
@Suite struct UnpricedCreditTests {
  static func files(_ from: String, _ input: String = "1.00") -> [String: String] {
    [
      "acme.json":
        #"{"issuer":"acme","source":"s","read_on":"2026-10-01","models":[{"model":"large","cards":[{"from":"\#(from)","per":"1M tokens","rates":{"input":"\#(input)"}}]}]}"#
    ]
  }

  /// A million input tokens on 5 November, and 2.00 of credits for the month.
  static func ledger(_ rates: [String: String]) throws -> SampleLedger {
    let ledger = try SampleLedger(
      [
        [
          #"{"id":"c1","at":"2026-11-05T08:00:00Z","provider":"acme","model":"large","units":{"input":1000000}}"#
        ]
      ], rateFiles: rates)
    try write(rates, ledger.folder + "/pricing")
    let granted = try ledger.ask(
      "credits", "grant", "--issuer", "acme", "--month", "2026-11", "--amount", "2", "--pricing",
      ledger.folder + "/pricing")
    #expect(granted.exit == .clean, "\(granted.out)")
    return ledger
  }

  static func write(_ rates: [String: String], _ folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, text) in rates { try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8) }
  }

  static let december = "2026-12-01T00:00:00Z"
  static func credits(_ command: String, _ more: String...) -> [String] {
    ["credits", command, "--issuer", "acme", "--month", "2026-11"] + more
  }

  @Test func `credits do not lapse while a call of the month has no price`() throws {
    let ledger = try Self.ledger(Self.files("2026-11-10"))
    let refused = try ledger.ask(Self.credits("expire"), at: Self.december)
    #expect(refused.exit == .failed)
    #expect(
      refused.out.split(separator: "\n") == [
        "tollbook: A call of 2026-11 that acme bills has no price, and what is left could pay for it. Add the cards and re-price, or let it lapse with --despite-unpriced.",
        "  try: tollbook reprice --dry-run",
      ])
    // Once it is priced, the credits pay for it, and the rest lapses: 2.00 less 1.00.
    try Self.write(Self.files("2026-11-01"), ledger.folder + "/pricing")
    let run = try ledger.ask("reprice", "--run", "priced", "--pricing", ledger.folder + "/pricing")
    #expect(run.exit == .clean, "\(run.out)")
    #expect(try ledger.ask(Self.credits("apply"), at: Self.december).out.hasPrefix("Paid 1.000000000 USD"))
    #expect(try ledger.ask(Self.credits("expire"), at: Self.december).out.hasPrefix("Let 1.000000000 USD"))
  }

  @Test func `they lapse all the same when that is asked for`() throws {
    let ledger = try Self.ledger(Self.files("2026-11-10"))
    let lapsed = try ledger.ask(Self.credits("expire", "--despite-unpriced"), at: Self.december)
    #expect(lapsed.exit == .clean && lapsed.out.hasPrefix("Let 2.000000000 USD"), "\(lapsed.out)")
    // Nothing is left that could pay, so nothing is held back any more.
    #expect(try ledger.ask(Self.credits("expire"), at: Self.december).exit == .clean)
  }

  @Test func `a re-priced call is usage once, at what it costs now`() throws {
    let ledger = try Self.ledger(Self.files("2026-01-01"))
    // 1.00 was booked; 1.50 it costs since.
    #expect(try ledger.ask(Self.credits("apply")).out.hasPrefix("Paid 1.000000000 USD"))
    try Self.write(Self.files("2026-01-01", "1.50"), ledger.folder + "/pricing")
    #expect(try ledger.ask("reprice", "--run", "dearer", "--pricing", ledger.folder + "/pricing").exit == .clean)
    let applied = try ledger.ask(Self.credits("apply")).out
    #expect(applied.hasPrefix("Paid 0.500000000 USD"), "\(applied)")
    #expect(applied.contains("usage of 2026-11: 1.500000000, of it unpaid: 0.000000000"), "\(applied)")
    #expect(try ledger.ask("verify").exit == .clean)
  }
}
