import Calls
import Units

/// What series have in common once a bucket is closed: whether what one of them spends too much is what another does.
///
/// Labels tell a part from a whole only where a pair of both is watched. That a team's calls are a provider's, the
/// calls alone say.
struct SharedSpend {
  let table: SeriesTable
  let closed: ClosedBucket

  /// Of an excess, in hundredths, what must be shared at least for one cause.
  static let leastPercent = 50.0

  /// Spend in the bucket, nanos.
  private struct Spent {
    var speaker = 0.0
    var both = 0.0
  }

  /// Whether `other` would not alarm without the excess that it shares with `speaker`.
  ///
  /// By the last hour: the shared part is at least half of its excess, and either `percent` of it, or what is left
  /// is below the ratio to the expected from which spend is an alarm. Estimates, as all that series tell of a window.
  func explains(_ speaker: IncidentKey, _ other: IncidentKey, percent: Int64) -> Bool {
    // The other may have no excess of its own: it is found by its calls, and something else in it costs less.
    guard let one = hour(of: speaker), let whole = hour(of: other), one.excess > 0 else { return false }
    let spent = spend(of: speaker, and: other)
    guard spent.speaker > 0, spent.both > 0 else { return false }
    let shared = one.excess * spent.both / spent.speaker
    guard shared * 100 >= whole.excess * Self.leastPercent else { return false }
    return shared * 100 >= whole.excess * Double(percent)
      || whole.expected + whole.excess - shared < whole.expected * table.parameters.leastRatio
  }

  /// Whether the last hour by itself is still out of the ordinary; a long window remembers what is over.
  func lasts(_ key: IncidentKey) -> Bool {
    guard let hour = hour(of: key) else { return true }
    return hour.expected + hour.excess >= hour.expected * table.parameters.leastRatio
  }

  /// What a series spent beyond the expected in a bucket of the last hour, and what was expected.
  private func hour(of key: IncidentKey) -> (excess: Double, expected: Double)? {
    guard key.rule == .spendSpike, let series = SeriesKey(key.labels), let baseline = table.baseline(of: series),
      let age = baseline.age(at: closed.bucket)
    else { return nil }
    let expected = age < table.parameters.alarmAge ? 0 : Double(baseline.expected[2])
    return (Double(baseline.spends[2]) - expected, expected)
  }

  private func spend(of speaker: IncidentKey, and other: IncidentKey) -> Spent {
    var spent = Spent()
    for (subject, facts) in closed.facts {
      let nanos = Double(max(facts.spend.nanos, 0))
      let isSpeaker = speaker.labels.allSatisfy { subject.value(of: $0.name) == $0.value }
      guard isSpeaker else { continue }
      spent.speaker += nanos
      if other.labels.allSatisfy({ subject.value(of: $0.name) == $0.value }) { spent.both += nanos }
    }
    return spent
  }
}

extension SeriesKey {
  /// The series of an incident's labels; nil where they are no watched dimension or pair.
  init?(_ labels: [IncidentKey.Label]) {
    let found = Kind.allCases.first { Set($0.names) == Set(labels.map(\.name)) && $0.names.count == labels.count }
    guard let kind = found else { return nil }
    func value(_ name: String) -> String { labels.first { $0.name == name }?.value ?? "" }
    self.init(kind, value(kind.names[0]), kind.isPair ? value(kind.names[1]) : "")
  }
}

extension IncidentBook {
  /// Marks those whose money another incident speaks for already, whatever their labels, and returns the rest.
  ///
  /// What is silenced speaks too: nobody wants to be told of a silenced team by its provider's name. Of those that
  /// are new together the pair that says who and what speaks first.
  mutating func apart(_ untold: [Incident], _ shared: SharedSpend, at bucket: Bucket) -> [Incident] {
    let percent = limits.explainsPercent
    var leaders = incidents.filter {
      $0.isFiring && $0.inhibitor == nil && ($0.telling != .nothing || isSilent($0.key, at: bucket))
    }
    var told: [Incident] = []
    for incident in untold.sorted(by: { (Self.rank($0), $0.key) < (Self.rank($1), $1.key) }) {
      let speaker = leaders.first { leader in
        if shared.explains(leader.key, incident.key, percent: percent) { return true }
        // The leader was told of for what this one spends: when both began together.
        return (incident.fired.number - leader.fired.number).magnitude <= limits.siblingBuckets
          && shared.explains(incident.key, leader.key, percent: percent)
      }
      // What outlasted the one that spoke for it is told when it goes on, not for what is over.
      guard incident.fired == bucket || shared.lasts(incident.key) else { continue }
      if let speaker {
        held[incident.key]?.inhibitor = speaker.key
      } else {
        told.append(incident)
        leaders.append(incident)
      }
    }
    return told.sorted { $0.key < $1.key }
  }

  /// Makes whoever speaks for others as urgent as the most urgent of them.
  mutating func lift() {
    for incident in incidents where incident.isFiring && incident.inhibitorEnded == nil {
      var speaker = incident.inhibitor
      // A chain is as long as there are kinds of series at most.
      for _ in SeriesKey.Kind.allCases {
        guard let key = speaker, let next = held[key], next.isFiring else { break }
        if next.severity < incident.severity { held[key]?.severity = incident.severity }
        speaker = next.inhibitor
      }
    }
  }
}
