import CSystem

/// A table from ids' digests to the calls that bear them, for one generation of ``IDWindow``.
///
/// Open addressing with linear probing in 12 bytes a slot; grows by doubling, never shrinks.
final class IDTable {
  private(set) var keys: UnsafeMutablePointer<UInt64>
  private var offsets: UnsafeMutablePointer<UInt32>
  private(set) var slotCount: Int
  private var shift: UInt64
  private(set) var count = 0
  /// Calls are kept as offsets from this one.
  private(set) var firstSeq: Int64 = 1
  /// The first call that the table knows of.
  var coversFrom: Int64 = 1
  /// The moments of the calls.
  var moments = TimeSlots()

  /// Calls that the offsets of one table can tell apart.
  static let rowsMax: Int64 = 1 << 31

  init(slotCount: Int = 16_384) {
    self.slotCount = slotCount
    shift = UInt64(64 - slotCount.trailingZeroBitCount)
    keys = .allocate(capacity: slotCount)
    keys.initialize(repeating: 0, count: slotCount)
    offsets = .allocate(capacity: slotCount)
    offsets.initialize(repeating: 0, count: slotCount)
  }

  deinit {
    keys.deallocate()
    offsets.deallocate()
  }

  /// Forgets everything and begins again at `seq`, in the same memory.
  func restart(at seq: Int64) {
    keys.update(repeating: 0, count: slotCount)
    count = 0
    firstSeq = seq
    coversFrom = seq
    moments = TimeSlots()
  }

  /// A digest spread over 64 bits once more: ids' digests may come from anyone.
  @inline(__always) static func mixed(_ key: UInt64) -> UInt64 { key &* 0x9e37_79b9_7f4a_7c15 }

  @inline(__always) func prefetch(_ key: UInt64) {
    let home = Int(truncatingIfNeeded: Self.mixed(key) &>> shift)
    tb_prefetch(keys + home)
    tb_prefetch(offsets + home)
  }

  /// The slot that holds `key`, or the empty one where it would stand.
  @inline(__always) func slot(of key: UInt64) -> Int {
    let mask = slotCount &- 1
    var place = Int(truncatingIfNeeded: Self.mixed(key) &>> shift)
    while keys[place] != key && keys[place] != 0 { place = (place &+ 1) & mask }
    return place
  }

  @inline(__always) func isEmpty(_ slot: Int) -> Bool { keys[slot] == 0 }
  @inline(__always) func seq(at slot: Int) -> Int64 { firstSeq &+ Int64(offsets[slot]) }

  @inline(__always) func set(_ slot: Int, key: UInt64, seq: Int64) {
    if keys[slot] == 0 { count &+= 1 }
    keys[slot] = key
    offsets[slot] = UInt32(truncatingIfNeeded: seq &- firstSeq)
  }

  /// Takes back ``set(_:key:seq:)`` on a slot that was empty; in reverse order of setting only.
  func clear(_ slot: Int) {
    keys[slot] = 0
    count -= 1
  }

  /// Makes room for `more` keys at a load of five eighths.
  func reserve(_ more: Int) {
    let wanted = (count + more) * 8 / 5
    guard wanted > slotCount else { return }
    var larger = slotCount
    while larger < wanted { larger *= 2 }
    let (oldKeys, oldOffsets, oldCount) = (keys, offsets, slotCount)
    slotCount = larger
    shift = UInt64(64 - larger.trailingZeroBitCount)
    keys = .allocate(capacity: larger)
    keys.initialize(repeating: 0, count: larger)
    offsets = .allocate(capacity: larger)
    offsets.initialize(repeating: 0, count: larger)
    for old in 0..<oldCount where oldKeys[old] != 0 {
      let new = slot(of: oldKeys[old])
      keys[new] = oldKeys[old]
      offsets[new] = oldOffsets[old]
    }
    oldKeys.deallocate()
    oldOffsets.deallocate()
  }

  /// Every slot with its key, 0 for none, and its call: nearly in the order of the mixed digests.
  @inline(__always) func forEachSlot(_ body: (_ key: UInt64, _ seq: Int64) -> Void) {
    for slot in 0..<slotCount { body(keys[slot], seq(at: slot)) }
  }
}
