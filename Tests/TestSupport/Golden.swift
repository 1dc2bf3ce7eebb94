import Foundation
import Testing

/// Expects `text` to be what `Tests/Golden/<name>` holds.
///
/// `RECORD=1 swift test` writes it anew; read the diff before you commit it.
package func expectGolden(
  _ text: String, _ name: String, at place: SourceLocation = #_sourceLocation
) throws {
  let file = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Golden/\(name)").standardized
  if ProcessInfo.processInfo.environment["RECORD"]?.isEmpty == false {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
    return
  }
  let golden =
    (try? String(contentsOf: file, encoding: .utf8)) ?? "(no such file: run with RECORD=1)"
  if let changes = lineChanges(from: golden, to: text) {
    Issue.record("Tests/Golden/\(name) has changed:\n\(changes)", sourceLocation: place)
  }
}

/// The lines that differ, `-` for what was wanted and `+` for what came; nil when none do.
package func lineChanges(from wanted: String, to came: String) -> String? {
  func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }
  let difference = lines(came).difference(from: lines(wanted))
  let changes = (difference.removals + difference.insertions).map { change in
    switch change {
    case .remove(_, let line, _): "- \(line)"
    case .insert(_, let line, _): "+ \(line)"
    }
  }
  return changes.isEmpty ? nil : changes.joined(separator: "\n")
}
