import Books
import Calls
import FaultVFS
import Foundation
import Store
import Testing
import Units

extension BrokenDisks {
  /// A fault at every write: each batch is there wholly or not at all, and trying again never doubles.
  ///
  /// Every operation on the ledger's files is counted; a run is repeated for each of them, with a fault
  /// at that one. `TOLLBOOK_FAULTS=all` takes every operation, else each seventh.
  @Suite struct FaultTests {
    /// What breaks, and whether everything behind it breaks as well, as after a power cut.
    static let faults: [(name: String, kind: tb_fault_kind, lasting: Bool)] = [
      ("an error", tb_fault_error, false), ("a lasting error", tb_fault_error, true),
      ("no space", tb_fault_full, false), ("no space for long", tb_fault_full, true),
      ("a torn write", tb_fault_torn, false), ("a power cut", tb_fault_torn, true),
      ("a failure that did its work", tb_fault_late, false),
    ]

    static let sender = Sender(client: "a", epoch: 1)

    /// Batch `number`: calls with and without an id, a dead letter, a growing stream, a mark.
    private func batch(_ number: Int, _ ledger: TestLedger) -> BookBatch {
      let rows = (0..<30).map { index in
        "c\(number)-\(index)  10:0\(number):00  team\(index % 7)  large  input \(index + 1)  n \(number * 100 + index + 1)"
      }
      let stream = "s1  10:00:00  search  small  output \(number * 10 + 10)  stream  n \(number * 100 + 40)"
      let batch = ledger.batch((rows + [stream]).joined(separator: "\n"), sender: Self.sender)
      let place = batch.calls[0].sender
      batch.deadLetters = [
        DeadLetter(
          received: TestLedger.noon, sender: place, number: Int64(number * 100 + 50),
          reason: .badJSON, length: 9, sha256: sha256(of: "\(number)"))
      ]
      batch.marks[place] = MarkMove(number: Int64(number * 100 + 50))
      return batch
    }

    private static let batches = 3

    private func limits() -> WriterLimits {
      var limits = WriterLimits()
      limits.walPages = 30
      limits.windowIDs = 40
      return limits
    }

    /// What a run was told of its fault.
    private struct Told {
      var faults: [StoreFault] = []
      /// Commits that failed, and were found on disk.
      var settled = 0
      var checkpoints = 0

      var nothing: Bool { faults.isEmpty && settled == 0 && checkpoints == 0 }
    }

    /// Books three batches; each is tried again after a fault, as the daemon does.
    private func bookAgainAndAgain(_ ledger: TestLedger, _ told: inout Told) throws {
      for number in 0..<Self.batches {
        let batch = batch(number, ledger)
        var tries = 0
        while true {
          do throws(StoreFault) {
            let report = try ledger.writer.commit(batch, at: TestLedger.noon)
            #expect(report.booked == 31)
            #expect(report.deadLetters.count == 1)
            if report.wasSettled { told.settled += 1 }
            if case .failed = report.checkpoint { told.checkpoints += 1 }
            break
          } catch {
            told.faults.append(error)
            guard error.canRetry, tries < 3 else { throw error }
            tries += 1
            // The cause is gone.
            tb_fault_arm(0, tb_fault_error, 0)
          }
        }
      }
    }

    private func expectAllBooked(_ ledger: TestLedger, _ what: Comment) throws {
      #expect(try ledger.count("call") == Self.batches * 31, what)
      #expect(try ledger.count("batch") == Self.batches, what)
      #expect(try ledger.count("dead_letter") == Self.batches, what)
      #expect(try ledger.rows("select sum(output) from call where dimension_flags & 16") == ["30"], what)
      #expect(ledger.writer.marks() == [Self.sender: 250], what)
      #expect(try ledger.faults() == [], what)
    }

    private var stride: Int {
      ProcessInfo.processInfo.environment["TOLLBOOK_FAULTS"] == "all" ? 1 : 7
    }

    /// Operations of a run without a fault.
    private func operations() throws -> Int {
      tb_fault_arm(0, tb_fault_error, 0)
      let ledger = try TestLedger(limits: limits(), vfs: "fault")
      tb_fault_arm(0, tb_fault_error, 0)
      var told = Told()
      try bookAgainAndAgain(ledger, &told)
      #expect(told.nothing)
      try expectAllBooked(ledger, "without a fault")
      let count = tb_fault_count()
      ledger.writer.close()
      return count
    }

    @Test(arguments: faults.indices)
    func `a writer that tries again books each batch once`(fault: Int) throws {
      #expect(tb_fault_register() == 0)
      let (name, kind, lasting) = Self.faults[fault]
      let operations = try operations()
      #expect(operations > 100)
      var thrown = 0
      for operation in Swift.stride(from: 1 + fault % stride, through: operations, by: stride) {
        let what: Comment = "\(name) at operation \(operation) of \(operations)"
        let ledger = try TestLedger(limits: limits(), vfs: "fault")
        tb_fault_arm(operation, kind, lasting ? 1 : 0)
        var told = Told()
        do { try bookAgainAndAgain(ledger, &told) } catch { Issue.record("\(what): \(error)") }
        #expect(!told.nothing, what)
        thrown += told.faults.isEmpty ? 0 : 1
        tb_fault_arm(0, tb_fault_error, 0)
        try expectAllBooked(ledger, what)
        try ledger.restart()
        try expectAllBooked(ledger, what)
      }
      #expect(thrown > 0)
    }

    @Test(arguments: faults.indices.filter { faults[$0].lasting })
    func `a process that dies has each batch wholly or not at all`(fault: Int) throws {
      #expect(tb_fault_register() == 0)
      let (name, kind, _) = Self.faults[fault]
      let operations = try operations()
      for operation in Swift.stride(from: 1, through: operations, by: stride) {
        let what: Comment = "\(name) at operation \(operation) of \(operations)"
        let ledger = try TestLedger(limits: limits(), vfs: "fault")
        tb_fault_arm(operation, kind, 1)
        var acknowledged = 0
        for number in 0..<Self.batches {
          guard (try? ledger.writer.commit(batch(number, ledger), at: TestLedger.noon)) != nil else { break }
          acknowledged += 1
        }
        // Nothing of the dead process reaches the disk: closing breaks as well.
        ledger.writer.close()
        tb_fault_arm(0, tb_fault_error, 0)
        try ledger.restart()
        let calls = try ledger.count("call")
        #expect(calls % 31 == 0, what)
        #expect(calls >= acknowledged * 31, what)
        #expect(try ledger.faults() == [], what)
        // A sender without a mark sends everything again; one with a mark goes on behind it.
        let mark = ledger.writer.marks()[Self.sender] ?? 0
        #expect(Int(mark) == (calls == 0 ? 0 : (calls / 31 - 1) * 100 + 50), what)
        for number in calls / 31..<Self.batches {
          let report = try ledger.writer.commit(batch(number, ledger), at: TestLedger.noon)
          #expect(report.booked == 31, what)
        }
        try expectAllBooked(ledger, what)
        for number in 0..<Self.batches {
          let again = batch(number, ledger)
          again.deadLetters = []
          let report = try ledger.writer.commit(again, at: TestLedger.noon)
          #expect(report.booked == 0, what)
          #expect(report.duplicates == 31, what)
        }
      }
    }

    @Test func `a ledger that is gone is not made anew under its writer`() throws {
      #expect(tb_fault_register() == 0)
      let ledger = try TestLedger(limits: limits(), vfs: "fault")
      let path = ledger.path
      try ledger.book("c1  10:00:00  search  large  input 1")
      tb_fault_arm(1, tb_fault_error, 1)
      let batch = ledger.batch("c2  10:00:00  search  large  input 1")
      #expect(throws: StoreFault.self) { try ledger.writer.commit(batch, at: TestLedger.noon) }
      tb_fault_arm(0, tb_fault_error, 0)
      for name in ledger.files where name != "tollbook.lock" {
        try FileManager.default.removeItem(atPath: ledger.folder + "/" + name)
      }
      do throws(StoreFault) {
        _ = try ledger.writer.commit(batch, at: TestLedger.noon)
        Issue.record("a batch was booked into a ledger that is gone")
      } catch {
        #expect(error.canRetry)
        #expect(error.description.contains("unable to open database file"))
      }
      // Another ledger in its place is not taken for it.
      let other = try TestLedger()
      other.writer.close()
      try FileManager.default.copyItem(atPath: other.path, toPath: path)
      #expect(
        throws: StoreFault.corrupt(
          path: path, what: "it is not the ledger that was open before")
      ) { try ledger.writer.commit(batch, at: TestLedger.noon) }
    }

    @Test(arguments: faults.indices)
    func `a ledger whose birth breaks can be made afterwards`(fault: Int) throws {
      #expect(tb_fault_register() == 0)
      let (name, kind, lasting) = Self.faults[fault]
      for operation in Swift.stride(from: 1, through: 100, by: stride) {
        let what: Comment = "\(name) at operation \(operation)"
        let folder = TestLedger.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        tb_fault_arm(operation, kind, lasting ? 1 : 0)
        if let writer = try? LedgerWriter(
          folder: folder, now: TestLedger.noon, limits: limits(), vfs: "fault")
        {
          writer.close()
        }
        tb_fault_arm(0, tb_fault_error, 0)
        let ledger = try TestLedger(folder: folder, limits: limits())
        try ledger.book("c1  10:00:00  search  large  input 1")
        #expect(try ledger.faults() == [], what)
      }
    }
  }
}
