extension SpendBaseline {
  /// Writes every bit of it.
  func encode(to writer: inout StateWriter) {
    for cell in 0..<HourProfile.cells { writer.write(profile.shares[cell]) }
    for cell in 0..<HourProfile.cells { writer.write(profile.seen[cell]) }
    for value in [level, spendMean, dearness, unitCost, unitCalls] { writer.write(value) }
    for w in 0..<5 {
      writer.write(spends[w])
      writer.write(expected[w])
      writer.write(calls[w])
    }
    for v in 0..<2 { writer.write(usual[v]) }
    for place in 0..<8 {
      writer.write(tails[place].quantile)
      writer.write(tails[place].excess)
    }
    for place in 0..<3 { writer.write(learnt[place]) }
    for value in [sum.spendNanos, sum.expectedNanos, sum.usualNanos, sum.calls] { writer.write(value) }
    writer.write(first)
    writer.write(lastActive)
    writer.write(gate.phase.rawValue)
    writer.write(gate.calmLeft)
    writer.write(gate.since)
    writer.write(active)
    writer.write(peak)
    writer.write(toldExcess)
  }

  /// Reads what ``encode(to:)`` wrote.
  init(from reader: inout StateReader) throws(WatchFault) {
    for cell in 0..<HourProfile.cells { profile.shares[cell] = try reader.readFloat() }
    for cell in 0..<HourProfile.cells { profile.seen[cell] = try reader.read() }
    level = try reader.readDouble()
    spendMean = try reader.readDouble()
    dearness = try reader.readDouble()
    unitCost = try reader.readDouble()
    unitCalls = try reader.readDouble()
    for w in 0..<5 {
      spends[w] = try reader.readFloat()
      expected[w] = try reader.readFloat()
      calls[w] = try reader.readFloat()
    }
    for v in 0..<2 { usual[v] = try reader.readFloat() }
    for place in 0..<8 {
      tails[place].quantile = try reader.readFloat()
      tails[place].excess = try reader.readFloat()
    }
    for place in 0..<3 { learnt[place] = try reader.readFloat() }
    sum.spendNanos = try reader.read()
    sum.expectedNanos = try reader.read()
    sum.usualNanos = try reader.read()
    sum.calls = try reader.read()
    first = try reader.read()
    lastActive = try reader.read()
    guard let phase = IncidentGate.Phase(rawValue: try reader.read()) else { throw .damaged }
    gate.phase = phase
    gate.calmLeft = try reader.read()
    gate.since = try reader.read()
    active = try reader.read()
    peak = try reader.readFloat()
    toldExcess = try reader.readFloat()
  }
}
