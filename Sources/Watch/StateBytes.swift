import Units

/// What a snapshot's bytes begin with: which state they are of, and in which version of its form.
struct SnapshotHeader {
  let mark: UInt32
  let version: UInt16
}

/// Writes numbers as bytes, the least significant first, and floating point by its bits.
struct StateWriter {
  private(set) var bytes: [UInt8] = []

  /// A snapshot: its header, what `body` writes, and a digest of both.
  static func snapshot(_ header: SnapshotHeader, _ body: (inout StateWriter) -> Void) -> [UInt8] {
    var writer = StateWriter()
    writer.write(header.mark)
    writer.write(header.version)
    body(&writer)
    writer.write(writer.bytes.withUnsafeBytes { Digest64.of($0) })
    return writer.bytes
  }

  mutating func write<Number: FixedWidthInteger>(_ number: Number) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func write(_ number: Double) { write(number.bitPattern) }
  mutating func write(_ number: Float) { write(number.bitPattern) }

  mutating func write(_ text: String) {
    write(UInt16(clamping: text.utf8.count))
    bytes.append(contentsOf: text.utf8.prefix(Int(UInt16.max)))
  }
}

/// Reads what ``StateWriter`` wrote.
struct StateReader {
  private let bytes: ArraySlice<UInt8>
  private var place: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  /// Reads what the body of ``StateWriter/snapshot(_:_:)`` wrote, once header and digest are found sound.
  ///
  /// - Throws: ``WatchFault`` when the bytes are none of that state, of another version, or damaged.
  init(snapshot: [UInt8], _ header: SnapshotHeader) throws(WatchFault) {
    var start = StateReader(snapshot[...])
    guard let mark = try? start.read(UInt32.self), mark == header.mark else { throw .noSnapshot }
    let version = try start.read(UInt16.self)
    guard version == header.version else { throw .otherVersion(version, known: header.version) }
    let sealed = snapshot.dropLast(MemoryLayout<UInt64>.size)
    guard sealed.endIndex >= start.place else { throw .damaged }
    var end = StateReader(snapshot[sealed.endIndex...])
    let digest = try end.read(UInt64.self)
    guard digest == sealed.withUnsafeBytes({ Digest64.of($0) }) else { throw .damaged }
    self.init(sealed[start.place...])
  }

  var isAtEnd: Bool { place == bytes.endIndex }
  var left: Int { bytes.endIndex - place }

  mutating func read<Number: FixedWidthInteger>(
    _: Number.Type = Number.self
  ) throws(WatchFault) -> Number {
    let size = MemoryLayout<Number>.size
    guard left >= size else { throw .damaged }
    var number: Number = 0
    for offset in (0..<size).reversed() { number = number &<< 8 | Number(truncatingIfNeeded: bytes[place + offset]) }
    place += size
    return number
  }

  mutating func readDouble() throws(WatchFault) -> Double { Double(bitPattern: try read(UInt64.self)) }
  mutating func readFloat() throws(WatchFault) -> Float { Float(bitPattern: try read(UInt32.self)) }

  mutating func readText() throws(WatchFault) -> String {
    let count = Int(try read(UInt16.self))
    guard left >= count, let text = String(validating: bytes[place..<place + count], as: UTF8.self)
    else { throw .damaged }
    place += count
    return text
  }
}
