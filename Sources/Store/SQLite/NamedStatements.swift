/// The statements of a file in `ledgers/queries`, by name.
///
/// A line `-- name: what it does` opens each statement.
struct NamedStatements {
  private let statements: [String: String]

  init(_ file: String) {
    var statements: [String: String] = [:]
    var name = ""
    for line in CarriedFile.query(file).split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("-- "), let colon = line.firstIndex(of: ":"),
        line[line.index(line.startIndex, offsetBy: 3)..<colon].utf8.allSatisfy(Self.isNameByte)
      {
        name = String(line[line.index(line.startIndex, offsetBy: 3)..<colon])
        statements[name] = ""
      } else if !name.isEmpty {
        statements[name]? += line + "\n"
      }
    }
    self.statements = statements
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }

  /// A statement that the file lacks is our mistake.
  subscript(name: String) -> String {
    guard let sql = statements[name] else { preconditionFailure("no statement '\(name)'") }
    return sql
  }
}
