import Foundation

/// Files that are measured against and that this repository does not hold.
enum SharedFiles {
  /// Where a file is: in the folder that `TOLLBOOK_SHARED` names, else in `shared` beside the package.
  static func path(_ name: String) -> String {
    let named = ProcessInfo.processInfo.environment["TOLLBOOK_SHARED"] ?? ""
    return (named.isEmpty ? "../shared" : named) + "/" + name
  }
}
