import Books
import Calls
import Units

/// Who told of a call, and by which ids others may know it: the last bytes of its row's key.
///
/// A key is 8 bytes: the digest of the call's id, the highest byte first. Where the provider's id is known it
/// goes on: 8 bytes of its digest, and 2 of this mark. A call whose own id is the provider's, and that has no
/// other, has the mark behind its id: 10 bytes. Rows of earlier versions have 8 or 16 bytes and no mark.
struct ObserverMark: Hashable {
  /// A digest of the sender's client and of the shape of its lines: 15 bits.
  let observer: UInt16
  /// The call's id is the provider's.
  let keyIsProviders: Bool

  /// Bits that tell observers apart: of two that are told of as one, both book.
  private static let bits: UInt64 = 0x7fff

  @inline(__always)
  init(clientDigest: UInt64, shape: UInt16, keyIsProviders: Bool) {
    let mixed = IDTable.mixed(clientDigest ^ UInt64(shape) &* 0xc2b2_ae3d_27d4_eb4f) >> 49
    observer = UInt16(truncatingIfNeeded: mixed & Self.bits)
    self.keyIsProviders = keyIsProviders
  }

  /// What a client's name comes to in the marks of its calls.
  static func digest(ofClient client: String) -> UInt64 { Digest64.of(client) }
  /// The same of plain mode, which has no client.
  static let plainMode = Digest64.of("")

  @inline(__always) var bytes: UInt16 { observer << 1 | (keyIsProviders ? 1 : 0) }

  /// Reads the mark of a row's key; nil where it has none.
  @inline(__always)
  init?(key: UnsafeRawBufferPointer) {
    guard key.count == 10 || key.count == 18 else { return nil }
    let bytes = UInt16(bigEndian: key.loadUnaligned(fromByteOffset: key.count - 2, as: UInt16.self))
    observer = bytes >> 1
    keyIsProviders = bytes & 1 != 0
  }
}

/// The ids in a row's key, and who told of the call.
struct RowKey {
  /// Digest of the call's id; 0 for none.
  let id: UInt64
  /// Digest of the provider's id; 0 for none.
  let reference: UInt64
  let mark: ObserverMark?

  @inline(__always)
  init(_ bytes: UnsafeRawBufferPointer) {
    id = bytes.count >= 8 ? UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)) : 0
    reference =
      bytes.count >= 16 ? UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)) : 0
    mark = ObserverMark(key: bytes)
  }

  /// The provider's ids of the call, by which others may know it; 0 for none.
  @inline(__always)
  var providerIDs: (UInt64, UInt64) { (reference, mark?.keyIsProviders ?? false ? id : 0) }

  /// Whether the provider's ids of another call are among its own.
  func shares(_ others: (UInt64, UInt64)) -> Bool {
    let (first, second) = providerIDs
    func isOne(_ id: UInt64) -> Bool { id != 0 && (id == first || id == second) }
    return isOne(others.0) || isOne(others.1)
  }
}

extension BookedCall {
  /// The provider's ids of the call, by which others may know it; 0 for none.
  @inline(__always)
  var providerIDs: (UInt64, UInt64) { (reference, keyIsProviders ? key : 0) }
}
