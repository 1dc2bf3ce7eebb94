/// Which ids a long run of calls bears, and roughly where: 4.5 bytes an id.
///
/// For an id that the run bears it names a block of calls; for one that it does not, it names none
/// but for one time in half a million. What it names is searched row by row.
struct IDFilter {
  /// 22 bits of the digest and 10 of the block's number, by bucket.
  private let entries: ContiguousArray<UInt32>
  /// Where each bucket begins; a bucket is the digest's top 16 bits.
  private let starts: ContiguousArray<UInt32>
  private let firstSeq: Int64
  private let blockShift: Int64

  private static let buckets = 65_536
  private static let blockBits: UInt64 = 10

  /// Takes in a run's ids: `forEach` calls its argument for every one, and is run twice.
  init(
    firstSeq: Int64, lastSeq: Int64, forEach: ((_ key: UInt64, _ seq: Int64) -> Void) -> Void
  ) {
    self.firstSeq = firstSeq
    var shift: Int64 = 9
    while (lastSeq - firstSeq) >> shift >= 1 << Int64(Self.blockBits) { shift += 1 }
    blockShift = shift
    var counts = ContiguousArray<UInt32>(repeating: 0, count: Self.buckets + 1)
    forEach { key, _ in counts[Self.bucket(IDTable.mixed(key)) + 1] += 1 }
    for bucket in 0..<Self.buckets { counts[bucket + 1] += counts[bucket] }
    var places = counts
    var entries = ContiguousArray<UInt32>(repeating: 0, count: Int(counts[Self.buckets]))
    forEach { key, seq in
      let mixed = IDTable.mixed(key)
      let bucket = Self.bucket(mixed)
      entries[Int(places[bucket])] =
        Self.print(mixed) << UInt32(Self.blockBits)
        | UInt32(truncatingIfNeeded: (seq - firstSeq) >> shift)
      places[bucket] += 1
    }
    self.entries = entries
    starts = counts
  }

  @inline(__always) private static func bucket(_ mixed: UInt64) -> Int { Int(mixed >> 48) }
  @inline(__always) private static func print(_ mixed: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: mixed >> 26) & 0x3f_ffff
  }

  /// Calls `block` with each range of calls that may bear the id.
  @inline(__always) func blocks(
    of key: UInt64, _ block: (ClosedRange<Int64>) throws(StoreFault) -> Void
  ) throws(StoreFault) {
    let mixed = IDTable.mixed(key)
    let bucket = Self.bucket(mixed)
    let print = Self.print(mixed)
    for place in Int(starts[bucket])..<Int(starts[bucket + 1])
    where entries[place] >> UInt32(Self.blockBits) == print {
      let number = Int64(entries[place] & (1 << UInt32(Self.blockBits) - 1))
      let first = firstSeq + number << blockShift
      try block(first...(first + 1 << blockShift - 1))
    }
  }
}
