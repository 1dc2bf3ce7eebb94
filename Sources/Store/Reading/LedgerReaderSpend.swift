import Audit
import Books
import Calls
import Rates
import Units

extension LedgerReader {
  /// The UTC hours from the first call to the last; nil in a ledger without calls.
  package func hours() throws(StoreFault) -> Span? {
    let query = try query("hours")
    guard try query.step(), let first = query.optionalInt64(0), let last = query.optionalInt64(1)
    else {
      query.reset()
      return nil
    }
    query.reset()
    guard first <= last, Span.writtenHours.contains(first), Span.writtenHours.contains(last) else {
      throw .corrupt(path: database.path, what: "its rollups are of hours \(first) to \(last)")
    }
    return Span.hours(first..<last + 1)
  }

  /// What calls came to, broken down as the query asks.
  ///
  /// Read from the rollups of days, and of hours at the ends of periods; single calls are added up
  /// only where a period begins or ends inside an hour.
  package func spend(_ query: SpendQuery) throws(StoreFault) -> SpendReport {
    try snapshot { () throws(StoreFault) in
      var tally = SpendTally(query)
      var known: Piece?
      for (place, period) in query.periods.enumerated() {
        tally.begin(period: place)
        try sums(over: period.span, &known) { (dimension, sums) throws(StoreFault) in
          if !tally.knows(dimension) {
            let record = try self.dimension(dimension)
            tally.learn(dimension, record.subject, record.routing)
          }
          tally.add(dimension, sums)
        }
      }
      do throws(SumFault) { return try tally.report() } catch {
        throw .beyond(path: database.path, error)
      }
    }
  }

  /// Routed calls of a span against the same calls at the providers' own rates.
  package func comparison(over span: Span, zone: String) throws(StoreFault) -> Comparison {
    try snapshot { () throws(StoreFault) in
      var byDimension: [Int: SpendSums] = [:]
      var known: Piece?
      try sums(over: span, &known) { (dimension, sums) throws(StoreFault) in
        byDimension[dimension, default: SpendSums()] += sums
      }
      var tally = ComparisonTally()
      for (id, sums) in byDimension {
        let record = try dimension(id)
        let own = ComparisonTally.Product(
          provider: record.subject.provider, model: record.subject.model)
        tally.add(record.subject, record.routing, product: products[id] ?? own, sums)
      }
      do throws(SumFault) { return try tally.comparison(span: span, zone: zone) } catch {
        throw .beyond(path: database.path, error)
      }
    }
  }

  /// What each dimension came to at an end of a span; the next period begins where one ends.
  private struct Piece {
    let span: Span
    let sums: [(dimension: Int, sums: SpendSums)]
  }

  /// Hands over what each dimension came to in a span, in as many parts as it takes.
  ///
  /// `known` is the piece that the span before ended with, and becomes the one this one ends with.
  private func sums(
    over span: Span, _ known: inout Piece?,
    _ take: (Int, SpendSums) throws(StoreFault) -> Void
  ) throws(StoreFault) {
    let parts = span.parts
    if !parts.days.isEmpty {
      let query = try query("spend-days")
      query.bind(":from_day", parts.days.lowerBound)
      query.bind(":to_day", parts.days.upperBound)
      try each(query, take)
    }
    for piece in parts.pieces {
      let sums: [(dimension: Int, sums: SpendSums)]
      if let known, known.span == piece.span {
        sums = known.sums
      } else {
        sums = try read(piece)
        known = Piece(span: piece.span, sums: sums)
      }
      for (dimension, sums) in sums { try take(dimension, piece.isAdded ? sums : -sums) }
    }
  }

  private func read(
    _ piece: Span.Piece
  ) throws(StoreFault) -> [(dimension: Int, sums: SpendSums)] {
    var sums: [(dimension: Int, sums: SpendSums)] = []
    if !piece.hours.isEmpty {
      let query = try query("spend-hours")
      query.bind(":from_hour", piece.hours.lowerBound)
      query.bind(":to_hour", piece.hours.upperBound)
      try each(query) { (dimension, hour) throws(StoreFault) in sums.append((dimension, hour)) }
    }
    for edge in piece.edges {
      let query = try query("spend-calls")
      query.bind(":from_us", edge.from.microseconds)
      query.bind(":to_us", edge.to.microseconds)
      try each(query) { (dimension, calls) throws(StoreFault) in sums.append((dimension, calls)) }
    }
    return sums
  }

  private func each(
    _ query: Statement, _ take: (Int, SpendSums) throws(StoreFault) -> Void
  ) throws(StoreFault) {
    while try query.step() {
      try take(Int(query.int64(0)), SpendSums(query, from: 1))
    }
  }

  /// A dimension of the ledger, read once.
  func dimension(_ id: Int) throws(StoreFault) -> DimensionRecord {
    if let known = dimensions[id] { return known }
    // Dimensions are numbered from 1 without a gap, and a report keeps a place for each.
    if id > dimensionCount {
      dimensionCount = Int(try database.number("select count(*) from dimension") ?? 0)
    }
    guard id >= 1, id <= dimensionCount else {
      throw .corrupt(path: database.path, what: "calls point to dimension \(id), which cannot be")
    }
    let query = try query("dimension")
    query.bind(":id", Int64(id))
    guard try query.step() else {
      throw .corrupt(
        path: database.path, what: "calls point to dimension \(id), which is not there")
    }
    defer { query.reset() }
    let subject = Subject(query, from: 1)
    func card(_ column: Int32) -> Int64? { query.int64(column) == 0 ? nil : query.int64(column) }
    let record = DimensionRecord(
      id: id, subject: subject, providerInferred: query.int64(15) != 0, card: card(16),
      directCard: card(17), band: Int(query.int64(18)),
      reason: UInt8(exactly: query.int64(19)).flatMap(UnpricedReason.init(rawValue:)),
      routing: Routing(
        subject, cardRoute: query.optionalText(20), hasDirectCard: query.int64(17) != 0))
    if let provider = query.optionalText(21), let model = query.optionalText(22) {
      products[id] = ComparisonTally.Product(provider: provider, model: model)
    }
    dimensions[id] = record
    return record
  }
}
