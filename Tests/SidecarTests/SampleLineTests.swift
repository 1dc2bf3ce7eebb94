import Foundation
import TestSupport
import Testing

/// Every line of every sample of real clients' lines, and what becomes of it.
///
/// The samples belong to others and are not in this repository: where they are missing the tests say
/// so and pass over them. Amounts are in millionths of a dollar in the sums beside their rows; those
/// without one stand in ``RealInputTests``.
@Suite struct SampleLineTests {
  @Test(arguments: SampleTable.rows)
  func `every line of a sample comes to what the table says`(row: SampleTable.Row) throws {
    guard let lines = SampleLines.of(row.file) else { return }
    let reader = try SampleLines.Reader()
    #expect(lines.map { reader.read($0).joined(separator: " | ") } == row.fates)
  }

  @Test(arguments: SampleTable.rows)
  func `nothing that was said to a model is kept`(row: SampleTable.Row) throws {
    guard let lines = SampleLines.of(row.file) else { return }
    let reader = try SampleLines.Reader()
    for line in lines { _ = reader.read(line) }
    for word in ["REDACTED", "hello world", "hello there", "\"Hi\"", "secret", "traceback"] {
      #expect(!reader.kept.contains(word), "\(row.file) leaves '\(word)' behind")
    }
  }

  @Test func `every sample that holds lines has a row`() throws {
    guard SharedFiles.bytes("samples/nginx_1.22_json_access.jsonl") != nil else { return }
    let named = Set(SampleTable.rows.map(\.file))
    for file in SharedFiles.names("samples") where !file.hasSuffix(".pb") && file.contains(".") {
      #expect(named.contains(file), "\(file) has no row in SampleTable")
    }
  }
}
