import Units

/// Tells by an attribute's name what it says: one look-up a name, none for the length of a prompt's.
///
/// A span has some thirty attributes, and there are many spans: a dictionary of texts would cost more than the
/// whole rest of reading them.
struct SpanNames {
  /// What a name says, and its place among the names for that; the earlier holds.
  struct Meaning {
    let attribute: SpanAttribute
    let rank: UInt8
  }

  private struct Entry {
    let name: [UInt8]
    let digest: UInt64
    let meaning: Meaning
    /// One name may say two things.
    var other: Meaning?
  }

  static let shared = SpanNames()

  private let entries: ContiguousArray<Entry>
  /// By the low bits of a name's digest: its entry and one more, 0 for none.
  private let buckets: ContiguousArray<UInt8>
  private let longest: Int
  private static let bucketCount = 512

  private init() {
    var entries: ContiguousArray<Entry> = []
    for attribute in SpanAttribute.allCases {
      for (rank, name) in attribute.names.enumerated() {
        let meaning = Meaning(attribute: attribute, rank: UInt8(rank))
        if let place = entries.firstIndex(where: { $0.name == Array(name.utf8) }) {
          precondition(entries[place].other == nil, "\(name) says three things")
          entries[place].other = meaning
        } else {
          entries.append(Entry(name: Array(name.utf8), digest: Digest64.of(name), meaning: meaning))
        }
      }
    }
    precondition(entries.count < 256, "a bucket holds one byte")
    var buckets = ContiguousArray<UInt8>(repeating: 0, count: Self.bucketCount)
    for (place, entry) in entries.enumerated() {
      var bucket = Int(entry.digest % UInt64(Self.bucketCount))
      while buckets[bucket] != 0 { bucket = (bucket + 1) % Self.bucketCount }
      buckets[bucket] = UInt8(place + 1)
    }
    longest = entries.map(\.name.count).max() ?? 0
    self.entries = entries
    self.buckets = buckets
  }

  /// What the name says; nil where it says nothing to us.
  func meanings(of name: UnsafeBufferPointer<UInt8>) -> (Meaning, Meaning?)? {
    guard name.count <= longest, !name.isEmpty else { return nil }
    let digest = Digest64.of(UnsafeRawBufferPointer(name))
    var bucket = Int(digest % UInt64(Self.bucketCount))
    while buckets[bucket] != 0 {
      let entry = entries[Int(buckets[bucket]) - 1]
      if entry.digest == digest, entry.name.elementsEqual(name) { return (entry.meaning, entry.other) }
      bucket = (bucket + 1) % Self.bucketCount
    }
    return nil
  }
}
