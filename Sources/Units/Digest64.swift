/// A fast 64-bit digest of bytes, for tables in memory and for the identity of calls.
///
/// Not a seal: it withstands chance, not malice. The same bytes give the same digest on every
/// machine and in every version, because the ledger keeps digests of ids.
///
/// Source of the mixing: Wang Yi, "wyhash" (public domain), final version 4.
package enum Digest64 {
  @usableFromInline static let p0: UInt64 = 0xa076_1d64_78bd_642f
  @usableFromInline static let p1: UInt64 = 0xe703_7ed1_a0b4_28db
  @usableFromInline static let p2: UInt64 = 0x8ebc_6af0_9c88_c6e3

  @inlinable static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let (high, low) = a.multipliedFullWidth(by: b)
    return high ^ low
  }

  /// The digest of `bytes`; never 0, which stands for "no digest" wherever one is kept.
  @inlinable package static func of(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
    var state = seed ^ p0
    var rest = bytes.count
    var offset = 0
    func load(_ at: Int, _ count: Int) -> UInt64 {
      var value: UInt64 = 0
      for place in 0..<count { value |= UInt64(bytes[at + place]) &<< UInt64(8 * place) }
      return value
    }
    while rest > 16 {
      let a = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      let b = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
      state = mix(a ^ p1, b ^ state)
      offset += 16
      rest -= 16
    }
    let a: UInt64
    let b: UInt64
    if rest >= 8 {
      a = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      b = load(offset + 8, rest - 8)
    } else {
      a = load(offset, rest)
      b = 0
    }
    let digest = mix(p1 ^ UInt64(bytes.count), mix(a ^ p2, b ^ state))
    return digest == 0 ? 1 : digest
  }

  package static func of(_ text: String) -> UInt64 {
    var text = text
    return text.withUTF8 { of(UnsafeRawBufferPointer($0)) }
  }
}
