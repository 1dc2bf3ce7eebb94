/// Reads MessagePack, a value's head at a time.
///
/// Source: github.com/msgpack/msgpack, spec.md, of 2017-08-09.
struct MessagePack {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  let bytes: Bytes
  /// Where the next value begins.
  var place: Int

  /// What a value is; of a list or a map the values follow.
  enum Head {
    case null
    case truth(Bool)
    case unsigned(UInt64)
    case negative(Int64)
    case single(UInt32)
    case double(UInt64)
    case text(Bytes)
    case binary(Bytes)
    case list(Int)
    case map(Int)
    case other(type: Int8, Bytes)

    /// Values that follow and belong to it.
    var inner: Int {
      switch self {
      case .list(let count): count
      case .map(let count): 2 * count
      default: 0
      }
    }
  }

  enum Fault: Error {
    /// The bytes end before the value does.
    case torn
    /// They are no MessagePack.
    case malformed
  }

  init(_ bytes: Bytes, from place: Int = 0) {
    self.bytes = bytes
    self.place = place
  }

  var isAtEnd: Bool { place == bytes.count }

  /// The head of the next value; when it throws, `place` is where it was.
  mutating func head() throws(Fault) -> Head {
    let start = place
    do throws(Fault) {
      return try read()
    } catch {
      place = start
      throw error
    }
  }

  private mutating func read() throws(Fault) -> Head {
    let first = UInt8(try number(1))
    switch first {
    case 0x00...0x7f: return .unsigned(UInt64(first))
    case 0x80...0x8f: return .map(Int(first & 15))
    case 0x90...0x9f: return .list(Int(first & 15))
    case 0xa0...0xbf: return .text(try take(UInt64(first & 31)))
    case 0xc0: return .null
    case 0xc1: throw .malformed
    case 0xc2, 0xc3: return .truth(first == 0xc3)
    case 0xc4, 0xc5, 0xc6: return .binary(try take(number(1 << Int(first - 0xc4))))
    case 0xc7, 0xc8, 0xc9:
      let count = try number(1 << Int(first - 0xc7))
      return .other(type: Int8(truncatingIfNeeded: try number(1)), try take(count))
    case 0xca: return .single(UInt32(try number(4)))
    case 0xcb: return .double(try number(8))
    case 0xcc, 0xcd, 0xce, 0xcf: return .unsigned(try number(1 << Int(first - 0xcc)))
    case 0xd0: return signed(Int64(Int8(truncatingIfNeeded: try number(1))))
    case 0xd1: return signed(Int64(Int16(truncatingIfNeeded: try number(2))))
    case 0xd2: return signed(Int64(Int32(truncatingIfNeeded: try number(4))))
    case 0xd3: return signed(Int64(bitPattern: try number(8)))
    case 0xd4...0xd8:
      return .other(type: Int8(truncatingIfNeeded: try number(1)), try take(1 << UInt64(first - 0xd4)))
    case 0xd9, 0xda, 0xdb: return .text(try take(number(1 << Int(first - 0xd9))))
    case 0xdc, 0xdd: return .list(Int(try number(first == 0xdc ? 2 : 4)))
    case 0xde, 0xdf: return .map(Int(try number(first == 0xde ? 2 : 4)))
    default: return .negative(Int64(Int8(bitPattern: first)))
    }
  }

  private func signed(_ value: Int64) -> Head { value < 0 ? .negative(value) : .unsigned(UInt64(value)) }

  /// A whole number of so many bytes, the highest first.
  private mutating func number(_ count: Int) throws(Fault) -> UInt64 {
    guard bytes.count - place >= count else { throw .torn }
    var number: UInt64 = 0
    for index in place..<place + count { number = number << 8 | UInt64(bytes[index]) }
    place += count
    return number
  }

  private mutating func take(_ count: UInt64) throws(Fault) -> Bytes {
    guard UInt64(bytes.count - place) >= count else { throw .torn }
    defer { place += Int(count) }
    return Bytes(rebasing: bytes[place..<place + Int(count)])
  }

  /// Passes over a whole value, however deep; its bytes.
  mutating func skip() throws(Fault) -> Bytes {
    let start = place
    var unread = 1
    while unread > 0 { unread += try head().inner - 1 }
    return Bytes(rebasing: bytes[start..<place])
  }
}
