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
  /// The same one again changes nothing.
  ///
  /// - Throws: ``IncidentFault/tooManySilences(most:)``.
  package mutating func add(_ silence: Silence) throws(IncidentFault) {
    guard !silences.contains(where: { $0.id == silence.id }) else { return }
    guard silences.count < limits.silencesMax else { throw .tooManySilences(most: limits.silencesMax) }
    silences.append(silence)
  }

  /// Ends a silence before its time: what still fires is told with the next bucket.
  ///
  /// - Throws: ``IncidentFault/unknownSilence(_:)`` when it is over, or never was.
  package mutating func endSilence(_ id: Int64) throws(IncidentFault) {
    guard let place = silences.firstIndex(where: { $0.id == id }) else { throw .unknownSilence(id) }
    silences.remove(at: place)
  }

  /// Takes what somebody says of an alert: `no` raises its level by 15 % for 30 days, `planned` silences its key up
  /// to `until`.
  ///
  /// Returns the silence that came of it. `act` is the act that said it, which the silence is named after.
  ///
  /// - Throws: ``IncidentFault`` when there is no such incident, or no room for a silence.
  @discardableResult
  package mutating func take(
    _ feedback: Feedback, of id: String, by author: String, at instant: Timestamp, until: Timestamp, act: Int64
  ) throws(IncidentFault) -> Silence? {
    let incident = try incident(id)
    var made: Silence?
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
      let silence = try Silence(id: act, matchers, from: instant, to: until, author: author, reason: "planned")
      try add(silence)
      made = silence
    }
    held[incident.key]?.feedback = feedback
    return made
  }
}
