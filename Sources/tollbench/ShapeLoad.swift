import Calls
import Foundation
import Units

/// Lines of another program a second on one core, from bytes to calls.
enum ShapeLoad {
  private static let sample = "samples/litellm_1.106_standard_logging_payload.jsonl"

  /// LiteLLM's payloads of some 12 kB, by the processor's clock; nil where no samples are at hand.
  static func payloads(_ count: Int) throws -> Double? {
    guard let bytes = FileManager.default.contents(atPath: SharedFiles.path(sample)) else { return nil }
    // The scanner may look at bytes behind a line.
    let lines = bytes.split(separator: 10).map {
      (bytes: [UInt8]($0) + [UInt8](repeating: 0, count: 32), count: $0.count)
    }
    var decoder = CallDecoder()
    var call = Call()
    let start = clock()
    for index in 0..<count {
      let line = lines[index % lines.count]
      let other = line.bytes.withUnsafeBufferPointer { bytes in
        decoder.decode(
          UnsafeBufferPointer(rebasing: bytes[..<line.count]), arrival: Timestamp(microseconds: 0), defaults: .none,
          into: &call)
      }
      guard other == nil else { throw BenchFault("a payload is no call") }
      decoder.details.bytes.removeAll(keepingCapacity: true)
    }
    return Double(count) / (Double(clock() - start) / Double(CLOCKS_PER_SEC))
  }
}
