import Units

extension IncidentBook {
  /// The version of a snapshot's bytes.
  package static let snapshotVersion: UInt16 = 1
  private static let header = SnapshotHeader(mark: 0x4942_4254, version: snapshotVersion)

  /// All that is held, to the last bit, in the order of the keys: mark, version, incidents, silences, levels, digest.
  ///
  /// A book that goes on from it tells what this one would have told.
  package var snapshot: [UInt8] {
    StateWriter.snapshot(Self.header) { writer in
      writer.write(last) { $0.write($1) }
      writer.write(turnedAway)
      writer.write(each: incidents) { $0.write($1) }
      writer.write(each: silences) { $0.write($1) }
      writer.write(each: raised.sorted { $0.key < $1.key }) {
        $0.write($1.key)
        $0.write($1.value.factor)
        $0.write($1.value.until)
      }
    }
  }

  /// Goes on from a snapshot, under limits of now.
  ///
  /// - Throws: ``IncidentFault`` when the bytes are none, of another version, damaged, or hold too many incidents.
  package init(
    snapshot: [UInt8], limits: IncidentLimits = IncidentLimits(), severities: SeverityLimits = SeverityLimits()
  ) throws(IncidentFault) {
    self.init(limits: limits, severities: severities)
    do throws(WatchFault) { try read(snapshot) } catch {
      switch error {
      case .noSnapshot: throw .noSnapshot
      case .otherVersion(let version, let known): throw .otherVersion(version, known: known)
      case .tooManySeries(let count, let most): throw .tooManyIncidents(count, most: most)
      case .damaged: throw .damaged
      }
    }
  }

  mutating func read(_ snapshot: [UInt8]) throws(WatchFault) {
    var reader = try StateReader(snapshot: snapshot, Self.header)
    last = try reader.readOptional { (reader) throws(WatchFault) in try reader.readBucket() }
    turnedAway = try reader.read()
    let incidents = try reader.readEach { (reader) throws(WatchFault) in try reader.readIncident() }
    guard incidents.count <= limits.incidentsMax else {
      throw .tooManySeries(incidents.count, most: limits.incidentsMax)
    }
    for incident in incidents { held[incident.key] = incident }
    silences = try reader.readEach { (reader) throws(WatchFault) in try reader.readSilence() }
    let levels = try reader.readEach { (reader) throws(WatchFault) in
      (try reader.readKey(), RaisedLevel(factor: try reader.readDouble(), until: try reader.readBucket()))
    }
    for (key, level) in levels { raised[key] = level }
    guard reader.isAtEnd, held.count == incidents.count else { throw .damaged }
  }
}
