import Foundation

/// Files that the tests read and this repository does not hold, because they belong to others.
package enum SharedFiles {
  /// The folder that `TOLLBOOK_SHARED` names, else `shared` beside the package.
  private static let folder: String = {
    let named = ProcessInfo.processInfo.environment["TOLLBOOK_SHARED"] ?? ""
    let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    return named.isEmpty ? package.appending(path: "../shared").standardized.path : named
  }()

  /// A file's bytes; nil where it is not there, and the test that wants it is passed over by name.
  package static func bytes(_ name: String) -> [UInt8]? {
    guard let bytes = FileManager.default.contents(atPath: folder + "/" + name) else {
      print("skipped: \(name) is not in \(folder); TOLLBOOK_SHARED names another folder")
      return nil
    }
    return Array(bytes)
  }

  /// The names of a folder's files; none where it is missing.
  package static func names(_ name: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder + "/" + name)) ?? []
  }
}
