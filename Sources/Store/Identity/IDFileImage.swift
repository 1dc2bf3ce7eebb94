import CSystem

/// A file of ids as it is to be written, made from a table in one walk over its slots.
///
/// The slots lie nearly in the order of the parts, so that the walk reads and writes memory in its order.
struct IDFileImage {
  let header: IDFileHeader
  /// The whole file.
  private(set) var bytes: [UInt8]

  /// Ids of a part from which on it is sorted as a whole: of a table whose ids were meant to meet.
  private static let insertionMax = 1_024

  init(_ table: IDTable, rows: ClosedRange<Int64>, seal: [UInt8]) {
    let partBits = IDFileHeader.partBits(ids: table.count)
    let shift = UInt64(IDFileHeader.blockShift(rows: rows))
    let entryBits = IDFileHeader.printBits + IDFileHeader.blockBits
    let entryMask: UInt64 = 1 << entryBits - 1
    let parts = 1 << Int(partBits)
    // One more than there are ids: an empty slot is written too, and then written over.
    let dense = UnsafeMutablePointer<UInt64>.allocate(capacity: table.count + 1)
    let entries = UnsafeMutablePointer<UInt64>.allocate(capacity: table.count + 1)
    defer {
      dense.deallocate()
      entries.deallocate()
    }
    var ends = ContiguousArray<UInt32>(repeating: 0, count: parts)
    let firstRow = rows.lowerBound
    ends.withUnsafeMutableBufferPointer { ends in
      var count = 0
      table.forEachSlot { key, seq in
        let print = IDTable.mixed(key) >> (64 - partBits - IDFileHeader.printBits)
        let entry = print << IDFileHeader.blockBits | UInt64(bitPattern: seq &- firstRow) >> shift
        dense[count] = entry
        let isThere = key == 0 ? 0 : 1
        ends[Int(truncatingIfNeeded: entry >> entryBits) & (parts &- 1)] &+= UInt32(truncatingIfNeeded: isThere)
        count &+= isThere
      }
      var starts = ContiguousArray<UInt32>(repeating: 0, count: parts)
      var sum: UInt32 = 0
      for part in 0..<parts {
        starts[part] = sum
        sum += ends[part]
        ends[part] = sum
      }
      starts.withUnsafeMutableBufferPointer { starts in
        for place in 0..<count {
          let part = Int(truncatingIfNeeded: dense[place] >> entryBits)
          entries[Int(starts[part])] = dense[place] & entryMask
          starts[part] &+= 1
        }
      }
    }
    let header = IDFileHeader(seal: seal, rows: rows, partBits: partBits, ends: ends)
    self.header = header
    bytes = [UInt8](unsafeUninitializedCapacity: header.fileBytes) { bytes, count in
      let room = UnsafeMutableRawBufferPointer(bytes)
      room.copyBytes(from: header.bytes)
      for part in 0..<parts {
        let ids = header.ids(ofPart: part)
        Self.sort(UnsafeMutableBufferPointer(start: entries + ids.lowerBound, count: ids.count))
        Self.write(entries + ids.lowerBound, part, header, into: room)
      }
      count = header.fileBytes
    }
  }

  /// Sorts what is nearly in order.
  private static func sort(_ entries: UnsafeMutableBufferPointer<UInt64>) {
    guard entries.count <= insertionMax else {
      var all = entries
      return all.sort()
    }
    for place in entries.indices.dropFirst() {
      let entry = entries[place]
      var hole = place
      while hole > 0, entries[hole &- 1] > entry {
        entries[hole] = entries[hole &- 1]
        hole &-= 1
      }
      entries[hole] = entry
    }
  }

  private static func write(
    _ entries: UnsafeMutablePointer<UInt64>, _ part: Int, _ header: IDFileHeader,
    into room: UnsafeMutableRawBufferPointer
  ) {
    let place = header.place(ofPart: part)
    let ids = header.ids(ofPart: part).count
    var offset = place.lowerBound
    for id in 0..<ids {
      // Three bytes too many: the next entry or the checksum stands there.
      room.storeBytes(of: entries[id].littleEndian, toByteOffset: offset, as: UInt64.self)
      offset &+= IDFileHeader.entryBytes
    }
    let checksum = header.checksum(ofPart: part, UnsafeRawBufferPointer(rebasing: room[place.lowerBound..<offset]))
    room.storeBytes(of: checksum.littleEndian, toByteOffset: offset, as: UInt32.self)
  }
}

extension IDFileImage {
  /// The same from the rows themselves, of which about `ids` bear an id.
  init(rows: ClosedRange<Int64>, ids: Int, _ source: IDRows, seal: [UInt8]) throws(StoreFault) {
    let table = IDTable()
    table.restart(at: rows.lowerBound)
    table.reserve(min(ids, rows.count))
    try source.read(rows) { key, seq in
      table.reserve(1)
      table.set(table.slot(of: key), key: key, seq: seq)
    }
    self.init(table, rows: rows, seal: seal)
  }
}
