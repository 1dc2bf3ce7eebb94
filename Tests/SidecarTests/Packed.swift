import Foundation

/// MessagePack written by the specification, value by value, for what tests send.
indirect enum Packed {
  case null
  case truth(Bool)
  case whole(Int)
  case large(UInt64)
  case single(Float)
  case double(Double)
  case text(String)
  case binary([UInt8])
  case list([Packed])
  case map([(Packed, Packed)])
  /// Fluent's EventTime: an extension of type 0.
  case time(UInt32, nanoseconds: UInt32)
  case bytes([UInt8])

  var bytes: [UInt8] {
    switch self {
    case .null: return [0xc0]
    case .truth(let truth): return [truth ? 0xc3 : 0xc2]
    case .whole(let number) where (0..<128).contains(number): return [UInt8(number)]
    case .whole(let number) where (-32..<0).contains(number): return [UInt8(bitPattern: Int8(number))]
    case .whole(let number) where (0..<65_536).contains(number): return [0xcd] + Self.big(UInt64(number), 2)
    case .whole(let number) where (0..<1 << 32).contains(number): return [0xce] + Self.big(UInt64(number), 4)
    case .whole(let number): return [0xd3] + Self.big(UInt64(bitPattern: Int64(number)), 8)
    case .large(let number): return [0xcf] + Self.big(number, 8)
    case .single(let number): return [0xca] + Self.big(UInt64(number.bitPattern), 4)
    case .double(let number): return [0xcb] + Self.big(number.bitPattern, 8)
    case .text(let text) where text.utf8.count < 32: return [0xa0 | UInt8(text.utf8.count)] + text.utf8
    case .text(let text) where text.utf8.count < 256: return [0xd9, UInt8(text.utf8.count)] + text.utf8
    case .text(let text): return [0xdb] + Self.big(UInt64(text.utf8.count), 4) + text.utf8
    case .binary(let bytes) where bytes.count < 256: return [0xc4, UInt8(bytes.count)] + bytes
    case .binary(let bytes): return [0xc6] + Self.big(UInt64(bytes.count), 4) + bytes
    case .list(let values) where values.count < 16: return [0x90 | UInt8(values.count)] + values.flatMap(\.bytes)
    case .list(let values): return [0xdc] + Self.big(UInt64(values.count), 2) + values.flatMap(\.bytes)
    case .map(let members) where members.count < 16:
      return [0x80 | UInt8(members.count)] + members.flatMap { $0.0.bytes + $0.1.bytes }
    case .map(let members):
      return [0xde] + Self.big(UInt64(members.count), 2) + members.flatMap { $0.0.bytes + $0.1.bytes }
    case .time(let seconds, let nanoseconds):
      return [0xd7, 0] + Self.big(UInt64(seconds), 4) + Self.big(UInt64(nanoseconds), 4)
    case .bytes(let bytes): return bytes
    }
  }

  private static func big(_ number: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }

  static func named(_ members: (String, Packed)...) -> Packed { .map(members.map { (.text($0.0), $0.1) }) }

  /// A call of acme's model, 2 dollars a million in.
  static func call(input: Int, _ more: (String, Packed)...) -> Packed {
    .map(
      [
        (.text("provider"), .text("acme")), (.text("model"), .text("m")),
        (.text("units"), .named(("input", .whole(input)))),
      ] + more.map { (.text($0.0), $0.1) })
  }

  /// 2026-10-01, and so many seconds.
  static func at(_ seconds: UInt32 = 0) -> Packed { .time(1_790_812_800 + seconds, nanoseconds: 123_456_789) }

  /// `{"ack": chunk}`, as the daemon says it.
  static func ack(_ chunk: String) -> [UInt8] { Packed.named(("ack", .text(chunk))).bytes }
}

extension Packed {
  /// The bytes as gzip packs them.
  static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    let gzip = Process()
    let (input, output) = (Pipe(), Pipe())
    gzip.executableURL = URL(filePath: "/bin/gzip")
    gzip.arguments = ["-c"]
    gzip.standardInput = input
    gzip.standardOutput = output
    try gzip.run()
    try input.fileHandleForWriting.write(contentsOf: Data(bytes))
    try input.fileHandleForWriting.close()
    let packed = Array(output.fileHandleForReading.readDataToEndOfFile())
    gzip.waitUntilExit()
    return packed
  }
}
