import CSystem
import Calls

/// A body that has come whole, and becomes lines for the reading thread.
///
/// It belongs to one thread at a time: HTTP's, or that of a ``BodyLane``.
final class WholeBody: @unchecked Sendable {
  /// Whom to answer.
  let connection: UInt64
  private let uid: Int64
  private let post: UsagePost
  private var bytes: ContiguousArray<UInt8>
  let count: Int
  private(set) var outcome = Outcome.unread

  /// What a body comes to.
  enum Outcome {
    case unread
    case lines(LinePost)
    /// An export that tells of no call, of which nothing is to be settled.
    case nothing
    case refused(HTTPRefusal)
  }

  /// Why the export has no call, where that is to be counted.
  private(set) var ignored: Ignored?

  /// - Throws: ``HTTPRefusal`` when what was packed has no end.
  init(_ post: UsagePost, _ posted: PostedBody, _ connection: HTTPConnection) throws(HTTPRefusal) {
    self.connection = connection.token
    uid = connection.uid
    self.post = post
    (bytes, count) = try posted.whole()
  }

  /// Whether the thread for HTTP makes lines of it in one turn.
  var isPrompt: Bool { count <= HTTPLimits.promptBytes }
  var isLight: Bool { count <= HTTPLimits.lightBytes }

  /// Makes lines of it, and keeps nothing else.
  func read() {
    do throws(HTTPRefusal) {
      outcome = try lines().map { .lines($0) } ?? .nothing
    } catch {
      outcome = .refused(error)
    }
    bytes = []
  }

  private func lines() throws(HTTPRefusal) -> LinePost? {
    let lines: (bytes: ContiguousArray<UInt8>, ranges: ContiguousArray<Range<Int32>>)
    switch post.content {
    case .lines(let form):
      let ranges = try bytes.withUnsafeBufferPointer { (bytes) throws(HTTPRefusal) in
        try PostedLines(UnsafeBufferPointer(rebasing: bytes[..<count]), form).ranges
      }
      lines = (bytes, ranges)
    case .export(let form):
      let calls = try bytes.withUnsafeBufferPointer { (bytes) throws(HTTPRefusal) in
        try Self.calls(UnsafeBufferPointer(rebasing: bytes[..<count]), form)
      }
      ignored = calls.ignored
      if calls.ranges.isEmpty { return nil }
      guard calls.ranges.count <= HTTPLimits.lines else { throw .exportTooLarge }
      lines = (calls.bytes, ContiguousArray(calls.ranges.map { Int32($0.lowerBound)..<Int32($0.upperBound) }))
    }
    return LinePost(
      connection: connection, uid: uid, body: lines.bytes, lines: lines.ranges, numbering: post.numbering,
      defaults: post.defaults)
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
