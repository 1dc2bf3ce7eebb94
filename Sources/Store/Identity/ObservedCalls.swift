import Books
import Calls
import Units

/// Judges lines whose provider's id was told of before by another observer.
///
/// The first that told of a call is its account; whoever else does is noted, where both agree or the other
/// says less. Usage that only grows, of a stream or where nothing was stated before, is booked as the
/// difference. All else is quarantined: which of two is right is not ours to guess, and one id may name two
/// calls.
extension PriorCalls {
  /// Compares a line with the call that bears the provider's id, of which `newest` is the last known row.
  ///
  /// `mark` says who tells of it. The verdict ``Verdict/duplicate`` means that this observer told so before.
  func judge(
    _ call: BookedCall, quantities: [Int64], dimension: (id: Int64, Dimension), by mark: ObserverMark,
    observed newest: Int64
  ) throws(StoreFault) -> Verdict {
    guard let chain = try chain(endingWith: newest), let root = chain.rows.first, let account = root.key.mark,
      root.key.shares(call.providerIDs), root.outcome == call.outcome,
      abs(root.at - call.at.microseconds) <= limits.observationMinutes * 60_000_000,
      try mayBeOfOneProvider(root.dimension, dimension)
    else { return .apart(wears: false) }
    let isAccount = account.observer == mark.observer
    var isNoted = false
    if !isAccount {
      switch try noted(mark, of: root.seq) {
      case .none: break
      case .some(let key):
        // A second call of one observer under one id: the id names no single call.
        guard key == call.key, key != 0 else { return .apart(wears: true) }
        isNoted = true
      }
    }
    let isKnown = isAccount || isNoted
    func observed(_ kind: Verdict.Observation.Kind) -> Verdict {
      isKnown ? .duplicate : .observed(Verdict.Observation(root: root.seq, kind: kind))
    }
    let sum = chain.sum
    if sum == quantities { return observed(.same) }
    // A stream's earlier line that comes again.
    if isKnown, chain.cameTo(quantities) { return .duplicate }
    if quantities.allSatisfy({ $0 == 0 }) { return observed(.withoutUsage) }
    let wasBlank = sum.allSatisfy { $0 == 0 }
    let isStream = call.stream || root.stream
    if isStream, zip(quantities, sum).allSatisfy({ $0 <= $1 }) { return observed(.less) }
    guard chain.isWithin(quantities), isStream || wasBlank, call.state != .unpriced || wasBlank,
      call.cost >= chain.cost, chain.rows.count < limits.chainRows
    else { return isAccount ? .conflict : .differs }
    var delta = Self.delta(quantities, over: chain)
    delta.rootKey = root.key
    if !isKnown { delta.observation = Verdict.Observation(root: root.seq, kind: .more) }
    return .delta(delta)
  }

  /// The id under which an observer told of a call before, 0 for none; nil when it did not.
  private func noted(_ mark: ObserverMark, of root: Int64) throws(StoreFault) -> UInt64? {
    let found = statements.findObservation
    found.bind(1, root)
    found.bind(2, Int64(mark.observer))
    defer { found.reset() }
    guard try found.step() else { return nil }
    return found.isNull(0) ? 0 : RowKey(found.bytes(0)).id
  }

  /// Whether a line's provider and issuer may be those of a stored dimension: neither is stated otherwise.
  private func mayBeOfOneProvider(
    _ id: Int64, _ line: (id: Int64, dimension: Dimension)
  ) throws(StoreFault) -> Bool {
    if id == line.id { return true }
    let found = statements.dimensionSubject
    found.bind(1, id)
    defer { found.reset() }
    guard try found.step() else { throw .corrupt(path: path, what: "dimension \(id) is missing") }
    let texts = line.dimension.subject.texts
    if line.dimension.providerInferred || found.int64(Int32(texts.count)) != 0 { return true }
    return [Subject.providerPlace, Subject.issuerPlace].allSatisfy { place in
      let stored = found.text(Int32(place))
      return stored.isEmpty || texts[place].isEmpty || stored == texts[place]
    }
  }
}
