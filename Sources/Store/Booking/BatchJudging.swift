import Books
import Calls
import Units

/// What a line means whose id, or the provider's, was booked before.
extension BatchBooking {
  /// Judges a call whose id was booked before.
  func judge(
    _ call: BookedCall, at index: Int, _ dimension: (Int64, Dimension), _ prior: Int64,
    _ around: Surroundings
  ) throws(StoreFault) -> Verdict {
    let (judge, quantities) = try judging(call, at: index, around)
    let verdict = try judge.judge(call, quantities: quantities, dimension: dimension, against: prior)
    guard case .conflict = verdict, call.reference != 0 || call.keyIsProviders else { return verdict }
    return try judge.judge(
      call, quantities: quantities, dimension: dimension, by: around.mark(of: call), observed: prior)
  }

  /// Judges a call by one that bears the provider's id.
  func judge(
    _ candidate: Int64, _ call: BookedCall, at index: Int, _ dimension: (Int64, Dimension),
    _ observer: ObserverMark, _ window: borrowing IDWindow, _ around: Surroundings
  ) throws(StoreFault) -> (newest: Int64, Verdict) {
    let (judge, quantities) = try judging(call, at: index, around)
    var newest = candidate
    if let root = try judge.chain(endingWith: candidate)?.rows.first, root.key.id != 0 {
      // Later rows of it are found by its own id alone, which the window may have forgotten before the provider's.
      let known = window.find(root.key.id).seq
      newest = max(newest, known != 0 ? known : try around.older.find(root.key.id, at: root.at, around.statements))
    }
    let verdict = try judge.judge(
      call, quantities: quantities, dimension: dimension, by: observer, observed: newest)
    return (newest, verdict)
  }

  private func judging(
    _ call: BookedCall, at index: Int, _ around: Surroundings
  ) throws(StoreFault) -> (PriorCalls, [Int64]) {
    // What the id has booked may be among the batch's own calls.
    try write(around)
    var quantities = [Int64](repeating: 0, count: Meter.count)
    for (meter, quantity) in stated(call, at: index, of: around.batch) {
      quantities[Int(meter.rawValue)] = quantity
    }
    let judge = PriorCalls(
      statements: around.statements, path: around.database.path, limits: around.limits, chains: around.chains,
      openSeq: rows.firstSeq, openBase: rows.base)
    return (judge, quantities)
  }

  // MARK: - Other observers

  /// Notes another observer's word that adds nothing.
  mutating func observe(
    _ observation: Verdict.Observation, _ call: BookedCall, _ index: Int, _ around: Surroundings
  ) throws(StoreFault) {
    try note(observation, call, around)
    observedCalls.append(Int32(index))
  }

  mutating func note(
    _ observation: Verdict.Observation, _ call: BookedCall, _ around: Surroundings
  ) throws(StoreFault) {
    try around.statements.note(
      observation, of: call, by: around.mark(of: call), client: around.client(of: call), at: around.now)
    observed += 1
  }
}
