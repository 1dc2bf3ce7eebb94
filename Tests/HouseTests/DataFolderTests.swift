import CData
import Foundation
import Testing

/// The data folders: what the binary carries, and that each query says what it answers.
@Suite struct DataFolderTests {
  private struct Carried: Equatable {
    let name: String
    let text: String
  }

  private static func carried(_ file: (Int) -> tb_data_file) -> [Carried] {
    var found: [Carried] = []
    while true {
      let next = file(found.count)
      guard let name = next.name else { return found }
      let bytes = UnsafeBufferPointer(start: next.bytes, count: next.count)
      found.append(Carried(name: String(cString: name), text: String(decoding: bytes, as: UTF8.self)))
    }
  }

  private static func inFolder(_ folder: String, ending: String) throws -> [Carried] {
    try Tree.names(in: folder, ending: ending).map {
      Carried(name: $0, text: try Tree.text(folder + "/" + $0))
    }
  }

  /// A list in `Sources/CData` is written by hand: it names every file of its folder, and no other.
  private static func compare(_ carried: [Carried], with folder: [Carried], list: String) {
    for file in folder where !carried.contains(where: { $0.name == file.name }) {
      Issue.record("\(file.name) is not carried in the binary: add it to Sources/CData/\(list).")
    }
    for file in carried {
      guard let twin = folder.first(where: { $0.name == file.name }) else {
        Issue.record("\(list) names \(file.name), which is no file of its folder: take it out.")
        continue
      }
      #expect(file.text == twin.text, "\(file.name): what is carried is another file's text")
    }
  }

  @Test func `the binary carries every file of ledgers and pricing`() throws {
    let schema = Self.carried { tb_schema_file($0) }
    let steps = try Self.inFolder("ledgers/schema", ending: ".sql")
    Self.compare(schema, with: steps, list: "schema.c")
    for (place, step) in schema.enumerated() {
      #expect(step.name.hasPrefix("v\(place + 1)-"), "schema steps are carried in their order")
    }
    let queries = try Self.inFolder("ledgers/queries", ending: ".sql")
    Self.compare(Self.carried { tb_query_file($0) }, with: queries, list: "queries.c")
    let pricing = try Self.inFolder("pricing", ending: ".json")
    Self.compare(Self.carried { tb_pricing_file($0) }, with: pricing, list: "pricing.c")
    #expect(schema.count >= 3 && queries.count >= 10 && pricing.count >= 10)
  }

  /// Nil when the text opens with a whole sentence, else what is wrong.
  static func faultOfOpening(_ sql: String) -> String? {
    let opening = HouseRule.lines(sql).prefix { $0.hasPrefix("--") }
      .map { $0.drop { $0 == "-" || $0 == " " } }.joined(separator: " ")
    guard let first = opening.first else { return "it opens without a comment: say what it answers" }
    guard first.isUppercase || first == ":" else { return "its opening is no sentence" }
    return opening.contains(#/[.?:](\s|$)/#) ? nil : "its opening sentence has no end"
  }

  @Test(arguments: Tree.files(under: "ledgers", ending: ".sql"))
  func `a query opens with what it answers`(path: String) throws {
    let fault = Self.faultOfOpening(try Tree.text(path))
    #expect(fault == nil, "\(path): \(fault ?? "")")
  }

  @Test func `a query that says nothing is caught`() {
    #expect(Self.faultOfOpening("select 1;\n") != nil)
    #expect(Self.faultOfOpening("--\nselect 1;\n") != nil)
    #expect(Self.faultOfOpening("-- the calls\nselect 1;\n") != nil)
    #expect(Self.faultOfOpening("-- The calls of :day.\nselect 1;\n") == nil)
  }

  @Test func `schema steps are numbered from 1 on without gaps`() {
    let names = Tree.names(in: "ledgers/schema", ending: ".sql")
    #expect(names.indices.allSatisfy { place in names.contains { $0.hasPrefix("v\(place + 1)-") } })
  }
}
