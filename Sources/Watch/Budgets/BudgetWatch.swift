import Units

/// Watches one budget: thresholds, forecast, rate of burning, exhaustion.
///
/// Shown each closed bucket once, with what was spent under the budget in it. All of it is whole numbers: a
/// threshold is reached at the nano. Each threshold fires once a period and ends with it; the others end when they
/// are over.
package struct BudgetWatch: Sendable {
  package let budget: Budget
  package let parameters: BudgetParameters

  var spend = BudgetSpend()
  var reached: [Int64] = []
  var isForecastOver = false
  var isRunningOut = false

  package init(_ budget: Budget, parameters: BudgetParameters = BudgetParameters()) {
    self.budget = budget
    self.parameters = parameters
  }

  /// Spent in the period so far.
  package var spent: Amount { Amount(nanos: spend.spent) }

  /// The last bucket it was shown.
  package var last: Bucket? { spend.last }

  /// Takes a closed bucket of the past, and tells nothing: what it has reached is found in the next one.
  package mutating func learn(_ bucket: Bucket, spend nanos: Amount) {
    guard last.map({ $0 < bucket }) ?? true else { return }
    spend.add(nanos.nanos, at: bucket, in: budget.period(at: bucket.start))
  }

  /// Takes a closed bucket, and tells what it found, for the incident book.
  package mutating func close(_ bucket: Bucket, spend nanos: Amount) -> [Finding] {
    guard spend.last.map({ $0 < bucket }) ?? true else { return [] }
    let period = budget.period(at: bucket.start)
    var findings: [Finding] = []
    if let month = spend.month, month != period.month { findings += reset(month) }
    spend.add(nanos.nanos, at: bucket, in: period)
    let buckets = period.buckets
    // Behind this bucket.
    let left = max(Int64(buckets.upperBound) - Int64(bucket.number) - 1, 0)
    let length = Int64(buckets.count)
    findings += thresholds(bucket, period)
    findings += forecast(bucket, period, left: left, elapsed: length - left)
    findings += burn(bucket, length: length)
    findings += exhaustion(bucket, left: left)
    return findings
  }

  // MARK: - Keys and evidence

  private func key(_ rule: AlertRule, _ more: [IncidentKey.Label] = []) -> IncidentKey {
    IncidentKey(rule, [IncidentKey.Label("budget", budget.name)] + more)
  }

  private func threshold(_ percent: Int64, _ month: Month) -> IncidentKey {
    key(.budgetThreshold, [IncidentKey.Label("percent", "\(percent)"), IncidentKey.Label("period", "\(month)")])
  }

  /// Spent and allowed, as an incident shows them; 24 hours ahead at the rate of the last six.
  private func evidence(_ view: String, _ bucket: Bucket, spend: Int64, against: Int64) -> IncidentEvidence {
    var evidence = IncidentEvidence(since: bucket)
    evidence.view = view
    evidence.spend = Amount(nanos: spend)
    evidence.expected = Amount(nanos: against)
    evidence.byCalls = evidence.excess
    evidence.dayAhead = Amount(nanos: 4 * self.spend.sum(72))
    return evidence
  }

  /// A new period: what belonged to the old one is over.
  private mutating func reset(_ month: Month) -> [Finding] {
    var findings = reached.map { Finding(threshold($0, month), .over(.budgetReset)) }
    if isForecastOver { findings.append(Finding(key(.budgetForecast), .over(.budgetReset))) }
    if isRunningOut { findings.append(Finding(key(.budgetExhaustion), .over(.budgetReset))) }
    reached = []
    isForecastOver = false
    isRunningOut = false
    return findings
  }

  // MARK: - Rules

  /// Of thresholds that one bucket reaches, the highest: the others say less of the same.
  private mutating func thresholds(_ bucket: Bucket, _ period: BudgetPeriod) -> [Finding] {
    let new = parameters.thresholds.filter { threshold in
      !reached.contains(threshold.percent)
        && Int128(spend.spent) * 100 >= Int128(budget.amount.nanos) * Int128(threshold.percent)
    }
    reached += new.map(\.percent)
    guard let highest = new.max(by: { $0.percent < $1.percent }) else { return [] }
    let evidence = evidence("spent", bucket, spend: spend.spent, against: budget.amount.nanos)
    return [Finding(threshold(highest.percent, period.month), .alarm(evidence), severity: highest.severity)]
  }

  /// Spent so far, and the mean of the last seven days for each bucket that is left; half to even.
  ///
  /// Nil in the first three days that it is watched.
  private func forecast(left: Int64, elapsed: Int64) -> Int64? {
    guard spend.watched >= Int(parameters.forecastBuckets) else { return nil }
    let mean = Int128(spend.sum(BudgetSpend.buckets)) * Int128(left)
    let whole = Int128(spend.spent) + Rounding.halfEven.divide(mean, by: Int128(spend.watched))
    return Int64(clamping: whole)
  }

  private mutating func forecast(
    _ bucket: Bucket, _ period: BudgetPeriod, left: Int64, elapsed: Int64
  ) -> [Finding] {
    guard let forecast = forecast(left: left, elapsed: elapsed) else { return [] }
    let percent = isForecastOver ? parameters.forecastClearPercent : parameters.forecastPercent
    let isOver = Int128(forecast) * 100 > Int128(budget.amount.nanos) * Int128(percent)
    let hasChanged = isOver != isForecastOver
    // At 95 % exactly it is not yet below.
    let stays = isForecastOver && Int128(forecast) * 100 == Int128(budget.amount.nanos) * Int128(percent)
    guard hasChanged, !stays else { return [] }
    // What is spent already needs no forecast: its threshold has been told.
    if isOver, spend.spent >= budget.amount.nanos { return [] }
    isForecastOver = isOver
    guard isOver else { return [Finding(key(.budgetForecast), .over(.backToNormal))] }
    let evidence = evidence("forecast", bucket, spend: forecast, against: budget.amount.nanos)
    return [Finding(key(.budgetForecast), .alarm(evidence), severity: .warning)]
  }

  /// A pair both of whose windows are above so many times what an even period spends in them.
  ///
  /// One cause lifts several pairs: they are one incident, with the figures of the most urgent pair, and of those of
  /// the shortest.
  private func burn(_ bucket: Bucket, length: Int64) -> [Finding] {
    func isAbove(_ buckets: Int, _ tenths: Int64) -> Bool {
      Int128(spend.sum(buckets)) * Int128(length) * 10 > Int128(budget.amount.nanos) * Int128(buckets) * Int128(tenths)
    }
    let above = parameters.pairs.filter { length > 0 && isAbove($0.short, $0.tenths) && isAbove($0.long, $0.tenths) }
    let worst = above.min { a, b in a.severity != b.severity ? a.severity > b.severity : a.long < b.long }
    guard let worst else { return [] }
    let even = Rounding.halfEven.divide(Int128(budget.amount.nanos) * Int128(worst.long), by: Int128(length))
    let evidence = evidence(worst.name, bucket, spend: spend.sum(worst.long), against: Int64(clamping: even))
    let change = Finding.Change.seen(evidence, calmBuckets: parameters.burnCalmBuckets)
    return [Finding(key(.budgetBurn), change, severity: worst.severity)]
  }

  /// What is left lasts less than a day at the rate of the last six hours, and less than the period.
  private mutating func exhaustion(_ bucket: Bucket, left: Int64) -> [Finding] {
    let rate = Int128(spend.sum(72))
    let rest = Int128(budget.amount.nanos - spend.spent)
    let hours = isRunningOut ? parameters.exhaustionClearHours : parameters.exhaustionHours
    // rest / (rate / 6 h) < hours, and < what is left of the period.
    let isSoon = rate > 0 && rest * 6 < rate * Int128(hours) && rest * 72 < rate * Int128(left)
    guard isSoon != isRunningOut else { return [] }
    // Nothing is left to run out: the threshold says so.
    if isSoon, rest <= 0 { return [] }
    isRunningOut = isSoon
    guard isSoon else { return [Finding(key(.budgetExhaustion), .over(.backToNormal))] }
    var evidence = evidence("rate_6h", bucket, spend: spend.spent, against: budget.amount.nanos)
    evidence.measure = IncidentEvidence.Measure(
      "hours_left", now: max(Double(Int64(clamping: rest * 6)) / Double(Int64(clamping: rate)), 0),
      usual: Double(left) / 12)
    return [Finding(key(.budgetExhaustion), .alarm(evidence), severity: .critical)]
  }

  /// When the budget is spent at the rate of the last six hours; nil when that is beyond the period, or nothing is
  /// spent.
  package var exhaustion: Timestamp? {
    guard let last = spend.last else { return nil }
    let rate = Int128(spend.sum(72))
    let rest = Int128(max(budget.amount.nanos - spend.spent, 0))
    guard rate > 0 else { return nil }
    let sixHours = Int128(6 * Timestamp.microsecondsPerHour)
    let wait = Rounding.halfEven.divide(rest * sixHours, by: rate)
    let instant = Int128(last.next.start.microseconds) + wait
    let end = budget.period(at: last.start).to
    return instant < Int128(end.microseconds) ? Timestamp(microseconds: Int64(instant)) : nil
  }
}
