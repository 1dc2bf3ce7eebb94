import Units

/// The series that are watched: at most so many, each with what is kept of its past; idle ones go.
///
/// The daemon shows it each closed bucket once, with what was spent in it, and hears what changed. The order in
/// which series stand in a bucket does not matter. A pure function of what it was shown.
package struct SeriesTable: Sendable {
  /// What one series spent in a bucket.
  package struct Turnover: Sendable {
    package let key: SeriesKey
    package let spend: Amount
    package let calls: Int64

    package init(key: SeriesKey, spend: Amount, calls: Int64) {
      self.key = key
      self.spend = spend
      self.calls = calls
    }
  }

  /// How many series, how long, and what is told of newcomers.
  package struct Limits: Sendable {
    /// Series watched at once: 10,000 take about 7 MB.
    package var seriesMax = 10_000
    /// Buckets without a call after which a series is forgotten: 14 days.
    package var idleBuckets = 14 * Bucket.perDay
    /// Buckets without a call after which a series may make room for a new one, when the table is full: a day.
    package var yieldingBuckets = Bucket.perDay
    /// What a series never seen before may spend in its first day before that is told.
    package var newSpenderSpend = Amount(nanos: 25_000_000_000)
    /// Parts that are named beside an incident.
    package var contributorsMax = 5
    /// Planned windows that are looked at; those beyond are passed over.
    package var plannedMax = 256

    package init() {}
  }

  struct Series: Sendable {
    let key: SeriesKey
    var baseline = SpendBaseline()
  }

  package let limits: Limits
  package let parameters: SpendParameters
  /// Whose hours the profile's hours are: its clocks, put forward and back as they are.
  package let zone: ZoneOffsets

  var series: ContiguousArray<Series> = []
  private var places: [SeriesKey: Int] = [:]
  /// The first bucket it was shown, before which everything is new.
  var first: Bucket?
  /// The last bucket it was shown; buckets after it are due.
  package internal(set) var last: Bucket?
  /// Series that found no room, each counted once a bucket.
  package internal(set) var turnedAway: Int64 = 0

  package init(limits: Limits = Limits(), parameters: SpendParameters = SpendParameters(), zone: ZoneOffsets = .utc) {
    self.limits = limits
    self.parameters = parameters
    self.zone = zone
  }

  package var count: Int { series.count }
  package var keys: [SeriesKey] { series.map(\.key).sorted() }
  package func baseline(of key: SeriesKey) -> SpendBaseline? { places[key].map { series[$0].baseline } }

  /// Takes a closed bucket and tells what changed, in the order of the keys.
  ///
  /// Buckets between the last one and this had no calls, and are gone through as such. A bucket that was shown
  /// before changes nothing: what arrives late is in the books, not in the baselines.
  package mutating func close(
    _ bucket: Bucket, _ turnovers: [Turnover], planned: [PlannedWindow] = []
  ) -> [SeriesNews] {
    guard last.map({ $0 < bucket }) ?? true else { return [] }
    var news: [SeriesNews] = []
    let plans = Array(planned.prefix(limits.plannedMax))
    if first == nil { first = bucket }
    if let last {
      // Beyond this nothing is left that could tell of silence.
      let missing = min(bucket.number - last.number - 1, limits.idleBuckets + 1)
      for back in stride(from: missing, to: 0, by: -1) {
        news += step(Bucket(number: bucket.number - back), [:], plans)
      }
    }
    var spent: [SeriesKey: (nanos: Int64, calls: Int64)] = [:]
    for turnover in turnovers {
      let old = spent[turnover.key] ?? (0, 0)
      spent[turnover.key] = (
        Self.sum(old.nanos, turnover.spend.nanos), Self.sum(old.calls, turnover.calls)
      )
    }
    admit(spent, at: bucket)
    news += step(bucket, spent, plans)
    last = bucket
    return news
  }

  /// A sum that stays where 64 bits end.
  private static func sum(_ a: Int64, _ b: Int64) -> Int64 {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? (a < 0 ? .min : .max) : sum
  }

  /// Moves every series on by a bucket.
  private mutating func step(
    _ bucket: Bucket, _ spent: [SeriesKey: (nanos: Int64, calls: Int64)], _ planned: [PlannedWindow]
  ) -> [SeriesNews] {
    let hour = bucket.hourOfWeek(in: zone)
    var news: [SeriesNews] = []
    for place in series.indices {
      let key = series[place].key
      let turnover = spent.isEmpty ? nil : spent[key]
      let multiplier = planned.isEmpty ? nil : planned.multiplier(at: bucket, of: key)
      let before = series[place].baseline.sum.spend
      let since = series[place].baseline.gate.since
      let reading = series[place].baseline.step(
        bucket, spend: Amount(nanos: turnover?.nanos ?? 0), calls: turnover?.calls ?? 0, hour: hour,
        planned: multiplier, by: parameters)
      if reading.turn == .nothing || reading.turn == .held && !reading.hasDoubled {
        if let spend = newSpend(at: place, bucket, before) {
          news.append(SeriesNews(key: key, bucket: bucket, change: .newSpender(spend)))
        }
      } else if let change = change(at: place, reading, since: since) {
        news.append(SeriesNews(key: key, bucket: bucket, change: change))
      }
    }
    for (place, one) in news.enumerated() {
      guard case .opened(let evidence, _) = one.change else { continue }
      news[place] = SeriesNews(
        key: one.key, bucket: bucket, change: .opened(evidence, contributors: contributors(to: one.key, at: bucket)))
    }
    forget(at: bucket)
    return news.sorted { $0.key < $1.key }
  }

  private func change(at place: Int, _ reading: SpendReading, since: Int32) -> SeriesNews.Change? {
    let baseline = series[place].baseline
    // An incident that has ended began where its gate stood before.
    let begin = baseline.gate.phase == .calm ? since : baseline.gate.since
    let evidence = baseline.evidence(of: reading, since: Bucket(number: begin))
    switch reading.turn {
    case .pending: return .pending(evidence)
    case .passed(let ending): return .passed(ending)
    case .fired: return .opened(evidence, contributors: [])
    case .held: return .updated(evidence)
    case .resolved(let ending): return .closed(evidence, ending)
    case .nothing: return nil
    }
  }
}

// MARK: - Who comes, who goes, who did it

extension SeriesTable {
  /// Gives newcomers a place, the dearest first; a full table lets go of those idle longest.
  private mutating func admit(_ spent: [SeriesKey: (nanos: Int64, calls: Int64)], at bucket: Bucket) {
    let newcomers = spent.filter { places[$0.key] == nil }
      .sorted { ($1.value.nanos, $0.key) < ($0.value.nanos, $1.key) }
    guard !newcomers.isEmpty else { return }
    let missing = newcomers.count - (limits.seriesMax - series.count)
    if missing > 0 { release(missing, for: spent, at: bucket) }
    let admitted = newcomers.prefix(limits.seriesMax - series.count)
    for newcomer in admitted {
      places[newcomer.key] = series.count
      series.append(Series(key: newcomer.key))
    }
    turnedAway += Int64(newcomers.count - admitted.count)
  }

  /// Lets go of so many series that were idle for a day or more, without an incident, those idle longest first.
  private mutating func release(
    _ number: Int, for spent: [SeriesKey: (nanos: Int64, calls: Int64)], at bucket: Bucket
  ) {
    let idle = series.filter {
      spent[$0.key] == nil && $0.baseline.gate.phase == .calm
        && bucket.number - $0.baseline.lastActive >= limits.yieldingBuckets
    }
    .sorted { ($0.baseline.lastActive, $0.key) < ($1.baseline.lastActive, $1.key) }
    let leaving = Set(idle.prefix(number).map(\.key))
    keep { !leaving.contains($0.key) }
  }

  /// Lets go of series that were idle for too long.
  private mutating func forget(at bucket: Bucket) {
    let oldest = bucket.number - limits.idleBuckets
    guard series.contains(where: { $0.baseline.lastActive < oldest }) else { return }
    keep { $0.baseline.lastActive >= oldest }
  }

  private mutating func keep(_ stays: (Series) -> Bool) {
    series.removeAll { !stays($0) }
    index()
  }

  mutating func index() {
    places = Dictionary(uniqueKeysWithValues: series.indices.map { (series[$0].key, $0) })
  }

  /// What a newcomer has spent, when this bucket took it past what is told of; nil otherwise.
  ///
  /// While the table itself is in its first day, everybody is new and nobody is told of. Pairs are not: their
  /// dimensions are.
  private func newSpend(at place: Int, _ bucket: Bucket, _ before: Amount) -> Amount? {
    let one = series[place]
    guard !one.key.kind.isPair, let age = one.baseline.age(at: bucket), age < parameters.alarmAge,
      let first, bucket.number - age >= first.number + Bucket.perDay
    else { return nil }
    let spend = one.baseline.sum.spend
    let before = age == 0 ? Amount.zero : before
    return before < limits.newSpenderSpend && spend >= limits.newSpenderSpend ? spend : nil
  }

  /// The parts of a series that spent most beyond what was expected in the last hour, the largest first.
  package func contributors(to key: SeriesKey, at bucket: Bucket) -> [SeriesContribution] {
    let parts = series.compactMap { one -> SeriesContribution? in
      guard one.key.isPart(of: key), let age = one.baseline.age(at: bucket) else { return nil }
      let isNew = age < parameters.alarmAge
      let excess = Double(one.baseline.spends[2]) - (isNew ? 0 : Double(one.baseline.expected[2]))
      let nanos = IncidentSum.whole(excess * SpendParameters.windows[2])
      return nanos > 0 ? SeriesContribution(key: one.key, excess: Amount(nanos: nanos), isNew: isNew) : nil
    }
    return Array(parts.sorted { ($1.excess, $0.key) < ($0.excess, $1.key) }.prefix(limits.contributorsMax))
  }
}
