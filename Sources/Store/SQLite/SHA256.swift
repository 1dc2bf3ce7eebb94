import CSystem

/// SHA-256 of bytes, 32 bytes.
package func sha256(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
    tb_sha256(bytes.baseAddress, bytes.count, digest.baseAddress)
    count = 32
  }
}

/// SHA-256 of a text's UTF-8 bytes.
package func sha256(of text: String) -> [UInt8] {
  var text = text
  return text.withUTF8 { sha256(of: UnsafeRawBufferPointer($0)) }
}
