import CData

/// A file of `ledgers/` or `pricing/`, carried in the binary.
package struct CarriedFile: @unchecked Sendable {
  /// Its name without the folder: `v1-ledger.sql`, `openai.json`.
  package let name: String
  /// Its bytes, which live as long as the process.
  package let bytes: UnsafeRawBufferPointer

  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The schema's steps, in their order.
  package static let schema = all(tb_schema_file)
  /// The questions that reports ask, by name.
  package static let queries = all(tb_query_file)
  /// The price files that stand in where none are given.
  package static let pricing = all(tb_pricing_file)

  /// The query of that name, such as `spend.sql`; a name that the binary lacks is our mistake.
  package static func query(_ name: String) -> String {
    guard let file = queries.first(where: { $0.name == name }) else {
      preconditionFailure("ledgers/queries has no \(name)")
    }
    return file.text
  }

  private static func all(_ file: (Int) -> tb_data_file) -> [CarriedFile] {
    var files: [CarriedFile] = []
    while let name = file(files.count).name {
      let found = file(files.count)
      files.append(
        CarriedFile(
          name: String(cString: name),
          bytes: UnsafeRawBufferPointer(start: found.bytes, count: found.count)))
    }
    return files
  }
}
