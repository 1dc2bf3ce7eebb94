import Units

/// Who is told of what: of one cause once.
///
/// One loop of one key is seen in its team, its model, its provider and in each pair of them. Of a whole and its
/// parts the one is told that explains the other; of parts that are the same money seen twice, the first.
extension IncidentBook {
  /// What says most plainly who did it with what comes first.
  private static let order: [[String]] = [
    ["model", "team"], ["model", "project"], ["key", "model"], ["key", "team"], ["project", "team"],
    ["model", "provider"], ["provider", "route"], ["team"], ["key"], ["project"], ["model"], ["provider"], ["route"],
  ]

  /// Tells of incidents that nobody was told of yet, and again of those that have grown.
  mutating func tell(at bucket: Bucket, _ shared: SharedSpend?) -> [IncidentMove] {
    release(at: bucket)
    var untold = incidents.filter {
      $0.phase == .firing && $0.telling == .nothing && $0.inhibitor == nil && !isSilent($0.key, at: bucket)
    }
    untold = inhibited(untold, at: bucket)
    if let shared { untold = apart(untold, shared, at: bucket) }
    untold = rolledUp(untold, at: bucket)
    lift()
    var moves: [IncidentMove] = []
    for incident in untold { moves.append(first(held[incident.key] ?? incident, at: bucket)) }
    for incident in incidents where incident.isFiring && incident.fired <= bucket {
      if let move = again(incident, at: bucket) { moves.append(move) }
    }
    return moves
  }

  package func isSilent(_ key: IncidentKey, at bucket: Bucket) -> Bool {
    silences.contains { $0.covers(key, at: bucket) }
  }

  /// Frees what has outlasted its inhibitor.
  private mutating func release(at bucket: Bucket) {
    for incident in held.values where incident.isFiring {
      guard let ended = incident.inhibitorEnded, bucket.number - ended.number >= limits.releaseBuckets else { continue }
      held[incident.key]?.inhibitor = nil
      held[incident.key]?.inhibitorEnded = nil
    }
  }

  // MARK: - Wholes, parts and parts of the same money

  /// Marks those that another speaks for, and returns the rest.
  private mutating func inhibited(_ untold: [Incident], at bucket: Bucket) -> [Incident] {
    var leaders = held.values.filter { $0.isFiring && $0.telling != .nothing }
    let wholes = untold.filter { $0.key.labels.count == 1 }
    let parts = untold.filter { $0.key.labels.count > 1 }.sorted { (Self.rank($0), $0.key) < (Self.rank($1), $1.key) }
    var told: [Incident] = []
    for whole in wholes {
      if let part = explanation(of: whole) {
        held[whole.key]?.inhibitor = part
      } else {
        told.append(whole)
        leaders.append(whole)
      }
    }
    for part in parts {
      let speaker = leaders.filter { part.key.isPart(of: $0.key) || isTwin(part, of: $0) }
        .min { $0.key < $1.key }
      if let speaker {
        held[part.key]?.inhibitor = speaker.key
      } else {
        told.append(part)
        leaders.append(part)
      }
    }
    return told.sorted { $0.key < $1.key }
  }

  static func rank(_ incident: Incident) -> Int {
    order.firstIndex(of: incident.key.labels.map(\.name)) ?? order.count
  }

  /// The part that explains a whole's excess, and fires itself.
  private func explanation(of whole: Incident) -> IncidentKey? {
    for part in whole.evidence.contributors where part.permille >= limits.explainsPercent * 10 {
      let key = IncidentKey(whole.key.rule, part.labels)
      if held[key]?.isFiring == true { return key }
    }
    return nil
  }

  /// Whether both are parts that began together and are of nearly the same money.
  ///
  /// They have a label in common, or the part has one in common with what the other speaks for already: team and
  /// model, model and provider, provider and route are one chain.
  private func isTwin(_ part: Incident, of other: Incident) -> Bool {
    let chain = held.values.filter { $0.isFiring && $0.inhibitor == other.key && $0.inhibitorEnded == nil }
    guard other.key.labels.count > 1, ([other] + chain).contains(where: { part.key.overlaps($0.key) }),
      (part.fired.number - other.fired.number).magnitude <= limits.siblingBuckets
    else { return false }
    // By the bucket: the rate of the last hour still climbs when the first of them fires, and not when the last does.
    let a = Int128(part.evidence.excess.nanos) * Int128(other.evidence.buckets)
    let b = Int128(other.evidence.excess.nanos) * Int128(part.evidence.buckets)
    let (less, more) = (min(a, b), max(a, b))
    return less > 0 && less * 100 >= more * Int128(limits.explainsPercent)
  }

  // MARK: - One provider's

  /// Puts one incident in the place of many of a provider; returns what is told now.
  private mutating func rolledUp(_ untold: [Incident], at bucket: Bucket) -> [Incident] {
    var told = untold
    for provider in Set(untold.map(\.provider)).subtracting([""]).sorted() {
      let key = IncidentKey(.providerWide, [IncidentKey.Label("provider", provider)])
      let members = told.filter { $0.provider == provider && $0.key.rule != .providerWide }
      let lately = held.values.filter {
        $0.provider == provider && $0.telling != .nothing && $0.key.rule != .providerWide
          && bucket.number - $0.fired.number < limits.rollUpBuckets
      }
      let stands = held[key]?.isFiring == true
      guard !members.isEmpty, stands || members.count + lately.count > limits.rollUpIncidents else { continue }
      told.removeAll { $0.provider == provider && $0.key.rule != .providerWide }
      for member in members { held[member.key]?.inhibitor = key }
      if stands { continue }
      // Its parts overlap, so that their sum would count money twice: it shows the largest one's figures.
      guard let largest = members.max(by: { ($0.evidence.dayAhead, $1.key) < ($1.evidence.dayAhead, $0.key) })
      else { continue }
      var wide = Incident(
        key, at: bucket, severity: members.map(\.severity).max() ?? .warning, evidence: largest.evidence,
        provider: provider)
      wide.fire(at: bucket)
      held[key] = wide
      if !isSilent(key, at: bucket) { told.append(wide) }
    }
    return told.sorted { $0.key < $1.key }
  }

  // MARK: - The first time, and again

  private mutating func first(_ incident: Incident, at bucket: Bucket) -> IncidentMove {
    var incident = incident
    incident.telling = incident.severity == .info ? .noted : .fired
    incident.remember(at: bucket)
    held[incident.key] = incident
    return IncidentMove(kind: incident.telling == .fired ? .fired : .noted, bucket: bucket, incident: incident)
  }

  /// Tells of what was noted and matters by now, and of what was told and has grown or stands for long.
  private mutating func again(_ incident: Incident, at bucket: Bucket) -> IncidentMove? {
    var incident = incident
    guard incident.told < bucket, incident.telling != .nothing, !isSilent(incident.key, at: bucket) else { return nil }
    guard incident.telling == .fired else {
      return incident.phase == .firing && incident.severity > .info ? first(incident, at: bucket) : nil
    }
    let pause = incident.severity == .critical ? limits.criticalRepeatBuckets : limits.repeatBuckets
    let reason: IncidentMove.Reason
    if incident.severity > incident.toldSeverity {
      reason = .severityRose
    } else if incident.key.rule != .budgetBurn, incident.toldExcess > .zero,
      // A budget that burns shows now an hour, now three days: their sums do not compare.
      Int128(incident.evidence.excess.nanos) >= 2 * Int128(incident.toldExcess.nanos)
    {
      reason = .excessDoubled
    } else if incident.phase == .firing, incident.key.rule.isRepeated, bucket.number - incident.told.number >= pause {
      reason = .repeated
    } else {
      return nil
    }
    incident.updates += 1
    incident.remember(at: bucket)
    held[incident.key] = incident
    return IncidentMove(kind: .updated(reason), bucket: bucket, incident: incident)
  }
}

extension Incident {
  /// Notes what was told of it.
  fileprivate mutating func remember(at bucket: Bucket) {
    told = bucket
    toldSeverity = severity
    toldExcess = evidence.excess
  }
}
