import Foundation

/// The repository as the house rules see it: texts by their paths from the top.
enum Tree {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The text of a file that must be there.
  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path)
  }

  /// Paths of all files under `folder`, sorted; a folder that is not there has none.
  static func files(under folder: String, ending: String = "") -> [String] {
    let found = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
    let names = found?.compactMap { $0 as? String } ?? []
    return names.filter { name in
      var isFolder: ObjCBool = false
      let path = root.appending(path: folder).appending(path: name).path
      _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      return !isFolder.boolValue && name.hasSuffix(ending)
    }
    .map { folder + "/" + $0 }.sorted()
  }

  /// The names of all files in `folder` that end so, sorted.
  static func names(in folder: String, ending: String) -> [String] {
    files(under: folder, ending: ending).compactMap { $0.split(separator: "/").last.map(String.init) }
  }

  static let sources = files(under: "Sources", ending: ".swift")
  static let tests = files(under: "Tests", ending: ".swift")
  static let documents =
    ["README.md", "CHANGELOG.md", "DECISIONS.md", "Sources/README.md"]
    + ["docs", "deploy", "ledgers", "pricing"].flatMap { files(under: $0, ending: ".md") }

  /// Every text that a reader of the repository may open, but for these rules themselves.
  static let texts =
    ["Package.swift", "Makefile", ".ci/run"] + documents + files(under: "scripts")
    + files(under: "ledgers", ending: ".sql") + files(under: "pricing", ending: ".json")
    + files(under: "deploy").filter { !$0.hasSuffix(".md") }
    + files(under: "Sources")
    .filter { $0.hasSuffix(".swift") || $0.hasSuffix(".c") || $0.hasSuffix(".h") }
    + files(under: "Tests/Oracle", ending: ".py") + tests.filter { !$0.hasPrefix("Tests/HouseTests/") }
}
