import Units

extension SpendBaseline {
  /// Takes a closed bucket, the next after the last, and says what it is evidence of; then learns from it.
  ///
  /// Spend below nought counts as nought; corrections of older buckets do not belong here. `hour` is the local one
  /// as ``Bucket/hourOfWeek(utcOffset:)`` tells it. `planned` is how many times the expected spend somebody has
  /// announced; nil without a plan. Under a plan nothing is learnt.
  package mutating func step(
    _ bucket: Bucket, spend: Amount, calls: Int64, hour: Int, planned: Double? = nil,
    by p: SpendParameters = SpendParameters()
  ) -> SpendReading {
    var reading = SpendReading()
    let nanos = max(spend.nanos, 0)
    let count = Double(max(calls, 0))
    let money = Double(nanos)
    if first < 0 {
      guard nanos > 0 || count > 0 else { return reading }
      first = bucket.number
    }
    if nanos > 0 || count > 0 { lastActive = bucket.number }
    let age = bucket.number - first
    let share = profile.share(hour, prior: p.profilePrior)
    let mean = level * share * (planned ?? 1)
    let usualSpend = unitCost * count * (planned ?? 1)
    slide(money, mean, count, usualSpend)

    let isSteep = profile.isSteep(hour, prior: p.profilePrior, ratio: p.steepRatio)
    var deviations = InlineArray<8, Double>(repeating: 0)
    if age == p.alarmAge {
      // What was expected in the first hours was a guess, which long windows would hold against the second day.
      for w in 3..<5 { expected[w] = spends[w] }
    }
    if age >= p.alarmAge {
      judge(&reading, &deviations, isSteep: isSteep, by: p)
    }
    let wasCalm = gate.phase == .calm
    reading.turn = gate.step(reading.evidence, at: bucket.number, by: p.levels)
    if wasCalm, gate.phase != .calm {
      sum = IncidentSum()
      peak = 0
    }
    if age < p.alarmAge || !wasCalm || gate.phase != .calm {
      sum.add(spend: nanos, expected: mean, usual: unitCost * count, calls: max(calls, 0))
      peak = max(peak, Float(reading.evidence))
    }
    reading.hasDoubled = tellsOfExcess(after: reading.turn, least: p.leastExcess)
    if reading.turn == .resolved(.newNormal) || reading.turn == .passed(.newNormal) { accept() }
    // An hour that was hardly seen is learnt in any case: else a nightly batch would alarm night after night.
    let isFrozen = planned != nil || gate.phase != .calm
    if !isFrozen, age >= p.tailAge { learnTails(deviations, isSteep: isSteep, by: p) }
    if !isFrozen || planned == nil && profile.seen[hour] < p.youngHour {
      learn(money, count, hour: hour, share: share, age: age, by: p)
    } else if planned == nil {
      profile.doubt(hour, by: p.doubt)
    }
    return reading
  }

  /// Notes the excess when it is told of: as the incident fires, and as often as it has doubled.
  private mutating func tellsOfExcess(after turn: IncidentGate.Turn, least: Amount) -> Bool {
    let excess = Float(max(sum.excess.nanos, least.nanos))
    guard turn == .fired || turn == .held && excess >= 2 * toldExcess else { return false }
    toldExcess = excess
    return turn == .held
  }

  /// Moves the windows on by a bucket.
  private mutating func slide(_ money: Double, _ mean: Double, _ count: Double, _ usualSpend: Double) {
    for w in 0..<5 {
      let weight = 1 / SpendParameters.windows[w]
      spends[w] += Float(weight * (money - Double(spends[w])))
      expected[w] += Float(weight * (mean - Double(expected[w])))
      calls[w] += Float(weight * (count - Double(calls[w])))
    }
    usual[0] += Float((usualSpend - Double(usual[0])) / SpendParameters.windows[2])
    usual[1] += Float((usualSpend - Double(usual[1])) / SpendParameters.windows[4])
  }

  /// Evidence by all views, and the deviations it rests on.
  private func judge(
    _ reading: inout SpendReading, _ deviations: inout InlineArray<8, Double>, isSteep: Bool,
    by p: SpendParameters
  ) {
    guard spendMean > 0, unitCost > 0 else { return }
    let base = -Logarithm.natural(1 - p.tailQuantile) * 0.434_294_481_903_251_8
    let dearCall = dearness / spendMean
    for view in SpendReading.View.allCases {
      let place = Int(view.rawValue)
      let w = view.window
      if isSteep, view.wantsSteadyHour { continue }
      switch view {
      case .spend5m, .spend1h, .spend6h, .spend1d:
        deviations[place] = deviation(Double(spends[w]), Double(expected[w]), w, unit: dearCall, p.noise)
      case .calls15m, .calls1h:
        deviations[place] = deviation(Double(calls[w]), Double(expected[w]) / unitCost, w, unit: 1, p.noise)
      case .unitCost1h: deviations[place] = unitCostDeviation(0, w, dearCall: dearCall, by: p)
      case .unitCost1d: deviations[place] = unitCostDeviation(1, w, dearCall: dearCall, by: p)
      }
      guard deviations[place] > 0 else { continue }
      let learnt = Double(self.learnt[max(place - 5, 0)])
      let prior = max(p.priorBuckets, p.priorWindows * SpendParameters.windows[w])
      let rarity = tails[place].rarity(deviations[place], learnt: learnt, base: base, prior: prior, by: p)
      var evidence = rarity / p.alarms[place]
      if evidence >= p.levels.calm, !isMaterial(view, by: p) { evidence = p.levels.calm * 0.99 }
      reading.views[place] = evidence
      if evidence > reading.evidence { reading.strongest = view }
    }
  }

  /// How far a window's mean is above what was expected, in standard deviations of many calls plus some noise.
  ///
  /// The arsinh makes the variance of a negative binomial constant, so that two calls a day and 400 in five
  /// minutes are judged on one scale. Source: F. J. Anscombe, Biometrika 35 (1948).
  @inline(__always)
  private func deviation(_ mean: Double, _ expected: Double, _ w: Int, unit: Double, _ noise: Double) -> Double {
    guard mean > expected else { return 0 }
    // A leaky mean over a window has the variance of a plain one over 2w - 1 buckets.
    let unit = unit / (2 * SpendParameters.windows[w] - 1)
    let a = (noise * (mean / unit + 0.375)).squareRoot()
    let e = (noise * (expected / unit + 0.375)).squareRoot()
    // arsinh a - arsinh e, by one logarithm.
    let ratio = (a + (a * a + 1).squareRoot()) / (e + (e * e + 1).squareRoot())
    return max(0, 2 / noise.squareRoot() * Logarithm.natural(ratio))
  }

  /// How far the logarithm of a window's unit cost is above the usual, in standard deviations.
  @inline(__always)
  private func unitCostDeviation(_ v: Int, _ w: Int, dearCall: Double, by p: SpendParameters) -> Double {
    let count = Double(calls[w]) * SpendParameters.windows[w]
    guard count >= p.leastUnitCostCalls, usual[v] > 0, spends[w] > usual[v] else { return 0 }
    let spread = max(dearCall / unitCost - 1, 0.3)
    return Logarithm.natural(Double(spends[w]) / Double(usual[v])) / (spread / count + 0.0016).squareRoot()
  }

  /// Whether it is about real money, real calls and a real change.
  private func isMaterial(_ view: SpendReading.View, by p: SpendParameters) -> Bool {
    let w = view.window
    let length = SpendParameters.windows[w]
    let spend = Double(spends[w])
    let mean: Double
    let leastRatio: Double
    switch view {
    case .unitCost1h, .unitCost1d:
      // An hour that costs what it used to is over as well.
      guard Double(spends[2]) >= p.stillRatio * Double(usual[0]) else { return false }
      mean = Double(usual[view == .unitCost1h ? 0 : 1])
      leastRatio = p.leastUnitCostRatio
    default:
      // What is over is no alarm, though a long window remembers it.
      guard Double(spends[2]) >= p.stillRatio * Double(expected[2]) else { return false }
      mean = Double(expected[w])
      leastRatio = p.leastRatio
    }
    return spend >= leastRatio * mean && (spend - mean) * max(length, 12) >= Double(p.leastExcess.nanos)
      && Double(calls[w]) * length >= p.leastCalls
  }
}
