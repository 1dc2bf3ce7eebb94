import Audit
import Books
import Calls
import Units

/// Reads booked calls with their prices in effect, in the order of booking, each with all its rows.
struct WholeCalls {
  private let path: String
  private let heads: Statement
  private let single: Statement
  /// The row that adds to a row, where there is one: a stream's next line.
  private let followers: [Int64: Int64]

  /// One row of a call.
  struct Row {
    let seq: Int64
    let latency: Int64?
    /// Where its price in effect stands.
    let dimension: Int64
    let priced: Repricing.Row
  }

  init(_ database: Database) throws(StoreFault) {
    path = database.path
    heads = try database.prepare(CarriedFile.query("reprice-calls.sql"))
    single = try database.prepare(CarriedFile.query("reprice-call.sql"))
    var followers: [Int64: Int64] = [:]
    let streams = try database.prepare(CarriedFile.query("reprice-streams.sql"))
    while try streams.step() { followers[streams.int64(1)] = streams.int64(0) }
    self.followers = followers
  }

  /// Begins behind the call that was booked as `seq`, with calls whose first line is of the span.
  func begin(after seq: Int64 = 0, from: Timestamp? = nil, to: Timestamp? = nil) {
    heads.reset()
    heads.bind(":after", seq)
    let hours = Span.writtenHours
    let written = Span.hours(hours.lowerBound..<hours.upperBound + 1)
    heads.bind(":from_us", max(from ?? written.from, written.from).microseconds)
    heads.bind(":to_us", min(to ?? written.to, written.to).microseconds)
  }

  /// Lets go of the row it stands on, so that the ledger can be written.
  func end() {
    heads.reset()
    single.reset()
  }

  /// The first row of the next call; nil behind the last.
  func next() throws(StoreFault) -> Row? {
    while try heads.step() {
      let details = heads.isNull(9) ? nil : DetailMembers(heads.text(9))
      // A later line of a stream comes with its first.
      if details?.prior == nil { return try row(heads, details) }
    }
    return nil
  }

  /// All rows of the call that begins with this one.
  func whole(_ first: Row) throws(StoreFault) -> [Row] {
    var rows = [first]
    while let seq = rows.last.flatMap({ followers[$0.seq] }) {
      guard rows.count < CallExplanation.rowsMax, seq > rows[rows.count - 1].seq else {
        throw .corrupt(path: path, what: "the rows of call \(first.seq) have no end")
      }
      single.bind(":seq", seq)
      guard try single.step() else { throw .corrupt(path: path, what: "call \(seq) is missing") }
      rows.append(try row(single, single.isNull(9) ? nil : DetailMembers(single.text(9))))
      single.reset()
    }
    return rows
  }

  private func row(_ row: Statement, _ details: DetailMembers?) throws(StoreFault) -> Row {
    let seq = row.int64(0)
    let flags = row.int64(2)
    let isBooked = row.isNull(10)
    let dimension = isBooked ? flags >> 5 : row.int64(10)
    let cost = row.optionalInt64(isBooked ? 6 : 11)
    let margin = row.optionalInt64(isBooked ? 7 : 12)
    guard let outcome = Outcome(rawValue: UInt8(flags >> 2 & 3)),
      let state = UInt8(exactly: isBooked ? flags & 3 : row.int64(13)).flatMap(BookedCall.State.init(rawValue:))
    else { throw .corrupt(path: path, what: "call \(seq) has an unknown outcome or state") }
    var usage = Usage()
    for (column, meter) in [(Int32(3), Meter.input), (4, .cacheRead), (5, .output)] {
      let quantity = row.int64(column)
      if quantity != 0 { usage[meter] = quantity }
    }
    if let details {
      for (meter, quantity) in details.meters { usage[meter] = quantity }
    }
    let at = row.timestamp(1)
    guard CallRecord.canBe(usage, cost: cost, margin: margin), Span.writtenHours.contains(at.hour) else {
      throw .corrupt(path: path, what: "call \(seq) has a number that no call can have")
    }
    return Row(
      seq: seq, latency: row.optionalInt64(8), dimension: dimension,
      priced: Repricing.Row(
        at: at, outcome: outcome, flags: details?.flags ?? [], usage: usage,
        price: BookedCharge(dimension: .stored(dimension), cost: cost, margin: margin, state: state)))
  }
}
