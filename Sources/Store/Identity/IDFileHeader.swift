import CSystem

/// What a file of ids begins with, and the format of all of it.
///
/// Such a file says which calls of a span of rows bear an id, so that one is looked up by reading a part of it. It is
/// derived: the same rows give the same bytes, and what is missing or damaged is made anew from them. Its numbers have
/// their lowest byte first:
///
/// | bytes | |
/// |---|---|
/// | 8 | `TOLLIDS1`: what it is, and the version of this format |
/// | 32 | the seal of the batch that ends the span: no other ledger has it, nor has this one after another past |
/// | 8, 8 | the span's first row and its last |
/// | 4 | ids |
/// | 1 | p: there are 2^p parts, and the p highest bits of an id's mixed digest name its part |
/// | 1 | s: 2^s rows are a block; 0 where 20 bits can name each row |
/// | 2 | nothing |
/// | 4 × 2^p | ids up to the end of each part |
/// | 4 | CRC-32 of all that |
/// | each part | 5 an id, rising: the 20 bits of the mixed digest that follow on the part's, and below them 20 of the block that holds the newest call under the id. Then 4: their CRC-32, begun with that of the header and the part's number |
struct IDFileHeader {
  let seal: [UInt8]
  let rows: ClosedRange<Int64>
  let partBits: UInt64
  let blockShift: Int64
  /// Ids up to the end of each part.
  let ends: ContiguousArray<UInt32>
  /// The header as it stands in the file.
  let bytes: [UInt8]
  let checksum: UInt32

  static let magic = Array("TOLLIDS1".utf8)
  static let sealBytes = 32
  /// Bytes before the ends of the parts.
  static let fixedBytes = 64
  static let checksumBytes = 4
  static let entryBytes = 5
  /// Bits of an entry that name a block, and those that are of the digest.
  static let blockBits: UInt64 = 20
  static let printBits: UInt64 = 20
  /// Ids that a part has on average, at most.
  private static let partIDs = 384
  private static let partBitsMax: UInt64 = 23

  var ids: Int { Int(ends.last ?? 0) }
  var parts: Int { ends.count }

  /// Parts for so many ids: 192 to 384 a part, unless all fit into one.
  static func partBits(ids: Int) -> UInt64 {
    var bits: UInt64 = 0
    while bits < partBitsMax, ids >> Int(bits) > partIDs { bits += 1 }
    return bits
  }

  /// How many rows a block must have, as a power of two, so that its bits can name each.
  static func blockShift(rows: ClosedRange<Int64>) -> Int64 {
    var shift: Int64 = 0
    while (rows.upperBound - rows.lowerBound) >> (shift + Int64(blockBits)) != 0 { shift += 1 }
    return shift
  }

  /// A header for a file that is to be written.
  init(seal: [UInt8], rows: ClosedRange<Int64>, partBits: UInt64, ends: ContiguousArray<UInt32>) {
    precondition(seal.count == Self.sealBytes && ends.count == 1 << Int(partBits), "a header has all its parts")
    self.seal = seal
    self.rows = rows
    self.partBits = partBits
    self.ends = ends
    blockShift = Self.blockShift(rows: rows)
    var bytes = Self.magic + seal
    func add(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
    add(rows.lowerBound)
    add(rows.upperBound)
    add(ends.last ?? 0)
    bytes += [UInt8(partBits), UInt8(blockShift), 0, 0]
    for end in ends { add(end) }
    checksum = bytes.withUnsafeBytes { tb_crc32(0, $0.baseAddress, $0.count) }
    add(checksum)
    self.bytes = bytes
  }

  /// Reads a header for these rows and this seal; nil for any other, and for one that is damaged.
  ///
  /// `read` fills the buffer with the file's first bytes, or says that there are not so many.
  init?(
    seal: [UInt8], rows: ClosedRange<Int64>, reading read: (UnsafeMutableRawBufferPointer) -> Bool
  ) {
    var fixed = [UInt8](repeating: 0, count: Self.fixedBytes)
    guard fixed.withUnsafeMutableBytes(read) else { return nil }
    let partBits = UInt64(fixed[Self.fixedBytes - 4])
    guard fixed.starts(with: Self.magic + seal), partBits <= Self.partBitsMax else { return nil }
    let count = 1 << Int(partBits)
    var bytes = [UInt8](repeating: 0, count: Self.fixedBytes + count * 4 + Self.checksumBytes)
    guard bytes.withUnsafeMutableBytes(read) else { return nil }
    let ends = bytes.withUnsafeBytes { bytes in
      ContiguousArray(
        (0..<count).map { part in
          UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: Self.fixedBytes + part * 4, as: UInt32.self))
        })
    }
    // What is written for these facts is what must stand there, to the last byte.
    self.init(seal: seal, rows: rows, partBits: partBits, ends: ends)
    guard self.bytes == bytes, zip(ends, ends.dropFirst()).allSatisfy({ $0 <= $1 }), ids <= rows.count
    else { return nil }
  }

  // MARK: - Parts

  /// Which ids a part has, by their number in the file.
  @inline(__always) func ids(ofPart part: Int) -> Range<Int> {
    (part == 0 ? 0 : Int(ends[part - 1]))..<Int(ends[part])
  }

  /// Where a part lies in the file.
  @inline(__always) func place(ofPart part: Int) -> Range<Int> {
    let ids = ids(ofPart: part)
    let start = bytes.count + ids.lowerBound * Self.entryBytes + part * Self.checksumBytes
    return start..<start + ids.count * Self.entryBytes + Self.checksumBytes
  }

  /// Bytes of the whole file.
  var fileBytes: Int { place(ofPart: parts - 1).upperBound }

  /// The checksum of a part's entries.
  @inline(__always) func checksum(ofPart part: Int, _ entries: UnsafeRawBufferPointer) -> UInt32 {
    tb_crc32(checksum ^ UInt32(truncatingIfNeeded: part), entries.baseAddress, entries.count)
  }

  @inline(__always) func part(of mixed: UInt64) -> Int { Int(truncatingIfNeeded: mixed >> (64 - partBits)) }

  /// The bits of a digest that an entry bears.
  @inline(__always) func print(of mixed: UInt64) -> UInt64 { (mixed << partBits) >> (64 - Self.printBits) }

  /// The rows of a block.
  @inline(__always) func rows(ofBlock block: UInt64) -> ClosedRange<Int64> {
    let first = rows.lowerBound + Int64(block) << blockShift
    return first...min(first + 1 << blockShift - 1, rows.upperBound)
  }
}
