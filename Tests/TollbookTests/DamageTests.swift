import Foundation
import Store
import TestSupport
import Testing

@testable import tollbook

/// Damage to the ledger's file itself: found at opening or in the middle, it is a finding.
@Suite struct DamageTests {
  /// Ways of damaging a file of 4,096-byte pages.
  static let damages: [(name: String, change: @Sendable (inout Data) -> Void)] = [
    ("nothing is left", { $0 = Data() }),
    ("half of the header is left", { $0 = $0.prefix(50) }),
    ("half of the first page is left", { $0 = $0.prefix(2048) }),
    ("half of the pages are left", { $0 = $0.prefix($0.count / 8192 * 4096) }),
    ("it ends in the middle of a page", { $0 = $0.prefix($0.count / 8192 * 4096 + 777) }),
    ("noise in place of the header", { $0.replaceSubrange(0..<100, with: 100..<200) }),
    ("another program's mark", { $0.replaceSubrange(68..<72, with: [1, 2, 3, 4]) }),
    ("a schema that no version writes", { $0.replaceSubrange(60..<64, with: [255, 2, 3, 4]) }),
    ("a file format of the future", { $0.replaceSubrange(18..<20, with: [9, 9]) }),
    ("another size of page", { $0.replaceSubrange(16..<18, with: [2, 0]) }),
    (
      "noise in place of the first page's rows",
      { $0.replaceSubrange(100..<400, with: repeatElement(0xa5, count: 300)) }
    ),
    (
      "noise in place of four pages in the middle",
      { $0.replaceSubrange(20_480..<36_864, with: repeatElement(0xa5, count: 16_384)) }
    ),
  ]

  @Test(arguments: damages.indices)
  func `a damaged file is a finding of kind file, with a cure that helps`(number: Int) throws {
    let (name, change) = Self.damages[number]
    let sample = try SampleLedger()
    let path = sample.folder + "/tollbook.db"
    var file = try Data(contentsOf: URL(filePath: path))
    change(&file)
    try file.write(to: URL(filePath: path))
    let json = try sample.ask("verify", "--json")
    #expect(json.exit == .found, "\(name): \(json.out)")
    #expect(json.out.contains("{\"kind\":\"file\",\"batch\":null,\"what\":"), "\(name)")
    let text = try sample.ask("verify")
    #expect(text.exit == .found, "\(name)")
    #expect(text.out.contains("\n  file: "), "\(name): \(text.out)")
    #expect(text.out.contains("Copy \(path) and what stands beside it"), "\(name): \(text.out)")
    #expect(!text.out.contains("tollbook verify"), "\(name): \(text.out)")
    #expect(try Data(contentsOf: URL(filePath: path)) == file, "\(name)")
  }

  @Test func `noise anywhere ends every reading command with an answer or a fault`() throws {
    let sample = try SampleLedger()
    let path = sample.folder + "/tollbook.db"
    let whole = try Data(contentsOf: URL(filePath: path))
    var random = Seeded(11)
    let used = whole.indices.filter { $0 >= 100 && whole[$0] != 0 }
    for _ in 0..<60 {
      var damaged = whole
      let place = try #require(used.randomElement(using: &random))
      for byte in place..<min(place + 24, whole.count) {
        damaged[byte] = UInt8.random(in: 0...255, using: &random)
      }
      for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
      try damaged.write(to: URL(filePath: path))
      for command in [
        "spend --by team,model,day --zone Asia/Kolkata", "compare", "calls", "calls s1", "calls #7",
        "status", "dead-letters list", "export --format csv", "export --format beancount",
      ] {
        _ = try sample.ask(command.split(separator: " ").map(String.init))
      }
      #expect(try sample.ask("verify").exit != .misused, "byte \(place)")
    }
  }
}
