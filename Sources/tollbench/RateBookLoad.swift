import CSystem
import Foundation
import Rates

/// What a book of many models takes: memory, and time to read.
enum RateBookLoad {
  struct Result {
    let residentBytes: Int64
    let milliseconds: Double
  }

  private static let modelsOfFile = 500

  /// Reads a generated set of that many models, in files of 500, two cards each and one with a band.
  static func run(models: Int) throws -> Result {
    let files = (0..<models / modelsOfFile).map { file in
      let products = (0..<modelsOfFile).map { model in
        let price = "\(1 + model % 17).\(10 + file % 90)"
        return #"{"model":"org/model-\#(file)-\#(model)","cards":["#
          + #"{"from":"2026-01-01","per":"1M tokens","rates":{"input":"\#(price)","output":"9.5"}},"#
          + #"{"from":"2026-06-01","per":"1M tokens","rates":{"input":"\#(price)","cache_read":"0.1","output":"8"},"#
          + #""bands":[{"over":200000,"rates":{"input":"20","cache_read":"0.2","output":"16"}}]}]}"#
      }
      return #"{"issuer":"issuer-\#(file)","source":"bench","read_on":"2026-06-01","models":["#
        + products.joined(separator: ",") + "]}"
    }
    let before = resident()
    let start = tb_steady_us()
    var reader = RateFileReader(digest: { String($0.utf8.count) })
    for (number, text) in files.enumerated() { reader.read(text, file: "issuer-\(number).json") }
    let book = try reader.book(origin: "bench")
    let milliseconds = Double(tb_steady_us() - start) / 1000
    return try withExtendedLifetime(book) {
      guard book.products.count == models else { throw BenchFault("\(book.products.count) models were read") }
      return Result(residentBytes: resident() - before, milliseconds: milliseconds)
    }
  }

  /// Bytes of this process in memory.
  private static func resident() -> Int64 {
    let words = ((try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? "").split(separator: " ")
    return words.count > 1 ? (Int64(words[1]) ?? 0) * Int64(sysconf(Int32(_SC_PAGESIZE))) : 0
  }
}
