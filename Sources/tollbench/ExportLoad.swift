import Books
import Calls
import Foundation
import Rates
import Store
import Units

/// Spans of OpenTelemetry a second on one core, from an export's bytes in protobuf to priced calls.
enum ExportLoad {
  private static let sample = "samples/otlp_genai_pkg_latest_traces.pb"
  /// Exports that are taken as one: 512 spans is what the SDKs' batches hold, and each sample has three.
  private static let exportsOfPost = 171

  /// Real spans of some 600 bytes, by the processor's clock; nil where no samples are at hand.
  static func spans(_ count: Int) throws -> Double? {
    guard let sample = FileManager.default.contents(atPath: SharedFiles.path(sample)) else { return nil }
    // Messages one behind the other are one message with the parts of all of them.
    var export = ContiguousArray<UInt8>()
    for _ in 0..<exportsOfPost { export.append(contentsOf: sample) }
    let length = export.count
    export.append(contentsOf: repeatElement(0, count: 16))
    var decoder = CallDecoder()
    var reader = RateFileReader(digest: { String($0.utf8.count) })
    for file in CarriedFile.pricing { reader.read(file.text, file: file.name) }
    var table = DimensionTable(rates: try reader.book(origin: "bench"))
    let batch = BookBatch()
    var call = Call()
    var done = 0
    let start = clock()
    while done < count {
      let calls = try export.withUnsafeBufferPointer {
        try ExportedCalls(
          UnsafeBufferPointer(rebasing: $0[..<length]), .protobuf, .traces, lineBytesMax: Limits.unfoldedBytes,
          decimal: { "\(Double(bitPattern: $0))" })
      }
      for range in calls.ranges {
        let other = calls.bytes.withUnsafeBufferPointer {
          decoder.decode(
            UnsafeBufferPointer(rebasing: $0[range]), arrival: Timestamp(microseconds: 0), defaults: .none, into: &call)
        }
        guard other == nil else { throw BenchFault("a span is no call") }
        table.book(&call, of: decoder.subjects, details: &decoder.details, sender: -1, into: batch)
      }
      done += calls.ranges.count
      batch.removeAll()
      decoder.details.bytes.removeAll(keepingCapacity: true)
    }
    return Double(done) / (Double(clock() - start) / Double(CLOCKS_PER_SEC))
  }
}
