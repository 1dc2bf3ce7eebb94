extension SpendBaseline {
  /// Learns the tails from a bucket's deviations.
  mutating func learnTails(_ deviations: InlineArray<8, Double>, isSteep: Bool, by p: SpendParameters) {
    learnt[0] += 1
    for view in SpendReading.View.allCases {
      let place = Int(view.rawValue)
      var count = learnt[0]
      if place >= 6 {
        // A window without enough calls has no unit cost, so it teaches nothing of it.
        let w = view.window
        guard Double(calls[w]) * SpendParameters.windows[w] >= p.leastUnitCostCalls, usual[place - 6] > 0
        else { continue }
        learnt[place - 5] += 1
        count = learnt[place - 5]
      } else if isSteep, view.wantsSteadyHour {
        continue
      }
      tails[place].learn(deviations[place], learnt: Double(count), by: p)
    }
  }

  /// Learns level, hours and unit cost from a bucket.
  ///
  /// What is far beyond the expected counts as six times it, so that no single bucket moves the level much.
  mutating func learn(
    _ money: Double, _ count: Double, hour: Int, share: Double, age: Int32, by p: SpendParameters
  ) {
    if count > 0 {
      let weight = active > 500 ? 0.002 : 1 / (Double(active) + 1)
      spendMean += weight * (money - spendMean)
      dearness += weight * (money * money / count - dearness)
      if active < .max { active += 1 }
    }
    if age == 0 { level = money }
    let mean = level * share
    let dearCall = spendMean > 0 ? dearness / spendMean : 0
    let bounded = age >= p.alarmAge ? min(money, 6 * mean + 10 * dearCall) : money
    if share > 0.2 {
      level += max(p.levelWeight, 1 / Double(age + 1)) * (bounded / share - level)
    }
    if level > 0 { profile.learn(hour, ratio: bounded / level, weight: p.profileWeight) }
    guard count > 0 else { return }
    unitCalls += count
    let cost = money / count
    guard unitCost > 0 else { return unitCost = cost }
    let weight = min(max(count / unitCalls, 2 * p.levelWeight), 0.2)
    unitCost += weight * (min(cost, 5 * unitCost) - unitCost)
  }

  /// Takes the last day as what is to be expected from now on.
  mutating func accept() {
    let spend = Double(spends[4])
    let mean = Double(expected[4])
    if mean > 0 { level *= spend / mean } else { level = spend }
    if calls[4] > 0, unitCost > 0, spend > 0 {
      let cost = spend / Double(calls[4])
      dearness *= spend / max(mean, 1e-9) * (cost / unitCost)
      spendMean *= spend / max(mean, 1e-9)
      unitCost = cost
    }
    expected = spends
    usual[0] = spends[2]
    usual[1] = spends[4]
  }
}
