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

  /// A call's key as its row keeps it: two digests, the highest byte first.
  private let key = UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 8)

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

  /// Writes a call's row, and takes it into the seal.
  ///
  /// `id` is the ledger's number of its dimension; `details` the JSON text of what has no column.
  @inline(__always)
  mutating func insert(
    _ call: BookedCall, id: Int64, marginKnown: Bool, details: UnsafeRawBufferPointer,
    _ statement: Statement, _ database: Database
  ) throws(StoreFault) {
    let at = call.at.microseconds
    if nextSeq == firstSeq { base = at }
    let flags =
      id << 5 | (call.stream ? 16 : 0) | Int64(call.outcome.rawValue) << 2 | Int64(call.state.rawValue)
    let isPriced = call.state != .unpriced
    let row = statement.handle
    sqlite3_bind_int64(row, 1, at &- base)
    sqlite3_bind_int64(row, 2, flags)
    sqlite3_bind_int64(row, 3, call.input)
    sqlite3_bind_int64(row, 4, call.cacheRead)
    sqlite3_bind_int64(row, 5, call.output)
    if isPriced { sqlite3_bind_int64(row, 6, call.cost) } else { sqlite3_bind_null(row, 6) }
    if isPriced && marginKnown {
      sqlite3_bind_int64(row, 7, call.margin)
    } else {
      sqlite3_bind_null(row, 7)
    }
    if call.latency >= 0 {
      sqlite3_bind_int64(row, 8, Int64(call.latency))
    } else {
      sqlite3_bind_null(row, 8)
    }
    let keyBytes = call.reference != 0 ? 16 : call.key != 0 ? 8 : 0
    if keyBytes > 0 {
      key.storeBytes(of: call.key.bigEndian, as: UInt64.self)
      key.storeBytes(of: call.reference.bigEndian, toByteOffset: 8, as: UInt64.self)
      sqlite3_bind_blob(row, 9, key, Int32(keyBytes), nil)
    } else {
      sqlite3_bind_null(row, 9)
    }
    if details.isEmpty {
      sqlite3_bind_null(row, 10)
    } else {
      sqlite3_bind_text(
        row, 10, details.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(details.count), nil)
    }
    let code = sqlite3_step(row)
    guard code == SQLITE_DONE else {
      let fault = database.fault(code, "insert_call")
      sqlite3_reset(row)
      throw fault
    }
    sqlite3_reset(row)
    guard database.lastInsertedRow == nextSeq else {
      throw .corrupt(path: database.path, what: "call \(nextSeq) got the number of another")
    }
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
}
