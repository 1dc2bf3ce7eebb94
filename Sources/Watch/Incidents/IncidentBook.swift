import Units

/// All incidents that there are, and what was said about them.
///
/// It is shown each closed bucket once, with what the rules found in it, and answers with what is to be told. A pure
/// function of what it was shown and of what people said between: a replay tells the same under the same ids.
package struct IncidentBook: Sendable {
  package let limits: IncidentLimits
  package let severities: SeverityLimits

  var held: [IncidentKey: Incident] = [:]
  package internal(set) var silences: [Silence] = []
  var raised: [IncidentKey: RaisedLevel] = [:]
  /// The last bucket it was shown.
  package internal(set) var last: Bucket?
  /// Findings that found no room.
  package internal(set) var turnedAway: Int64 = 0

  package init(limits: IncidentLimits = IncidentLimits(), severities: SeverityLimits = SeverityLimits()) {
    self.limits = limits
    self.severities = severities
  }

  /// Those that are held, in the order of their keys; ended ones for a day.
  package var incidents: [Incident] { held.values.sorted { $0.key < $1.key } }
  package func incident(of key: IncidentKey) -> Incident? { held[key] }

  /// Takes what was found in a closed bucket, and tells what follows, in the order of the keys.
  ///
  /// A bucket that was shown before changes nothing. Buckets between the last one and this had no findings.
  package mutating func close(_ bucket: Bucket, _ findings: [Finding]) -> [IncidentMove] {
    close(bucket, findings, nil)
  }

  /// The same, where it is known what series have in common.
  mutating func close(_ bucket: Bucket, _ findings: [Finding], _ shared: SharedSpend?) -> [IncidentMove] {
    guard last.map({ $0 < bucket }) ?? true else { return [] }
    last = bucket
    var moves: [IncidentMove] = []
    for finding in findings.sorted(by: { $0.key < $1.key }) { moves += take(finding, at: bucket) }
    moves += endOfCalm(at: bucket)
    moves += tell(at: bucket, shared)
    forget(at: bucket)
    return moves.sorted { ($0.incident.key, $0.eventID) < ($1.incident.key, $1.eventID) }
  }

  // MARK: - What was found

  private mutating func take(_ finding: Finding, at bucket: Bucket) -> [IncidentMove] {
    switch finding.change {
    case .pending(let evidence):
      note(finding, evidence, at: bucket)
      return []
    case .passed:
      if held[finding.key]?.phase == .pending { held[finding.key] = nil }
      return []
    case .alarm(let evidence):
      alarm(finding, evidence, at: bucket)
      return []
    case .standing(let evidence):
      guard let incident = held[finding.key], incident.phase != .resolved else { return [] }
      if incident.phase == .pending {
        alarm(finding, evidence, at: bucket)
      } else {
        learn(finding, evidence)
      }
      return []
    case .seen(let evidence, let calmBuckets):
      if held[finding.key]?.isFiring == true {
        learn(finding, evidence)
      } else {
        alarm(finding, evidence, at: bucket)
      }
      held[finding.key]?.calmFrom = Bucket(number: bucket.number + calmBuckets)
      return []
    case .over(let ending, let evidence):
      guard var incident = held[finding.key] else { return [] }
      if incident.phase == .pending {
        held[finding.key] = nil
        return []
      }
      if let evidence, incident.isFiring { incident.learn(evidence, incident.severity) }
      return end(incident, ending, at: bucket)
    }
  }

  private mutating func learn(_ finding: Finding, _ evidence: IncidentEvidence) {
    let severity = severity(of: finding, evidence)
    held[finding.key]?.learn(evidence, severity)
  }

  /// What a finding comes to in money, unless its rule says.
  func severity(of finding: Finding, _ evidence: IncidentEvidence) -> Severity {
    finding.severity ?? severities.severity(dayAhead: evidence.dayAhead, budget: finding.budget)
  }

  /// Keeps what is pending; an incident that ended lately stays what it was.
  private mutating func note(_ finding: Finding, _ evidence: IncidentEvidence, at bucket: Bucket) {
    if let known = held[finding.key], known.phase != .pending { return }
    guard makeRoom(for: finding.key) else { return }
    held[finding.key] = Incident(
      finding.key, at: held[finding.key]?.opened ?? bucket, severity: severity(of: finding, evidence),
      evidence: evidence, provider: finding.provider)
  }

  private mutating func alarm(_ finding: Finding, _ evidence: IncidentEvidence, at bucket: Bucket) {
    if let level = raised[finding.key], bucket < level.until, evidence.strength < level.factor {
      return note(finding, evidence, at: bucket)
    }
    let severity = severity(of: finding, evidence)
    if var incident = held[finding.key], incident.phase != .pending {
      if incident.isFiring {
        incident.heldEnding = nil
        incident.learn(evidence, severity)
        held[finding.key] = incident
        return
      }
      if let ended = incident.ended, bucket.number - ended.number <= limits.coolDownBuckets {
        incident.reopen(at: bucket, by: limits)
        incident.severity = severity
        incident.learn(evidence, severity)
        held[finding.key] = incident
        return
      }
    }
    guard makeRoom(for: finding.key) else { return }
    var incident = Incident(
      finding.key, at: bucket, severity: severity, evidence: evidence, provider: finding.provider)
    incident.fire(at: bucket)
    held[finding.key] = incident
  }

  /// Whether there is room: what ended longest ago makes way.
  private mutating func makeRoom(for key: IncidentKey) -> Bool {
    if held[key] != nil || held.count < limits.incidentsMax { return true }
    let oldest = held.values.filter { $0.phase == .resolved }
      .min { ($0.ended ?? $0.fired, $0.key) < ($1.ended ?? $1.fired, $1.key) }
    guard let oldest else {
      turnedAway += 1
      return false
    }
    held[oldest.key] = nil
    return true
  }

  // MARK: - What is over

  /// Ends an incident; whoever was told that it fires is told.
  mutating func end(_ incident: Incident, _ ending: IncidentEnding, at bucket: Bucket) -> [IncidentMove] {
    var incident = incident
    guard incident.isFiring else { return [] }
    let isOver = incident.end(ending, at: bucket)
    held[incident.key] = incident
    guard isOver else { return [] }
    for one in held.values where one.inhibitor == incident.key && one.inhibitorEnded == nil {
      held[one.key]?.inhibitorEnded = bucket
    }
    guard incident.telling == .fired else { return [] }
    return [IncidentMove(kind: .resolved(ending), bucket: bucket, incident: incident)]
  }

  /// Ends what was not seen for long enough, and what was held and would have ended.
  private mutating func endOfCalm(at bucket: Bucket) -> [IncidentMove] {
    var moves: [IncidentMove] = []
    held = held.filter { _, incident in
      incident.phase != .pending || incident.calmFrom.map { $0 > bucket } ?? true
    }
    for incident in incidents where incident.isFiring {
      if let calmFrom = incident.calmFrom, calmFrom <= bucket {
        moves += end(incident, .backToNormal, at: bucket)
      } else if incident.key.rule == .providerWide, !hasMembers(incident) {
        moves += end(incident, .backToNormal, at: bucket)
      } else if let heldUntil = incident.heldUntil, heldUntil <= bucket {
        held[incident.key]?.heldUntil = nil
        if let ending = incident.heldEnding {
          var incident = incident
          incident.heldUntil = nil
          moves += end(incident, ending, at: bucket)
        }
      }
    }
    return moves
  }

  /// Whether one of those that a roll-up speaks for still fires.
  private func hasMembers(_ wide: Incident) -> Bool {
    held.values.contains { $0.inhibitor == wide.key && $0.isFiring }
  }

  /// Lets go of what ended a day ago, of silences that are over and of levels that are as before.
  private mutating func forget(at bucket: Bucket) {
    held = held.filter { _, incident in
      incident.ended.map { bucket.number - $0.number <= limits.flapBuckets } ?? true
    }
    silences.removeAll { $0.to <= bucket.start }
    raised = raised.filter { $0.value.until > bucket }
  }
}
