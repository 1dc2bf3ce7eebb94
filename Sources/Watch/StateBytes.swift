/// Writes numbers as bytes, the least significant first, and floating point by its bits.
struct StateWriter {
  private(set) var bytes: [UInt8] = []

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
