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
  private let calls: WholeCalls
  private let dimensionRow: Statement

  typealias Row = WholeCalls.Row

  /// A dimension of the ledger, with the ids of its cards.
  struct Stored {
    let dimension: Dimension
    let card: Int64
    let direct: Int64
    let isWanted: Bool
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
    calls = try WholeCalls(database)
    dimensionRow = try database.prepare(CarriedFile.query("dimension.sql"))
    var digests: [Int64: String] = [:]
    let cards = try database.prepare(CarriedFile.query("cards.sql"))
    while try cards.step() { digests[cards.int64(0)] = cards.text(1) }
    cardDigests = digests
    begin(after: 0)
  }

  /// Begins behind the call that was booked as `seq`.
  func begin(after seq: Int64) { calls.begin(after: seq, from: query.from, to: query.to) }

  /// Lets go of the row it stands on, so that the ledger can be written.
  func end() { calls.end() }

  /// The next call that is not what the book makes of it; nil behind the last.
  mutating func next() throws(StoreFault) -> Found? {
    while let first = try calls.next() {
      try learn(first)
      guard dimensions[first.dimension]?.isWanted ?? false else { continue }
      let rows = try calls.whole(first)
      for row in rows { try learn(row) }
      switch repricing.reprice(rows.map(\.priced)) {
      case .unchanged: continue
      case .kept: return Found(rows: rows, prices: nil)
      case .changed(let prices): return Found(rows: rows, prices: prices)
      }
    }
    return nil
  }

  private mutating func learn(_ row: Row) throws(StoreFault) {
    let (id, seq) = (row.dimension, row.seq)
    if repricing.knows(id) { return }
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
