import Audit
import Foundation
import TestSupport
import Testing

@testable import tollbook

/// Other people's programs accept the books of the sample, where they are installed.
@Suite struct ExportCheckTests {
  @Test(.enabled(if: Checker.path(of: "hledger") != nil, "hledger is not installed"))
  func `hledger accepts the sample's books, and their balances add up to nought`() throws {
    let sample = try SampleLedger()
    let text = try sample.ask("export", "--format", "hledger").out
    let check = try Checker.run("hledger", ["-f", "FILE", "check", "-s"], on: text)
    #expect(check.status == 0, "\(check.output)")
    let sum = try Checker.run("hledger", ["-f", "FILE", "balance", "--depth", "0", "-E"], on: text)
    #expect(
      sum.output.split(separator: "\n").last?.trimmingCharacters(in: .whitespaces).hasPrefix("0")
        ?? false, "\(sum.output)")
  }

  @Test(.enabled(if: Checker.path(of: "ledger") != nil, "ledger is not installed"))
  func `ledger accepts the sample's books`() throws {
    let sample = try SampleLedger()
    let text = try sample.ask("export", "--format", "ledger").out
    let check = try Checker.run(
      "ledger", ["-f", "FILE", "--strict", "--pedantic", "balance"], on: text)
    #expect(check.status == 0, "\(check.output)")
  }

  @Test(.enabled(if: Checker.path(of: "bean-check") != nil, "bean-check is not installed"))
  func `bean-check accepts the sample's books`() throws {
    let sample = try SampleLedger()
    let text = try sample.ask("export", "--format", "beancount").out
    let check = try Checker.run("bean-check", ["FILE"], on: text)
    #expect(check.status == 0, "\(check.output)")
  }
}
