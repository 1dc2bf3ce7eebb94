/// Which moments a run of calls touches: a bit for each quarter of a second, folded.
///
/// May say yes for a moment that no call touches, never no for one that does. 2 KB; the fold comes
/// round after 71 minutes, so that runs which are longer rely on their first and last instant.
struct TimeSlots {
  private var words: ContiguousArray<UInt64>
  private(set) var first = Int64.max
  private(set) var last = Int64.min

  private static let count = 16_384
  /// 2^18 µs to a slot.
  private static let shift: Int64 = 18

  init() { words = ContiguousArray(repeating: 0, count: Self.count / 64) }

  /// Every moment up to `last`: for runs whose calls were not looked at.
  init(upTo last: Int64) {
    words = ContiguousArray(repeating: .max, count: Self.count / 64)
    first = .min
    self.last = last
  }

  /// As read back from ``bytes``; nil when the bytes are no such slots.
  init?(bytes: UnsafeRawBufferPointer, first: Int64, last: Int64) {
    guard bytes.count == Self.count / 8 else { return nil }
    self.init()
    for place in words.indices {
      words[place] = UInt64(
        littleEndian: bytes.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self))
    }
    self.first = first
    self.last = last
  }

  var bytes: [UInt8] {
    words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
  }

  @inline(__always) mutating func insert(_ at: Int64) {
    let slot = Int(truncatingIfNeeded: at >> Self.shift) & (Self.count - 1)
    words[slot >> 6] |= 1 &<< UInt64(slot & 63)
    if at < first { first = at }
    if at > last { last = at }
  }

  @inline(__always) func contains(_ at: Int64) -> Bool {
    guard at <= last, at >= first else { return false }
    let slot = Int(truncatingIfNeeded: at >> Self.shift) & (Self.count - 1)
    return words[slot >> 6] & (1 &<< UInt64(slot & 63)) != 0
  }
}
