import Calls

/// Bodies that have come whole become lines for the reading thread.
extension HTTPDoor {
  /// The lines of a body; nil for an export that tells of no call, of which nothing is to be settled.
  ///
  /// - Throws: ``HTTPRefusal`` where it is no such body, or has too many lines.
  func linePost(
    _ post: UsagePost, _ posted: PostedBody, _ connection: HTTPConnection
  ) throws(HTTPRefusal) -> LinePost? {
    let (body, count) = try posted.whole()
    let lines: (bytes: ContiguousArray<UInt8>, ranges: ContiguousArray<Range<Int32>>)
    switch post.content {
    case .lines(let form):
      let ranges = try body.withUnsafeBufferPointer { (bytes) throws(HTTPRefusal) in
        try PostedLines(UnsafeBufferPointer(rebasing: bytes[..<count]), form).ranges
      }
      lines = (body, ranges)
    case .export(let form):
      let calls = try body.withUnsafeBufferPointer { (bytes) throws(HTTPRefusal) in
        try Self.calls(UnsafeBufferPointer(rebasing: bytes[..<count]), form)
      }
      if let reason = calls.ignored {
        counters.postsTaken.add(1)
        counters.linesPassedOver.add(1)
        counters.count(reason)
      }
      if calls.ranges.isEmpty { return nil }
      guard calls.ranges.count <= HTTPLimits.lines else { throw .exportTooLarge }
      lines = (calls.bytes, ContiguousArray(calls.ranges.map { Int32($0.lowerBound)..<Int32($0.upperBound) }))
    }
    return LinePost(
      connection: connection.token, uid: connection.uid, body: lines.bytes, lines: lines.ranges,
      numbering: post.numbering, defaults: post.defaults)
  }

  private static func calls(
    _ body: UnsafeBufferPointer<UInt8>, _ form: ExportForm
  ) throws(HTTPRefusal) -> ExportedCalls {
    do throws(ExportedCalls.Fault) {
      return try ExportedCalls(
        body, form.encoding, form.signal, lineBytesMax: HTTPLimits.bodyBytes, decimal: ExportForm.decimal)
    } catch {
      switch error {
      case .tooLarge: throw .exportTooLarge
      case .malformed:
        let name = form.encoding == .json ? "JSON" : "protobuf"
        throw HTTPRefusal(
          400, "bad_export",
          "The body is no export in \(name). Nothing of it was booked: send it as OTLP lays it down.")
      }
    }
  }
}

extension HTTPRefusal {
  fileprivate static let exportTooLarge = HTTPRefusal(
    413, "export_too_large",
    "The export has more than \(HTTPLimits.lines) calls or a million parts, or its calls together more than "
      + "\(HTTPLimits.bodyBytes >> 20) MiB. Set the exporter to smaller batches.")
}
