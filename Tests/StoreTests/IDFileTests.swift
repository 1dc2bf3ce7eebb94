import Foundation
import TestSupport
import Testing

@testable import Store

/// The format of the files of ids: each id of a table is found with its row, and what is damaged is told as missing.
@Suite struct IDFileTests {
  private static let seal = [UInt8](repeating: 7, count: 32)

  /// A key whose mixed digest is `mixed`.
  private static func key(mixed: UInt64) -> UInt64 {
    // The inverse of an odd number by Newton's way: each round doubles the bits that are right.
    let factor = IDTable.mixed(1)
    var inverse = factor
    for _ in 0..<6 { inverse = inverse &* (2 &- factor &* inverse) }
    return mixed &* inverse
  }

  private static func table(_ ids: [(key: UInt64, seq: Int64)], from first: Int64) -> IDTable {
    let table = IDTable(slotCount: 16)
    table.restart(at: first)
    for (key, seq) in ids {
      table.reserve(1)
      table.set(table.slot(of: key), key: key, seq: seq)
    }
    return table
  }

  /// Which rows a file names for each of the keys.
  private func rows(_ file: IDFile, _ keys: [UInt64]) throws -> [Int: [ClosedRange<Int64>]] {
    var suspects = ContiguousArray(
      keys.enumerated().map { IDFile.Suspect(mixed: IDTable.mixed($1), line: $0) })
    suspects.sort { $0.mixed < $1.mixed }
    var found: [Int: [ClosedRange<Int64>]] = [:]
    guard case .searched = file.find(suspects, { found[$0, default: []].append($1) }) else {
      throw Unreadable()
    }
    return found
  }
  private struct Unreadable: Error {}

  /// Writes what the table holds to a file of its own, and opens that.
  private func written(_ image: IDFileImage, _ body: (String, IDFile) throws -> Void) throws {
    let path = TestLedger.newFolder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(image.bytes).write(to: URL(filePath: path))
    let header = image.header
    try body(path, try #require(IDFile(path: path, rows: header.rows, seal: header.seal)))
  }

  @Test(arguments: [1, 5, 300, 400, 5_000, 70_000])
  func `every id is found with its row, and hardly ever another`(count: Int) throws {
    var random = Seeded(UInt64(count))
    let ids = (0..<count).map { (key: random.next() | 1, seq: Int64($0) + 5_000) }
    let range = 5_000...Int64(4_999 + count)
    let image = IDFileImage(Self.table(ids, from: 5_000), rows: range, seal: Self.seal)
    #expect(image.header.ids == count)
    #expect(image.bytes.count == image.header.fileBytes)
    try written(image) { _, file in
      let found = try rows(file, ids.map(\.key))
      let missed = ids.indices.filter { !(found[$0]?.contains(ids[$0].seq...ids[$0].seq) ?? false) }
      #expect(missed == [])
      // 384 ids a part at most, of a million digests each: below four in ten thousand.
      let strangers = try rows(file, (0..<100_000).map { _ in random.next() })
      #expect(strangers.count < 60)
    }
  }

  @Test func `ids that crowd at a table's end and go on at its start are found`() throws {
    var random = Seeded(3)
    // Digests whose highest bits are all ones: they want the table's last slot, and stand in its first.
    let crowd = (0..<3_000).map { _ in Self.key(mixed: random.next() | 0xffff_f000_0000_0000) }
    // And some whose highest bits are noughts, which want those slots too.
    let others = (0..<3_000).map { _ in Self.key(mixed: random.next() >> 20 | 1) }
    let keys = Array(Set(crowd + others)).shuffled(using: &random)
    let ids = keys.enumerated().map { (key: $1, seq: Int64($0) + 1) }
    let image = IDFileImage(Self.table(ids, from: 1), rows: 1...Int64(keys.count), seal: Self.seal)
    try written(image) { _, file in
      let found = try rows(file, keys)
      #expect(ids.indices.allSatisfy { found[$0]?.contains(ids[$0].seq...ids[$0].seq) ?? false })
    }
  }

  @Test func `a span of more rows than 20 bits can name has blocks`() throws {
    var random = Seeded(4)
    let range: ClosedRange<Int64> = 10...10_000_009
    let ids = (0..<2_000).map { _ in
      (key: random.next() | 1, seq: Int64.random(in: range, using: &random))
    }
    let image = IDFileImage(Self.table(ids, from: 10), rows: range, seal: Self.seal)
    // 10,000,000 rows are 625,000 blocks of 16; of 8 they would be 1,250,000.
    #expect(image.header.blockShift == 4)
    try written(image) { _, file in
      let found = try rows(file, ids.map(\.key))
      for (place, id) in ids.enumerated() {
        #expect(
          found[place]?.contains { $0.contains(id.seq) && $0.count <= 16 && range.contains($0.upperBound) } ?? false)
      }
    }
  }

  @Test func `the same ids give the same bytes, in whatever order they came`() {
    var random = Seeded(5)
    let ids = (0..<9_000).map { (key: random.next() | 1, seq: Int64($0) + 1) }
    let image = IDFileImage(Self.table(ids, from: 1), rows: 1...9_000, seal: Self.seal)
    let large = IDTable(slotCount: 1 << 17)
    large.restart(at: 1)
    for id in ids.shuffled(using: &random) { large.set(large.slot(of: id.key), key: id.key, seq: id.seq) }
    #expect(IDFileImage(large, rows: 1...9_000, seal: Self.seal).bytes == image.bytes)
  }

  @Test func `every byte is watched over`() throws {
    let ids = (0..<900).map { (key: UInt64($0) + 1, seq: Int64($0) + 1) }
    let image = IDFileImage(Self.table(ids, from: 1), rows: 1...900, seal: Self.seal)
    let header = image.header
    for place in stride(from: 0, to: image.bytes.count, by: 13) {
      var bytes = image.bytes
      bytes[place] ^= 0x10
      let path = TestLedger.newFolder()
      defer { try? FileManager.default.removeItem(atPath: path) }
      try Data(bytes).write(to: URL(filePath: path))
      let file = IDFile(path: path, rows: header.rows, seal: header.seal)
      #expect((file == nil) == (place < header.bytes.count), "byte \(place)")
      if let file { #expect(throws: Unreadable.self) { try rows(file, ids.map(\.key)) } }
    }
  }

  @Test func `a file is taken for no other rows, no other ledger and no other past`() throws {
    let ids = (0..<900).map { (key: UInt64($0) + 1, seq: Int64($0) + 1) }
    try written(IDFileImage(Self.table(ids, from: 1), rows: 1...900, seal: Self.seal)) { path, _ in
      #expect(IDFile(path: path, rows: 1...901, seal: Self.seal) == nil)
      #expect(IDFile(path: path, rows: 2...900, seal: Self.seal) == nil)
      #expect(IDFile(path: path, rows: 1...900, seal: Self.seal.dropLast() + [8]) == nil)
    }
  }
}
