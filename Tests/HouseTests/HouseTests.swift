import Testing

/// The house rules, and the proof that each of them can fail.
@Suite struct HouseTests {
  @Test(arguments: HouseRules.all) func `a rule catches what breaks it`(rule: HouseRule) {
    let path = Self.somePath(of: rule)
    #expect(!rule.findings(in: HouseText(rule.bad), at: path).isEmpty, "it passes its own bad text")
    #expect(rule.findings(in: HouseText(rule.good), at: path).isEmpty)
  }

  /// A path that the rule speaks of.
  private static func somePath(of rule: HouseRule) -> String {
    let paths = HouseRules.pure.union(["Store", "Sidecar", "Web", "tollbook"]).sorted()
      .map { "Sources/\($0)/Sample.swift" }
    return paths.first(where: rule.appliesTo) ?? ""
  }

  @Test(arguments: Tree.texts) func `a file keeps the house rules`(path: String) throws {
    let text = HouseText(try Tree.text(path))
    for rule in HouseRules.all {
      for finding in rule.findings(in: text, at: path) { Issue.record("\(finding)") }
    }
  }

  @Test func `there are files to look at`() {
    #expect(Tree.sources.count > 50)
    #expect(Tree.tests.count > 5)
    #expect(Tree.texts.count > Tree.sources.count + 30)
    for module in HouseRules.pure {
      #expect(Tree.sources.contains { $0.hasPrefix("Sources/\(module)/") }, "\(module) has no file")
    }
  }

  // MARK: - Arrows

  private static let arrows = Arrows(manifest: (try? Tree.text("Package.swift")) ?? "")

  @Test func `arrows point one way`() {
    let arrows = Self.arrows
    #expect(arrows.declared.map(\.target).sorted() == Arrows.order.sorted())
    #expect(arrows.declared.first { $0.target == "Books" }?.needs == ["Units", "Calls", "Rates"])
    for fault in arrows.faults { Issue.record("\(fault)") }
  }

  @Test(arguments: Tree.sources) func `a source imports what it may`(path: String) throws {
    for fault in Self.arrows.faults(in: try Tree.text(path), at: path) { Issue.record("\(fault)") }
  }

  @Test func `a wrong arrow is caught`() {
    let arrows = Arrows(
      manifest: """
        targets: [
          module("Units"),
          module("Calls", ["Units", "Store"]),
          module("Rates", ["Units", "Calls", "CSystem"]),
        """)
    #expect(arrows.declared.map(\.needs) == [[], ["Units", "Store"], ["Units", "Calls", "CSystem"]])
    #expect(arrows.faults.count == 2)
    let imports = "import Units\nimport Foundation\n@preconcurrency import Sidecar\n"
    let found = arrows.faults(in: imports, at: "Sources/Calls/Sample.swift")
    #expect(found.count == 2)
    #expect(found.first?.hasPrefix("Sources/Calls/Sample.swift:2: ") ?? false)
    #expect(arrows.faults(in: "import Calls\n", at: "Sources/Rates/Sample.swift").isEmpty)
  }

  @Test func `comments and quotes are told from code`() {
    let text = HouseText("let a = \"quoted // slashes\" // remark\n/// note\nrun(\"\\\"inner\")\n")
    func lines(_ word: String, _ view: HouseRule.View) -> [Int] { text.lines(matching: word, in: view) }
    #expect(lines("remark", .text) == [1] && lines("remark", .code) == [] && lines("note", .code) == [])
    #expect(lines("slashes", .code) == [1] && lines("slashes", .bare) == [])
    #expect(lines("inner", .code) == [3] && lines("inner", .bare) == [] && lines("run", .bare) == [3])
  }

  @Test func `no type bears its module's name`() throws {
    for path in Tree.sources {
      let module = module(of: path)
      let twins = HouseText(try Tree.text(path))
        .lines(matching: "\\b(struct|class|enum|actor|protocol) \(module)\\b", in: .bare)
      #expect(twins.isEmpty, "\(path): \(module) is the module's name: such a type hides the others")
    }
  }
}
