import Foundation

/// The plain C program that writes the same tables without sockets, lines or prices.
///
/// Its source is not part of this repository; where it is absent the comparison is left out.
struct PlainC {
  struct Result {
    let perSecond: Double
    let cpuPerCall: Double
    let bytesPerCall: Double
  }

  let binary: String

  /// Compiles it; nil when its source or a compiler is missing.
  init?(source: String, folder: String) {
    guard FileManager.default.fileExists(atPath: source) else { return nil }
    binary = folder + "/plain-c"
    let output = Self.run(
      "/usr/bin/env",
      ["gcc", "-O2", "-march=native", source, "-o", binary, "-lsqlite3", "-lcrypto", "-lm", "-lpthread"])
    guard FileManager.default.isExecutableFile(atPath: binary) else {
      FileHandle.standardError.write(Data(output.utf8))
      return nil
    }
  }

  func run(calls: Int64, folder: String) throws -> Result {
    let output = Self.run(
      binary,
      [
        "--schema", "callid", "--n", "\(calls)", "--batch", "10000", "--sync", "full", "--roll", "batch",
        "--xferagg", "2", "--hash", "batch", "--strict", "1", "--imm", "1", "--idem", "mem", "--ckpt", "4000",
        "--cache", "16000", "--lock", "NORMAL", "--path", folder + "/plain-c.db",
      ])
    let numbers = try Self.numbers(output)
    return Result(perSecond: numbers.0, cpuPerCall: numbers.1, bytesPerCall: numbers.2)
  }

  /// Reads a line such as `464000 calls/s wall 2.1s … cpu 1.13 us/call | 33.0 B/call disk`.
  private static func numbers(_ output: String) throws -> (Double, Double, Double) {
    let words = output.split(whereSeparator: { $0 == " " || $0 == "\n" })
    func before(_ unit: String) -> Double? {
      words.firstIndex { $0 == unit }.flatMap { $0 > 0 ? Double(words[$0 - 1]) : nil }
    }
    guard let perSecond = before("calls/s"), let cpu = before("us/call"), let bytes = before("B/call")
    else { throw BenchFault("the plain C program answered: \(output)") }
    return (perSecond, cpu, bytes)
  }

  private static func run(_ binary: String, _ arguments: [String]) -> String {
    let process = Process()
    process.executableURL = URL(filePath: binary)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    guard (try? process.run()) != nil else { return "" }
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text
  }
}
