import Units

/// Why an incident ended.
package enum IncidentEnding: UInt8, CaseIterable, Sendable {
  case backToNormal
  /// It stayed so long that it is what to expect.
  case newNormal
  /// The budget's period ended.
  case budgetReset
  /// Somebody ended it.
  case manual

  package init(_ ending: IncidentGate.Ending) {
    switch ending {
    case .backToNormal: self = .backToNormal
    case .newNormal: self = .newNormal
    }
  }

  /// As alerts have it: `back_to_normal`.
  package var name: String {
    switch self {
    case .backToNormal: "back_to_normal"
    case .newNormal: "new_normal"
    case .budgetReset: "budget_reset"
    case .manual: "manual"
    }
  }
}

/// One thing that is wrong, from its first sign to its end, and what was told of it.
///
/// pending → firing → acknowledged → resolved; within the cool-down resolved → firing again, as the same incident.
package struct Incident: Hashable, Sendable {
  /// Where it stands.
  package enum Phase: UInt8, Sendable {
    /// Seen, and told nobody.
    case pending
    case firing
    /// Somebody has it: it is repeated no more, and still told when it grows.
    case acknowledged
    case resolved
  }

  /// What was told of its present firing.
  package enum Telling: UInt8, Sendable {
    case nothing
    /// It is in the digest.
    case noted
    /// Somebody was alerted, and hears of its end.
    case fired
  }

  package let key: IncidentKey
  package internal(set) var provider: String
  package internal(set) var phase = Phase.pending
  /// The bucket it first fired in, or became pending in: a part of its name.
  package internal(set) var opened: Bucket
  /// The bucket it last fired in.
  package internal(set) var fired: Bucket
  /// 1, and one more for each time it fired again.
  package internal(set) var sequence: Int32 = 1
  /// Updates told so far.
  package internal(set) var updates: Int32 = 0
  /// Rises while it fires, and never falls.
  package internal(set) var severity: Severity
  package internal(set) var evidence: IncidentEvidence
  package internal(set) var telling = Telling.nothing
  var toldSeverity = Severity.info
  var toldExcess = Amount.zero
  var told: Bucket
  /// Not seen up to here, it is over; nil where its rule says when.
  var calmFrom: Bucket?
  package internal(set) var ended: Bucket?
  package internal(set) var ending: IncidentEnding?
  /// The buckets of its last re-openings.
  var reopenings: [Bucket] = []
  /// Held firing up to here because it flaps.
  package internal(set) var heldUntil: Bucket?
  /// How it would have ended, were it not held.
  var heldEnding: IncidentEnding?
  package internal(set) var acknowledgedBy: String?
  package internal(set) var feedback: Feedback?
  /// What speaks for it, so that it is not told of.
  package internal(set) var inhibitor: IncidentKey?
  var inhibitorEnded: Bucket?

  init(_ key: IncidentKey, at bucket: Bucket, severity: Severity, evidence: IncidentEvidence, provider: String) {
    self.key = key
    self.provider = provider
    self.severity = severity
    self.evidence = evidence
    opened = bucket
    fired = bucket
    told = bucket
  }

  /// Its name everywhere: the key's fingerprint and the bucket it opened in, in base 36.
  ///
  /// A replay gives the same name.
  package var id: String { key.fingerprint + "-" + String(opened.number, radix: 36) }

  package var isFiring: Bool { phase == .firing || phase == .acknowledged }
  package var isFlapping: Bool { heldUntil != nil }
}

// MARK: - Transitions

extension Incident {
  mutating func fire(at bucket: Bucket) {
    phase = .firing
    opened = bucket
    fired = bucket
  }

  /// Fires again, as the same incident; from the third time in a day on it is held firing.
  mutating func reopen(at bucket: Bucket, by limits: IncidentLimits) {
    phase = .firing
    fired = bucket
    sequence += 1
    telling = .nothing
    ended = nil
    ending = nil
    acknowledgedBy = nil
    inhibitor = nil
    inhibitorEnded = nil
    reopenings = reopenings.filter { bucket.number - $0.number < limits.flapBuckets }.suffix(limits.reopeningsMax - 1)
    reopenings.append(bucket)
    if reopenings.count >= limits.reopeningsMax { heldUntil = Bucket(number: bucket.number + limits.flapBuckets) }
  }

  /// Ends, unless it is held; says whether it did.
  mutating func end(_ ending: IncidentEnding, at bucket: Bucket) -> Bool {
    if let heldUntil, bucket < heldUntil, ending != .manual {
      heldEnding = ending
      return false
    }
    phase = .resolved
    self.ending = ending
    ended = bucket
    heldUntil = nil
    heldEnding = nil
    calmFrom = nil
    return true
  }

  /// Takes what is known of it now; keeps names that only the first look had.
  mutating func learn(_ evidence: IncidentEvidence, _ severity: Severity) {
    let before = self.evidence
    self.evidence = evidence
    if evidence.contributors.isEmpty { self.evidence.contributors = before.contributors }
    if evidence.callIDs.isEmpty { self.evidence.callIDs = before.callIDs }
    self.severity = max(self.severity, severity)
  }
}
