import Books
import FaultVFS
import Foundation
import TestSupport
import Testing
import Units

@testable import Store

/// Nothing is booked twice, whatever becomes of the files beside the ledger.
@Suite struct PastIDTests {
  static func limits(_ ids: Int = 50) -> WriterLimits { WindowTests.limits(ids) }

  static func row(_ number: Int) -> String {
    let time = String(format: "%02d:%02d:%02d", number / 3600, number / 60 % 60, number % 60)
    return "c\(number)  \(time)  search  large  input \(number + 1)"
  }

  /// Books calls with ids of their numbers, one a second and ten a batch.
  static func fill(_ ledger: TestLedger, _ numbers: Range<Int>) throws {
    for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 10) {
      let rows = (start..<min(start + 10, numbers.upperBound)).map(row)
      #expect(try ledger.book(rows.joined(separator: "\n")).booked == rows.count)
    }
  }

  /// Sends all again, in order and in none.
  static func expectKnown(_ ledger: TestLedger, _ numbers: Range<Int>, _ what: Comment = "") throws {
    var random = Seeded(9)
    for order in [Array(numbers), Array(numbers.reversed()), numbers.shuffled(using: &random)] {
      for start in stride(from: 0, to: order.count, by: 70) {
        let rows = order[start..<min(start + 70, order.count)].map(row)
        #expect(try ledger.book(rows.joined(separator: "\n")).duplicates == rows.count, what)
      }
    }
    #expect(try ledger.count("call") == numbers.count, what)
  }

  static func folder(_ ledger: TestLedger) -> String { ledger.folder + "/ids" }

  static func names(_ ledger: TestLedger) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder(ledger))) ?? [])
      .sorted { Int($0.prefix { $0 != "-" }) ?? 0 < Int($1.prefix { $0 != "-" }) ?? 0 }
  }

  static func bytes(_ ledger: TestLedger) throws -> [String: Data] {
    try Dictionary(
      uniqueKeysWithValues: names(ledger).map { name in
        (name, try Data(contentsOf: URL(filePath: folder(ledger) + "/" + name)))
      })
  }

  @Test func `each span has a file, for its owner only, and it is what its rows make`() throws {
    let ledger = try TestLedger(limits: Self.limits())
    try Self.fill(ledger, 0..<300)
    // 50 ids a generation; two of them are in memory.
    #expect(Self.names(ledger) == ["1-50.ids", "51-100.ids", "101-150.ids", "151-200.ids"])
    for path in [Self.folder(ledger), Self.folder(ledger) + "/1-50.ids"] {
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == (path.hasSuffix("ids/1-50.ids") ? 0o600 : 0o700))
    }
    let before = try Self.bytes(ledger)
    try FileManager.default.removeItem(atPath: Self.folder(ledger))
    try ledger.restart()
    #expect(try Self.bytes(ledger) == before)
    try Self.expectKnown(ledger, 0..<300)
    try expectSound(ledger)
  }

  /// What may become of a file.
  enum Harm: CaseIterable {
    case missing, empty, cutInHeader, cutInParts, flippedInHeader, flippedInPart, ofAnotherLedger, ofAnotherSpan
    case aFolderInItsPlace
  }

  @Test(arguments: Harm.allCases, [true, false])
  func `a file that is not what was written is made anew`(harm: Harm, restarts: Bool) throws {
    let ledger = try TestLedger(limits: Self.limits())
    try Self.fill(ledger, 0..<300)
    let before = try Self.bytes(ledger)
    if !restarts { try Self.expectKnown(ledger, 0..<300) }
    for name in Self.names(ledger) { try Self.harm(harm, Self.folder(ledger) + "/" + name, ledger) }
    if restarts { try ledger.restart() }
    try Self.expectKnown(ledger, 0..<300, "\(harm)")
    if restarts, harm != .aFolderInItsPlace { #expect(try Self.bytes(ledger) == before, "\(harm)") }
    try expectSound(ledger)
  }

  private static func harm(_ harm: Harm, _ path: String, _ ledger: TestLedger) throws {
    let place = URL(filePath: path)
    var bytes = try Data(contentsOf: place)
    switch harm {
    case .missing: return try FileManager.default.removeItem(at: place)
    case .empty: bytes = Data()
    case .cutInHeader: bytes = bytes.prefix(60)
    case .cutInParts: bytes = bytes.prefix(100)
    case .flippedInHeader: bytes[41] ^= 1
    case .flippedInPart: bytes[bytes.count - 30] ^= 1
    case .ofAnotherLedger:
      let other = try TestLedger(limits: limits())
      try fill(other, 0..<310)
      bytes = try Data(contentsOf: URL(filePath: folder(other) + "/" + place.lastPathComponent))
    case .ofAnotherSpan: bytes = try Data(contentsOf: URL(filePath: folder(ledger) + "/151-200.ids"))
    case .aFolderInItsPlace:
      try FileManager.default.removeItem(at: place)
      return try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
    }
    // In place: whoever has it open reads the harm.
    let handle = try FileHandle(forWritingTo: place)
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: bytes)
    try handle.close()
  }

  @Test func `where no file can be written, ids are known all the same`() throws {
    let ledger = try TestLedger(limits: Self.limits())
    // Even its owner can make no folder where a file stands.
    try Data().write(to: URL(filePath: Self.folder(ledger)))
    try Self.fill(ledger, 0..<600)
    try Self.expectKnown(ledger, 0..<600)
    try ledger.restart()
    try Self.expectKnown(ledger, 0..<600)
    try expectSound(ledger)
  }

  @Test func `a disk without room for a file books on, and the file is made when there is some`() throws {
    let ledger = try TestLedger(limits: Self.limits())
    try FileManager.default.createDirectory(atPath: Self.folder(ledger), withIntermediateDirectories: false)
    guard let mount = Mount(bytes: 4096, folder: Self.folder(ledger)) else { return }
    try Data(repeating: 1, count: 4096).write(to: URL(filePath: Self.folder(ledger) + "/ballast"))
    try Self.fill(ledger, 0..<300)
    #expect(Self.names(ledger) == ["ballast"])
    try Self.expectKnown(ledger, 0..<300)
    try FileManager.default.removeItem(atPath: Self.folder(ledger) + "/ballast")
    try ledger.restart()
    #expect(Self.names(ledger) == ["201-250.ids"])
    try Self.expectKnown(ledger, 0..<300)
    withExtendedLifetime(mount) {}
  }

  @Test func `a ledger from a backup does not believe the files of what came after`() throws {
    let ledger = try TestLedger(limits: Self.limits())
    try Self.fill(ledger, 0..<20)
    ledger.writer.close()
    let backup = try Data(contentsOf: URL(filePath: ledger.path))
    try ledger.restart()
    // Other calls in the rows from 21 on, with files over them.
    try Self.fill(ledger, 1_000..<1_300)
    #expect(Self.names(ledger).prefix(2) == ["1-20.ids", "21-70.ids"])
    let later = try Self.bytes(ledger)
    ledger.writer.close()
    try backup.write(to: URL(filePath: ledger.path))
    try ledger.restart()
    try Self.fill(ledger, 20..<320)
    ledger.writer.close()
    for (name, bytes) in later { try bytes.write(to: URL(filePath: Self.folder(ledger) + "/" + name)) }
    try ledger.restart()
    try Self.expectKnown(ledger, 0..<320)
    try expectSound(ledger)
  }

  @Test func `what belongs to no span is taken away at a start, and what is not ours stays`() throws {
    let ledger = try TestLedger(limits: Self.limits())
    try Self.fill(ledger, 0..<200)
    let ours = Self.names(ledger)
    for name in ["1-49.ids", "999-1100.ids", "1-50.ids.new", "notes.txt", "a-b.ids", "1-.ids"] {
      try Data("x".utf8).write(to: URL(filePath: Self.folder(ledger) + "/" + name))
    }
    try ledger.restart()
    #expect(Set(Self.names(ledger)) == Set(ours + ["notes.txt", "a-b.ids", "1-.ids"]))
  }

  @Test func `at a start the newest spans have their files first, and the others when they are needed`() throws {
    let ledger = try TestLedger(limits: Self.limits())
    try Self.fill(ledger, 0..<300)
    try FileManager.default.removeItem(atPath: Self.folder(ledger))
    var limits = Self.limits()
    limits.rowsOfIDFiles = 120
    try ledger.restart(limits: limits)
    #expect(Self.names(ledger) == ["101-150.ids", "151-200.ids"])
    try Self.expectKnown(ledger, 0..<300)
    #expect(Self.names(ledger) == ["1-50.ids", "51-100.ids", "101-150.ids", "151-200.ids"])
  }

  @Test func `verify names a file that lacks a call`() throws {
    let ledger = try TestLedger(limits: Self.limits())
    try Self.fill(ledger, 0..<200)
    try expectSound(ledger)
    let database = try Database(path: ledger.path, mode: .readOnly)
    let statements = try BookingStatements(database)
    // What a broken program would write: sound to the last checksum, but without one of the calls.
    let table = IDTable()
    table.restart(at: 51)
    try statements.ids.read(51...100) { key, seq in
      if seq != 77 { table.set(table.slot(of: key), key: key, seq: seq) }
    }
    let image = IDFileImage(table, rows: 51...100, seal: try statements.batchOfCall.find(100).seal)
    let path = Self.folder(ledger) + "/51-100.ids"
    try Data(image.bytes).write(to: URL(filePath: path))
    #expect(
      try ledger.faults() == [
        "identity -: \(path) is not what its calls make. Delete it: the next start makes it anew"
      ])
    try FileManager.default.removeItem(atPath: path)
    try expectSound(ledger)
  }

  @Test func `a document that is booked when the window is full leaves no gap`() throws {
    let ledger = try TestLedger(limits: Self.limits())
    try Self.fill(ledger, 0..<100)
    _ = try ledger.writer.post(DocumentTests.invoice, DocumentTests.postings(), at: TestLedger.noon)
    try Self.fill(ledger, 100..<300)
    try ledger.restart()
    try Self.expectKnown(ledger, 0..<300)
    try expectRows(
      ledger, "select first_seq from id_span where first_seq not in (select last_seq + 1 from id_span)", "1")
  }
}

extension BrokenDisks {
  /// Files of ids beside commits that fail.
  @Suite struct PastIDFaultTests {
    @Test func `a batch that fails when the window turns over leaves a file that is right`() throws {
      #expect(tb_fault_register() == 0)
      tb_fault_arm(0, tb_fault_error, 0)
      let ledger = try TestLedger(limits: PastIDTests.limits(), vfs: "fault")
      try PastIDTests.fill(ledger, 0..<100)
      #expect(PastIDTests.names(ledger) == [])
      let batch = ledger.batch((100..<110).map(PastIDTests.row).joined(separator: "\n"))
      var failed = 0
      for operation in 1...8 {
        tb_fault_arm(operation, tb_fault_full, 1)
        do throws(StoreFault) {
          _ = try ledger.writer.commit(batch, at: TestLedger.noon)
          break
        } catch { failed += error.canRetry ? 1 : 0 }
        #expect(PastIDTests.names(ledger) == ["1-50.ids"])
      }
      tb_fault_arm(0, tb_fault_error, 0)
      #expect(failed > 0)
      if failed == 8 { #expect(try ledger.writer.commit(batch, at: TestLedger.noon).booked == 10) }
      let written = try PastIDTests.bytes(ledger)
      try PastIDTests.fill(ledger, 110..<150)
      try PastIDTests.expectKnown(ledger, 0..<150)
      try ledger.restart()
      try FileManager.default.removeItem(atPath: PastIDTests.folder(ledger))
      try ledger.restart()
      #expect(try PastIDTests.bytes(ledger)["1-50.ids"] == written["1-50.ids"])
      try PastIDTests.expectKnown(ledger, 0..<150)
      try expectSound(ledger)
    }

    /// A fault that lasts leaves the batch in doubt: then a document waits until the batch was given again.
    @Test(arguments: [false, true])
    func `a document between a batch that fails and its next try leaves no gap`(isInDoubt: Bool) throws {
      #expect(tb_fault_register() == 0)
      tb_fault_arm(0, tb_fault_error, 0)
      let ledger = try TestLedger(limits: PastIDTests.limits(), vfs: "fault")
      try PastIDTests.fill(ledger, 0..<100)
      let batch = ledger.batch((100..<110).map(PastIDTests.row).joined(separator: "\n"))
      tb_fault_arm(1, tb_fault_full, isInDoubt ? 1 : 0)
      #expect(throws: StoreFault.self) { try ledger.writer.commit(batch, at: TestLedger.noon) }
      tb_fault_arm(0, tb_fault_error, 0)
      // The window has turned over; the span that it forgot goes into the ledger with the next calls.
      func post() throws {
        _ = try ledger.writer.post(DocumentTests.invoice, DocumentTests.postings(), at: TestLedger.noon)
      }
      if isInDoubt { #expect(throws: StoreFault.busy(path: ledger.path)) { try post() } } else { try post() }
      #expect(try ledger.writer.commit(batch, at: TestLedger.noon).booked == 10)
      if isInDoubt { try post() }
      try PastIDTests.fill(ledger, 110..<200)
      try ledger.restart()
      try PastIDTests.expectKnown(ledger, 0..<200)
      try expectRows(
        ledger, "select first_seq from id_span where first_seq not in (select last_seq + 1 from id_span)", "1")
      try expectSound(ledger)
    }
  }
}
