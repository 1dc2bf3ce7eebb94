/// Where a body ends: after a stated length, or after its last chunk.
enum HTTPFraming {
  case none
  /// Bytes that are still to come.
  case length(Int)
  case chunks(Chunks)

  /// Where in a chunk the next byte lies.
  enum Chunks {
    /// In the line that states a chunk's length, of which so much was read.
    case size(text: [UInt8])
    case inside(Int)
    /// In the line end behind a chunk.
    case end
    /// In the lines behind the last chunk, of which so many bytes were read.
    case trailer(line: Int, all: Int)
  }

  /// Reads it from the head.
  ///
  /// - Throws: ``HTTPRefusal`` where the head states none, two or one that cannot be.
  init(_ head: HTTPHead) throws(HTTPRefusal) {
    let lengths = head.headers.filter { $0.name == "content-length" }.map(\.value)
    let coding = head["transfer-encoding"]
    if let coding {
      guard lengths.isEmpty else {
        throw .malformed("Content-Length and Transfer-Encoding stand side by side. Send one of them.")
      }
      guard coding.lowercased() == "chunked" else {
        throw HTTPRefusal(501, "bad_http", "The transfer encoding is not known. Send chunked, or a Content-Length.")
      }
      self = .chunks(.size(text: []))
    } else if let stated = lengths.first {
      guard lengths.count == 1, !stated.isEmpty, stated.utf8.allSatisfy({ (48...57).contains($0) }) else {
        throw .malformed("Content-Length is no whole number, or stands there twice. Send one, in digits.")
      }
      self = .length(Int(stated) ?? .max)
    } else {
      self = .none
    }
  }

  /// Whether nothing of the body is to come.
  var isWhole: Bool {
    switch self {
    case .none, .length(0): true
    default: false
    }
  }

  /// Takes the body's bytes out of `bytes`, up to its end; returns how many of them were used.
  ///
  /// `keep` says how many it took: where these are not all, no more is taken for now.
  ///
  /// - Throws: ``HTTPRefusal`` of a chunk without a length, and what `keep` throws.
  mutating func take(
    _ bytes: UnsafeBufferPointer<UInt8>,
    keep: (UnsafeBufferPointer<UInt8>) throws(HTTPRefusal) -> Int
  ) throws(HTTPRefusal) -> Int {
    var used = 0
    while used < bytes.count, !isWhole {
      switch self {
      case .none: break
      case .length(let rest):
        let most = min(rest, bytes.count - used)
        let count = try keep(UnsafeBufferPointer(rebasing: bytes[used..<used + most]))
        used += count
        self = .length(rest - count)
        if count < most { return used }
      case .chunks(.inside(let rest)):
        let most = min(rest, bytes.count - used)
        let count = try keep(UnsafeBufferPointer(rebasing: bytes[used..<used + most]))
        used += count
        self = .chunks(count == rest ? .end : .inside(rest - count))
        if count < most { return used }
      case .chunks(let place):
        self = try Self.next(place, bytes[used])
        used += 1
      }
    }
    return used
  }

  /// The place behind a byte that is no content.
  private static func next(_ place: Chunks, _ byte: UInt8) throws(HTTPRefusal) -> HTTPFraming {
    switch place {
    case .size(var text):
      if byte != 10 {
        guard text.count < 200 else { throw .malformed("The line before a chunk is too long. Send its length alone.") }
        text.append(byte)
        return .chunks(.size(text: text))
      }
      if text.last == 13 { text.removeLast() }
      // Extensions behind a semicolon are passed over.
      let digits = text.prefix { $0 != 59 && $0 != 32 && $0 != 9 }
      guard (1...15).contains(digits.count), digits.first != 43, digits.first != 45,
        let count = Int(String(decoding: digits, as: UTF8.self), radix: 16)
      else { throw .malformed("A chunk has no length before it. Send it in hexadecimal digits.") }
      return .chunks(count == 0 ? .trailer(line: 0, all: 0) : .inside(count))
    case .end:
      if byte == 13 { return .chunks(.end) }
      guard byte == 10 else { throw .malformed("A chunk is longer than its length. Send the length it has.") }
      return .chunks(.size(text: []))
    case .trailer(let line, let all):
      guard all < HTTPLimits.headBytes else { throw .malformed("The lines behind the last chunk are too long.") }
      if byte == 13 { return .chunks(.trailer(line: line, all: all + 1)) }
      if byte != 10 { return .chunks(.trailer(line: line + 1, all: all + 1)) }
      return line == 0 ? .length(0) : .chunks(.trailer(line: 0, all: all + 1))
    case .inside(let rest): return .chunks(.inside(rest))
    }
  }
}
