import Audit
import Books
import Calls
import Rates
import Units

/// Reads booked calls with their prices in effect, and has each priced by another rate book.
///
/// Calls come in the order of booking, each with all its rows.
struct RepriceScan {
  let query: RepriceQuery
  private(set) var repricing: Repricing
  private(set) var dimensions: [Int64: Stored] = [:]
  /// The digests of the cards that the ledger holds, by id.
  let cardDigests: [Int64: String]

  private let path: String
  private let heads: Statement
  private let single: Statement
  private let dimensionRow: Statement
  /// The row that adds to a row, where there is one: a stream's next line.
  private var followers: [Int64: Int64] = [:]

  /// A dimension of the ledger, with the ids of its cards.
  struct Stored {
    let dimension: Dimension
    let card: Int64
    let direct: Int64
    let isWanted: Bool
  }

  /// One row of a call.
  struct Row {
    let seq: Int64
    let latency: Int64?
    /// Where its price in effect stands.
    let dimension: Int64
    let priced: Repricing.Row
  }

  /// A call that the book changes, or that keeps a price which the book would take.
  struct Found {
    let rows: [Row]
    /// What each row comes to now, nil for one that stays; nil for a call that keeps its price.
    let prices: [BookedCharge?]?
  }

  init(_ database: Database, _ query: RepriceQuery, rates: RateBook) throws(StoreFault) {
    self.query = query
    path = database.path
    repricing = Repricing(rates: rates)
    heads = try database.prepare(CarriedFile.query("reprice-calls.sql"))
    single = try database.prepare(CarriedFile.query("reprice-call.sql"))
    dimensionRow = try database.prepare(CarriedFile.query("dimension.sql"))
    var digests: [Int64: String] = [:]
    let cards = try database.prepare(CarriedFile.query("cards.sql"))
    while try cards.step() { digests[cards.int64(0)] = cards.text(1) }
    cardDigests = digests
    let streams = try database.prepare(CarriedFile.query("reprice-streams.sql"))
    while try streams.step() { followers[streams.int64(1)] = streams.int64(0) }
    begin(after: 0)
  }

  /// Begins behind the call that was booked as `seq`.
  func begin(after seq: Int64) {
    heads.reset()
    heads.bind(":after", seq)
    let hours = Span.writtenHours
    let written = Span.hours(hours.lowerBound..<hours.upperBound + 1)
    heads.bind(":from_us", max(query.from ?? written.from, written.from).microseconds)
    heads.bind(":to_us", min(query.to ?? written.to, written.to).microseconds)
  }

  /// Lets go of the row it stands on, so that the ledger can be written.
  func end() {
    heads.reset()
    single.reset()
  }

  /// The next call that is not what the book makes of it; nil behind the last.
  mutating func next() throws(StoreFault) -> Found? {
    while try heads.step() {
      let details = heads.isNull(9) ? nil : DetailMembers(heads.text(9))
      // A later line of a stream comes with its first.
      if details?.prior != nil { continue }
      let first = try row(heads, details)
      guard dimensions[first.dimension]?.isWanted ?? false else { continue }
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
      switch repricing.reprice(rows.map(\.priced)) {
      case .unchanged: continue
      case .kept: return Found(rows: rows, prices: nil)
      case .changed(let prices): return Found(rows: rows, prices: prices)
      }
    }
    return nil
  }

  private mutating func row(_ row: Statement, _ details: DetailMembers?) throws(StoreFault) -> Row {
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
    if !repricing.knows(dimension) { try learn(dimension, of: seq) }
    return Row(
      seq: seq, latency: row.optionalInt64(8), dimension: dimension,
      priced: Repricing.Row(
        at: at, outcome: outcome, flags: details?.flags ?? [], usage: usage,
        price: BookedCharge(dimension: .stored(dimension), cost: cost, margin: margin, state: state)))
  }

  private mutating func learn(_ id: Int64, of seq: Int64) throws(StoreFault) {
    dimensionRow.bind(":id", id)
    guard try dimensionRow.step() else {
      throw .corrupt(path: path, what: "call \(seq) points to dimension \(id), which is not there")
    }
    defer { dimensionRow.reset() }
    let subject = Subject(dimensionRow, from: 1)
    let inferred = dimensionRow.int64(15) != 0
    dimensions[id] = Stored(
      dimension: Dimension(
        subject: subject, providerInferred: inferred, card: nil, direct: nil,
        reason: UInt8(exactly: dimensionRow.int64(19)).flatMap(UnpricedReason.init(rawValue:)),
        band: Int(truncatingIfNeeded: dimensionRow.int64(18))),
      card: dimensionRow.int64(16), direct: dimensionRow.int64(17), isWanted: query.wants(subject))
    repricing.learn(id, subject, providerInferred: inferred)
  }
}

extension Subject {
  /// Reads the texts that stand in a row from a column on, in the order of the ledger's columns.
  init(_ row: Statement, from column: Int32) {
    self.init()
    team = row.text(column)
    project = row.text(column + 1)
    user = row.text(column + 2)
    key = row.text(column + 3)
    environment = row.text(column + 4)
    tags = row.text(column + 5)
    route = row.text(column + 6)
    provider = row.text(column + 7)
    issuer = row.text(column + 8)
    model = row.text(column + 9)
    operation = row.text(column + 10)
    tier = row.text(column + 11)
    region = row.text(column + 12)
    variant = row.text(column + 13)
  }
}

extension RepriceTally {
  /// Adds a call that was found, by its first row.
  mutating func add(_ found: RepriceScan.Found, subject: Subject) {
    guard let first = found.rows.first, let last = found.rows.last else { return }
    var sums = RepriceSums()
    if let prices = found.prices {
      sums.calls = 1
      for (row, price) in zip(found.rows, prices) {
        let before = row.priced.price
        let after = price ?? before
        sums.costBefore += Int128(before.cost ?? 0)
        sums.costAfter += Int128(after.cost ?? 0)
        sums.marginBefore += Int128(before.margin ?? 0)
        sums.marginAfter += Int128(after.margin ?? 0)
      }
      sums.unpricedBefore = last.priced.price.state == .unpriced ? 1 : 0
      sums.unpricedAfter = (prices.last.flatMap { $0 } ?? last.priced.price).state == .unpriced ? 1 : 0
    } else {
      sums.kept = 1
    }
    add(sums, team: subject.team, model: subject.model, at: first.priced.at)
  }
}
