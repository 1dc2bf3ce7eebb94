import Units

/// A step of an incident that is told, with all that a message about it needs.
package struct IncidentMove: Hashable, Sendable {
  /// Why it is told once more.
  package enum Reason: UInt8, Sendable {
    case severityRose, excessDoubled, repeated
  }

  /// What is told.
  package enum Kind: Hashable, Sendable {
    /// For the digest: it matters too little to alert anybody.
    case noted
    /// Once for each ``Incident/sequence``.
    case fired
    case updated(Reason)
    /// Once for each that fired.
    case resolved(IncidentEnding)
  }

  package let kind: Kind
  package let bucket: Bucket
  /// As it stands after the step.
  package let incident: Incident

  package init(kind: Kind, bucket: Bucket, incident: Incident) {
    self.kind = kind
    self.bucket = bucket
    self.incident = incident
  }

  /// The same in every replay, so that what was sent is not sent twice: letters, digits, `-` and `_` only.
  ///
  /// `…_firing`, `…_firing_2` when it fires again, `…_update_3`, `…_resolved`.
  package var eventID: String {
    let again = incident.sequence > 1 ? "_\(incident.sequence)" : ""
    return switch kind {
    case .noted: incident.id + "_noted" + again
    case .fired: incident.id + "_firing" + again
    case .updated: incident.id + "_update_\(incident.updates)"
    case .resolved: incident.id + "_resolved" + again
    }
  }
}
