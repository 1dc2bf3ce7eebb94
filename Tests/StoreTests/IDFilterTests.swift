import TestSupport
import Testing

@testable import Store

/// The tables behind the id rule.
@Suite struct IDFilterTests {
  @Test func `a filter names the block of every id, and hardly ever one of another`() throws {
    var random = Seeded(1)
    let ids = (0..<100_000).map { (key: random.next() | 1, seq: Int64($0) + 5_000) }
    let filter = IDFilter(firstSeq: 5_000, lastSeq: 104_999) { body in
      for id in ids { body(id.key, id.seq) }
    }
    var found = 0
    for id in ids {
      var isNamed = false
      try filter.blocks(of: id.key) { (range: ClosedRange<Int64>) throws(StoreFault) in
        if range.contains(id.seq) { isNamed = true }
      }
      found += isNamed ? 1 : 0
    }
    #expect(found == ids.count)
    var strangers = 0
    for _ in 0..<1_000_000 {
      try filter.blocks(of: random.next()) { (_: ClosedRange<Int64>) throws(StoreFault) in
        strangers += 1
      }
    }
    #expect(strangers < 10)
  }

  @Test func `a table grows, and keeps what it has`() {
    let table = IDTable(slotCount: 16)
    for key in UInt64(1)...10_000 {
      table.reserve(1)
      table.set(table.slot(of: key), key: key, seq: Int64(key) * 3)
    }
    #expect(table.count == 10_000)
    for key in UInt64(1)...10_000 { #expect(table.seq(at: table.slot(of: key)) == Int64(key) * 3) }
    #expect(table.isEmpty(table.slot(of: 10_001)))
  }

  @Test func `moments are never missed, and are read back as they were`() throws {
    var random = Seeded(2)
    var slots = TimeSlots()
    let moments = (0..<500).map { _ in Int64.random(in: -1_000_000_000...2_000_000_000_000, using: &random) }
    for moment in moments { slots.insert(moment) }
    let copy = try slots.bytes.withUnsafeBytes {
      try #require(TimeSlots(bytes: $0, first: slots.first, last: slots.last))
    }
    for moment in moments {
      #expect(slots.contains(moment))
      #expect(copy.contains(moment))
    }
    #expect(!slots.contains(3_000_000_000_000))
  }
}
