import Calls
import Foundation
import Sidecar
import Store
import Testing

/// Documents that stay true: what they promise is there, and what is there they name.
@Suite struct DocumentTests {
  // MARK: - Links and commands

  /// Links of a document to files that are not there.
  static func deadLinks(in text: String, at path: String, exists: (String) -> Bool) -> [String] {
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    return text.matches(of: #/\]\(([^)#\s]+)(?:#[^)]*)?\)/#).compactMap { match in
      let target = String(match.1)
      guard !target.contains("://"), !target.hasPrefix("mailto:") else { return nil }
      var parts = folder.isEmpty ? [] : folder.split(separator: "/").map(String.init)
      for part in target.split(separator: "/") {
        if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(String(part)) }
      }
      return exists(parts.joined(separator: "/")) ? nil : "\(path): \(target) is not there"
    }
  }

  @Test(arguments: Tree.documents) func `a document's links lead somewhere`(path: String) throws {
    let dead = Self.deadLinks(in: try Tree.text(path), at: path, exists: Tree.exists)
    #expect(dead.isEmpty)
  }

  @Test func `a dead link is caught`() {
    let text = "[a](line.md) [b](../README.md#two) [c](gone.md) [d](https://example.com)"
    let dead = Self.deadLinks(in: text, at: "docs/x.md") { ["docs/line.md", "README.md"].contains($0) }
    #expect(dead == ["docs/x.md: gone.md is not there"])
  }

  /// Targets of `make` that a text tells the reader to type.
  static func targets(in text: String) -> Set<String> {
    Set(text.matches(of: #/(?:^|[`\s])make ([a-z-]+)(?=[`\s]|$)/#).map { String($0.1) })
  }

  @Test func `README's make commands are in the Makefile`() throws {
    let makefile = try Tree.text("Makefile")
    let known = Set(makefile.matches(of: #/(?m)^([a-z-]+):/#).map { String($0.1) })
    let told = Self.targets(in: try Tree.text("README.md"))
    #expect(told.isSuperset(of: ["run", "test"]))
    #expect(told.subtracting(known).isEmpty)
    // The help is the heading of the Makefile.
    let heading = HouseRule.lines(makefile).prefix { $0.hasPrefix("#") }.joined(separator: "\n")
    #expect(known.isSuperset(of: Self.targets(in: heading)) && heading.contains("make run"))
    #expect(Self.targets(in: "Type `make bench` or make\nsure.") == ["bench"])
  }

  /// Subcommands of tollbook that a text shows.
  static func subcommands(in text: String) -> Set<String> {
    Set(text.matches(of: #/(?:^|[`\s$\/])tollbook ([a-z][a-z-]+)(?=[`\s,.)]|$)/#).map { String($0.1) })
  }

  @Test(arguments: Tree.documents + ["scripts/run"])
  func `a document's tollbook commands exist`(path: String) throws {
    var known: Set = ["help"]
    for source in Tree.files(under: "Sources/tollbook", ending: ".swift") {
      for match in try Tree.text(source).matches(of: #/commandName: "([a-z-]+)"/#) {
        known.insert(String(match.1))
      }
    }
    var text = try Tree.text(path)
    // Only what is set as code is a command.
    if path.hasSuffix(".md") {
      text = text.matches(of: #/(?s)```.*?```|`[^`\n]+`/#).map { String($0.0) }.joined(separator: "\n")
    }
    let unknown = Self.subcommands(in: text).subtracting(known)
    #expect(unknown.isEmpty, "\(path) shows commands that do not exist")
  }

  @Test func `a command that does not exist is caught`() {
    #expect(Self.subcommands(in: "`tollbook spend --by team` and tollbook fly.") == ["spend", "fly"])
  }

  /// Files of Sources and Tests that a text names as code, such as `Calls/Meter` or `Calls/Meter.swift`.
  static func files(in text: String) -> Set<String> {
    let names = text.matches(of: #/`((?:\w+Tests|[A-Z]\w+|CData|tollbook)(?:\/\w+)+(?:\.(?:swift|c))?)`/#).map {
      String($0.1)
    }
    return Set(
      names.map { name in
        let folder = name.prefix { $0 != "/" }
        let path = folder == "Tests" ? name : (folder.hasSuffix("Tests") ? "Tests/" : "Sources/") + name
        return name.contains(".") ? path : path + ".swift"
      })
  }

  @Test(arguments: ["Sources/README.md", "docs/operations.md", "docs/line.md"])
  func `a document's source files are there`(path: String) throws {
    let gone = Self.files(in: try Tree.text(path)).filter { !Tree.exists($0) }
    #expect(gone.isEmpty, "\(path) names files that are not there")
  }

  @Test func `a source file that is gone is caught`() {
    let found = Self.files(
      in: "`Calls/Gone`, `Calls/Shapes/Gone`, `Rates/Charge.swift`, `CallsTests/OneTests`, `CData/schema.c`, "
        + "`docs/line.md`")
    #expect(
      found == [
        "Sources/Calls/Gone.swift", "Sources/Calls/Shapes/Gone.swift", "Sources/Rates/Charge.swift",
        "Tests/CallsTests/OneTests.swift", "Sources/CData/schema.c",
      ])
  }

  // MARK: - What must be named

  @Test func `docs/line.md names every refusal`() throws {
    let text = try Tree.text("docs/line.md")
    for refusal in Refusal.allCases {
      #expect(text.contains("`\(refusal.rawValue)`"), "\(refusal.rawValue) is not explained")
    }
  }

  @Test func `docs/line.md names every meter and every flag`() throws {
    let text = try Tree.text("docs/line.md")
    for meter in Meter.allCases { #expect(text.contains("`\(meter.name)`"), "no \(meter.name)") }
    for flag in CallFlags.names { #expect(text.contains("`\(flag.name)`"), "no \(flag.name)") }
  }

  @Test func `what a dump leaves out is the schema's number`() throws {
    let text = try Tree.text("docs/operations.md")
    #expect(text.contains("pragma user_version = \(LedgerFile.schemaVersion)`"))
  }

  @Test func `every setting stands in tollbook.conf, commented out`() throws {
    let lines = HouseRule.lines(try Tree.text("deploy/tollbook.conf"))
    for key in Configuration.Key.allCases {
      #expect(
        lines.contains { $0.hasPrefix("#\(key.rawValue) = ") },
        "deploy/tollbook.conf has no line '#\(key.rawValue) = …'")
    }
    for line in lines where line.contains(#/^#?\w+ = /#) {
      let name = line.drop { $0 == "#" }.prefix { $0 != " " }
      #expect(Configuration.Key(rawValue: String(name)) != nil, "'\(name)' is no setting")
      #expect(line.hasPrefix("#"), "'\(name)' is set: the file ships the defaults only as comments")
    }
  }

  @Test func `docs/operations.md names every setting by its environment variable`() throws {
    let text = try Tree.text("docs/operations.md")
    for key in Configuration.Key.allCases {
      #expect(text.contains("`\(key.environment)`"), "no \(key.environment)")
    }
  }

  @Test func `docs/operations.md names every metric, and no other`() throws {
    let code = try Tree.text("Sources/Web/Metrics.swift")
    let names = code.matches(of: #/\b(?:add|counter)\(\s*"([a-z_]+)"/#).map { "tollbook_" + $0.1 }
    #expect(names.count > 10)
    let text = try Tree.text("docs/operations.md")
    let told = Set(text.matches(of: #/`(tollbook_[a-z_]+)/#).map { String($0.1) })
    #expect(told.symmetricDifference(names).isEmpty)
  }

  @Test func `docs/operations.md names every event of the log`() throws {
    let text = try Tree.text("docs/operations.md")
    var names: Set<String> = []
    for path in Tree.sources {
      for match in try Tree.text(path).matches(of: #/Event\(\s*\.(?:info|warning|error),\s*"([a-z_]+)/#) {
        names.insert(String(match.1))
      }
    }
    #expect(names.count > 5)
    for name in names.sorted() { #expect(text.contains("`\(name)`"), "no \(name)") }
  }

  @Test func `deploy/alerts.yml asks for metrics that exist`() throws {
    let code = try Tree.text("Sources/Web/Metrics.swift")
    let known = code.matches(of: #/\b(?:add|counter)\(\s*"([a-z_]+)"/#).map { "tollbook_" + $0.1 }
    let asked = try Tree.text("deploy/alerts.yml").matches(of: #/tollbook_[a-z_]+/#).map { String($0.0) }
    #expect(asked.count > 5)
    #expect(Set(asked).subtracting(known).isEmpty)
  }

  @Test func `the questions of ledgers/README.md can be asked`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ledger-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let database = try Database(path: folder.appending(path: "tollbook.db").path, mode: .create)
    for step in Tree.files(under: "ledgers/schema", ending: ".sql") {
      try database.execute(try Tree.text(step))
    }
    let document = try Tree.text("ledgers/README.md")
    let questions = document.matches(of: #/(?s)```sql\n(.*?)```/#).map { String($0.1) }
    #expect(questions.count == 5)
    for question in questions { try database.execute(question) }
    #expect(throws: StoreFault.self) { try database.execute("select gone from call") }
    // Every table and view is explained there.
    let names = try Tree.files(under: "ledgers/schema", ending: ".sql").flatMap { path in
      try Tree.text(path).matches(of: #/(?m)^create (?:table|view) (\w+)/#).map { String($0.1) }
    }
    #expect(names.count > 10)
    for name in names { #expect(document.contains("`\(name)`"), "no \(name)") }
  }
}
