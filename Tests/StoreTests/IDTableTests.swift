import TestSupport
import Testing

@testable import Store

/// The tables behind the id rule.
@Suite struct IDTableTests {
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
