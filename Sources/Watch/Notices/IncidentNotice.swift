import Units

extension Notice {
  /// What is told of a step of an incident; its id, and with it every byte, is the same in every replay.
  ///
  /// `contributors` and `calls` are what the ledger knows of it: who has spent more than in the weeks before, and
  /// calls to look up. Without contributors those of the series are told.
  package init(
    _ move: IncidentMove, zone: ZoneOffsets, contributors: [Contributor] = [], calls: [String] = []
  ) {
    let incident = move.incident
    let words = IncidentWords(incident: incident, zone: zone)
    let evidence = incident.evidence
    let kind: Kind
    var summary = words.sentence
    var reasons = words.reasons
    switch move.kind {
    case .noted, .fired:
      kind = .firing
      if incident.sequence > 1 { reasons.append("It fires again, for the \(incident.sequence). time.") }
    case .updated(let reason):
      kind = .updated
      reasons.append(reason.words)
    case .resolved(let ending):
      kind = .resolved
      summary = "Over: \(words.who), \(incident.key.rule.words). \(ending.words)"
      reasons.insert("It was: \(words.sentence)", at: 0)
    }
    let own = Set(incident.key.labels)
    let known = evidence.contributors.compactMap { part -> Contributor? in
      let labels = part.labels.filter { !own.contains($0) }
      guard let first = labels.first else { return nil }
      let value = labels.count > 1 ? labels.map { "\($0.name)=\($0.value)" }.joined(separator: " ") : first.value
      return Contributor(
        dimension: labels.count > 1 ? "part" : first.name, value: value, excess: part.excess, isNew: part.isNew)
    }
    self.init(
      id: move.eventID, incident: incident.id, fingerprint: incident.key.fingerprint, kind: kind,
      severity: incident.severity.ofNotice, rule: incident.key.rule.rawValue,
      labels: incident.key.labels.map { Label($0.name, $0.value) }, since: evidence.since.start,
      until: kind == .resolved ? move.bucket.next.start : nil, at: move.bucket.next.start, summary: summary,
      impact: Self.impact(incident), contributors: contributors.isEmpty ? known : contributors, evidence: reasons,
      calls: calls.isEmpty ? evidence.callIDs : calls)
  }

  /// The money of what is about money spent; a budget's figures are no window of time, and stand in the sentence.
  private static func impact(_ incident: Incident) -> Impact? {
    let evidence = incident.evidence
    let seconds: Int64
    switch incident.key.rule {
    case .spendSpike, .providerWide: seconds = evidence.buckets * Bucket.seconds
    case .newSpender: seconds = Int64(Bucket.perDay) * Bucket.seconds
    default: return nil
    }
    return Impact(
      actual: evidence.spend, expected: evidence.expected, projectedDay: evidence.dayAhead, windowSeconds: seconds)
  }
}

extension Severity {
  /// The same in a notice.
  package var ofNotice: Notice.Severity {
    switch self {
    case .info: .info
    case .warning: .warning
    case .critical: .critical
    }
  }
}

extension AlertRule {
  /// `spend spike`: for a sentence.
  var words: String { rawValue.replacing("_", with: " ") }
}

extension IncidentMove.Reason {
  fileprivate var words: String {
    switch self {
    case .severityRose: "Told again: it has become more urgent."
    case .excessDoubled: "Told again: what it costs beyond the expected has doubled."
    case .repeated: "Told again: it still stands."
    }
  }
}

extension IncidentEnding {
  fileprivate var words: String {
    switch self {
    case .backToNormal: "It is back to normal."
    case .newNormal: "It has stayed so long that it is what to expect from now on."
    case .budgetReset: "The budget's period is over."
    case .manual: "Somebody has ended it."
    }
  }
}
