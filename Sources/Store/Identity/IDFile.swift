import CSystem

/// The ids of one span of calls, to be looked up: in its file, or in memory where no file could be written.
final class IDFile {
  let header: IDFileHeader
  private let source: Source
  /// When it was used last, by the count of searches.
  var usedAt = 0
  private var room = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 8)

  private enum Source {
    case descriptor(Int32)
    case image([UInt8])
  }

  /// An id that may be borne by a call of the span.
  struct Suspect {
    let mixed: UInt64
    /// The line that bears it, by its index in the batch.
    let line: Int
  }

  /// Opens the file for these rows and this seal; nil when there is none, or when it is another's or damaged.
  init?(path: String, rows: ClosedRange<Int64>, seal: [UInt8]) {
    let descriptor = tb_open_to_read(path)
    guard descriptor >= 0 else { return nil }
    let header = IDFileHeader(seal: seal, rows: rows) { Self.read(descriptor, into: $0, from: 0) }
    guard let header else {
      _ = tb_close(descriptor)
      return nil
    }
    self.header = header
    source = .descriptor(descriptor)
  }

  init(_ image: IDFileImage) {
    header = image.header
    source = .image(image.bytes)
  }

  deinit {
    if case .descriptor(let descriptor) = source { _ = tb_close(descriptor) }
    room.deallocate()
  }

  var isInMemory: Bool { if case .image = source { true } else { false } }

  /// How a search ended.
  enum Outcome {
    case searched
    /// A part is not what was written: the file is as good as missing.
    case damaged
  }

  /// Tells which rows may bear each suspect's id; the suspects rise by their digests.
  ///
  /// Each part is read once, with its checksum.
  func find(
    _ suspects: ContiguousArray<Suspect>, _ found: (_ line: Int, _ rows: ClosedRange<Int64>) -> Void
  ) -> Outcome {
    var next = 0
    while next < suspects.count {
      let part = header.part(of: suspects[next].mixed)
      guard let entries = entries(ofPart: part) else { return .damaged }
      while next < suspects.count, header.part(of: suspects[next].mixed) == part {
        let print = header.print(of: suspects[next].mixed)
        var place = Self.place(of: print << IDFileHeader.blockBits, in: entries)
        while place < entries.count {
          let entry = entries[place]
          guard entry >> IDFileHeader.blockBits == print else { break }
          found(suspects[next].line, header.rows(ofBlock: entry & (1 << IDFileHeader.blockBits - 1)))
          place += 1
        }
        next += 1
      }
    }
    return .searched
  }

  /// Whether a part that is whole says something else than what should stand there.
  func contradicts(_ image: IDFileImage) -> Bool {
    guard header.bytes == image.header.bytes else { return true }
    return image.bytes.withUnsafeBytes { image in
      (0..<header.parts).contains { part in
        guard let entries = entries(ofPart: part) else { return false }
        return !entries.bytes.elementsEqual(image[header.place(ofPart: part)])
      }
    }
  }

  /// The first entry that is no less than `entry`.
  private static func place(of entry: UInt64, in entries: Entries) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) >> 1
      if entries[middle] < entry { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The entries of a part, with their checksum behind them.
  private struct Entries {
    let bytes: UnsafeRawBufferPointer
    let count: Int

    @inline(__always) subscript(place: Int) -> UInt64 {
      // Three bytes too many, which are the next entry's or the checksum's.
      let word = bytes.loadUnaligned(fromByteOffset: place &* IDFileHeader.entryBytes, as: UInt64.self)
      return UInt64(littleEndian: word) & (1 << (IDFileHeader.printBits + IDFileHeader.blockBits) - 1)
    }
  }

  private func entries(ofPart part: Int) -> Entries? {
    let place = header.place(ofPart: part)
    if room.count < place.count {
      room.deallocate()
      room = .allocate(byteCount: place.count, alignment: 8)
    }
    let bytes = UnsafeMutableRawBufferPointer(rebasing: room[..<place.count])
    switch source {
    case .image(let image): image.withUnsafeBytes { bytes.copyBytes(from: $0[place]) }
    case .descriptor(let descriptor):
      guard Self.read(descriptor, into: bytes, from: place.lowerBound) else { return nil }
    }
    let length = place.count - IDFileHeader.checksumBytes
    let entries = UnsafeRawBufferPointer(rebasing: bytes[..<length])
    let checksum = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: length, as: UInt32.self))
    guard checksum == header.checksum(ofPart: part, entries) else { return nil }
    return Entries(bytes: UnsafeRawBufferPointer(bytes), count: length / IDFileHeader.entryBytes)
  }

  /// Whether there was as much to read as there is room.
  private static func read(_ descriptor: Int32, into bytes: UnsafeMutableRawBufferPointer, from place: Int) -> Bool {
    tb_read_at(descriptor, bytes.baseAddress, bytes.count, Int64(place)) == bytes.count
  }
}
