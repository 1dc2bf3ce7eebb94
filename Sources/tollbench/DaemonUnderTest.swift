import CSystem
import Foundation

/// A `tollbook serve` on a folder of its own, and what it costs the machine.
final class DaemonUnderTest {
  let folder: String
  private let process = Process()

  init(binary: String, folder: String) throws {
    self.folder = folder
    process.executableURL = URL(filePath: binary)
    process.arguments = ["serve", "--data", folder, "--http", "off"]
    process.environment = ["HOME": folder]
    process.standardError = FileHandle.nullDevice
    try process.run()
    for _ in 0..<4000 {
      let descriptor = tb_connect_unix(socket)
      if descriptor >= 0 {
        _ = tb_close(descriptor)
        return
      }
      tb_pause(500)
    }
    throw BenchFault("the daemon does not listen at \(socket)")
  }

  var socket: String { folder + "/tollbook.sock" }
  var httpSocket: String { folder + "/http.sock" }

  /// A measurement that fails leaves no daemon behind, which would hold the bench's own output open.
  deinit { if process.isRunning { process.terminate() } }

  func stop() {
    process.terminate()
    process.waitUntilExit()
  }

  /// Microseconds of processor time so far.
  var cpuMicroseconds: Int64 {
    let words = words("/proc/\(process.processIdentifier)/stat")
    guard words.count > 14, let user = Int64(words[13]), let system = Int64(words[14]) else { return 0 }
    return (user + system) * 1_000_000 / Int64(sysconf(Int32(_SC_CLK_TCK)))
  }

  var residentBytes: Int64 {
    let words = words("/proc/\(process.processIdentifier)/statm")
    return words.count > 1 ? (Int64(words[1]) ?? 0) * Int64(sysconf(Int32(_SC_PAGESIZE))) : 0
  }

  private func words(_ path: String) -> [Substring] {
    ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: " ")
  }

  /// Bytes of the ledger's file.
  static func ledgerBytes(_ folder: String) -> Int64 {
    let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/tollbook.db")
    return (attributes?[.size] as? NSNumber)?.int64Value ?? 0
  }
}

/// Why a measurement could not be made.
struct BenchFault: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
