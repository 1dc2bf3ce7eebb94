import Books
import Calls

/// Reads rows of booked calls, with their prices in effect.
///
/// What a batch's lines may repeat is read ahead, in the order of the ledger: its lines may come in any, and to go from
/// one end of a large file to the other for each of them costs more than all else.
final class PriorRows {
  private let row: Statement
  private let rows: Statement
  /// What `rows` reads: the numbers of the rows that are wanted, rising.
  private let wanted: RowSource
  private let batches: BatchOfCall
  private let path: String
  /// Rows that were read ahead for the open batch, by their rising numbers.
  private var ahead: ContiguousArray<Row> = []
  /// The batch that a row was found in last, and the moment its offsets are from.
  private var lastBatch: BatchOfCall.Found?

  /// A row under the id, with its price in effect.
  struct Row {
    let seq: Int64
    let key: RowKey
    let stream: Bool
    let at: Int64
    let dimension: Int64
    let outcome: Outcome
    let state: BookedCall.State
    let quantities: [Int64]
    let cost: Int64
    let margin: Int64
    let prior: Int64?
  }

  init(_ database: Database, _ sql: NamedStatements, _ batches: BatchOfCall) throws(StoreFault) {
    self.batches = batches
    // Before the statement that reads it.
    wanted = try RowSource(database, name: "wanted_call", integers: 1, bytes: false)
    row = try database.prepare(sql["prior_call"])
    rows = try database.prepare(sql["prior_calls"])
    path = database.path
  }

  /// Forgets what was read ahead: another batch begins, and prices may have changed.
  func begin() { ahead.removeAll(keepingCapacity: true) }

  /// Reads rows that lie before the open batch, by their rising numbers, and keeps them until the next.
  ///
  /// To be called once a batch.
  func readAhead(_ numbers: ContiguousArray<Int64>, _ body: (Row) -> Void) throws(StoreFault) {
    var next = 0
    while next < numbers.count {
      wanted.removeAll()
      while next < numbers.count, !wanted.isFull {
        wanted.next()[0] = numbers[next]
        next += 1
      }
      defer { rows.reset() }
      while try rows.step() {
        let row = try read(rows, base: base(of: rows.int64(10)))
        ahead.append(row)
        body(row)
      }
    }
  }

  /// A row by its number; `openSeq` is the first of the open batch, and `openBase` the moment its offsets are from.
  func row(_ seq: Int64, openSeq: Int64, openBase: Int64) throws(StoreFault) -> Row {
    if seq >= openSeq { return try read(seq, base: openBase) }
    var low = 0
    var high = ahead.count
    while low < high {
      let middle = (low + high) >> 1
      if ahead[middle].seq < seq { low = middle + 1 } else { high = middle }
    }
    if low < ahead.count, ahead[low].seq == seq { return ahead[low] }
    return try read(seq, base: base(of: seq))
  }

  private func read(_ seq: Int64, base: Int64) throws(StoreFault) -> Row {
    row.bind(1, seq)
    defer { row.reset() }
    guard try row.step() else { throw .corrupt(path: path, what: "call \(seq) is missing") }
    return try read(row, base: base)
  }

  private func read(_ found: Statement, base: Int64) throws(StoreFault) -> Row {
    let seq = found.int64(10)
    let flags = found.int64(1)
    guard let outcome = Outcome(rawValue: UInt8(flags >> 2 & 3)),
      let state = UInt8(exactly: found.int64(8)).flatMap(BookedCall.State.init(rawValue:))
    else { throw .corrupt(path: path, what: "call \(seq) has an unknown outcome or state") }
    var quantities = [Int64](repeating: 0, count: Meter.count)
    quantities[0] = found.int64(2)
    quantities[1] = found.int64(3)
    quantities[2] = found.int64(4)
    var prior: Int64?
    if !found.isNull(7) {
      let details = DetailMembers(found.text(7))
      for (meter, quantity) in details.meters { quantities[Int(meter.rawValue)] = quantity }
      prior = details.prior
    }
    return Row(
      seq: seq, key: RowKey(found.bytes(9)), stream: flags & 16 != 0,
      at: base + found.int64(0), dimension: flags >> 5, outcome: outcome, state: state,
      quantities: quantities, cost: found.int64(5), margin: found.int64(6), prior: prior)
  }

  private func base(of seq: Int64) throws(StoreFault) -> Int64 {
    if let lastBatch, lastBatch.calls.contains(seq) { return lastBatch.base }
    let found = try batches.find(seq)
    lastBatch = found
    return found.base
  }
}
