import CScan
import Units

/// Gives each distinct subject a small number, without making a string for a known one.
///
/// The key is the subject's bytes, field by field, each led by its length; a miss makes the
/// ``Subject`` through the closure it is given. Grows with distinct subjects, not with calls.
package struct SubjectTable {
  package private(set) var subjects: [Subject] = []

  private var slots: ContiguousArray<Slot>
  private var arena: ContiguousArray<UInt8> = []

  private struct Slot {
    var hash: UInt64 = 0
    var index: Int32 = -1
    var length: Int32 = 0
    var offset: Int = 0
  }

  package init(capacity: Int = 1024) {
    slots = ContiguousArray(repeating: Slot(), count: capacity)
  }

  /// The number of the subject whose key is `key`; `make` is asked for it once.
  package mutating func index(
    of key: UnsafeRawBufferPointer, make: () -> Subject
  ) -> Int32 {
    let hash = Digest64.of(key)
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while slots[place].index >= 0 {
      let slot = slots[place]
      if slot.hash == hash, Int(slot.length) == key.count, matches(key, at: slot.offset) {
        return slot.index
      }
      place = (place + 1) & mask
    }
    let index = Int32(subjects.count)
    slots[place] = Slot(hash: hash, index: index, length: Int32(key.count), offset: arena.count)
    arena.append(contentsOf: key)
    subjects.append(make())
    if subjects.count * 2 > slots.count { grow() }
    return index
  }

  private func matches(_ key: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    arena.withUnsafeBytes { bytes in
      guard let a = bytes.baseAddress, let b = key.baseAddress else { return key.isEmpty }
      return tb_equal(
        (a + offset).assumingMemoryBound(to: UInt8.self), b.assumingMemoryBound(to: UInt8.self),
        key.count) != 0
    }
  }

  private mutating func grow() {
    var larger = ContiguousArray(repeating: Slot(), count: slots.count * 2)
    let mask = larger.count - 1
    for slot in slots where slot.index >= 0 {
      var place = Int(truncatingIfNeeded: slot.hash) & mask
      while larger[place].index >= 0 { place = (place + 1) & mask }
      larger[place] = slot
    }
    slots = larger
  }
}
