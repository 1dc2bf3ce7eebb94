import Units

/// What people say of incidents.
extension IncidentBook {
  private func incident(_ id: String) throws(IncidentFault) -> Incident {
    guard let incident = held.values.first(where: { $0.id == id }) else { throw .unknownIncident(id) }
    return incident
  }

  /// Somebody has it: it is repeated no more.
  ///
  /// Growth and end are still told.
  ///
  /// - Throws: ``IncidentFault`` when there is no such incident, or it does not fire.
  package mutating func acknowledge(_ id: String, by author: String) throws(IncidentFault) {
    var incident = try incident(id)
    guard incident.isFiring else { throw .notFiring(id) }
    incident.phase = .acknowledged
    incident.acknowledgedBy = author
    held[incident.key] = incident
  }

  /// Somebody ends it.
  ///
  /// It opens again when its rule finds it anew, not because it still stands.
  ///
  /// - Throws: ``IncidentFault`` when there is no such incident, or it does not fire.
  package mutating func resolve(_ id: String, at bucket: Bucket) throws(IncidentFault) -> [IncidentMove] {
    let incident = try incident(id)
    guard incident.isFiring else { throw .notFiring(id) }
    return end(incident, .manual, at: bucket)
  }

  /// What fires under a silence is told when that ends, if it still fires; what had fired still tells its end.
  ///
  /// - Throws: ``IncidentFault/tooManySilences(most:)``.
  package mutating func add(_ silence: Silence) throws(IncidentFault) {
    guard silences.count < limits.silencesMax else { throw .tooManySilences(most: limits.silencesMax) }
    silences.append(silence)
  }

  /// Ends a silence; false where there is none such.
  ///
  /// What fires under it is told with the next bucket.
  package mutating func remove(_ silence: Silence) -> Bool {
    guard let place = silences.firstIndex(of: silence) else { return false }
    silences.remove(at: place)
    return true
  }

  /// Takes what somebody says of an alert: `no` raises its level by 15 % for 30 days, `planned` silences its key up
  /// to `until`.
  ///
  /// - Throws: ``IncidentFault`` when there is no such incident, or no room for a silence.
  package mutating func take(
    _ feedback: Feedback, of id: String, by author: String, at instant: Timestamp, until: Timestamp
  ) throws(IncidentFault) {
    let incident = try incident(id)
    switch feedback {
    case .yes: break
    case .no:
      let old = raised[incident.key]
      guard old != nil || raised.count < limits.raisedLevelsMax else { break }
      raised[incident.key] = RaisedLevel(
        factor: min((old?.factor ?? 1) * limits.feedbackFactor, limits.feedbackFactorMax),
        until: Bucket(number: Bucket(containing: instant).number + limits.feedbackBuckets))
    case .planned:
      let matchers =
        [Silence.Matcher("rule", .equals, incident.key.rule.rawValue)]
        + incident.key.labels.map { Silence.Matcher($0.name, .equals, $0.value) }
      try add(Silence(matchers, from: instant, to: until, author: author, reason: "planned"))
    }
    held[incident.key]?.feedback = feedback
  }
}
