import Foundation

/// A wall clock that a test sets, for a daemon that runs under Debian's libfaketime; steady clocks go on as they are.
struct FalseClock {
  private let library: String
  private let file: String

  /// How far the clock may be off, as libfaketime reads it: years back, a leap second's worth, an hour of summer time.
  static let steps = ["-10y", "-400d", "-1d", "-1h", "-1s", "+0", "+1s", "+1h", "+2d", "+90d"]

  /// Nil where libfaketime is not installed; `file` is where the clock is kept.
  init?(file: String) throws {
    let found = ["x86_64-linux-gnu", "aarch64-linux-gnu"].map { "/usr/lib/\($0)/faketime/libfaketimeMT.so.1" }
      .first(where: FileManager.default.fileExists(atPath:))
    guard let found else { return nil }
    library = found
    self.file = file
    try set("+0")
  }

  func set(_ step: String) throws { try (step + "\n").write(toFile: file, atomically: true, encoding: .utf8) }

  /// Has a program run by this clock, under the process number that it would have.
  ///
  /// By way of a shell: the library changes the environment of the process that it is loaded into first, and Swift then
  /// finds its arguments no more.
  func apply(to process: Process) {
    process.arguments = ["-c", "exec \"$0\" \"$@\"", process.executableURL?.path ?? ""] + (process.arguments ?? [])
    process.executableURL = URL(filePath: "/bin/sh")
    process.environment?.merge([
      "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": file, "FAKETIME_NO_CACHE": "1", "DONT_FAKE_MONOTONIC": "1",
      "NO_FAKE_STAT": "1",
    ]) { $1 }
  }

  /// Takes away the names of what the library shares between processes, which a killed one would leave.
  func tidy(after process: Process) {
    for name in ["faketime_shm_", "sem.faketime_sem_"] { unlink("/dev/shm/\(name)\(process.processIdentifier)") }
  }
}
