/// Turns evidence into incidents: pending, then firing, then resolved once.
///
/// Evidence is in units of an alarm level. An incident that flutters around a level is one incident: it ends only
/// after a run of calm buckets below a lower level.
package struct IncidentGate: Hashable, Sendable {
  /// Where an incident begins, fires and ends.
  package struct Levels: Hashable, Sendable {
    /// Evidence that is worth a look, and at which learning stops.
    package var pending: Double
    /// Evidence that is worth waking somebody.
    package var firing: Double
    /// Evidence below this is calm.
    package var calm: Double
    /// Calm buckets in a row that end an incident.
    package var calmBuckets: UInt8
    /// Buckets after which a level that stays is the new normal.
    package var newNormalBuckets: Int32

    package init(
      pending: Double, firing: Double, calm: Double, calmBuckets: UInt8, newNormalBuckets: Int32
    ) {
      self.pending = pending
      self.firing = firing
      self.calm = calm
      self.calmBuckets = calmBuckets
      self.newNormalBuckets = newNormalBuckets
    }
  }

  /// Where a series stands.
  package enum Phase: UInt8, Sendable {
    case calm, pending, firing
  }

  /// Why an incident ended.
  package enum Ending: Hashable, Sendable {
    case backToNormal
    /// It stayed so long that it is what to expect from now on.
    case newNormal
  }

  /// What a bucket's evidence comes to.
  package enum Turn: Hashable, Sendable {
    case nothing
    /// Worth a look from now on.
    case pending
    case fired
    /// Still firing.
    case held
    /// What was pending ended and had not fired.
    case passed(Ending)
    case resolved(Ending)
  }

  package internal(set) var phase = Phase.calm
  var calmLeft: UInt8 = 0
  /// The bucket in which it became pending.
  package internal(set) var since: Int32 = 0

  package init() {}

  /// Takes the evidence of one bucket, the next after the last.
  package mutating func step(_ evidence: Double, at bucket: Int32, by levels: Levels) -> Turn {
    guard phase != .calm else {
      guard evidence >= levels.pending else { return .nothing }
      since = bucket
      calmLeft = levels.calmBuckets
      phase = evidence >= levels.firing ? .firing : .pending
      return phase == .firing ? .fired : .pending
    }
    if evidence >= levels.calm { calmLeft = levels.calmBuckets } else { calmLeft -= 1 }
    if calmLeft == 0 { return end(.backToNormal) }
    if bucket - since >= levels.newNormalBuckets { return end(.newNormal) }
    if phase == .firing { return .held }
    guard evidence >= levels.firing else { return .nothing }
    phase = .firing
    return .fired
  }

  private mutating func end(_ ending: Ending) -> Turn {
    let turn = phase == .firing ? Turn.resolved(ending) : .passed(ending)
    self = IncidentGate()
    return turn
  }
}
