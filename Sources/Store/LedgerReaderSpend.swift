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
    return Span.hours(first..<last + 1)
  }

  /// What calls came to, broken down as the query asks.
  ///
  /// Read from the rollups of days, and of hours at the edges; single calls are added up only where
  /// a period begins or ends inside an hour.
  package func spend(_ query: SpendQuery) throws(StoreFault) -> SpendReport {
    try snapshot { () throws(StoreFault) in
      var tally = SpendTally(query)
      for (place, period) in query.periods.enumerated() {
        tally.begin(period: place)
        try sums(over: period.span) { (dimension, sums) throws(StoreFault) in
          if !tally.knows(dimension) {
            let record = try self.dimension(dimension)
            tally.learn(dimension, record.subject, record.routing)
          }
          tally.add(dimension, sums)
        }
      }
      return tally.report()
    }
  }

  /// Routed calls of a span against the same calls at the providers' own rates.
  package func comparison(over span: Span, zone: String) throws(StoreFault) -> Comparison {
    try snapshot { () throws(StoreFault) in
      var byDimension: [Int: SpendSums] = [:]
      try sums(over: span) { (dimension, sums) throws(StoreFault) in
        byDimension[dimension, default: SpendSums()] += sums
      }
      var tally = ComparisonTally()
      for (id, sums) in byDimension {
        let record = try dimension(id)
        let own = ComparisonTally.Product(
          provider: record.subject.provider, model: record.subject.model)
        tally.add(record.subject, record.routing, product: products[id] ?? own, sums)
      }
      return tally.comparison(span: span, zone: zone)
    }
  }

  /// Hands over what each dimension came to in a span, in as many pieces as its parts.
  private func sums(
    over span: Span, _ take: (Int, SpendSums) throws(StoreFault) -> Void
  ) throws(StoreFault) {
    let parts = span.parts
    if !parts.days.isEmpty {
      let query = try query("spend-days")
      query.bind(":from_day", Int64(parts.days.lowerBound))
      query.bind(":to_day", Int64(parts.days.upperBound))
      try each(query, take)
    }
    for hours in parts.hours {
      let query = try query("spend-hours")
      query.bind(":from_hour", hours.lowerBound)
      query.bind(":to_hour", hours.upperBound)
      try each(query, take)
    }
    for edge in parts.edges {
      let query = try query("spend-calls")
      query.bind(":from_us", edge.from.microseconds)
      query.bind(":to_us", edge.to.microseconds)
      try each(query, take)
    }
  }

  private func each(
    _ query: Statement, _ take: (Int, SpendSums) throws(StoreFault) -> Void
  ) throws(StoreFault) {
    while try query.step() {
      var sums = SpendSums()
      sums.calls = query.int64(1)
      sums.errors = query.int64(2)
      sums.unpriced = query.int64(3)
      sums.partial = query.int64(4)
      sums.input = query.int64(5)
      sums.cacheRead = query.int64(6)
      sums.output = query.int64(7)
      sums.cost = query.int64(8)
      sums.margin = query.int64(9)
      sums.latencyMilliseconds = query.int64(10)
      sums.latencyCalls = query.int64(11)
      try take(Int(query.int64(0)), sums)
    }
  }

  /// A dimension of the ledger, read once.
  func dimension(_ id: Int) throws(StoreFault) -> DimensionRecord {
    if let known = dimensions[id] { return known }
    let query = try query("dimension")
    query.bind(":id", Int64(id))
    guard try query.step() else {
      throw .corrupt(
        path: database.path, what: "calls point to dimension \(id), which is not there")
    }
    defer { query.reset() }
    var subject = Subject()
    subject.team = query.text(1)
    subject.project = query.text(2)
    subject.user = query.text(3)
    subject.key = query.text(4)
    subject.environment = query.text(5)
    subject.tags = query.text(6)
    subject.route = query.text(7)
    subject.provider = query.text(8)
    subject.issuer = query.text(9)
    subject.model = query.text(10)
    subject.operation = query.text(11)
    subject.tier = query.text(12)
    subject.region = query.text(13)
    subject.variant = query.text(14)
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
