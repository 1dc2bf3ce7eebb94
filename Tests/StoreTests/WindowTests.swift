import Foundation
import Store
import Testing

/// How far back a reused id is caught.
@Suite struct WindowTests {
  static func limits(_ ids: Int, open: Int = 16) -> WriterLimits {
    var limits = WriterLimits()
    limits.windowIDs = ids
    limits.rebuildRows = ids
    limits.openIDFiles = open
    limits.idImages = min(open, 4)
    return limits
  }

  /// Calls `first` to `last`, one a second and ten a batch, with ids of their numbers.
  private func fill(_ ledger: TestLedger, _ numbers: Range<Int>, batch: Int = 10) throws {
    for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: batch) {
      let report = try ledger.book(
        (start..<min(start + batch, numbers.upperBound)).map(row).joined(separator: "\n"))
      #expect(report.duplicates == 0)
      #expect(report.quarantined.isEmpty)
    }
  }

  private func row(_ number: Int) -> String {
    "c\(number)  \(time(number))  search  large  input \(number + 1)"
  }

  private func time(_ second: Int) -> String {
    String(format: "%02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60)
  }

  @Test func `ids in the window are caught whatever their time`() throws {
    let ledger = try TestLedger(limits: Self.limits(100))
    try fill(ledger, 0..<250)
    // The last hundred, with times of their own: other content.
    let report = try ledger.book(
      (150..<250).map { "c\($0)  12:00:00  search  large  input \($0 + 1)" }.joined(separator: "\n"))
    #expect(report.quarantined.count == 100)
    #expect(try ledger.count("call") == 250)
  }

  @Test(arguments: [16, 2, 1, 0])
  func `older ids are caught by their time, however few files are held open`(open: Int) throws {
    let ledger = try TestLedger(limits: Self.limits(50, open: open))
    try fill(ledger, 0..<400)
    for pass in 0..<2 {
      let report = try ledger.book((0..<400).map(row).joined(separator: "\n"))
      #expect(report.duplicates == 400, "pass \(pass)")
    }
    try ledger.restart()
    let report = try ledger.book((0..<400).reversed().map(row).joined(separator: "\n"))
    #expect(report.duplicates == 400)
    try fill(ledger, 400..<500)
    #expect(try ledger.count("call") == 500)
    #expect(try ledger.count("id_span") > 5)
    try expectSound(ledger)
  }

  @Test func `an older id with a time of its own is a new call`() throws {
    let ledger = try TestLedger(limits: Self.limits(50))
    try fill(ledger, 0..<400)
    let report = try ledger.book("c3  23:00:00  search  large  input 1")
    #expect(report.booked == 1)
  }

  @Test func `several senders at several times are caught as well`() throws {
    let ledger = try TestLedger(limits: Self.limits(64))
    // Four senders, each in its own hour; a batch holds lines of all.
    func row(_ number: Int) -> String {
      let time = String(format: "%02d:%02d:%02d", 2 + number % 4 * 5, number / 240, number / 4 % 60)
      return "c\(number)  \(time)  search  large  input \(number + 1)"
    }
    for start in stride(from: 0, to: 640, by: 16) {
      let report = try ledger.book((start..<start + 16).map(row).joined(separator: "\n"))
      #expect(report.booked == 16)
    }
    let report = try ledger.book((0..<640).map(row).joined(separator: "\n"))
    #expect(report.duplicates == 640)
    try expectSound(ledger)
  }

  @Test func `a batch that covers more than a minute is found as well`() throws {
    let ledger = try TestLedger(limits: Self.limits(20))
    let wide = (0..<10).map { "w\($0)  1\($0):00:00  search  large  input 7" }.joined(separator: "\n")
    try ledger.book(wide)
    try fill(ledger, 0..<100)
    #expect(try ledger.book(wide).duplicates == 10)
  }

  @Test func `a stream goes on beyond the window`() throws {
    let ledger = try TestLedger(limits: Self.limits(20))
    try ledger.book("s1  00:00:05  search  large  output 10  stream")
    try fill(ledger, 0..<100)
    let report = try ledger.book("s1  00:00:05  search  large  output 30  stream")
    #expect(report.deltas == 1)
    #expect(
      try ledger.book("s1  00:00:05  search  large  output 30  stream").duplicates == 1)
    try expectSound(ledger)
  }

  @Test func `the window is filled again at start`() throws {
    let ledger = try TestLedger(limits: Self.limits(1000))
    try fill(ledger, 0..<300)
    try ledger.restart()
    let report = try ledger.book(
      (0..<300).map { "c\($0)  12:00:00  search  large  input \($0 + 1)" }.joined(separator: "\n"))
    #expect(report.quarantined.count == 300)
  }

  @Test func `calls between window and spans are found after a restart`() throws {
    let ledger = try TestLedger(limits: Self.limits(50))
    try fill(ledger, 0..<140)
    // Far fewer rows are read back than the window held; the rest is a span that no table knows.
    try ledger.restart(limits: Self.limits(20))
    #expect(try ledger.book((0..<140).map(row).joined(separator: "\n")).duplicates == 140)
    try fill(ledger, 140..<300)
    try ledger.restart()
    #expect(try ledger.book((0..<300).map(row).joined(separator: "\n")).duplicates == 300)
    try expectSound(ledger)
  }
}
