import Books
import Units

/// Writes a part of a re-pricing run into the open transaction, table by table.
struct RepriceWriting {
  let part: RepricePart
  let scan: RepriceScan
  let batch: Int64
  let statements: BookingStatements
  let database: Database

  /// The ledger's id of each of the part's dimensions; those that it lacks are stored.
  func dimensions(_ stored: inout StoredDimensions) throws(StoreFault) -> ContiguousArray<Int64> {
    var ids: ContiguousArray<Int64> = []
    for dimension in part.dimensions {
      switch dimension {
      case .stored(let id): ids.append(id)
      case .new(let number):
        ids.append(
          try stored.id(
            of: scan.repricing.dimensions.newDimensions[Int(number)], batch: batch, statements, database))
      }
    }
    return ids
  }

  /// Moves what the rows count for from the dimensions they had to those they have now.
  func rollups(_ ids: ContiguousArray<Int64>) throws(StoreFault) {
    var rollups = BatchRollups()
    for meter in part.meters {
      rollups.add(meter.quantity, of: meter.meter, hour: meter.hour, dimension: ids[Int(meter.dimension)])
    }
    try rollups.write(part.turnover, ids: ids, statements)
    // Where nothing is left there is no row, as if nothing had ever been booked there.
    var days: Set<RepricePart.Place> = []
    for row in part.turnover.rows where part.left.contains(ids[Int(row.dimension)]) {
      for statement in [statements.dropEmptyHour, statements.dropEmptyMeters] {
        statement.bind(1, row.hour)
        statement.bind(2, ids[Int(row.dimension)])
        try statement.run()
      }
      let day = row.hour >= 0 ? row.hour / 24 : (row.hour - 23) / 24
      guard days.insert(RepricePart.Place(day: day, dimension: row.dimension)).inserted else { continue }
      statements.dropEmptyDay.bind(1, day)
      statements.dropEmptyDay.bind(2, ids[Int(row.dimension)])
      try statements.dropEmptyDay.run()
    }
  }

  /// The run's entries: for each day and pair of accounts what was booked is reversed, and what the same
  /// calls come to now is booked.
  func entries(
    _ books: inout LedgerWriter.Books, document: Int64
  ) throws(StoreFault) -> [BatchEntries.Row] {
    var entries = BatchEntries()
    let places = Set(part.reversed.keys).union(part.rebooked.keys)
      .sorted { ($0.day, $0.dimension) < ($1.day, $1.dimension) }
    for place in places {
      let rules = EntryRules(for: dimension(place.dimension))
      let day = Day(number: Int(place.day))
      let old = part.reversed[place] ?? DayTurnover.Sum()
      let new = part.rebooked[place] ?? DayTurnover.Sum()
      let made: [Entry]
      do throws(EntryFault) {
        made =
          try rules.reversal(day: day, cost: old.cost, margin: old.margin, unpriced: old.unpriced)
          + rules.rebooking(day: day, cost: new.cost, margin: new.margin, unpriced: new.unpriced)
      } catch { preconditionFailure("entry rules broke their own rule: \(error)") }
      for entry in made {
        entries.add(
          day: place.day, kind: Int64(entry.kind.rawValue),
          debit: try books.accounts.id(of: entry.debit, batch: batch, statements, database),
          credit: try books.accounts.id(of: entry.credit, batch: batch, statements, database),
          amount: entry.amount)
      }
    }
    return entries.rows(firstID: books.nextEntry).map { row in
      var row = row
      row.document = document
      return row
    }
  }

  private func dimension(_ number: Int32) -> Dimension {
    switch part.dimensions[Int(number)] {
    case .new(let new): return scan.repricing.dimensions.newDimensions[Int(new)]
    case .stored(let id):
      guard let stored = scan.dimensions[id] else { preconditionFailure("a row's dimension was read") }
      return stored.dimension
    }
  }

  func recharges(_ ids: ContiguousArray<Int64>, document: Int64) throws(StoreFault) {
    let insert = statements.insertRecharge
    for recharge in part.recharges {
      insert.bind(1, recharge.seq)
      insert.bind(2, document)
      insert.bind(3, ids[Int(recharge.dimension)])
      insert.bind(4, recharge.cost)
      insert.bind(5, recharge.margin)
      insert.bind(6, Int64(recharge.state.rawValue))
      try insert.run()
    }
  }
}
