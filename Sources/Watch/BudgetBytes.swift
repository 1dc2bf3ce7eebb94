import Units

extension BudgetWatch {
  /// The version of a snapshot's bytes.
  package static let snapshotVersion: UInt16 = 1
  private static let mark: UInt32 = 0x4242_4254

  /// All that is kept of the budget's past, to the last bit: mark, version, state, digest.
  package var snapshot: [UInt8] {
    var writer = StateWriter()
    writer.write(Self.mark)
    writer.write(Self.snapshotVersion)
    writer.write(budget.name)
    writer.write(spend.month) { $0.write(Int64($1.first.number)) }
    writer.write(spend.spent)
    writer.write(spend.last) { $0.write($1) }
    writer.write(UInt32(spend.watched))
    writer.write(each: spend.ring) { $0.write($1) }
    writer.write(each: reached) { $0.write($1) }
    writer.write(isForecastOver)
    writer.write(isRunningOut)
    writer.write(writer.bytes.withUnsafeBytes { Digest64.of($0) })
    return writer.bytes
  }

  /// Goes on from a snapshot of the budget of this name, whose amount may be another by now.
  ///
  /// - Throws: ``WatchFault`` when the bytes are none, of another version, of another budget or damaged.
  package init(
    _ budget: Budget, snapshot: [UInt8], parameters: BudgetParameters = BudgetParameters()
  ) throws(WatchFault) {
    self.init(budget, parameters: parameters)
    var reader = StateReader(snapshot[...])
    guard let mark = try? reader.read(UInt32.self), mark == Self.mark else { throw .noSnapshot }
    let version = try reader.read(UInt16.self)
    guard version == Self.snapshotVersion else { throw .otherVersion(version, known: Self.snapshotVersion) }
    guard snapshot.count > 8 else { throw .damaged }
    var end = StateReader(snapshot.suffix(8))
    let digest = try end.read(UInt64.self)
    guard digest == snapshot.dropLast(8).withUnsafeBytes({ Digest64.of($0) }) else { throw .damaged }
    guard try reader.readText() == budget.name else { throw .noSnapshot }
    let first = try reader.readOptional { (reader) throws(WatchFault) in try reader.read(Int64.self) }
    spend.month = first.map { Month(of: Day(number: Int($0))) }
    spend.spent = try reader.read()
    spend.last = try reader.readOptional { (reader) throws(WatchFault) in try reader.readBucket() }
    spend.watched = Int(try reader.read(UInt32.self))
    spend.ring = try reader.readEach { (reader) throws(WatchFault) in try reader.read(Int64.self) }
    reached = try reader.readEach { (reader) throws(WatchFault) in try reader.read(Int64.self) }
    isForecastOver = try reader.readFlag()
    isRunningOut = try reader.readFlag()
    guard reader.left == 8, spend.ring.count == BudgetSpend.buckets, spend.watched <= BudgetSpend.buckets
    else { throw .damaged }
  }
}
