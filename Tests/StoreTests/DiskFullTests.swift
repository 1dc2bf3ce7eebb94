import Books
import FaultVFS
import Foundation
import Store
import Testing
import Units

/// A disk that runs full, for real: nothing is lost, nothing is booked twice.
@Suite struct DiskFullTests {
  private func lines(_ batch: Int) -> String {
    (0..<200).map { "c\(batch)-\($0)  10:00:00  team\($0 % 40)  large  input \($0 + 1)" }
      .joined(separator: "\n")
  }

  @Test func `a batch that finds no room is booked once there is some`() throws {
    let folder = TestLedger.newFolder()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    guard let mount = Mount(bytes: 2 << 20, folder: folder) else { return }
    // Something to make room with later.
    let ballast = folder + "/ballast"
    try Data(repeating: 1, count: 600_000).write(to: URL(filePath: ballast))
    do {
      let ledger = try TestLedger(folder: folder)
      var booked = 0
      var full = 0
      for number in 0..<80 {
        let batch = ledger.batch(lines(number))
        do throws(StoreFault) {
          booked += try ledger.writer.commit(batch, at: TestLedger.noon).booked
        } catch {
          #expect(error == .diskFull(path: ledger.path))
          #expect(error.canRetry)
          full += 1
          #expect(try ledger.count("call") == booked)
          try FileManager.default.removeItem(atPath: ballast)
          booked += try ledger.writer.commit(batch, at: TestLedger.noon).booked
          break
        }
      }
      #expect(full == 1)
      #expect(try ledger.count("call") == booked)
      #expect(ledger.writer.head.calls == Int64(booked))
      try expectSound(ledger)
      try ledger.restart()
      let batch = ledger.batch(lines(0))
      #expect(try ledger.writer.commit(batch, at: TestLedger.noon).duplicates == 200)
    }
    withExtendedLifetime(mount) {}
  }

  @Test func `a disk that stays full keeps refusing, and keeps what it has`() throws {
    let folder = TestLedger.newFolder()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    guard let mount = Mount(bytes: 700_000, folder: folder) else { return }
    do {
      let ledger = try TestLedger(folder: folder)
      var booked = 0
      var number = 0
      while true {
        let batch = ledger.batch(lines(number))
        guard let report = try? ledger.writer.commit(batch, at: TestLedger.noon) else {
          for _ in 0..<5 {
            #expect(throws: StoreFault.self) {
              try ledger.writer.commit(batch, at: TestLedger.noon)
            }
          }
          break
        }
        booked += report.booked
        number += 1
      }
      #expect(try ledger.count("call") == booked)
      try expectSound(ledger)
    }
    withExtendedLifetime(mount) {}
  }
}
