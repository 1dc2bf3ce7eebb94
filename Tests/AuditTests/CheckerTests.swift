import Audit
import Foundation
import TestSupport
import Testing

/// Other people's programs judge our export, where they are installed.
@Suite struct CheckerTests {
  @Test(.enabled(if: Checker.path(of: "hledger") != nil, "hledger is not installed"))
  func `hledger accepts the export`() throws {
    let text = try ExportTests.export().text(.hledger)
    let check = try Checker.run("hledger", ["-f", "FILE", "check", "-s"], on: text)
    #expect(check.status == 0, "\(check.output)")
  }

  @Test(.enabled(if: Checker.path(of: "hledger") != nil, "hledger is not installed"))
  func `hledger refuses the export when one nano is off`() throws {
    let text = try ExportTests.export().text(.hledger)
    let off = text.replacing("-2.000000001 USD", with: "-2.000000002 USD")
    #expect(off != text)
    let check = try Checker.run("hledger", ["-f", "FILE", "check", "-s"], on: off)
    #expect(check.status != 0)
  }

  @Test(.enabled(if: Checker.path(of: "ledger") != nil, "ledger is not installed"))
  func `ledger accepts the export`() throws {
    let text = try ExportTests.export().text(.ledger)
    let check = try Checker.run(
      "ledger", ["-f", "FILE", "--strict", "--pedantic", "balance"], on: text)
    #expect(check.status == 0, "\(check.output)")
    #expect(check.output.split(separator: "\n").last?.trimmingCharacters(in: .whitespaces) == "0")
  }

  @Test(.enabled(if: Checker.path(of: "bean-check") != nil, "bean-check is not installed"))
  func `bean-check accepts the export`() throws {
    let text = try ExportTests.export().text(.beancount)
    let check = try Checker.run("bean-check", ["FILE"], on: text)
    #expect(check.status == 0, "\(check.output)")
  }
}
