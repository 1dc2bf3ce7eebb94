import Calls

/// The provider's ids of the calls booked last, each with a call that bears it and who told of it.
///
/// Two generations, as ``IDWindow`` has them. An id that one observer tells of twice, with one outcome and
/// under two ids of its own, names no single call: it is worn, and no further call is taken for another's
/// by it. Errors and successes are kept apart, since a retry may bear the id of the attempt before.
struct ReferenceWindow {
  private var younger = ReferenceTable()
  private var older = ReferenceTable()
  private let limit: Int
  /// What the open batch changed, to be taken back when it fails: slot and what stood there.
  private var changes: ContiguousArray<(slot: Int32, before: ReferenceTable.Slot)> = []

  /// Calls that one table's offsets can tell apart.
  private static let spanMax: Int64 = 1 << 31

  init(limit: Int) { self.limit = limit }

  /// What is known of an id.
  struct Found {
    /// The newest row that bears it.
    var seq: Int64
    /// Who told of the call.
    var observer: UInt16
    var isWorn = false
    /// Bits of the call's own id; 0 for none.
    var own: UInt16
  }

  /// An id of the provider's in the tables, never 0: it goes with how the call ended.
  @inline(__always) static func key(_ id: UInt64, _ outcome: Outcome) -> UInt64 {
    (IDTable.mixed(id) ^ UInt64(outcome.rawValue) &* 0xd6e8_feb8_6659_fd93) | 1
  }

  @inline(__always) static func own(_ id: UInt64) -> UInt16 { UInt16(truncatingIfNeeded: IDTable.mixed(id) >> 48) }

  /// Makes room for a batch with so many ids; forgets the older generation when the younger is full.
  mutating func begin(ids: Int, nextSeq: Int64) {
    changes.removeAll(keepingCapacity: true)
    guard ids > 0 else { return }
    if younger.count >= limit || nextSeq - younger.firstSeq > Self.spanMax {
      swap(&younger, &older)
      younger.restart(at: nextSeq)
    }
    younger.reserve(ids)
    changes.reserveCapacity(ids)
  }

  @inline(__always) func prefetch(_ id: UInt64, _ outcome: Outcome) {
    let key = Self.key(id, outcome)
    younger.prefetch(key)
    older.prefetch(key)
  }

  /// What is known of an id, and where ``remember(_:at:_:)`` puts it.
  @inline(__always) func find(_ key: UInt64) -> (found: Found?, slot: Int) {
    let slot = younger.slot(of: key)
    if let found = younger.found(at: slot) { return (found, slot) }
    return (older.count == 0 ? nil : older.found(at: older.slot(of: key)), slot)
  }

  @inline(__always) mutating func remember(_ key: UInt64, at slot: Int, _ found: Found) {
    changes.append((Int32(truncatingIfNeeded: slot), younger.slots[slot]))
    younger.set(slot, key: key, found)
  }

  /// What was remembered stays.
  mutating func keep() { changes.removeAll(keepingCapacity: true) }

  /// Takes back what was remembered since ``begin(ids:nextSeq:)``.
  mutating func rollBack() {
    while let change = changes.popLast() { younger.restore(Int(change.slot), change.before) }
  }

  // MARK: - At start

  /// A row with the provider's ids, as it is read back.
  struct Row {
    let seq: Int64
    let key: RowKey
    let outcome: Outcome
  }

  /// Begins anew with rows in any order, none of them before `firstSeq`.
  mutating func restart(from firstSeq: Int64, nextSeq: Int64, _ rows: [Row]) {
    younger.restart(at: nextSeq)
    older.restart(at: firstSeq)
    older.reserve(rows.count * 2)
    for row in rows {
      let ids = row.key.providerIDs
      if ids.0 != 0 { restore(ids.0, row) }
      if ids.1 != 0 { restore(ids.1, row) }
    }
  }

  private func restore(_ id: UInt64, _ row: Row) {
    guard let mark = row.key.mark else { return }
    let key = Self.key(id, row.outcome)
    let slot = older.slot(of: key)
    var entry = Found(seq: row.seq, observer: mark.observer, own: Self.own(row.key.id))
    if let other = older.found(at: slot) {
      // A stream's later lines bear its id, and wear nothing.
      let isOther = other.observer == entry.observer && (other.own != entry.own || row.key.id == 0)
      if other.seq > entry.seq { entry = other }
      entry.isWorn = other.isWorn || isOther
    }
    older.set(slot, key: key, entry)
  }

  var rememberedIDs: Int { younger.count + older.count }
}
