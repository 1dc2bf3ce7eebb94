import Units

extension BudgetWatch {
  /// The version of a snapshot's bytes.
  package static let snapshotVersion: UInt16 = 1
  private static let header = SnapshotHeader(mark: 0x4242_4254, version: snapshotVersion)

  /// All that is kept of the budget's past, to the last bit: mark, version, state, digest.
  package var snapshot: [UInt8] {
    StateWriter.snapshot(Self.header) { writer in
      writer.write(budget.name)
      writer.write(budget.zone.name)
      writer.write(each: budget.labels) { $0.write($1) }
      writer.write(spend.month) { $0.write(Int64($1.first.number)) }
      writer.write(spend.spent)
      writer.write(spend.last) { $0.write($1) }
      writer.write(UInt32(spend.watched))
      writer.write(each: spend.ring) { $0.write($1) }
      writer.write(each: reached) { $0.write($1) }
      writer.write(isForecastOver)
      writer.write(isRunningOut)
    }
  }

  /// Goes on from a snapshot of the budget of this name, labels and zone, whose amount may be another by now.
  ///
  /// - Throws: ``WatchFault`` when the bytes are none, of another version, of another budget or damaged.
  package init(
    _ budget: Budget, snapshot: [UInt8], parameters: BudgetParameters = BudgetParameters()
  ) throws(WatchFault) {
    self.init(budget, parameters: parameters)
    var reader = try StateReader(snapshot: snapshot, Self.header)
    guard try reader.readText() == budget.name, try reader.readText() == budget.zone.name,
      try reader.readEach({ (reader) throws(WatchFault) in try reader.readLabel() }) == budget.labels
    else { throw .noSnapshot }
    let first = try reader.readOptional { (reader) throws(WatchFault) in try reader.read(Int64.self) }
    spend.month = first.map { Month(of: Day(number: Int($0))) }
    spend.spent = try reader.read()
    spend.last = try reader.readOptional { (reader) throws(WatchFault) in try reader.readBucket() }
    spend.watched = Int(try reader.read(UInt32.self))
    spend.ring = try reader.readEach { (reader) throws(WatchFault) in try reader.read(Int64.self) }
    reached = try reader.readEach { (reader) throws(WatchFault) in try reader.read(Int64.self) }
    isForecastOver = try reader.readFlag()
    isRunningOut = try reader.readFlag()
    guard reader.isAtEnd, spend.ring.count == BudgetSpend.buckets, spend.watched <= BudgetSpend.buckets
    else { throw .damaged }
  }
}
