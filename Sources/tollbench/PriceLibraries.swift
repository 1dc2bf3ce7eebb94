import Foundation

/// What genai-prices and LiteLLM reckon in the same run, by Tests/Oracle/timing.py.
///
/// They are there once `make oracle` has fetched them; where they are not, nothing is compared.
enum PriceLibraries {
  private static let python = ".build/oracle/bin/python"
  private static let script = "Tests/Oracle/timing.py"

  /// Prices a second by the library's name; nil where the libraries are missing.
  static func perSecond() throws -> [String: Double]? {
    guard FileManager.default.isExecutableFile(atPath: python) else { return nil }
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = [script]
    process.environment = ["PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/bin:/bin"]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard let found = try? JSONDecoder().decode([String: Double].self, from: text) else {
      throw BenchFault("\(script) gave no figures: run it by hand with \(python)")
    }
    return found
  }
}
