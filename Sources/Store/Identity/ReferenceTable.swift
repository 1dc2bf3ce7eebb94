import CSystem

/// A table from the provider's ids to calls that bear them, for one generation of ``ReferenceWindow``.
///
/// Open addressing with linear probing in 16 bytes a slot, so that a look-up touches one line of memory;
/// grows by doubling, never shrinks.
final class ReferenceTable {
  struct Slot {
    /// 0 for an empty slot.
    var key: UInt64 = 0
    /// The call, as an offset from the table's first.
    var offset: UInt32 = 0
    /// Who told of the call, and above it whether the id is worn.
    var observer: UInt16 = 0
    /// Bits of the call's own id, by which two calls are told from two rows of one.
    var own: UInt16 = 0
  }

  private(set) var slots: UnsafeMutablePointer<Slot>
  private var slotCount: Int
  private var shift: UInt64
  private(set) var count = 0
  private(set) var firstSeq: Int64 = 1

  private static let worn: UInt16 = 1 << 15

  init(slotCount: Int = 1024) {
    self.slotCount = slotCount
    shift = UInt64(64 - slotCount.trailingZeroBitCount)
    slots = .allocate(capacity: slotCount)
    slots.initialize(repeating: Slot(), count: slotCount)
  }

  deinit { slots.deallocate() }

  /// Forgets everything and begins again at `seq`, in the same memory.
  func restart(at seq: Int64) {
    if count > 0 { slots.update(repeating: Slot(), count: slotCount) }
    count = 0
    firstSeq = seq
  }

  @inline(__always) func prefetch(_ key: UInt64) { tb_prefetch(slots + Int(truncatingIfNeeded: key &>> shift)) }

  /// The slot that holds `key`, or the empty one where it would stand.
  @inline(__always) func slot(of key: UInt64) -> Int {
    let mask = slotCount &- 1
    var place = Int(truncatingIfNeeded: key &>> shift)
    while slots[place].key != key && slots[place].key != 0 { place = (place &+ 1) & mask }
    return place
  }

  /// What a slot says; nil for an empty one.
  @inline(__always) func found(at slot: Int) -> ReferenceWindow.Found? {
    let entry = slots[slot]
    guard entry.key != 0 else { return nil }
    return ReferenceWindow.Found(
      seq: firstSeq &+ Int64(entry.offset), observer: entry.observer & ~Self.worn,
      isWorn: entry.observer & Self.worn != 0, own: entry.own)
  }

  @inline(__always) func set(_ slot: Int, key: UInt64, _ found: ReferenceWindow.Found) {
    if slots[slot].key == 0 { count &+= 1 }
    slots[slot] = Slot(
      key: key, offset: UInt32(truncatingIfNeeded: max(found.seq &- firstSeq, 0)),
      observer: found.observer | (found.isWorn ? Self.worn : 0), own: found.own)
  }

  /// Takes back ``set(_:key:_:)``; in reverse order of setting only.
  func restore(_ slot: Int, _ before: Slot) {
    slots[slot] = before
    if before.key == 0 { count -= 1 }
  }

  /// Makes room for `more` ids at a load of five eighths.
  func reserve(_ more: Int) {
    let wanted = (count + more) * 8 / 5
    guard wanted > slotCount else { return }
    var larger = slotCount
    while larger < wanted { larger *= 2 }
    let (old, oldCount) = (slots, slotCount)
    slotCount = larger
    shift = UInt64(64 - larger.trailingZeroBitCount)
    slots = .allocate(capacity: larger)
    slots.initialize(repeating: Slot(), count: larger)
    for place in 0..<oldCount where old[place].key != 0 { slots[slot(of: old[place].key)] = old[place] }
    old.deallocate()
  }
}
