import Units

/// All that a watch keeps, as parts that are kept by name.
///
/// Every series changes in every bucket, so that a snapshot of thousands is written once an hour; between two of them
/// each bucket is kept as it was shown, with the incidents, and shown again when the watch goes on from there.
extension BucketWatch {
  /// One part of what is kept.
  package struct Part: Hashable, Sendable {
    package let name: String
    package let body: [UInt8]

    package init(name: String, body: [UInt8]) {
      self.name = name
      self.body = body
    }
  }

  static let seriesPart = "series"
  static let rulesPart = "rules"
  static let incidentsPart = "incidents"
  static func part(of budget: Budget) -> String { "budget." + budget.name }

  private static let rulesHeader = SnapshotHeader(mark: 0x5352_4254, version: 1)

  /// Every part, to the last bit: a watch that goes on from them tells what this one would have told.
  package var snapshot: [Part] {
    [
      Part(name: Self.seriesPart, body: table.snapshot),
      Part(
        name: Self.rulesPart,
        body: StateWriter.snapshot(Self.rulesHeader) { writer in
          writer.write(table.last) { $0.write($1) }
          writer.write(findings)
          models.encode(to: &writer)
          clients.encode(to: &writer)
          gaps.encode(to: &writer)
        }),
      incidents,
    ] + budgets.map { Part(name: Self.part(of: $0.budget), body: $0.snapshot) }
  }

  /// Buckets between two snapshots at most: an hour.
  package static let snapshotBuckets: Int32 = 12

  /// What is kept of a bucket that was closed since the last snapshot.
  package func step(_ closed: ClosedBucket) -> [Part] { [closed.part, incidents] }

  /// The part that changes when people say something of incidents.
  package var incidents: Part { Part(name: Self.incidentsPart, body: book.snapshot) }

  /// Goes on from the parts of a snapshot and of the buckets since, under settings of now.
  ///
  /// A budget that is new, or that counts other calls or other months than it did, begins anew and is named in
  /// `newBudgets`.
  /// - Throws: ``WatchFault`` when a part is missing, of another version, damaged, or of another bucket.
  package init(_ settings: WatchSettings, from parts: [Part], newBudgets: inout Set<String>) throws(WatchFault) {
    self.init(settings)
    let bodies = Dictionary(parts.map { ($0.name, $0.body) }, uniquingKeysWith: { first, _ in first })
    guard let series = bodies[Self.seriesPart], let rules = bodies[Self.rulesPart],
      let incidents = bodies[Self.incidentsPart]
    else { throw .noSnapshot }
    table = try SeriesTable(
      snapshot: series, limits: settings.series, parameters: settings.spend, zone: settings.zone)
    var reader = try StateReader(snapshot: rules, Self.rulesHeader)
    let bucket = try reader.readOptional { (reader) throws(WatchFault) in try reader.readBucket() }
    findings = try reader.read()
    models = try ModelRules(from: &reader)
    clients = try SilentClientRule(from: &reader)
    gaps = try SequenceGapRule(from: &reader)
    guard reader.isAtEnd, table.last == bucket else { throw .damaged }
    for (place, budget) in settings.budgets.enumerated() {
      guard let body = bodies[Self.part(of: budget)], let known = try? BudgetWatch(budget, snapshot: body),
        known.last == bucket
      else {
        newBudgets.insert(budget.name)
        continue
      }
      budgets[place] = known
    }
    try showAgain(parts)
    for (place, budget) in settings.budgets.enumerated() where newBudgets.contains(budget.name) {
      budgets[place] = BudgetWatch(budget)
    }
    try book.read(incidents)
    guard book.last == table.last else { throw .damaged }
  }

  /// Shows the buckets since the snapshot once more; what followed from them is among the incidents.
  private mutating func showAgain(_ parts: [Part]) throws(WatchFault) {
    var closed: [ClosedBucket] = []
    for part in parts where part.name.hasPrefix(ClosedBucket.partPrefix) { closed.append(try ClosedBucket(part)) }
    for one in closed.sorted(by: { $0.bucket < $1.bucket }) {
      guard table.last?.next == one.bucket else { throw .damaged }
      _ = find(one)
    }
  }
}
