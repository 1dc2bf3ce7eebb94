import Foundation
import Store
import Testing

/// The binary carries every file of its data folders, as it is.
@Suite struct CarriedFileTests {
  private func folder(_ name: String, _ ending: String) throws -> [String: Data] {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../\(name)").standardized
    var files: [String: Data] = [:]
    for file in try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
    where file.pathExtension == ending {
      files[file.lastPathComponent] = try Data(contentsOf: file)
    }
    return files
  }

  private func carried(_ files: [CarriedFile]) -> [String: Data] {
    Dictionary(uniqueKeysWithValues: files.map { ($0.name, Data($0.bytes)) })
  }

  @Test func `ledgers/schema is carried, in order`() throws {
    #expect(try carried(CarriedFile.schema) == folder("ledgers/schema", "sql"))
    #expect(CarriedFile.schema.map(\.name) == CarriedFile.schema.map(\.name).sorted())
  }

  @Test func `ledgers/queries is carried: add a new file to queries.c`() throws {
    #expect(try carried(CarriedFile.queries) == folder("ledgers/queries", "sql"))
  }

  @Test func `pricing is carried: add a new file to pricing.c`() throws {
    #expect(try carried(CarriedFile.pricing) == folder("pricing", "json"))
  }
}
