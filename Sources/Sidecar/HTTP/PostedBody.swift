import CSystem

/// A post's body as far as it has come, unpacked a slice at a time.
final class PostedBody {
  private(set) var bytes: ContiguousArray<UInt8> = []
  private let inflate: OpaquePointer?
  /// Bytes that are unpacked before they are kept.
  private static let pieceBytes = 64 << 10

  private let bytesMax: Int
  private let sliceBytes: Int
  /// What was added last is not unpacked to its end: adding more, or nothing, goes on with it.
  private(set) var isUnpacking = false

  init(isPacked: Bool, bytesMax: Int = HTTPLimits.bodyBytes, sliceBytes: Int = HTTPLimits.sliceBytes) {
    inflate = isPacked ? tb_inflate_new() : nil
    self.bytesMax = bytesMax
    self.sliceBytes = sliceBytes
  }

  deinit { if let inflate { tb_inflate_free(inflate) } }

  /// Adds bytes as they came, until a slice of them is unpacked; returns how many were used.
  ///
  /// - Throws: ``HTTPRefusal`` when the body is too large, as it came or unpacked, or is no gzip.
  func add(_ more: UnsafeBufferPointer<UInt8>) throws(HTTPRefusal) -> Int {
    guard let inflate else {
      try keep(more)
      return more.count
    }
    tb_inflate_feed(inflate, more.baseAddress, more.count)
    try unpack(inflate)
    return more.count - tb_inflate_left(inflate)
  }

  private func unpack(_ inflate: OpaquePointer) throws(HTTPRefusal) {
    let piece = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.pieceBytes)
    defer { piece.deallocate() }
    var rest = sliceBytes
    isUnpacking = true
    while rest > 0 {
      let most = min(rest, Self.pieceBytes)
      let count = tb_inflate_take(inflate, piece, most)
      guard count >= 0 else {
        throw HTTPRefusal(400, "bad_gzip", "The body says that it is gzip and is not. Pack it again, or send it plain.")
      }
      try keep(UnsafeBufferPointer(start: piece, count: count))
      rest -= count
      if count < most {
        isUnpacking = false
        return
      }
    }
  }

  private func keep(_ more: UnsafeBufferPointer<UInt8>) throws(HTTPRefusal) {
    guard bytes.count + more.count <= bytesMax else { throw .bodyTooLarge }
    bytes.append(contentsOf: more)
  }

  /// The whole body, with the 16 bytes behind it that a scanner may look at.
  ///
  /// - Throws: ``HTTPRefusal`` when what was packed has no end.
  func whole() throws(HTTPRefusal) -> (bytes: ContiguousArray<UInt8>, count: Int) {
    if let inflate, tb_inflate_is_whole(inflate) == 0 {
      throw HTTPRefusal(400, "bad_gzip", "The packed body ends before its last byte. Send all of it.")
    }
    let count = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: 16))
    defer { bytes = [] }
    return (bytes, count)
  }
}

extension HTTPRefusal {
  static let bodyTooLarge = HTTPRefusal(
    413, "body_too_large",
    "The body is larger than \(HTTPLimits.bodyBytes >> 20) MiB, as it came or unpacked. Send it in parts.")
}
