import Books
import CSystem
import Calls
import Units

/// Writes calls' rows, one behind the other, and adds up what the seal says of them.
///
/// Serves batch after batch and keeps its memory.
struct CallRows: ~Copyable {
  /// The batch's first call and the next one to be booked.
  private(set) var firstSeq: Int64 = 1
  private(set) var nextSeq: Int64 = 1
  /// Offsets of the batch's calls count from here: the first call's instant.
  private(set) var base: Int64 = 0
  private(set) var firstAt = Int64.max
  private(set) var lastAt = Int64.min
  private(set) var cost: Int64 = 0
  private(set) var unpriced: Int64 = 0
  var hasher = ChainHasher()

  /// A call's key as its row keeps it; see ``ObserverMark``.
  private let key = UnsafeMutableRawPointer.allocate(byteCount: 18, alignment: 8)

  init() {}

  deinit { key.deallocate() }

  /// Begins with a batch whose first call gets the number `seq`.
  mutating func begin(nextSeq seq: Int64) {
    firstSeq = seq
    nextSeq = seq
    base = 0
    firstAt = .max
    lastAt = .min
    cost = 0
    unpriced = 0
    hasher.restart()
  }

  /// Takes a call's row, to be written with others, and into the seal.
  ///
  /// Ask ``write(_:by:_:)`` before the ledger is asked for the batch's own rows, and at their end.
  /// `id` is the ledger's number of its dimension; `details` the JSON text of what has no column; `mark`
  /// the bytes of its ``ObserverMark``, of meaning where it has an id of the provider's.
  @inline(__always)
  mutating func insert(
    _ call: BookedCall, id: Int64, mark: UInt16, marginKnown: Bool, details: UnsafeRawBufferPointer,
    _ source: RowSource, _ statement: Statement, _ database: Database
  ) throws(StoreFault) {
    let at = call.at.microseconds
    if nextSeq == firstSeq { base = at }
    let flags =
      id << 5 | (call.stream ? 16 : 0) | Int64(call.outcome.rawValue) << 2 | Int64(call.state.rawValue)
    let isPriced = call.state != .unpriced
    if source.isFull { try write(source, by: statement, database) }
    let keyBytes = call.reference != 0 ? 18 : call.key == 0 ? 0 : call.keyIsProviders ? 10 : 8
    if keyBytes > 0 {
      key.storeBytes(of: call.key.bigEndian, as: UInt64.self)
      key.storeBytes(of: call.reference.bigEndian, toByteOffset: 8, as: UInt64.self)
      if keyBytes > 8 { key.storeBytes(of: mark.bigEndian, toByteOffset: keyBytes - 2, as: UInt16.self) }
    }
    let row = source.next()
    row[0] = at &- base
    row[1] = flags
    row[2] = call.input
    row[3] = call.cacheRead
    row[4] = call.output
    row[5] = isPriced ? call.cost : RowSource.null
    row[6] = isPriced && marginKnown ? call.margin : RowSource.null
    row[7] = call.latency >= 0 ? Int64(call.latency) : RowSource.null
    source.keep(keyBytes > 0 ? UnsafeRawBufferPointer(start: key, count: keyBytes) : nil, in: row + 8)
    source.keep(details.isEmpty ? nil : details, in: row + 10)
    hasher.add(
      call: nextSeq, at: at, dimensionFlags: flags, input: call.input, cacheRead: call.cacheRead,
      output: call.output, cost: isPriced ? call.cost : ChainHasher.null,
      margin: isPriced && marginKnown ? call.margin : ChainHasher.null, latency: call.latency,
      key: UnsafeRawBufferPointer(start: key, count: keyBytes), details: details)
    nextSeq &+= 1
    if at < firstAt { firstAt = at }
    if at > lastAt { lastAt = at }
    if isPriced { cost += call.cost } else { unpriced += 1 }
  }

  /// Writes the rows that wait.
  func write(_ source: RowSource, by statement: Statement, _ database: Database) throws(StoreFault) {
    let count = source.count
    guard count > 0 else { return }
    try source.write(by: statement)
    guard database.changedRows == count, database.lastInsertedRow == nextSeq - 1 else {
      throw .corrupt(path: database.path, what: "calls up to \(nextSeq - 1) got the numbers of others")
    }
  }
}
