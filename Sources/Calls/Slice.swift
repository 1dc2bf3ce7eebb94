/// A value's place in its line: where its bytes are and what JSON says they are.
///
/// Texts are without their quotes. Eight bytes, because there is one for every slot.
struct Slice {
  enum Kind: UInt8 {
    case absent, null, text, escapedText, number, yes, no
    /// An object or a list where a hello has none.
    case compound
  }

  let offset: UInt32
  private let lengthAndKind: UInt32

  static let absent = Slice(offset: 0, length: 0, kind: .absent)

  @inline(__always) init(offset: Int, length: Int, kind: Kind) {
    self.offset = UInt32(truncatingIfNeeded: offset)
    lengthAndKind = UInt32(truncatingIfNeeded: length) &<< 3 | UInt32(kind.rawValue)
  }

  @inline(__always) var length: Int { Int(lengthAndKind &>> 3) }
  /// The three bits are one of the eight kinds, which are numbered from 0 on without a gap: a look-up by
  /// raw value costs more than all else that is done with a slot.
  @inline(__always) var kind: Kind { unsafe unsafeBitCast(UInt8(lengthAndKind & 7), to: Kind.self) }
  @inline(__always) var isText: Bool { kind == .text || kind == .escapedText }
}
