/// The calls of an export of OpenTelemetry's, as lines of our own: one a call, ready to be decoded.
///
/// Which spans are calls, and what is read of them, is the rule of ``SpanExport``: the same in protobuf and in JSON.
package struct ExportedCalls {
  /// The lines' bytes; 16 more lie behind each of them.
  package let bytes: ContiguousArray<UInt8>
  package let ranges: ContiguousArray<Range<Int>>
  /// Why it has none, where it has none and is not empty.
  package let ignored: Ignored?

  /// What an export tells of.
  package enum Signal: Sendable { case traces, logs, metrics }

  /// How it is written.
  package enum Encoding: Sendable { case protobuf, json }

  /// Why it cannot be read.
  package enum Fault: Error {
    /// The bytes are no export in that encoding.
    case malformed
    /// It has more parts than are outlined at once, or its lines are longer than that together.
    case tooLarge
  }

  /// Reads an export; `bytes` has 16 bytes behind it that may be read.
  ///
  /// `lineBytesMax` holds for all lines together: what a resource says of itself is repeated in each of its calls.
  /// `decimal` writes the bits of a floating point number as the shortest text that is it.
  package init(
    _ bytes: UnsafeBufferPointer<UInt8>, _ encoding: Encoding, _ signal: Signal, lineBytesMax: Int,
    decimal: @escaping (UInt64) -> String
  ) throws(Fault) {
    // Metrics add up calls that have spans of their own: nothing of them is read.
    if signal == .metrics {
      (self.bytes, ranges, ignored) = ([], [], .metricPoints)
      return
    }
    let outline = Outline()
    switch encoding {
    case .protobuf:
      guard SpanMessage.draw(bytes, signal, on: outline, decimal: decimal) else {
        throw outline.nodes.count >= Outline.nodesMax ? .tooLarge : .malformed
      }
    case .json: try Self.read(bytes, into: outline)
    }
    var lines = PlainLines()
    lines.bytesMax = lineBytesMax
    let reading: ShapeReading
    if signal == .logs {
      reading = SpanExport.read(logsOf: outline.root, into: &lines)
    } else {
      reading = SpanExport.read(spansOf: outline.root, into: &lines)
    }
    guard !lines.isFull else { throw .tooLarge }
    self.bytes = lines.bytes
    ranges = lines.ranges
    if case .ignored(let reason) = reading { ignored = reason } else { ignored = nil }
  }

  private static func read(_ bytes: UnsafeBufferPointer<UInt8>, into outline: Outline) throws(Fault) {
    guard let start = bytes.baseAddress else { throw .malformed }
    let line = ScannedLine()
    defer { line.deallocate() }
    line.begin(start)
    var scanner = LineScanner(into: line, keys: .shared)
    do throws(Refusal) {
      try outline.read(start, count: bytes.count, by: &scanner)
    } catch {
      throw error == .tooLong ? .tooLarge : .malformed
    }
    guard outline.root.isObject, scanner.high == 0 || isUTF8(bytes) else { throw .malformed }
  }
}
